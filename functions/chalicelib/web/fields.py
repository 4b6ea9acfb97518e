"""Validation of single fields where pydantic's rules differ from the contract's."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from sys import float_info
from typing import Annotated, Any, TypeVar

from annotated_types import MaxLen
from pydantic_core import PydanticCustomError

from guestlist.model.email_address import resembles_email
from guestlist.model.errors import FieldFault, Invalid
from guestlist.model.normal_form import Cleaned, Predicate

T = TypeVar("T")
TOGETHER = "together"
"""The type of error that combines a dataclass's errors about its fields."""
MAX_FAULTS = 100
UNKNOWN_FIELD = "unknown_field"
_MAX_NAME_LENGTH = 100
_TEXT = "catalogue"
"""The text of all errors that pydantic collects; sentences are rendered from their types."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = int(float_info.max)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limited:
    """A constraint on a list or an object."""

    limit: Any


class AtMost(Limited):
    """Refuses longer values before their content is read."""

    def __call__(self, value: Any) -> Any:
        """The same value."""
        if isinstance(value, list | dict) and len(value) > self.limit:
            raise PydanticCustomError("too_long", _TEXT, {"max_length": self.limit})
        return value


class AtLeast(Limited):
    """Refuses shorter values."""

    def __call__(self, value: Any) -> Any:
        """The same value."""
        if len(value) < self.limit:
            raise PydanticCustomError("too_short", _TEXT, {"min_length": self.limit})
        return value


class Closed(Limited):
    """Refuses an object with a hundred unknown names at once, and names that are not text; pydantic does the rest."""

    def __call__(self, value: Any) -> Any:
        """The same value."""
        if not isinstance(value, dict) or value.keys() <= set(self.limit):
            return value
        unknown = list(islice((name for name in value if name not in self.limit), MAX_FAULTS))
        if len(unknown) == MAX_FAULTS or any(map(_SURROGATE.search, unknown)):
            faults = [FieldFault(shortened(name), UNKNOWN_FIELD) for name in unknown]
            raise PydanticCustomError(TOGETHER, _TEXT, {"faults": faults})
        return value


def shortened(name: str) -> str:
    """A name, shortened for a message."""
    return name if len(name) <= _MAX_NAME_LENGTH else f"{name[:_MAX_NAME_LENGTH]}…"


def finite(value: Any) -> Any:
    """The number, unless it is outside the range of a float."""
    if type(value) is int and abs(value) > _LARGEST:
        raise PydanticCustomError("too_large.infinite", _TEXT)
    return value


def whole(value: Any) -> Any:
    """`7.0` as 7, since JSON has one type of number; other values unchanged."""
    return int(value) if type(value) is float and value.is_integer() else value


def day(value: Any) -> date:
    """A date in the long form of ISO 8601."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("bad_date", _TEXT)


def instant(value: Any) -> datetime:
    """A timestamp in the format of RFC 3339, in UTC."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("bad_instant", _TEXT)


def with_plus_signs(email: str) -> str:
    """The address in a query, in which an unescaped plus sign encodes a space that no address has."""
    name, at, domain = email.rpartition("@")
    return f"{name.replace(' ', '+')}{at}{domain}"


EmailInQuery = Annotated[str, Cleaned(with_plus_signs), MaxLen(254), Predicate(resembles_email)]
"""An address to look up, in a query string."""


def completed(instance: T) -> T:
    """Run the `__post_init__` of a dataclass, whose exceptions become errors of its fields, and return the instance."""
    try:
        instance.__post_init__()  # type: ignore[attr-defined]
    except Invalid as error:
        raise PydanticCustomError(TOGETHER, _TEXT, {"faults": error.faults}) from error
    return instance
