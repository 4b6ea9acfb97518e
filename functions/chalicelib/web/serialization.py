"""Serialisation of responses: dataclasses as objects, timestamps in UTC."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

import orjson

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""Keys may be enums; dataclasses and timestamps have our own form."""


def to_json(answer: Any, exclude_none: frozenset[str] = frozenset()) -> str:
    """The response as JSON text; fields named in `exclude_none` are omitted if they are None."""
    kinds = _kinds(exclude_none)
    # By identity, which is stable while the response exists: the items of a page share many values.
    plain_values: dict[int, Any] = {}

    def plain(value: Any) -> Any:
        plain_value = plain_values.get(id(value))
        if plain_value is None:
            plain_value = plain_values[id(value)] = kinds[type(value)](value)
        return plain_value

    return orjson.dumps(answer, plain, _OPTIONS).decode()


class _Kinds(dict[type, Callable[[Any], Any]]):
    """Converters to plain values by type, created on first use."""

    def __init__(self, exclude_none: frozenset[str]) -> None:
        super().__init__()
        self._exclude_none = exclude_none

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = convert = _plain(kind, self._exclude_none)
        return convert


_kinds = cache(_Kinds)


def _plain(kind: Any, exclude_none: frozenset[str]) -> Callable[[Any], Any]:
    """The converter of a type to JSON's types, or to values that are converted in turn."""
    if is_dataclass(kind):
        return _object([field.name for field in fields(kind)], exclude_none)
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, date):
        return instant if issubclass(kind, datetime) else date.isoformat
    return dict if issubclass(kind, Mapping) else list


def _object(names: list[str], exclude_none: frozenset[str]) -> Callable[[Any], Any]:
    always = [name for name in names if name not in exclude_none]
    optional = [name for name in names if name in exclude_none]
    # attrgetter with a single name returns no tuple; a duplicate name is merged by the dictionary.
    keys = (*always, *always[:1])
    values = attrgetter(*keys) if always else lambda _: ()

    def as_dict(instance: Any) -> dict[str, Any]:
        values_by_name = dict(zip(keys, values(instance), strict=True))
        for name in optional:
            value = getattr(instance, name)
            if value is not None:
                values_by_name[name] = value
        return values_by_name

    return as_dict


def instant(at: datetime) -> str:
    """The timestamp in the format of RFC 3339, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
