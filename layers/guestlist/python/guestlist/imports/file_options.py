"""What an organiser may say of how the cells of a file are meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

from guestlist.model.ids import Id
from guestlist.model.normal_form import Predicate

_LONGEST_LABEL = 200
_WRITTEN = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}

HeaderRows = Annotated[int, Interval(ge=0, le=10)]
Column = str | Annotated[int, Interval(ge=0)]
Mapped = Column | Annotated[tuple[Column, ...], MinLen(1), MaxLen(3)]
"""A column by its header or its place; up to three for a name that is joined from them."""


def is_item_labels(items: Mapping[str, str]) -> bool:
    """Names of 1 to 200 characters, each with the sale item that it means."""
    return all(0 < len(label) <= _LONGEST_LABEL for label in items)


def separator(delimiter: str) -> str | None:
    """The character that a delimiter stands for; None for what cannot separate cells."""
    character = _WRITTEN.get(delimiter.lower(), delimiter)
    return None if len(character) != 1 or character.isalnum() or character in '"\r\n\0' else character


def is_delimiter(delimiter: str) -> bool:
    """Whether it stands for a character that separates cells, or is empty and so leaves it to the file."""
    return not delimiter or separator(delimiter) is not None


ItemLabels = Annotated[Mapping[Annotated[str, MaxLen(_LONGEST_LABEL)], Id], MaxLen(500), Predicate(is_item_labels)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """The rows of a file that do not count: those with one of these values in that column."""

    column: Annotated[str, MinLen(1), MaxLen(1_000)]
    values: Annotated[tuple[Annotated[str, MaxLen(1_000)], ...], MaxLen(200)]


class DateOrder(StrEnum):
    """In which order day, month and year stand in dates that leave it open."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class OnQuestion(StrEnum):
    """What becomes of a file that leaves a question open: it waits, is taken as suggested, or fails."""

    WAIT = "wait"
    SUGGESTED = "suggested"
    FAIL = "fail"
