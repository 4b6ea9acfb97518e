"""Connections that are kept: TLS with the host's name verified, unless the endpoint is plain HTTP by setting."""

import os
import socket
from collections import deque
from functools import cached_property
from select import POLLIN, poll
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from guestlist.aws.wire.answer import Answer, MalformedResponse, received

if TYPE_CHECKING:
    import ssl

CONNECT = 1.0
READ = 2.5
_KEPT = 16
_NEARLY_ALL = 0.9
"""With so much of its time left, a socket's own limit is near enough: each change of it is a call of the system."""


class Endpoint(NamedTuple):
    """Where a service answers."""

    host: str
    port: int
    tls: bool

    @classmethod
    def of(cls, url: str) -> "Endpoint":
        """The endpoint of an address such as `https://dynamodb.eu-west-1.amazonaws.com`. Raises ValueError."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        named = host and host.isascii()
        if parts.scheme not in {"http", "https"} or not named or parts.path.strip("/") or parts.query:
            raise ValueError("an endpoint is http or https, a host and perhaps a port")
        tls = parts.scheme == "https"
        return cls(host, parts.port or (443 if tls else 80), tls)

    @property
    def authority(self) -> str:
        """What the header Host says: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


class Connection:
    """One connection, on which requests follow each other. After a fault it must not be used again."""

    def __init__(self, endpoint: Endpoint, context: "ssl.SSLContext | None", read: float = READ) -> None:
        self._read = read
        self._until = 0.0
        self._patient = True
        # Bytes, for of a name as text the rules of international names are loaded, which takes a millisecond.
        host: Any = endpoint.host.encode("ascii")
        plain = socket.create_connection((host, endpoint.port), timeout=CONNECT)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket = context.wrap_socket(plain, server_hostname=host) if context else plain
        except OSError:
            plain.close()
            raise
        self._socket.settimeout(read)
        self._poll = poll()
        self._poll.register(self._socket, POLLIN)

    @property
    def stale(self) -> bool:
        """Whether the other side has closed it or said something unasked."""
        return bool(self._poll.poll(0))

    def send(self, request: bytes) -> None:
        """Send a request. Raises OSError."""
        if not self._patient:
            self._socket.settimeout(self._read)
            self._patient = True
        self._socket.sendall(request)

    def receive(self) -> Answer:
        """The answer to what was sent last, within the time for reading from now on.

        Raises OSError and `MalformedResponse`.
        """
        self._until = monotonic() + self._read
        return received(self._receive)

    def _receive(self, most: int) -> bytes:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        if left < self._read * _NEARLY_ALL:
            self._socket.settimeout(left)
            self._patient = False
        return self._socket.recv(most)

    def close(self) -> None:
        """End it."""
        self._socket.close()

    def __del__(self) -> None:
        # One that was never made has no socket.
        if hasattr(self, "_socket"):
            self.close()


class Connections:
    """The connections to one endpoint: made when none is free, kept for the next request. Threads may share it."""

    def __init__(self, endpoint: Endpoint, read: float = READ) -> None:
        self.endpoint = endpoint
        self._read = read
        self._free: deque[Connection] = deque()

    def send(self, request: bytes) -> Connection:
        """Send a request; its answer is to be received from this connection, which is nobody else's until then.

        Raises OSError.
        """
        connection = self._taken()
        try:
            connection.send(request)
        except OSError:
            connection.close()
            raise
        return connection

    def receive(self, connection: Connection) -> Answer:
        """The answer to what was sent, its checksum right. Raises OSError and `MalformedResponse`."""
        try:
            answer = connection.receive().checked()
        except (OSError, MalformedResponse):
            connection.close()
            raise
        if answer.last or len(self._free) >= _KEPT:
            connection.close()
        else:
            self._free.append(connection)
        return answer

    def _taken(self) -> Connection:
        while self._free:
            try:
                connection = self._free.pop()
            except IndexError:
                break
            if not connection.stale:
                return connection
            connection.close()
        return Connection(self.endpoint, self._context, self._read)

    @cached_property
    def _context(self) -> "ssl.SSLContext | None":
        return trusting() if self.endpoint.tls else None


def trusting() -> "ssl.SSLContext":
    """TLS that verifies certificates and names by the system's authorities, or by those of `AWS_CA_BUNDLE`."""
    import ssl

    context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
