"""JSON values as the frozen dataclasses that the domain is asked with, faults as values.

The check path reads bodies too and must start fast, so this is our own and does not load pydantic
(`docs/decisions/0009-reading-bodies.md`). It knows just the types that the domain's nouns are made of;
`object` is JSON that is read elsewhere, `Never` a field that cannot be changed. The document at
`/openapi.json` is generated from the same types, and a test holds the two together.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, astuple, fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from itertools import islice
from math import inf
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Never,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, Predicate

from guestlist.model.errors import FieldFault, Invalid
from guestlist.model.normal_form import Cleaned

T = TypeVar("T")
Read = Callable[[Any, str], Any]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
_MOST_FAULTS = 100
_LONGEST_NAME = 100
_WORDS: dict[type, str] = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def read(kind: type[T], value: Any) -> T:
    """The value as a `kind`. Raises `Invalid` with every fault, each under the path of its field."""
    try:
        found: T = reader(cast("Any", kind))(value, "")
    except RecursionError:
        raise _fault("", "too_deep", "is nested too deep") from None
    return found


@cache
def reader(kind: Any) -> Read:
    """What reads values of that type; made once for each."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    make = _MADE_OF.get(get_origin(kind))
    if make is not None:
        return make(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _one_of({member.value: member for member in kind})
    return _object(kind)


def _fault(at: str, code: str, detail: str) -> Invalid:
    return Invalid.field(at, code, detail)


def _under(at: str, name: str) -> str:
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"{at}.{shown}" if at else shown


def _plain(kind: type) -> Read:
    def read_plain(value: Any, at: str) -> Any:
        whole = kind is int and isinstance(value, float) and value.is_integer()
        if type(value) is not kind and not whole and not (kind is float and type(value) is int):
            raise _fault(at, "wrong_type", f"must be {_WORDS[kind]}")
        try:
            found = kind(value)
        except OverflowError:
            found = inf
        if abs(found) == inf:
            raise _fault(at, "too_large", "is too large a number")
        return found

    return read_plain


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str):
        raise _fault(at, "wrong_type", "must be text")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _fault(at, "bad_text", "holds half of a character") from None
    return value


def _nothing(value: Any, at: str) -> None:
    if value is not None:
        raise _fault(at, "wrong_type", "must be null")


def _anything(value: Any, at: str) -> Any:
    _ = at
    return value


def _never(value: Any, at: str) -> None:
    _ = value
    raise _fault(at, "immutable", "cannot be changed")


def _day(value: Any, at: str) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _fault(at, "bad_date", "must be a date, YYYY-MM-DD")


def _instant(value: Any, at: str) -> datetime:
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _fault(at, "bad_instant", "must be an instant as RFC 3339 writes it, such as 2026-12-01T20:00:00Z")


_PLAIN: dict[Any, Read] = {
    str: _text,
    bool: _plain(bool),
    int: _plain(int),
    float: _plain(float),
    NoneType: _nothing,
    object: _anything,
    Never: _never,
    date: _day,
    datetime: _instant,
}


def _one_of(members: Mapping[Any, Any]) -> Read:
    def read_one(value: Any, at: str) -> Any:
        if not isinstance(value, str) or value not in members:
            raise _fault(at, "not_one_of", f"must be one of {', '.join(map(str, members))}")
        return members[value]

    return read_one


def _either(readers: list[Read]) -> Read:
    def read_either(value: Any, at: str) -> Any:
        faults: list[Invalid] = []
        for one in readers:
            try:
                return one(value, at)
            except Invalid as fault:
                faults.append(fault)
        raise min(faults, key=lambda fault: _distance(fault, at))

    return read_either


def _distance(fault: Invalid, at: str) -> tuple[bool, int]:
    """How far a value was from what one of several readers wanted: the nearest one's faults are told."""
    return any(one.field == at and one.code == "wrong_type" for one in fault.faults), len(fault.faults)


