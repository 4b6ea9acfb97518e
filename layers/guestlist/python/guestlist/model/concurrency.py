"""Deciding again when another change came first."""

from collections.abc import Callable
from typing import TypeVar

from guestlist.model.errors import ConcurrentModification, Conflict

TRIES = 10

T = TypeVar("T")


def retry_on_conflict(step: Callable[[], T]) -> T:
    """What the step answers, begun again whenever it was raced. Raises `Conflict` when it loses every time."""
    for _ in range(TRIES):
        try:
            return step()
        except ConcurrentModification:
            continue
    raise busy()


def busy() -> Conflict:
    """What is answered when other changes came first again and again."""
    return Conflict("Too many changes came at the same time; try again.", code="busy")
