"""Options that say how to interpret the cells of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

from guestlist.model.ids import Id
from guestlist.model.normal_form import Predicate

_LONGEST_LABEL = 200
_SEPARATORS = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}

HeaderRows = Annotated[int, Interval(ge=0, le=10)]
Column = str | Annotated[int, Interval(ge=0)]
Mapped = Column | Annotated[tuple[Column, ...], MinLen(1), MaxLen(3)]
"""A column by its header or its index; up to three for a name that is joined from them."""


def is_item_labels(items: Mapping[str, str]) -> bool:
    """Whether all names are 1 to 200 characters long."""
    return all(0 < len(label) <= _LONGEST_LABEL for label in items)


def separator(delimiter: str) -> str | None:
    """The character of a delimiter, which may be given by its name; None if it cannot separate cells."""
    character = _SEPARATORS.get(delimiter.lower(), delimiter)
    return None if len(character) != 1 or character.isalnum() or character in '"\r\n\0' else character


def is_delimiter(delimiter: str) -> bool:
    """Whether the text is a delimiter or the name of one, or is empty, which means that it is detected."""
    return not delimiter or separator(delimiter) is not None


ItemLabels = Annotated[Mapping[Annotated[str, MaxLen(_LONGEST_LABEL)], Id], MaxLen(500), Predicate(is_item_labels)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """Leaves out the rows with one of these values in that column."""

    column: Annotated[str, MinLen(1), MaxLen(1_000)]
    values: Annotated[tuple[Annotated[str, MaxLen(1_000)], ...], MaxLen(200)]


class DateOrder(StrEnum):
    """The order of day, month and year in ambiguous dates."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class OnQuestion(StrEnum):
    """The handling of a file with an open question: it waits, takes the suggestion, or fails."""

    WAIT = "wait"
    SUGGESTED = "suggested"
    FAIL = "fail"
