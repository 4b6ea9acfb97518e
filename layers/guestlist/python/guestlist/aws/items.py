"""Plain Python values as DynamoDB's typed ones, and requests put together from them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from guestlist.aws.conditions import Condition
from guestlist.aws.keys import Key

Item = dict[str, Any]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def packed(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item in DynamoDB's types; attributes that are None are left out."""
    return {name: _serialize(_storable(value)) for name, value in item.items() if value is not None}


def unpacked(item: Mapping[str, Any]) -> Item:
    """The item in Python's types: whole numbers as int, others as float."""
    return {name: _plain(_deserialize(value)) for name, value in item.items()}


def _storable(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {name: _storable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def condition_request(when: Condition | None) -> dict[str, Any]:
    """The parts of a write request that carry its condition."""
    if when is None:
        return {}
    request: dict[str, Any] = {"ConditionExpression": when.expression}
    request |= {"ExpressionAttributeNames": when.names} if when.names else {}
    request |= {"ExpressionAttributeValues": packed(when.values)} if when.values else {}
    return request


def update_request(
    key: Key,
    changes: Mapping[str, Any],
    add: Mapping[str, int],
    remove: Sequence[str],
    when: Condition | None,
) -> dict[str, Any]:
    """The parts of an update; a change to None removes the attribute."""
    gone = [*remove, *(name for name, value in changes.items() if value is None)]
    kept = {name: value for name, value in changes.items() if value is not None}
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    clauses: list[str] = []
    for word, parts in (("SET", kept), ("ADD", add), ("REMOVE", dict.fromkeys(gone))):
        terms = []
        for name, value in parts.items():
            mark = f"{len(names)}"
            names[f"#u{mark}"] = name
            if value is not None:
                values[f":u{mark}"] = value
            terms.append({"SET": f"#u{mark} = :u{mark}", "ADD": f"#u{mark} :u{mark}"}.get(word, f"#u{mark}"))
        clauses += [f"{word} {', '.join(terms)}"] if terms else []
    request: dict[str, Any] = {"Key": packed(key._asdict()), "UpdateExpression": " ".join(clauses)}
    request |= {"ConditionExpression": when.expression} if when else {}
    names |= when.names if when else {}
    values |= when.values if when else {}
    request["ExpressionAttributeNames"] = names
    request |= {"ExpressionAttributeValues": packed(values)} if values else {}
    return request


def insert_statement(table: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """A PartiQL statement that writes the item if its key is free."""
    parameters = packed(item)
    places = ", ".join(f"'{name}': ?" for name in parameters)
    return {"Statement": f'INSERT INTO "{table}" VALUE {{{places}}}', "Parameters": list(parameters.values())}
