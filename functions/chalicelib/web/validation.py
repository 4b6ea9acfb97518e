"""Validate JSON values as dataclasses with pydantic, and report faults in the contract's codes."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from pydantic_core import SchemaValidator, ValidationError

from chalicelib.web import core_schemas
from chalicelib.web.core_schemas import UNION
from chalicelib.web.fields import MOST_FAULTS, TOGETHER, UNKNOWN, shortened
from guestlist.model.errors import FieldFault, Invalid
from guestlist.model.normal_form import FAILED_PREDICATE

T = TypeVar("T")
Place = tuple[int | str, ...]

WRONG_TYPE = "wrong_type"
TOO_DEEP = "too_deep"
_OF_NAMES = "[key]"
_QUOTED = re.compile("'([^']*)'")
_WORDS: Mapping[str, tuple[str, str]] = {
    "string_type": (WRONG_TYPE, "must be text"),
    "bool_type": (WRONG_TYPE, "must be true or false"),
    "int_type": (WRONG_TYPE, "must be a whole number"),
    "float_type": (WRONG_TYPE, "must be a number"),
    "none_required": (WRONG_TYPE, "must be null"),
    "tuple_type": (WRONG_TYPE, "must be a list"),
    "dict_type": (WRONG_TYPE, "must be an object"),
    "dataclass_type": (WRONG_TYPE, "must be an object"),
    "string_unicode": ("bad_text", "holds half of a character"),
    "finite_number": ("too_large", "is too large a number"),
    "missing": ("missing", "is needed"),
    "unexpected_keyword_argument": UNKNOWN,
    "extra_forbidden": UNKNOWN,
    "enum": ("not_one_of", "must be one of {expected}"),
    "literal_error": ("not_one_of", "must be one of {expected}"),
    "greater_than_equal": ("too_small", "must be {ge} or more"),
    "greater_than": ("too_small", "must be more than {gt}"),
    "less_than_equal": ("too_large", "must be {le} or less"),
    "less_than": ("too_large", "must be less than {lt}"),
    "string_too_short": ("too_short", "must have {min_length} or more"),
    "string_too_long": ("too_long", "must have {max_length} or fewer"),
    "too_short": ("too_short", "must have {min_length} or more"),
    "too_long": ("too_long", "must have {max_length} or fewer"),
    "recursion_loop": (TOO_DEEP, "is nested too deep"),
}
OBJECT_NEEDED = FieldFault("", *_WORDS["dict_type"])
_DEEP = FieldFault("", TOO_DEEP, "is nested too deep")
CODES = sorted({code for code, _ in _WORDS.values()})


class Error(NamedTuple):
    """An error of pydantic and its place, including the choices of unions."""

    place: Place
    code: str
    detail: str
    faults: tuple[FieldFault, ...] = ()


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
    return [fault for error in nearest for fault in _field_faults(error)][:MOST_FAULTS]


def _error(error_data: Mapping[str, Any]) -> Error:
    kind, facts = error_data["type"], error_data.get("ctx", {})
    if kind == TOGETHER:
        return Error(error_data["loc"], kind, "", facts["faults"])
    if kind not in _WORDS:
        return Error(error_data["loc"], kind, _of_predicate(kind) if FAILED_PREDICATE in facts else error_data["msg"])
    code, words = _WORDS[kind]
    return Error(error_data["loc"], code, words.format_map({name: _fact_text(fact) for name, fact in facts.items()}))


def _of_predicate(code: str) -> str:
    """The message for a failed predicate, such as an invalid e-mail address."""
    # Imported late: a valid check starts faster without the catalogue.
    from guestlist.messages.catalogue import render

    return render(f"fault.{code}")


def _fact_text(fact: Any) -> str:
    if isinstance(fact, str):
        return ", ".join(_QUOTED.findall(fact))
    return str(int(fact) if isinstance(fact, float) and fact.is_integer() else fact)


def _nearest(errors: list[Error], depth: int) -> list[Error]:
    """Keep only the errors of the choice of each union that is closest to the input."""
    if any(error.place[depth + 1 : depth + 2] == (_OF_NAMES,) for error in errors):
        return [error for error in errors if error.place[depth + 1 :] == (_OF_NAMES,)]
    groups: dict[int | str | None, list[Error]] = {}
    for error in errors:
        groups.setdefault(error.place[depth] if len(error.place) > depth else None, []).append(error)
    nearest_by_name = {name: group if name is None else _nearest(group, depth + 1) for name, group in groups.items()}
    if any(isinstance(name, str) and name.startswith(UNION) for name in nearest_by_name):
        return min(nearest_by_name.values(), key=lambda group: _distance(group, depth + 1))
    return [error for group in nearest_by_name.values() for error in group]


def _distance(errors: list[Error], depth: int) -> tuple[bool, int]:
    """How far the input is from a choice of a union: wrong type first, then the number of errors."""
    return any(error.code == WRONG_TYPE and not _names(error.place[depth:]) for error in errors), sum(
        len(error.faults) or 1 for error in errors
    )


def _field_faults(error: Error) -> Iterable[FieldFault]:
    names = _names(error.place)
    if not error.faults:
        return [FieldFault(".".join(names), error.code, error.detail)]
    return [FieldFault(".".join([*names, fault.field]), fault.code, fault.detail) for fault in error.faults]


def _names(place: Place) -> list[str]:
    """The field names and positions in a place, without the labels of unions."""
    names = [str(name) for name in place if not (isinstance(name, str) and name.startswith((UNION, _OF_NAMES)))]
    return [shortened(name) for name in names]
