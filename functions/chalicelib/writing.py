"""Answers as JSON: nouns as objects, instants in UTC."""

import json
from collections.abc import Container, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any


def written(answer: Any, sometimes: Container[str] = ()) -> str:
    """The answer as JSON text; fields named in `sometimes` are left out where they are None."""
    return json.dumps(plain(answer, sometimes), ensure_ascii=False, separators=(",", ":"))


def plain(value: Any, sometimes: Container[str] = ()) -> Any:
    """The value in JSON's own types."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):
        return instant(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner, sometimes) for name, inner in value.items()}
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: plain(it, sometimes) for name, it in said.items() if it is not None or name not in sometimes}
    return [plain(inner, sometimes) for inner in value]


def instant(at: datetime) -> str:
    """The instant as RFC 3339 writes it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
