"""Persistent connections: TLS with verified host names, unless the endpoint is configured as plain HTTP."""

import os
import socket
from collections import deque
from functools import cached_property
from select import POLLIN, poll
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from guestlist.aws.wire.response import MalformedResponse, Response, read_response

if TYPE_CHECKING:
    import ssl

CONNECT_TIMEOUT = 1.0
READ_TIMEOUT = 2.5
_MAX_IDLE = 16
_UNCHANGED_SHARE = 0.9
"""With this share of the time left, the socket's timeout is not reduced: each change of it is a system call."""


class Endpoint(NamedTuple):
    """The host and port of a service."""

    host: str
    port: int
    tls: bool

    @classmethod
    def of(cls, url: str) -> "Endpoint":
        """The endpoint of a URL such as `https://dynamodb.eu-west-1.amazonaws.com`. Raises ValueError."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        valid = host and host.isascii()
        if parts.scheme not in {"http", "https"} or not valid or parts.path.strip("/") or parts.query:
            raise ValueError("an endpoint is http or https, a host and perhaps a port")
        tls = parts.scheme == "https"
        return cls(host, parts.port or (443 if tls else 80), tls)

    @property
    def authority(self) -> str:
        """The value of the Host header: without the port where it is the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


class Connection:
    """One connection for consecutive requests. It must not be used again after an error."""

    def __init__(
        self, endpoint: Endpoint, context: "ssl.SSLContext | None", read_timeout: float = READ_TIMEOUT
    ) -> None:
        self._read_timeout = read_timeout
        self._deadline = 0.0
        self._patient = True
        # Bytes: a host name as str makes Python load its IDNA codec, which takes a millisecond.
        host: Any = endpoint.host.encode("ascii")
        plain = socket.create_connection((host, endpoint.port), timeout=CONNECT_TIMEOUT)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket = context.wrap_socket(plain, server_hostname=host) if context else plain
        except OSError:
            plain.close()
            raise
        self._socket.settimeout(read_timeout)
        self._poll = poll()
        self._poll.register(self._socket, POLLIN)

    @property
    def is_stale(self) -> bool:
        """Whether the server has closed the connection or sent unexpected data."""
        return bool(self._poll.poll(0))

    def send(self, request: bytes) -> None:
        """Send a request. Raises OSError."""
        if not self._patient:
            self._socket.settimeout(self._read_timeout)
            self._patient = True
        self._socket.sendall(request)

    def receive(self) -> Response:
        """The response to the last request, within the read timeout counted from now.

        Raises OSError and `MalformedResponse`.
        """
        self._deadline = monotonic() + self._read_timeout
        return read_response(self._receive)

    def _receive(self, size: int) -> bytes:
        remaining = self._deadline - monotonic()
        if remaining <= 0:
            raise TimeoutError("the response took too long")
        if remaining < self._read_timeout * _UNCHANGED_SHARE:
            self._socket.settimeout(remaining)
            self._patient = False
        return self._socket.recv(size)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def __del__(self) -> None:
        # The constructor may have failed before there was a socket.
        if hasattr(self, "_socket"):
            self.close()


class Connections:
    """A pool of connections to one endpoint, safe for threads."""

    def __init__(self, endpoint: Endpoint, read_timeout: float = READ_TIMEOUT) -> None:
        self.endpoint = endpoint
        self._read_timeout = read_timeout
        self._free: deque[Connection] = deque()

    def send(self, request: bytes) -> Connection:
        """Send a request and return the connection on which to receive the response, reserved until then.

        Raises OSError.
        """
        connection = self._open()
        try:
            connection.send(request)
        except OSError:
            connection.close()
            raise
        return connection

    def receive(self, connection: Connection) -> Response:
        """The response to a request, its checksum verified. Raises OSError and `MalformedResponse`."""
        try:
            response = connection.receive().checked()
        except (OSError, MalformedResponse):
            connection.close()
            raise
        if response.last or len(self._free) >= _MAX_IDLE:
            connection.close()
        else:
            self._free.append(connection)
        return response

    def _open(self) -> Connection:
        while self._free:
            try:
                connection = self._free.pop()
            except IndexError:
                break
            if not connection.is_stale:
                return connection
            connection.close()
        return Connection(self.endpoint, self._context, self._read_timeout)

    @cached_property
    def _context(self) -> "ssl.SSLContext | None":
        return trusting() if self.endpoint.tls else None


def trusting() -> "ssl.SSLContext":
    """A TLS context that verifies certificates and host names by the system's authorities or `AWS_CA_BUNDLE`."""
    import ssl

    context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
