"""Validate JSON values as dataclasses with pydantic, and report faults in the contract's codes."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, cast

from pydantic_core import SchemaValidator, ValidationError

from chalicelib.web import core_schemas
from chalicelib.web.core_schemas import UNION
from chalicelib.web.fields import MAX_FAULTS, TOGETHER, UNKNOWN_FIELD, shortened
from guestlist.model.errors import FieldFault, Invalid

T = TypeVar("T")
Location = tuple[int | str, ...]

WRONG_TYPE = "wrong_type"
TOO_DEEP = "too_deep"
_OF_NAMES = "[key]"
_QUOTED = re.compile("'([^']*)'")
MESSAGES: Mapping[str, str] = {
    "string_type": "wrong_type.text",
    "bool_type": "wrong_type.boolean",
    "int_type": "wrong_type.whole_number",
    "float_type": "wrong_type.number",
    "none_required": "wrong_type.null",
    "tuple_type": "wrong_type.list",
    "dict_type": "wrong_type.object",
    "dataclass_type": "wrong_type.object",
    "string_unicode": "bad_text",
    "finite_number": "too_large.infinite",
    "missing": "missing",
    "unexpected_keyword_argument": UNKNOWN_FIELD,
    "extra_forbidden": UNKNOWN_FIELD,
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "greater_than_equal": "too_small",
    "greater_than": "too_small.exclusive",
    "less_than_equal": "too_large",
    "less_than": "too_large.exclusive",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "too_long": "too_long",
    "recursion_loop": "too_deep.nesting",
}
"""The messages of pydantic's errors by their types; an error of ours has its message's name as its type."""
_PARAMS = {"ge": "least", "gt": "bound", "min_length": "least", "le": "most", "lt": "bound", "max_length": "most"}
_OF_OBJECT = "wrong_type.object"
OBJECT_NEEDED = FieldFault("", "wrong_type.body")
_DEEP = FieldFault("", "too_deep.nesting")
CODES = sorted({message.partition(".")[0] for message in MESSAGES.values()})


class Error(NamedTuple):
    """An error of pydantic and its location, which includes the choices of unions."""

    location: Location
    message: str
    params: Mapping[str, str | int] = MappingProxyType({})
    faults: tuple[FieldFault, ...] = ()

    @property
    def code(self) -> str:
        """The code word of its message."""
        return self.message.partition(".")[0]


def read(kind: type[T], value: Any) -> T:
    """Validate a value as a `kind`. Raises `Invalid` with every fault, each under the path of its field."""
    try:
        model: T = _validator(cast("Any", kind)).validate_python(value)
    except ValidationError as refused:
        faults = _faults(refused)
    else:
        return model
    raise Invalid(faults)


@cache
def _validator(kind: Any) -> SchemaValidator:
    """The validator of a type, from a stored schema if there is one; cached."""
    schema = core_schemas.stored().get(core_schemas.name_of(kind)) if isinstance(kind, type) else None
    return SchemaValidator(core_schemas.from_json(schema) if schema else core_schemas.schema_of(kind))


def _faults(refused: ValidationError) -> list[FieldFault]:
    errors = [_error(error_data) for error_data in refused.errors(include_url=False, include_input=False)]
    if any(error.code == TOO_DEEP for error in errors):
        return [_DEEP]
    try:
        nearest = _nearest(errors, 0)
    except RecursionError:
        return [_DEEP]
    return [fault for error in nearest for fault in _field_faults(error)][:MAX_FAULTS]


def _error(error_data: Mapping[str, Any]) -> Error:
    kind, facts = error_data["type"], error_data.get("ctx", {})
    if kind == TOGETHER:
        return Error(error_data["loc"], kind, faults=facts["faults"])
    message = MESSAGES.get(kind, kind)
    shown = {"expected", *_PARAMS} & facts.keys()
    return Error(error_data["loc"], message, {_PARAMS.get(name, name): _fact(facts[name]) for name in shown})


def _fact(fact: Any) -> str | int:
    if isinstance(fact, str):
        return ", ".join(_QUOTED.findall(fact))
    if isinstance(fact, float) and fact.is_integer():
        return int(fact)
    return fact if isinstance(fact, int) else str(fact)


def _nearest(errors: list[Error], depth: int) -> list[Error]:
    """Keep only the errors of the choice of each union that is closest to the input."""
    if any(error.location[depth + 1 : depth + 2] == (_OF_NAMES,) for error in errors):
        return [error for error in errors if error.location[depth + 1 :] == (_OF_NAMES,)]
    groups: dict[int | str | None, list[Error]] = {}
    for error in errors:
        groups.setdefault(error.location[depth] if len(error.location) > depth else None, []).append(error)
    nearest_by_name = {name: group if name is None else _nearest(group, depth + 1) for name, group in groups.items()}
    if any(isinstance(name, str) and name.startswith(UNION) for name in nearest_by_name):
        return min(nearest_by_name.values(), key=lambda group: _distance(group, depth + 1))
    return [error for group in nearest_by_name.values() for error in group]


def _distance(errors: list[Error], depth: int) -> tuple[bool, int]:
    """How far the input is from a choice of a union: wrong type first, then the number of errors."""
    return any(error.code == WRONG_TYPE and not _names(error.location[depth:]) for error in errors), sum(
        len(error.faults) or 1 for error in errors
    )


def _field_faults(error: Error) -> Iterable[FieldFault]:
    path = ".".join(_names(error.location))
    if error.faults:
        return [fault.below(path) for fault in error.faults]
    if error.message == _OF_OBJECT and not path:
        return [OBJECT_NEEDED]
    return [FieldFault(path, error.message, **error.params)]


def _names(location: Location) -> list[str]:
    """The field names and positions in a location, without the labels of unions."""
    names = [str(name) for name in location if not (isinstance(name, str) and name.startswith((UNION, _OF_NAMES)))]
    return [shortened(name) for name in names]
