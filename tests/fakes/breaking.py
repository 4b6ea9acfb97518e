"""Ports that break off a worker at a chosen call, before or after the call took effect."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any


class Killed(BaseException):
    """The worker's process ends here."""


class Fuse:
    """Counts calls of all ports it guards; at call `at` it kills, and then never again.

    `also` is run before every call: what others do meanwhile.
    """

    def __init__(self, at: int | None = None, *, after: bool = False, also: Callable[[], None] | None = None) -> None:
        self.calls = 0
        self._at = at
        self._after = after
        self._also = also

    def guarding(self, ports: Any) -> Any:
        """The same ports, each call of which passes by here."""
        guarded = {field.name: _Guarded(getattr(ports, field.name), self) for field in fields(ports)}
        return replace(ports, **guarded)

    def passed(self, call: Callable[[], Any]) -> Any:
        self.calls += 1
        due = self.calls == self._at
        if self._also:
            self._also()
        if due and not self._after:
            raise Killed
        answer = call()
        if due:
            raise Killed
        return answer


class _Guarded:
    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port = port
        self._fuse = fuse

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)
        return lambda *args, **kwargs: self._fuse.passed(lambda: method(*args, **kwargs))
