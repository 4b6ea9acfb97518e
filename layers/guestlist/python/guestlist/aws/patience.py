"""How long calls to the table are tried again, where a buyer waits for the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic

_until: ContextVar[float] = ContextVar("until", default=inf)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Begin no further try of anything once so many seconds have passed, unless `unbounded` was called meanwhile.

    Under a load that the table does not bear, to go on trying takes from those who could be served.
    """
    token = _until.set(monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def unbounded() -> None:
    """Try as often as ever, to the end of what was to take `at_most` so long: something was begun that must end."""
    _until.set(inf)


def left() -> float:
    """For how many seconds further tries may be begun."""
    return max(0.0, _until.get() - monotonic())


def over() -> bool:
    """Whether no further try is to be begun."""
    return not left()
