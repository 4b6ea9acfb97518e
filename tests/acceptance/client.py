"""An organiser's and a checkout's view of a running stack: only what the HTTP contract offers."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

T = TypeVar("T")
ENDED = {"complete", "partial", "failed", "cancelled"}


def eventually(look: Callable[[], T | None], seconds: float = 60, longest: float = 0.3) -> T:
    """The first answer that is neither None, nor false, nor empty. Raises AssertionError when none comes in time.

    Each look takes from what is waited for: they come ever less often, until pauses are the `longest`.
    """
    clock, waited = Event(), 0.0
    while waited < seconds:
        found = look()
        if found:
            return found
        pause = min(longest, max(0.05, waited / 10))
        clock.wait(pause)
        waited += pause
    raise AssertionError(f"nothing came within {seconds} s")


def a_name(word: str) -> str:
    """A name that no other test uses."""
    return f"{word} {uuid4().hex[:10]}"


def an_id(word: str) -> str:
    """An id, code or part of an address that no other test uses."""
    return a_name(word).replace(" ", "-")


@dataclass(frozen=True)
class Api:
    """Calls of one token, each sent once unless `patience` says otherwise; `timeout` is in seconds."""

    address: str
    token: str
    patience: Retry | int = 0
    timeout: float = 30

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """The answer, whatever its status; redirects are not followed."""
        with requests.Session() as session:
            session.mount(self.address, HTTPAdapter(max_retries=self.patience))
            return session.request(
                method,
                f"{self.address}{path}",
                json=body,
                headers={"Authorization": f"Bearer {self.token}", **headers},
                timeout=self.timeout,
                allow_redirects=False,
            )

    def get(self, path: str) -> Any:
        """The body of a good answer."""
        return self._good(self.call("GET", path))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """The body of a good answer."""
        return self._good(self.call("POST", path, body, **headers))

    def put(self, path: str, body: Any) -> Any:
        """The body of a good answer."""
        return self._good(self.call("PUT", path, body))

    @staticmethod
    def _good(answer: requests.Response) -> Any:
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def opened(self, data: bytes, kind: str = "target_group", **options: Any) -> str:
        """The id of a new import whose file has been sent to its form."""
        opened = self.post("/v1/imports", {"kind": kind, "file_name": "list.csv", **options})
        form = opened["upload"]
        sent = requests.post(form["url"], data=form["fields"], files={"file": data}, timeout=60)
        assert sent.status_code == 204, sent.text
        return str(opened["import_id"])

    def ended(self, import_id: str) -> dict[str, Any]:
        """The import once it has ended."""
        return self.when(import_id, ENDED)

    def when(self, import_id: str, statuses: set[str]) -> dict[str, Any]:
        """The import once it is in one of these states."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.get(f"/v1/imports/{import_id}")
            return found if found["status"] in statuses else None

        return eventually(look)

    def imported(self, data: bytes, kind: str = "target_group", **options: Any) -> dict[str, Any]:
        """The import of these bytes once it has ended."""
        return self.ended(self.opened(data, kind, **options))

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What was sent to that address, newest first; waits for the first mail."""

        def look() -> list[dict[str, Any]] | None:
            answer = requests.get(f"{self.address}/local/emails", {"to": to}, timeout=30)
            return answer.json()["items"] or None

        return eventually(look)
