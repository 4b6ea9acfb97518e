"""Why something was refused, in parts: what a reason word stands for, for those who want an explanation."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from guestlist.checkout.response import Reason
from guestlist.groups.index import IndexedGroup


class Level(StrEnum):
    """What refused."""

    ITEM = "item"
    INVENTORY = "inventory"
    CODE = "code"
    DISCOUNT = "discount"


class Finding(NamedTuple):
    """One thing that stood in the way.

    `groups` are those that it is about or that would help, `ended` when something came to its end, `starts`
    when it is to begin, `needed` and `free` are numbers of uses, `wanted` and `opened` categories or seats: asked
    for, and opened by the rows.
    """

    reason: Reason
    level: Level
    groups: tuple[IndexedGroup, ...] = ()
    ended: datetime | None = None
    needed: int = 0
    free: int = 0
    wanted: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    starts: datetime | None = None


Explain = Callable[[Sequence[Finding]], tuple[str, ...]]


def of_group(reason: Reason, level: Level, group: IndexedGroup) -> Finding:
    """What stood in the way about one group, with the instants at which it begins and ends."""
    return Finding(reason=reason, level=level, groups=(group,), ended=group.expires_at, starts=group.starts_at)


def reasons(findings: Sequence[Finding]) -> tuple[Reason, ...]:
    """Their words, each once."""
    return tuple(dict.fromkeys(finding.reason for finding in findings))
