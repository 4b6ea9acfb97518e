"""The erasure of a person: everything that names them is deleted, counts stay.

The person's own items are deleted at once. Lists, originals and reports that name them are rewritten later by a
worker; until then the erasure is not complete.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from guestlist.erasure.model import Erasure, ErasureProgress, Step
from guestlist.groups.membership import Change
from guestlist.groups.ports import Memberships
from guestlist.messages.message import Message
from guestlist.model.concurrency import TRIES, busy
from guestlist.model.errors import ConcurrentModification


class Pages(Protocol):
    """The items of people."""

    def forget(self, org: str, email: str) -> None:
        """Remove the person from their orders and tickets, and delete all other items about them."""


class Erasures(Protocol):
    """The erasures in progress."""

    def begin(self, org: str, erasure: Erasure) -> Erasure:
        """Store the request to erase the person until it is complete, and return what was stored."""

    def save_progress(self, org: str, erasure: Erasure, progress: ErasureProgress) -> Erasure:
        """Save the progress. Raises `ConcurrentModification` if the erasure was requested again."""


def erase(org: str, erasure: Erasure, erasures: Erasures, pages: Pages, memberships: Memberships) -> None:
    """Erase the person, known or not. Requests may be repeated and may run in parallel.

    Raises `Conflict` if somebody keeps adding the person again.
    """
    erasure = erasures.begin(org, erasure)
    forget(org, erasure, pages, memberships)
    with suppress(ConcurrentModification):  # a parallel request for the same person has restarted the erasure
        erasures.save_progress(org, erasure, replace(erasure.progress, step=Step.FILES))


def forget(org: str, erasure: Erasure, pages: Pages, memberships: Memberships) -> None:
    """End the person's memberships, so that member counts stay correct, and delete all their other items.

    Raises `Conflict` if somebody keeps adding the person again.
    """
    for _ in range(TRIES):
        current = memberships.of(org, erasure.email).values()
        changes = [Change(before=member, after=None, by=erasure.by, because=Message("erased")) for member in current]
        if not memberships.apply(org, changes, erasure.asked_at):
            pages.forget(org, erasure.email)
            return
    raise busy()
