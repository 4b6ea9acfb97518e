"""Answers as JSON: dataclasses as objects, instants in UTC."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any


def written(answer: Any, exclude_none: frozenset[str] = frozenset()) -> str:
    """The answer as JSON text; fields named in `exclude_none` are left out where they are None."""
    kinds = _kinds(exclude_none)
    # By identity, which lasts as long as the answer: the items of a page share much of what is said of them.
    plain_values: dict[int, Any] = {}

    def plain(value: Any) -> Any:
        plain_value = plain_values.get(id(value))
        if plain_value is None:
            plain_value = plain_values[id(value)] = kinds[type(value)](value)
        return plain_value

    # No answer holds itself, and to look for that in every part of it takes a tenth of the time.
    return json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=plain).encode(
        answer
    )


class _Kinds(dict[type, Callable[[Any], Any]]):
    """What makes values of a type plain, made when the type is first met."""

    def __init__(self, exclude_none: frozenset[str]) -> None:
        super().__init__()
        self._exclude_none = exclude_none

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = convert = _plain(kind, self._exclude_none)
        return convert


_kinds = cache(_Kinds)


def _plain(kind: Any, exclude_none: frozenset[str]) -> Callable[[Any], Any]:
    """What makes values of that type into JSON's own, or into what in turn becomes JSON's."""
    if is_dataclass(kind):
        return _object([field.name for field in fields(kind)], exclude_none)
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, date):
        return instant if issubclass(kind, datetime) else date.isoformat
    return dict if issubclass(kind, Mapping) else list


def _object(names: list[str], exclude_none: frozenset[str]) -> Callable[[Any], Any]:
    always = [name for name in names if name not in exclude_none]
    absent = [name for name in names if name in exclude_none]
    # With one name alone, attrgetter would give no tuple; what is there twice, a dictionary has once.
    keys = (*always, *always[:1])
    values = attrgetter(*keys) if always else lambda _: ()

    def as_dict(noun: Any) -> dict[str, Any]:
        values_by_name = dict(zip(keys, values(noun), strict=True))
        for name in absent:
            value = getattr(noun, name)
            if value is not None:
                values_by_name[name] = value
        return values_by_name

    return as_dict


def instant(at: datetime) -> str:
    """The instant as RFC 3339 writes it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
