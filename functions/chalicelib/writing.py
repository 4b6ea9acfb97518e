"""Answers as JSON: nouns as objects, instants in UTC."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any


def written(answer: Any, sometimes: frozenset[str] = frozenset()) -> str:
    """The answer as JSON text; fields named in `sometimes` are left out where they are None."""
    return _encoder(sometimes).encode(answer)


@cache
def _encoder(sometimes: frozenset[str]) -> json.JSONEncoder:
    def plain(value: Any) -> Any:
        kind: Any = type(value)
        return _plain(kind, sometimes)(value)

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain)


@cache
def _plain(kind: Any, sometimes: frozenset[str]) -> Callable[[Any], Any]:
    """What makes values of that type into JSON's own, or into what in turn becomes JSON's."""
    if is_dataclass(kind):
        return _object([field.name for field in fields(kind)], sometimes)
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, date):
        return instant if issubclass(kind, datetime) else date.isoformat
    return dict if issubclass(kind, Mapping) else list


def _object(names: list[str], sometimes: frozenset[str]) -> Callable[[Any], Any]:
    # With one name alone, attrgetter would give no tuple.
    values = attrgetter(names[0], *names)
    absent = [name for name in names if name in sometimes]

    def said(noun: Any) -> dict[str, Any]:
        found = dict(zip(names, values(noun)[1:], strict=True))
        for name in absent:
            if found[name] is None:
                del found[name]
        return found

    return said


def instant(at: datetime) -> str:
    """The instant as RFC 3339 writes it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
