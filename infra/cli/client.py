"""A client of the HTTP API, with timeouts, and retries where repeating is safe."""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from .outcome import ExitCode, Failure

LOCAL_BASE = "http://127.0.0.1:8000"
LOCAL_TOKEN = "demo-organiser"  # noqa: S105 - a token of the local stack, known to all
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_PAUSES = (0.5, 2.0, 5.0)
_LONGEST_PAUSE = 60.0
_MAX_EXPORT_POLLS = 120
_CHUNK = 1 << 16
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_PAGE = 200
_S3_ERROR = re.compile(r"<Code>(\w{1,60})</Code>")
_REPEATED: Mapping[str, Any] = {}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Runtime:
    """The network and the clock, which tests replace."""

    transport: httpx.BaseTransport | None = None
    pause: Callable[[float], None] = time.sleep


class Api:
    """The API at one address, with one token."""

    def __init__(self, base: str, runtime: Runtime) -> None:
        self.base = base.rstrip("/")
        self.pause = runtime.pause
        headers = {"Authorization": f"Bearer {_token(self.base)}", "Accept": "application/json"}
        # The token is sent to the API only, never to the bucket.
        self._calls = httpx.Client(headers=headers, timeout=_TIMEOUT, transport=runtime.transport)
        self._files = httpx.Client(timeout=_TIMEOUT, transport=runtime.transport)

    def close(self) -> None:
        """Close the connections."""
        self._calls.close()
        self._files.close()

    def get(self, path: str, **query: Any) -> Json:
        """Make a GET request and return the body of a successful response."""
        return _body(self._send("GET", path, params=_without_nulls(query)))

    def post(self, path: str, body: Mapping[str, Any] = _REPEATED, *, repeatable: bool = True) -> Json:
        """Make a POST request and return the body. A call without `Idempotency-Key` is retried only if `repeatable`."""
        key = {"Idempotency-Key": uuid4().hex} if repeatable else {}
        return _body(self._send("POST", path, repeatable=repeatable, json=_without_nulls(body), headers=key))

    def items(self, path: str, limit: int | None = None, **query: Any) -> Iterator[Json]:
        """The items of a list, page by page; all of them without a limit."""
        cursor, remaining = None, limit
        while remaining is None or remaining > 0:
            page = self.get(path, limit=_PAGE if remaining is None else min(remaining, _PAGE), cursor=cursor, **query)
            yield from page["items"]
            cursor, remaining = page["next"], None if remaining is None else remaining - len(page["items"])
            if cursor is None:
                return

    def upload(self, form: Mapping[str, Any], name: str, file: BinaryIO) -> None:
        """Upload the file with the form of an import."""
        try:
            answer = self._files.post(form["url"], data=form["fields"], files={"file": (name, file)})
        except httpx.TransportError as error:
            raise Failure(f"The upload failed: {_why(error)}. Nothing was imported.", ExitCode.UNANSWERED) from error
        if answer.is_error:
            match = _S3_ERROR.search(answer.text)
            raise Failure(f"The upload was refused: {match[1] if match else answer.status_code}. Nothing was imported.")

    def download(self, path: str, into: BinaryIO, **query: Any) -> None:
        """Write the file that the call redirects to, polling while it is being created."""
        for _ in range(_MAX_EXPORT_POLLS):
            answer = self._send("GET", path, params=_without_nulls(query))
            if answer.status_code != HTTPStatus.ACCEPTED:
                break
            self.pause(_seconds(answer, 5.0))
        else:
            raise Failure("The file is still being made; try again later.", ExitCode.UNANSWERED)
        if not answer.has_redirect_location:
            raise Failure(f"GET {path} answered {answer.status_code} without a file.")
        try:
            with self._files.stream("GET", answer.headers["Location"]) as file:
                if file.is_error:
                    raise Failure(f"The file could not be fetched: {file.status_code}.")
                into.writelines(file.iter_bytes(_CHUNK))
        except httpx.TransportError as error:
            raise Failure(f"The file could not be fetched: {_why(error)}.", ExitCode.UNANSWERED) from error

    def _send(self, method: str, path: str, *, repeatable: bool = True, **request: Any) -> httpx.Response:
        for pause in (*_PAUSES, None):
            try:
                answer = self._calls.request(method, f"{self.base}{path}", **request)
            except httpx.TransportError as error:
                if pause is None or not (repeatable or isinstance(error, httpx.ConnectError)):
                    raise self._silence(error) from error
                self.pause(pause)
                continue
            again = repeatable or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
            if answer.status_code not in _BUSY or pause is None or not again:
                return _good(answer)
            self.pause(_seconds(answer, pause))
        raise AssertionError  # the last iteration returns or raises

    def _silence(self, error: httpx.TransportError) -> Failure:
        hint = " Is `make run` running?" if _is_local(self.base) else ""
        return Failure(f"No answer from {self.base}: {_why(error)}.{hint}", ExitCode.UNANSWERED)


def _token(base: str) -> str:
    token = os.environ.get("GUESTLIST_TOKEN", "")
    if _is_local(base):
        return token or LOCAL_TOKEN
    if not base.startswith("https://"):
        raise Failure(f"{base} is not https: the token would be sent in the clear.", ExitCode.WRONG_USAGE)
    if not token:
        raise Failure(f"Set GUESTLIST_TOKEN to a token for {base}.", ExitCode.WRONG_USAGE)
    return token


def _is_local(base: str) -> bool:
    return urlsplit(base).hostname in _LOOPBACK


def _without_nulls(values: Mapping[str, Any]) -> Json:
    """The values without top-level nulls, which are options that were not given; nulls inside have a meaning."""
    return {name: value for name, value in values.items() if value is not None or name == "leave_out"}


def _body(answer: httpx.Response) -> Json:
    content: Json = answer.json() if answer.content else {}
    return content


def _good(answer: httpx.Response) -> httpx.Response:
    if not answer.is_error:
        return answer
    unknown = ExitCode.UNANSWERED if answer.is_server_error else ExitCode.REFUSED
    try:
        problem = answer.json()
        faults = [f"{one['field']}: {one['detail']}" for one in problem.get("errors", ())]
        detail = str(problem["detail"])
        # The detail of a single fault says all that the fault says.
        message = " ".join([detail, *(fault for fault in faults if fault not in detail)])
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"Guestlist answered {answer.status_code}."
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        message += " GUESTLIST_TOKEN holds the token."
    raise Failure(message, unknown)


def _seconds(answer: httpx.Response, otherwise: float) -> float:
    header = answer.headers.get("Retry-After", "")
    return min(float(header), _LONGEST_PAUSE) if header.isascii() and header.isdigit() else otherwise


def _why(error: httpx.TransportError) -> str:
    return "it took too long" if isinstance(error, httpx.TimeoutException) else str(error) or type(error).__name__
