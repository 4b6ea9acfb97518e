"""Erasing a person: everything that names them goes, and what is counted stays.

What stands in their own place goes at once. Lists, originals and reports that name them are rewritten
afterwards, by whoever keeps those; until then the erasure is not at its end.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from guestlist.erasure.model import Erasure, Reached, Step
from guestlist.groups.membership import Change
from guestlist.groups.ports import Memberships
from guestlist.messages.message import Message
from guestlist.model.concurrency import TRIES, busy
from guestlist.model.errors import ConcurrentModification


class Pages(Protocol):
    """What is kept of each person."""

    def forget(self, org: str, email: str) -> None:
        """Take the person off their orders and tickets, and delete all else that is kept of them."""


class Erasures(Protocol):
    """Who is being erased."""

    def begin(self, org: str, erasure: Erasure) -> Erasure:
        """Keep that the person is to be erased, until nothing of them is left anywhere; answers what is kept."""

    def reach(self, org: str, erasure: Erasure, reached: Reached) -> Erasure:
        """Keep how far it has come. Raises `ConcurrentModification` when it was requested again."""


def erase(org: str, erasure: Erasure, erasures: Erasures, pages: Pages, memberships: Memberships) -> None:
    """Make the person unfindable, known or not; the same again, or several times at once, does no harm.

    Raises `Conflict` when somebody adds them again all the time.
    """
    erasure = erasures.begin(org, erasure)
    forget(org, erasure, pages, memberships)
    with suppress(ConcurrentModification):  # another call asked for the same person, whose erasure then begins again
        erasures.reach(org, erasure, replace(erasure.reached, step=Step.FILES))


def forget(org: str, erasure: Erasure, pages: Pages, memberships: Memberships) -> None:
    """End the person's memberships, so that members are counted right, and forget all else that is theirs.

    Raises `Conflict` when somebody adds them again all the time.
    """
    for _ in range(TRIES):
        found = memberships.of(org, erasure.email).values()
        changes = [Change(before=member, after=None, by=erasure.by, because=Message("erased")) for member in found]
        if not memberships.apply(org, changes, erasure.asked_at):
            pages.forget(org, erasure.email)
            return
    raise busy()
