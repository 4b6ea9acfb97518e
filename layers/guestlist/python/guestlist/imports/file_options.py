"""What an organiser may say of how the cells of a file are meant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen, MinLen


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
