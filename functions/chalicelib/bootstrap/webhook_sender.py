"""Send webhook requests to the IP address that was checked, with a total timeout and without redirects."""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from http.client import HTTPException, HTTPResponse
from io import RawIOBase
from threading import Thread
from time import monotonic
from typing import Any

from guestlist.webhooks.model import NoAnswer
from guestlist.webhooks.policy import ANSWER_BYTES
from guestlist.webhooks.ports import Reply
from guestlist.webhooks.urls import Target

SECONDS = 10.0
"""The timeout of one attempt in seconds: connection, request and response together."""


DNS_SECONDS = 3.0
"""The timeout of DNS resolution in seconds; the host's name server may never answer."""


def addresses(host: str, port: int) -> Sequence[str]:
    """Resolve a host to its IP addresses; none if it has none, or after `DNS_SECONDS` seconds."""
    resolved = list[str]()

    def resolve() -> None:
        with suppress(OSError, UnicodeError):
            results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            # A link-local address keeps its scope id, so that it is recognised as not public.
            resolved.extend(dict.fromkeys(str(socket_address[0]) for *_, socket_address in results))

    # A thread, since getaddrinfo has no timeout.
    resolver = Thread(target=resolve, daemon=True)
    resolver.start()
    resolver.join(DNS_SECONDS)
    return [] if resolver.is_alive() else resolved


def send(target: Target, address: str, headers: Mapping[str, str], body: str) -> Reply:
    """POST a body to the target at this IP address; any failure becomes the reply's `reason`."""
    return Sender(SECONDS, monotonic, _trust)(target, address, headers, body)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class Sender:
    """Sends requests with a total timeout in seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float], trust: Callable[[], ssl.SSLContext]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._trust = trust

    def __call__(self, target: Target, address: str, headers: Mapping[str, str], body: str) -> Reply:
        """POST a body to the target at this IP address; any failure becomes the reply's `reason`."""
        end = self._clock() + self._seconds
        try:
            with (
                socket.create_connection((address, target.port), self._seconds) as connection,
                self._secured(connection, target, end) as secured,
            ):
                secured.settimeout(self._seconds_to(end))
                secured.sendall(_request(target, headers, body.encode()))
                return self._response(secured, end)
        except TimeoutError:
            return Reply(reason=NoAnswer.TIMEOUT, params={"seconds": f"{self._seconds:g}"})
        except ssl.SSLCertVerificationError as error:
            return Reply(reason=NoAnswer.CERTIFICATE, params={"why": error.verify_message})
        except ssl.SSLError:
            return Reply(reason=NoAnswer.NOT_ENCRYPTED)
        except HTTPException:
            return Reply(reason=NoAnswer.NOT_HTTP)
        except OSError as error:
            params = {"why": error.strerror} if error.strerror else {"reason": "closed"}
            return Reply(reason=NoAnswer.CONNECTION, params=params)

    def _secured(self, connection: socket.socket, target: Target, end: float) -> socket.socket:
        if target.scheme == "http":
            return connection
        connection.settimeout(self._seconds_to(end))
        return self._trust().wrap_socket(connection, server_hostname=target.host)

    def _seconds_to(self, end: float) -> float:
        seconds = end - self._clock()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def _response(self, connection: socket.socket, end: float) -> Reply:
        response = HTTPResponse(_Limited(lambda: self._wait(connection, end)), method="POST")  # type: ignore[arg-type]
        response.begin()
        return Reply(response.status, response.read(ANSWER_BYTES).decode(errors="replace"))

    def _wait(self, connection: socket.socket, end: float) -> socket.socket:
        connection.settimeout(self._seconds_to(end))
        return connection


class _Limited(RawIOBase):
    """The response stream, each read limited to the time that is left."""

    def __init__(self, waiting: Callable[[], socket.socket]) -> None:
        self._waiting = waiting

    def makefile(self, _mode: str) -> Any:
        """The buffered stream that `HTTPResponse` asks a socket for."""
        from io import BufferedReader

        return BufferedReader(self)

    def readable(self) -> bool:
        """True, as for any readable file."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive some bytes."""
        return self._waiting().recv_into(buffer)


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"POST {target.path} HTTP/1.1", f"Host: {target.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "User-Agent: Guestlist-Webhooks"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii") + body
