"""Conversion of Python values to and from DynamoDB's attribute values, and the requests built from them."""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, Inexact, Rounded
from math import isfinite
from types import NoneType
from typing import Any

from guestlist.aws.conditions import Condition
from guestlist.aws.keys import Key

Item = dict[str, Any]

_NUMBERS = Context(prec=38, traps=[Inexact, Rounded])


def marshal_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as attribute values, without attributes that are None. Raises TypeError for an unsupported type."""
    # Most are text.
    return {
        name: {"S": value} if type(value) is str else _marshal(value)
        for name, value in item.items()
        if value is not None
    }


def marshal_key(key: Key) -> dict[str, Any]:
    """The key as attribute values."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def unmarshal_item(item: Mapping[str, Any]) -> Item:
    """The item as Python values: whole numbers as int, others as float."""
    unmarshal = _READ
    return {
        name: value if kind == "S" else unmarshal[kind](value)
        for name, typed_value in item.items()
        for kind, value in typed_value.items()
    }


def _marshal(value: Any) -> dict[str, Any]:
    make = _WRITE.get(type(value)) or next((make for kind, make in _WRITE.items() if isinstance(value, kind)), None)
    if make is None:
        raise TypeError(f"DynamoDB has no type for {type(value).__qualname__}")
    return make(value)


def _number(value: float | Decimal) -> str:
    if isinstance(value, int):
        return str(int(value)) if -(10**38) < value < 10**38 else str(_NUMBERS.create_decimal(value))
    if not isfinite(value):
        raise TypeError("DynamoDB stores neither infinity nor NaN")
    return str(_NUMBERS.create_decimal(str(value)))


def _unmarshal(typed_value: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed_value.items()
    return _READ[kind](value)


def _read_number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        value = Decimal(text)
        return int(value) if value == value.to_integral_value() else float(value)


_WRITE: dict[type, Callable[[Any], dict[str, Any]]] = {
    str: lambda text: {"S": text},
    bool: lambda value: {"BOOL": value},
    int: lambda value: {"N": _number(value)},
    float: lambda value: {"N": _number(value)},
    Decimal: lambda value: {"N": _number(value)},
    list: lambda values: {"L": [_marshal(value) for value in values]},
    tuple: lambda values: {"L": [_marshal(value) for value in values]},
    Mapping: lambda values: {"M": {name: _marshal(value) for name, value in values.items()}},
    bytes: lambda content: {"B": content},
    NoneType: lambda _: {"NULL": True},
}
_READ: dict[str, Callable[[Any], Any]] = {
    "S": lambda text: text,
    "N": _read_number,
    "BOOL": lambda value: value,
    "NULL": lambda _: None,
    "M": unmarshal_item,
    "L": lambda values: [_unmarshal(value) for value in values],
    # boto3 decodes base64, our own client does not.
    "B": lambda value: b64decode(value) if isinstance(value, str) else bytes(value),
}


def condition_request(when: Condition | None) -> dict[str, Any]:
    """The parameters of a write request that express its condition."""
    if when is None:
        return {}
    request: dict[str, Any] = {"ConditionExpression": when.expression}
    request |= {"ExpressionAttributeNames": when.names} if when.names else {}
    request |= {"ExpressionAttributeValues": marshal_item(when.values)} if when.values else {}
    return request


def update_request(
    key: Key,
    changes: Mapping[str, Any],
    add: Mapping[str, int],
    remove: Sequence[str],
    when: Condition | None,
) -> dict[str, Any]:
    """The parameters of an update request; a change to None removes the attribute."""
    removed = [*remove, *(name for name, value in changes.items() if value is None)]
    assigned = {name: value for name, value in changes.items() if value is not None}
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    clauses: list[str] = []
    for word, parts in (("SET", assigned), ("ADD", add), ("REMOVE", dict.fromkeys(removed))):
        terms = []
        for name, value in parts.items():
            mark = f"{len(names)}"
            names[f"#u{mark}"] = name
            if value is not None:
                values[f":u{mark}"] = value
            terms.append({"SET": f"#u{mark} = :u{mark}", "ADD": f"#u{mark} :u{mark}"}.get(word, f"#u{mark}"))
        clauses += [f"{word} {', '.join(terms)}"] if terms else []
    request: dict[str, Any] = {"Key": marshal_key(key), "UpdateExpression": " ".join(clauses)}
    request |= {"ConditionExpression": when.expression} if when else {}
    names |= when.names if when else {}
    values |= when.values if when else {}
    request["ExpressionAttributeNames"] = names
    request |= {"ExpressionAttributeValues": marshal_item(values)} if values else {}
    return request


def insert_statement(table: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """A PartiQL statement that writes the item if its key does not exist."""
    parameters = marshal_item(item)
    places = ", ".join(f"'{name}': ?" for name in parameters)
    return {"Statement": f'INSERT INTO "{table}" VALUE {{{places}}}', "Parameters": list(parameters.values())}