def _collected(calls: Iterable[tuple[Any, Callable[[], Any]]], faults: list[FieldFault]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for name, call in calls:
        if len(faults) >= _MOST_FAULTS:
            break
        try:
            found[name] = call()
        except Invalid as fault:
            faults += fault.faults
    if faults:
        raise Invalid(faults[:_MOST_FAULTS])
    return found


def _each(one: Read) -> Read:
    def read_each(value: Any, at: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _fault(at, "wrong_type", "must be a list")
        try:
            return tuple([one(item, at) for item in value])
        except Invalid:
            # Once more, to tell every fault under the place where it is.
            calls = ((place, _call(one, item, _under(at, str(place)))) for place, item in enumerate(value))
            return tuple(_collected(calls, []).values())

    return read_each


def _mapped(name_of: Read, one: Read) -> Read:
    def read_mapped(value: Any, at: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _fault(at, "wrong_type", "must be an object")
        faults: list[FieldFault] = []
        names = _collected(((name, _call(name_of, name, _under(at, name))) for name in value), faults)
        items = ((names[name], _call(one, item, _under(at, name))) for name, item in value.items())
        return _collected(items, faults)

    return read_mapped


def _call(one: Read, value: Any, at: str) -> Callable[[], Any]:
    return lambda: one(value, at)


def _object(kind: Any) -> Read:
    hints = get_type_hints(kind, include_extras=True)
    needed = kind.__required_keys__ if is_typeddict(kind) else {one.name for one in fields(kind) if _needed(one)}

    def read_object(value: Any, at: str) -> Any:
        if not isinstance(value, dict):
            raise _fault(at, "wrong_type", "must be an object")
        faults = [FieldFault(_under(at, name), "missing", "is needed") for name in sorted(needed - value.keys())]
        spare = list(islice((name for name in value if name not in hints), _MOST_FAULTS))
        faults += [FieldFault(_under(at, name), "unknown_field", "is not a field here") for name in spare]
        known = ((name, _call(reader(hints[name]), value[name], _under(at, name))) for name in value if name in hints)
        found = _collected(known, faults)
        try:
            return kind(**found)
        except Invalid as error:
            raise Invalid([FieldFault(_under(at, one.field), one.code, one.detail) for one in error.faults]) from error

    return read_object


def _needed(one: "Field[Any]") -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _constrained(plain: Read, constraints: tuple[Any, ...]) -> Read:
    cleaners = [one.clean for one in constraints if isinstance(one, Cleaned)]
    checks = [check for one in constraints if not isinstance(one, Cleaned) for check in _checks(one)]
    lengths = [check for check in checks if check[1] == "too_long"]

    def read_constrained(value: Any, at: str) -> Any:
        # A list that is too long is refused before its elements are looked at, which takes long.
        for holds, code, detail in lengths if isinstance(value, list | dict) else ():
            if not holds(value):
                raise _fault(at, code, detail)
        found = plain(value, at)
        for clean in cleaners:
            found = clean(found)
        for holds, code, detail in checks:
            if not holds(found):
                raise _fault(at, code, detail)
        return found

    return read_constrained


def _checks(constraint: Any) -> list[tuple[Callable[[Any], bool], str, str]]:
    if isinstance(constraint, Interval | Len):
        return [check for part in constraint for check in _checks(part)]
    if isinstance(constraint, Predicate):
        holds = constraint.func
        wanted = (holds.__doc__ or "what it must be").splitlines()[0].rstrip(".")
        return [
            (holds, f"bad_{holds.__name__.removeprefix('is_').removeprefix('resembles_')}", f"is not this: {wanted}")
        ]
    code, words, keeps = _LIMITS[type(constraint)]
    (limit,) = astuple(constraint)
    return [(keeps(limit), code, words.format(limit))]


_LIMITS: dict[type, tuple[str, str, Callable[[Any], Callable[[Any], bool]]]] = {
    Ge: ("too_small", "must be {} or more", lambda least: lambda value: value >= least),
    Gt: ("too_small", "must be more than {}", lambda bound: lambda value: value > bound),
    Le: ("too_large", "must be {} or less", lambda most: lambda value: value <= most),
    Lt: ("too_large", "must be less than {}", lambda bound: lambda value: value < bound),
    MinLen: ("too_short", "must have {} or more", lambda least: lambda value: len(value) >= least),
    MaxLen: ("too_long", "must have {} or fewer", lambda most: lambda value: len(value) <= most),
}
_MADE_OF: dict[Any, Callable[[tuple[Any, ...]], Read]] = {
    Annotated: lambda inside: _constrained(reader(inside[0]), inside[1:]),
    Union: lambda inside: _either([reader(one) for one in inside]),
    UnionType: lambda inside: _either([reader(one) for one in inside]),
    Literal: lambda inside: _one_of({value: value for value in inside}),
    tuple: lambda inside: _each(reader(inside[0])),
    Mapping: lambda inside: _mapped(reader(inside[0]), reader(inside[1])),
}
