"""Findings of a check: the reason for a refusal with the facts that an explanation needs."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from guestlist.checkout.response import Reason
from guestlist.groups.index import IndexedGroup


class Level(StrEnum):
    """Level of a refusal: the sale item, its inventory item, the code or the discount."""

    ITEM = "item"
    INVENTORY = "inventory"
    CODE = "code"
    DISCOUNT = "discount"


class Finding(NamedTuple):
    """One cause of a refusal.

    `groups` are the groups that it is about or that would help, `needed` and `free` numbers of uses.
    `requested_labels` are the categories or seats of the request, `offered_labels` those that the rows open.
    """

    reason: Reason
    level: Level
    groups: tuple[IndexedGroup, ...] = ()
    ended_at: datetime | None = None
    needed: int = 0
    free: int = 0
    requested_labels: tuple[str, ...] = ()
    offered_labels: tuple[str, ...] = ()
    starts_at: datetime | None = None


Explain = Callable[[Sequence[Finding]], tuple[str, ...]]
"""Returns the sentences that explain the findings."""


def group_finding(reason: Reason, level: Level, group: IndexedGroup) -> Finding:
    """Finding about one group, with its start and end."""
    return Finding(reason=reason, level=level, groups=(group,), ended_at=group.expires_at, starts_at=group.starts_at)


def reasons(findings: Sequence[Finding]) -> tuple[Reason, ...]:
    """The distinct reasons of the findings."""
    return tuple(dict.fromkeys(finding.reason for finding in findings))
