"""The instant after which failed calls to the table are not retried, because a buyer waits for the response."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic

_deadline: ContextVar[float] = ContextVar("deadline", default=inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Start no retry after this many seconds, unless `lift` is called meanwhile.

    When the table is overloaded, further retries take capacity from requests that could still succeed.
    """
    token = _deadline.set(monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def lift() -> None:
    """Retry without a deadline until the end of the `within` block: a write has begun that must be completed."""
    _deadline.set(inf)


def remaining() -> float:
    """The number of seconds in which retries may still start."""
    return max(0.0, _deadline.get() - monotonic())


def has_passed() -> bool:
    """Whether no further retry may start."""
    return not remaining()
