"""The client: signs and sends requests, and retries them where that may help."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from time import monotonic
from typing import Any, NamedTuple

import orjson

from guestlist.aws import retry_deadline
from guestlist.aws.dynamodb import NoResponse, RequestRefused, refusal_of
from guestlist.aws.wire.connection import READ_TIMEOUT, Connection, Connections, Endpoint
from guestlist.aws.wire.credentials import CredentialProvider
from guestlist.aws.wire.response import MalformedResponse, Response
from guestlist.aws.wire.retry import CLOCK, RETRY_SECONDS, TOKEN, TRIES, is_transient, pause
from guestlist.aws.wire.signing import Credentials, Scope, signed_headers
from guestlist.model import clock

_API = "DynamoDB_20120810"
_AGENT = "guestlist"
_SKEW = timedelta(minutes=1)
_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class InFlightRequest(NamedTuple):
    """A request that was sent, or the error that prevented it."""

    credentials: Credentials
    connection: Connection | None
    error: OSError | None = None

    def on(self) -> Connection:
        """The connection on which the response will arrive. Raises OSError."""
        if self.connection is None:
            raise self.error or OSError
        return self.connection


class Wire:
    """A client of DynamoDB at one endpoint, safe for threads; begins no further try after `retry_seconds` seconds."""

    def __init__(
        self,
        connections: Connections,
        region: str,
        provider: CredentialProvider,
        now: Callable[[], datetime] = clock.machine,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._connections = connections
        self._scope = Scope(connections.endpoint.authority, region)
        self._provider = provider
        self._now = now
        self._retry_seconds = retry_seconds
        self._ahead = timedelta()

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request and return the response. Raises `RequestRefused` and `NoResponse`."""
        return self.begin(operation, request)()

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """Send a request without waiting; the function returned waits for the response."""
        body = _body(operation, request)
        return partial(self._await_response, operation, body, self._send(operation, body), monotonic())

    def _await_response(
        self, operation: str, body: bytes, in_flight: InFlightRequest, started_at: float
    ) -> dict[str, Any]:
        """The response to the first attempt or to a retry."""
        attempt = 0
        while True:
            outcome = self._outcome(operation, in_flight)
            if isinstance(outcome, dict):
                return outcome
            fault, may_retry = outcome
            is_late = monotonic() - started_at > self._retry_seconds or retry_deadline.has_passed()
            if not may_retry or attempt + 1 == TRIES or is_late:
                raise fault
            pause(attempt)
            attempt += 1
            in_flight = self._send(operation, body)

    def _send(self, operation: str, body: bytes) -> InFlightRequest:
        credentials = self._provider.current()
        headers = signed_headers(self._scope, credentials, f"{_API}.{operation}", body, self._now() + self._ahead)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"POST / HTTP/1.1\r\n{lines}user-agent: {_AGENT}\r\ncontent-length: {len(body)}\r\n\r\n"
        try:
            return InFlightRequest(credentials, self._connections.send(head.encode() + body))
        except OSError as error:
            return InFlightRequest(credentials, None, error)

    def _outcome(self, operation: str, in_flight: InFlightRequest) -> dict[str, Any] | tuple[Exception, bool]:
        """The response, or an error and whether to retry."""
        try:
            response = self._connections.receive(in_flight.on())
            if response.status == 200:
                return response.json()
        except (OSError, MalformedResponse) as error:
            fault = NoResponse(operation)
            fault.__cause__ = error
            return fault, True
        refusal = _refusal(operation, response)
        return refusal, is_transient(response.status, refusal) or self._corrected(
            refusal.code, response, in_flight.credentials
        )

    def _corrected(self, code: str, response: Response, credentials: Credentials) -> bool:
        """Whether our clock or our credentials were the cause and have now been corrected."""
        if code in CLOCK:
            return self._set_clock(response.headers.get("date", ""))
        return code in TOKEN and self._provider.renew(credentials)

    def _set_clock(self, date: str) -> bool:
        """Sign with the server's time from now on; False if ours was accurate enough."""
        try:
            ahead = datetime.strptime(f"{date} +0000", f"{_DATE} %z") - self._now()
        except ValueError:
            return False
        is_wrong = abs(ahead - self._ahead) > _SKEW
        self._ahead = ahead if is_wrong else self._ahead
        return is_wrong


def wire(
    region: str, url: str | None = None, *, read_timeout: float = READ_TIMEOUT, retry_seconds: float = RETRY_SECONDS
) -> Wire:
    """A client for a region, at the given URL or the region's own endpoint. Raises ValueError.

    It waits `read_timeout` seconds for a response, and begins no further try after `retry_seconds` seconds.
    """
    if not re.fullmatch(r"[a-z0-9-]+", region):
        raise ValueError("the region is not set, or is none")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    endpoint = Endpoint.of(url or f"https://dynamodb.{region}.{suffix}")
    return Wire(
        Connections(endpoint, read_timeout), region, CredentialProvider(clock.machine), retry_seconds=retry_seconds
    )


def _body(operation: str, request: Mapping[str, Any]) -> bytes:
    if operation == "TransactWriteItems":
        # A transaction that is sent twice must be applied once.
        request = {"ClientRequestToken": token_hex(16), **request}
    # The keys of a map attribute may be enums.
    return orjson.dumps(request, _base64, orjson.OPT_NON_STR_KEYS)


def _base64(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    raise TypeError(type(value).__qualname__)


def _refusal(operation: str, response: Response) -> RequestRefused:
    try:
        error = response.json()
    except MalformedResponse:
        return RequestRefused(operation, str(response.status))
    code = str(error.get("__type") or error.get("code") or response.status).rpartition("#")[2]
    sentence = str(error.get("message") or error.get("Message") or "")
    return refusal_of(operation, {"Code": code, "Message": sentence}, error.get("CancellationReasons") or [])
