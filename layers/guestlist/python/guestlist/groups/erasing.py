"""Erasing a person: everything that names them goes, and what is counted stays.

What stands in their own place goes at once. Lists, originals and reports that name them are rewritten
afterwards, by whoever keeps those; until then the erasure is not at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guestlist.groups.again import TRIES, busy
from guestlist.groups.ports import Memberships
from guestlist.membership import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Who is to be erased, since when, and who asked for it."""

    email: str
    asked_at: datetime
    by: str


class Pages(Protocol):
    """What is kept of each person, and who was erased."""

    def begin(self, org: str, erasure: Erasure) -> None:
        """Keep that the person is to be erased, until `end` says that nothing of them is left anywhere."""

    def forget(self, org: str, email: str) -> None:
        """Take the person off their orders and tickets, and delete all else that is kept of them."""

    def due(self, now: datetime) -> Iterator[tuple[str, Erasure]]:
        """Erasures that have not come to their end, each with its organiser."""

    def end(self, org: str, erasure: Erasure, now: datetime) -> None:
        """Keep when it was done and who asked for it, and forget of whom. Raises `errors.Raced`."""


def erase(org: str, erasure: Erasure, pages: Pages, memberships: Memberships) -> None:
    """Make the person unfindable, known or not; the same again does no harm.

    Their memberships end first, so that members are counted right. Raises `Conflict` when somebody adds
    them again all the time.
    """
    pages.begin(org, erasure)
    for _ in range(TRIES):
        found = memberships.of(org, erasure.email).values()
        changes = [Change(before=member, after=None, by=erasure.by, why="erased") for member in found]
        if not memberships.apply(org, changes, erasure.asked_at):
            pages.forget(org, erasure.email)
            return
    raise busy()
