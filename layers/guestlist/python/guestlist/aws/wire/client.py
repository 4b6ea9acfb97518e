"""The client itself: a request signed, sent, answered, and where that may help sent again."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from time import monotonic
from typing import Any, NamedTuple

from guestlist.aws import patience
from guestlist.aws.dynamodb import Refused, Unanswered, refused
from guestlist.aws.wire.answer import Answer, MalformedResponse
from guestlist.aws.wire.connection import Connection, Connections, Endpoint
from guestlist.aws.wire.credentials import CredentialProvider
from guestlist.aws.wire.retry import CLOCK, PATIENCE, TOKEN, TRIES, passing, pause
from guestlist.aws.wire.signing import Credentials, Scope, signed
from guestlist.model import clock

_API = "DynamoDB_20120810"
_AGENT = "guestlist"
_SKEW = timedelta(minutes=1)
_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class InFlightRequest(NamedTuple):
    """A request on its way, or why it is not."""

    credentials: Credentials
    connection: Connection | None
    error: OSError | None = None

    def on(self) -> Connection:
        """Where its answer will come. Raises OSError."""
        if self.connection is None:
            raise self.error or OSError
        return self.connection


class Wire:
    """DynamoDB at one endpoint. Threads may share it."""

    def __init__(
        self,
        connections: Connections,
        region: str,
        provider: CredentialProvider,
        now: Callable[[], datetime] = clock.machine,
    ) -> None:
        self._connections = connections
        self._scope = Scope(connections.endpoint.authority, region)
        self._provider = provider
        self._now = now
        self._ahead = timedelta()

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """As the port says."""
        return self.begin(operation, request)()

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """As the port says."""
        body = _body(operation, request)
        return partial(self._ended, operation, body, self._sent(operation, body), monotonic())

    def _ended(self, operation: str, body: bytes, sent: InFlightRequest, begun: float) -> dict[str, Any]:
        """The answer to the first try or to a later one."""
        attempt = 0
        while True:
            outcome = self._outcome(operation, sent)
            if isinstance(outcome, dict):
                return outcome
            fault, again = outcome
            if not again or attempt + 1 == TRIES or monotonic() - begun > PATIENCE or patience.over():
                raise fault
            pause(attempt)
            attempt += 1
            sent = self._sent(operation, body)

    def _sent(self, operation: str, body: bytes) -> InFlightRequest:
        credentials = self._provider.current()
        headers = signed(self._scope, credentials, f"{_API}.{operation}", body, self._now() + self._ahead)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"POST / HTTP/1.1\r\n{lines}user-agent: {_AGENT}\r\ncontent-length: {len(body)}\r\n\r\n"
        try:
            return InFlightRequest(credentials, self._connections.send(head.encode() + body))
        except OSError as error:
            return InFlightRequest(credentials, None, error)

    def _outcome(self, operation: str, sent: InFlightRequest) -> dict[str, Any] | tuple[Exception, bool]:
        """The answer, or what went wrong and whether another try makes sense."""
        try:
            answer = self._connections.receive(sent.on())
            if answer.status == 200:
                return answer.said()
        except (OSError, MalformedResponse) as error:
            fault = Unanswered(operation)
            fault.__cause__ = error
            return fault, True
        refusal = _refusal(operation, answer)
        return refusal, passing(answer.status, refusal) or self._mended(refusal.code, answer, sent.credentials)

    def _mended(self, code: str, answer: Answer, credentials: Credentials) -> bool:
        """Whether it was our clock or our credentials, and these are right now."""
        if code in CLOCK:
            return self._set(answer.headers.get("date", ""))
        return code in TOKEN and self._provider.renew(credentials)

    def _set(self, date: str) -> bool:
        """Sign by the other side's clock from now on; False if ours was right enough already."""
        try:
            ahead = datetime.strptime(f"{date} +0000", f"{_DATE} %z") - self._now()
        except ValueError:
            return False
        wrong = abs(ahead - self._ahead) > _SKEW
        self._ahead = ahead if wrong else self._ahead
        return wrong


def wire(region: str, url: str | None = None) -> Wire:
    """The client for a region, at its own endpoint or at the address that is given. Raises ValueError."""
    if not re.fullmatch(r"[a-z0-9-]+", region):
        raise ValueError("the region is not set, or is none")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    endpoint = Endpoint.of(url or f"https://dynamodb.{region}.{suffix}")
    return Wire(Connections(endpoint), region, CredentialProvider(clock.machine))


def _body(operation: str, request: Mapping[str, Any]) -> bytes:
    if operation == "TransactWriteItems":
        # So that a transaction which is sent again counts once.
        request = {"ClientRequestToken": token_hex(16), **request}
    return _JSON.encode(request).encode()


def _base64(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    raise TypeError(type(value).__qualname__)


_JSON = json.JSONEncoder(check_circular=False, separators=(",", ":"), default=_base64)


def _refusal(operation: str, answer: Answer) -> Refused:
    try:
        said = answer.said()
    except MalformedResponse:
        return Refused(operation, str(answer.status))
    code = str(said.get("__type") or said.get("code") or answer.status).rpartition("#")[2]
    sentence = str(said.get("message") or said.get("Message") or "")
    return refused(operation, {"Code": code, "Message": sentence}, said.get("CancellationReasons") or [])
