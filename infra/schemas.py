"""The domain's nouns as JSON Schema, from the same types that bodies are read into."""

from collections.abc import Container, Mapping
from dataclasses import MISSING, Field, astuple, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, Predicate

from guestlist.model import email_address, ids
from guestlist.model.normal_form import Cleaned
from infra.annotations import Annotations, Schema

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    object: {},
    Any: {},
}
_LIMITS: dict[type, tuple[str, ...]] = {
    Ge: ("minimum",),
    Gt: ("exclusiveMinimum",),
    Le: ("maximum",),
    Lt: ("exclusiveMaximum",),
    MinLen: ("minLength", "minItems", "minProperties"),
    MaxLen: ("maxLength", "maxItems", "maxProperties"),
}
_SIZED = ("string", "array", "object")
_EMAIL: Schema = {"format": "email", "pattern": f"^{email_address.ADDRESS.pattern}$"}
_WORDS: dict[str, Schema] = {
    "is_order_id": {"pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"},
    "is_id": {"pattern": f"^{ids.ID.pattern}$"},
    "is_token": {"pattern": f"^{ids.TOKEN.pattern}$"},
    "is_email": _EMAIL,
    "resembles_email": _EMAIL,
}


class Schemas:
    """Schemas of one direction: of bodies, which are closed, or of answers, which have every field.

    Objects are kept in `named`, under the names that `annotations` have for them;
    `exclude_none` are the fields that an answer may leave out.
    """

    def __init__(self, annotations: Annotations, *, answers: bool) -> None:
        self.named: dict[str, Schema] = {}
        self._annotations = annotations
        self._kinds: dict[str, Any] = {}
        self._answers = answers

    def of(self, kind: Any, exclude_none: Container[str] = ()) -> Schema:
        """The schema of that type; objects by reference."""
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if get_origin(kind) is not None:
            return self._made_of(get_origin(kind), get_args(kind), exclude_none)
        if issubclass(kind, Enum):
            return {"type": "string", "enum": [member.value for member in kind]}
        return self._reference(kind, exclude_none)

    def _made_of(self, origin: Any, inside: tuple[Any, ...], exclude_none: Container[str]) -> Schema:
        if origin is Literal:
            return {"enum": list(inside)}
        if origin in {Union, UnionType}:
            return {"anyOf": [self.of(one, exclude_none) for one in inside]}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inside[1], exclude_none)}
        schema = self.of(inside[0], exclude_none)
        return self._limited(schema, inside[1:]) if origin is Annotated else {"type": "array", "items": schema}

    def _limited(self, schema: Schema, constraints: tuple[Any, ...]) -> Schema:
        for constraint in constraints:
            if isinstance(constraint, Interval | Len):
                schema = self._limited(schema, tuple(constraint))
            elif isinstance(constraint, Cleaned):
                continue
            elif isinstance(constraint, Predicate):
                schema |= _WORDS.get(constraint.func.__name__, {})
            else:
                place = _SIZED.index(schema["type"]) if schema["type"] in _SIZED else 0
                schema |= {_LIMITS[type(constraint)][place]: astuple(constraint)[0]}
        return schema

    def _reference(self, kind: Any, exclude_none: Container[str]) -> Schema:
        name = self._annotations.name(kind.__name__, answers=self._answers)
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"{kind} and {self._kinds[name]} have one name.")
        if name not in self.named:
            self.named[name] = {}
            self.named[name].update(self._object(kind, exclude_none))
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, kind: Any, exclude_none: Container[str]) -> Schema:
        hints = get_type_hints(kind, include_extras=True)
        properties = {name: self._property(hint, name, exclude_none) for name, hint in hints.items()}
        schema: Schema = {"type": "object", "properties": properties}
        if self._answers:
            return schema | {"required": [name for name in hints if name not in exclude_none]}
        if is_dataclass(kind):
            for one in fields(kind):
                properties[one.name] |= _default(one)
        needed = sorted(kind.__required_keys__) if is_typeddict(kind) else _needed(kind)
        return schema | {"required": needed, "additionalProperties": False}

    def _property(self, hint: Any, name: str, exclude_none: Container[str]) -> Schema:
        schema = self.of(hint, exclude_none)
        if self._answers and name in exclude_none and "anyOf" in schema:
            present = [one for one in schema["anyOf"] if one != {"type": "null"}]
            return present[0] if len(present) == 1 else {"anyOf": present}
        return schema


def _needed(kind: Any) -> list[str]:
    return [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]


def _default(one: "Field[Any]") -> Schema:
    plain = one.default.value if isinstance(one.default, Enum) else one.default
    return {"default": plain} if isinstance(plain, str | bool | int | float) else {}
