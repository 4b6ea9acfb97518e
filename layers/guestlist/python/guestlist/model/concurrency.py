"""Retries after concurrent modifications (optimistic locking)."""

from collections.abc import Callable
from typing import TypeVar

from guestlist.model.errors import ConcurrentModification, Conflict

TRIES = 10

T = TypeVar("T")


def retry_on_conflict(step: Callable[[], T]) -> T:
    """Run `step`, again after each `ConcurrentModification`. Raises `Conflict` after `TRIES` of them."""
    for _ in range(TRIES):
        try:
            return step()
        except ConcurrentModification:
            continue
    raise busy()


def busy() -> Conflict:
    """The error for a change that lost against concurrent ones every time."""
    return Conflict("busy")
