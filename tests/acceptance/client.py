"""A client of the HTTP API of a running stack, for an organiser or a checkout."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

T = TypeVar("T")
FINAL_STATUSES = {"complete", "partial", "failed", "cancelled"}


def eventually(poll: Callable[[], T | None], seconds: float = 60, max_pause: float = 0.3) -> T:
    """Poll until the result is truthy, and return it. Raises AssertionError after `seconds`.

    Polling takes time from what is waited for, so pauses grow up to `max_pause`.
    """
    clock, elapsed = Event(), 0.0
    while elapsed < seconds:
        result = poll()
        if result:
            return result
        pause = min(max_pause, max(0.05, elapsed / 10))
        clock.wait(pause)
        elapsed += pause
    raise AssertionError(f"no result within {seconds} s")


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
        """The response, whatever its status; redirects are not followed."""
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
        """The body of a successful response."""
        return self._body(self.call("GET", path))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """The body of a successful response."""
        return self._body(self.call("POST", path, body, **headers))

    def put(self, path: str, body: Any) -> Any:
        """The body of a successful response."""
        return self._body(self.call("PUT", path, body))

    @staticmethod
    def _body(response: requests.Response) -> Any:
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def start_import(self, data: bytes, kind: str = "target_group", **options: Any) -> str:
        """Create an import, upload its file, and return its id."""
        record = self.post("/v1/imports", {"kind": kind, "file_name": "list.csv", **options})
        form = record["upload"]
        upload = requests.post(form["url"], data=form["fields"], files={"file": data}, timeout=60)
        assert upload.status_code == 204, upload.text
        return str(record["import_id"])

    def wait_until_ended(self, import_id: str) -> dict[str, Any]:
        """Wait until the import has ended, and return it."""
        return self.wait_for_status(import_id, FINAL_STATUSES)

    def wait_for_status(self, import_id: str, statuses: set[str]) -> dict[str, Any]:
        """Wait until the import has one of these statuses, and return it."""

        def poll() -> dict[str, Any] | None:
            record: dict[str, Any] = self.get(f"/v1/imports/{import_id}")
            return record if record["status"] in statuses else None

        return eventually(poll)

    def import_file(self, data: bytes, kind: str = "target_group", **options: Any) -> dict[str, Any]:
        """Import these bytes, wait until the import has ended, and return it."""
        return self.wait_until_ended(self.start_import(data, kind, **options))

    def wait_for_mails(self, to: str) -> list[dict[str, Any]]:
        """Wait for the first mail to that address, and return all, newest first."""

        def poll() -> list[dict[str, Any]] | None:
            response = requests.get(f"{self.address}/local/emails", {"to": to}, timeout=30)
            return response.json()["items"] or None

        return eventually(poll)
