"""A server on 127.0.0.1 whose responses are scripted by a test: late, truncated, wrong or none at all."""

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
class ScriptedRequest:
    """A received request: for DynamoDB its operation, headers by lower-case name, and the body."""

    operation: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class ScriptedResponse:
    """Bytes to send back; with `cut` the connection is then closed."""

    content: bytes = b""
    cut: bool = False


Act = Callable[[ScriptedRequest], ScriptedResponse]


def reply(body: Any, status: int = 200, *, cut: bool = False, **headers: str) -> ScriptedResponse:
    """A complete response with JSON or these bytes; `headers` replace the usual ones."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"content-length": str(len(content)), "x-amz-crc32": str(crc32(content))}
    all_headers = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    return ScriptedResponse(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content, cut)


def error_response(code: str, status: int = 400, **headers: str) -> ScriptedResponse:
    """An error response of DynamoDB."""
    return reply({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}, status, **headers)


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: "_Server"

    def handle(self) -> None:
        try:
            while request := self._read_request():
                response = self.server.act(request)
                self.wfile.write(response.content)
                if response.cut:
                    return
        except OSError:
            return

    def _read_request(self) -> ScriptedRequest | None:
        first = self.rfile.readline().decode()
        if not first:
            return None
        headers = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return ScriptedRequest(headers.get("x-amz-target", "").rpartition(".")[2], first.split()[1], headers, body)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, act: Act, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.act = act
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: Any) -> None:
        """Ignore clients that disconnect during a handshake."""


@contextmanager
def scripted_server(act: Act, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the responses of `act`, which threads may call concurrently, and yield the address."""
    with _Server(act, tls) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def responses_in_turn(*responses: ScriptedResponse) -> tuple[Act, list[ScriptedRequest]]:
    """A handler that sends these responses in order, repeating the last; and the list of requests that it received."""
    requests: list[ScriptedRequest] = []

    def act(request: ScriptedRequest) -> ScriptedResponse:
        requests.append(request)
        return responses[min(len(requests), len(responses)) - 1]

    return act, requests
