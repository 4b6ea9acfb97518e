"""A server on 127.0.0.1 that answers each request as a test says: late, torn, wrong or not at all."""

import json
import socketserver
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from zlib import crc32


@dataclass(frozen=True)
class Asked:
    """A request that came: for DynamoDB its operation, headers by their names in small letters, and the body."""

    operation: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Sent:
    """What is sent back, as it is; with `cut` the connection ends there."""

    content: bytes = b""
    cut: bool = False


Act = Callable[[Asked], Sent]


def reply(body: Any, status: int = 200, *, cut: bool = False, **headers: str) -> Sent:
    """A whole answer of JSON, or of these bytes; headers take the place of the usual ones."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"content-length": str(len(content)), "x-amz-crc32": str(crc32(content))}
    said = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return Sent(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content, cut)


def refusal(code: str, status: int = 400, **headers: str) -> Sent:
    """What DynamoDB answers when it says no."""
    return reply({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}, status, **headers)


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: "_Server"

    def handle(self) -> None:
        try:
            while asked := self._asked():
                sent = self.server.act(asked)
                self.wfile.write(sent.content)
                if sent.cut:
                    return
        except OSError:
            return

    def _asked(self) -> Asked | None:
        first = self.rfile.readline().decode()
        if not first:
            return None
        headers = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return Asked(headers.get("x-amz-target", "").rpartition(".")[2], first.split()[1], headers, body)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, act: Act, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.act = act
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: Any) -> None:
        """Whoever left in the middle of a handshake is nobody's concern."""


@contextmanager
def scripted(act: Act, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """IdempotencyStore by `act`, which threads may call side by side, until the end of the block; gives the address."""
    with _Server(act, tls) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def in_turn(*sent: Sent) -> tuple[Act, list[Asked]]:
    """IdempotencyStore these in turn, the last again and again; with it, the requests that came."""
    came: list[Asked] = []

    def act(asked: Asked) -> Sent:
        came.append(asked)
        return sent[min(len(came), len(sent)) - 1]

    return act, came
