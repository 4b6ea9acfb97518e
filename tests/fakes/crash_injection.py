"""Crashes of a worker at a chosen call of its ports, before or after the call took effect."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any


class Killed(BaseException):
    """The worker's process died."""


class CrashInjector:
    """Counts the calls of the ports that it wraps, and crashes once, at call `at`.

    `before_each_call` is run before every call, to change data concurrently.
    """

    def __init__(
        self, at: int | None = None, *, after: bool = False, before_each_call: Callable[[], None] | None = None
    ) -> None:
        self.calls = 0
        self._at = at
        self._after = after
        self._before_each_call = before_each_call

    def wrap(self, ports: Any) -> Any:
        """The same ports with their calls intercepted."""
        wrapped = {field.name: _Wrapped(getattr(ports, field.name), self) for field in fields(ports)}
        return replace(ports, **wrapped)

    def intercept(self, call: Callable[[], Any]) -> Any:
        self.calls += 1
        due = self.calls == self._at
        if self._before_each_call:
            self._before_each_call()
        if due and not self._after:
            raise Killed
        answer = call()
        if due:
            raise Killed
        return answer


class _Wrapped:
    def __init__(self, port: Any, injector: CrashInjector) -> None:
        self._port = port
        self._injector = injector

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)
        return lambda *args, **kwargs: self._injector.intercept(lambda: method(*args, **kwargs))
