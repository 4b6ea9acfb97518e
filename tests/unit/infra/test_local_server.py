"""The servers on loopback: accepted hosts and origins, and clients that disconnect."""

import asyncio
import json
import socket
import struct
from collections.abc import Iterator
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import Any, cast
from urllib.request import urlopen

import pytest
from chalice import Response
from chalice.config import Config
from chalice.local import LocalChalice

from infra.local.control import Control
from infra.local.mail_page import mail_page
from infra.local.origins import is_loopback, local_only
from infra.local.server import serve

FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.0.0.1@evil.example",
    "evil.example#127.0.0.1",
    "192.168.1.2",
    "127.0.0.1:x",
    "",
]
FOREIGN_ORIGINS = ["https://evil.example", "http://127.0.0.1.evil.example", "null", "file://localhost", ""]


class Calls:
    """The calls of `/local`, counted."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []

    def answer(self, method: str, path: str, *_: object) -> tuple[Any, dict[str, bool]]:
        self.made.append((method, path))
        return SimpleNamespace(value=200), {"ok": True}

    def mails(self, query: dict[str, list[str]]) -> str:
        self.made.append(("mails", "".join(query.get("to", []))))
        return mail_page([], "")


@pytest.fixture(scope="module")
def all_calls() -> Calls:
    return Calls()


@pytest.fixture
def calls(all_calls: Calls) -> Calls:
    all_calls.made.clear()
    return all_calls


@pytest.fixture(scope="module")
def port(all_calls: Calls) -> Iterator[int]:
    app = LocalChalice("served")
    app.route("/page")(lambda: {"ok": True})
    app.route("/size", methods=["POST"])(lambda: {"size": len(app.current_request.raw_body)})
    app.route("/closed")(lambda: Response("", {"WWW-Authenticate": "Bearer"}, 401))
    with serve(app, Config(), 0, cast("Control", all_calls)) as free_port:
        yield free_port


def status(port: int, path: str, host: str | None = None, method: str = "GET", **headers: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": f"127.0.0.1:{port}" if host is None else host, **headers})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/local/emails", "/page", "//local/emails"])
@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_request_for_a_foreign_host_name_is_refused(port: int, calls: Calls, host: str, path: str) -> None:
    assert status(port, path, host) == 403
    assert calls.made == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:{port}", "LOCALHOST", "[::1]:{port}", "bucket.localhost:1"])
def test_names_of_this_machine_are_answered(port: int, host: str) -> None:
    assert status(port, "/local", host.format(port=port)) == status(port, "/page", host.format(port=port)) == 200


def test_the_page_of_mails_is_answered_as_a_page(port: int, calls: Calls) -> None:
    with urlopen(f"http://127.0.0.1:{port}/local/mails?to=ann@example.com", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "No mail yet." in answer.read().decode()
    assert calls.made == [("mails", "ann@example.com")]


def test_a_body_that_is_not_utf_8_reaches_the_api_unchanged(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/size", b'{"code":"\xff"}', {"Content-Type": "application/json"})
    assert json.load(connection.getresponse()) == {"size": 12}
    connection.close()


@pytest.mark.parametrize("origin", [*FOREIGN_ORIGINS, "http://127.0.0.1:1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_cannot_call_local(port: int, calls: Calls, origin: str, method: str) -> None:
    assert status(port, "/local/clock", method=method, Origin=origin) == 403
    assert calls.made == []


def test_the_console_of_the_same_server_may_call_local(port: int, calls: Calls) -> None:
    assert status(port, "/local/clock", method="POST", Origin=f"http://127.0.0.1:{port}") == 200
    assert calls.made == [("POST", "/local/clock")]


def reset(port: int, request: bytes) -> None:
    """Send a part of a request and drop the connection as a closed tab does."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(request)


@pytest.mark.parametrize(
    "request_sent",
    [
        b"GET /loc",
        b"GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20,
        b"POST /page HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{",
    ],
    ids=["half a line", "before the answer", "before many problems", "half a body"],
)
def test_a_dropped_connection_prints_nothing(port: int, capfd: pytest.CaptureFixture[str], request_sent: bytes) -> None:
    for _ in range(20):
        reset(port, request_sent)
    assert status(port, "/page") == 200
    assert "Traceback" not in "".join(capfd.readouterr())


# The engine


async def _engine(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"Access-Control-Allow-Origin", b"*"), (b"x-id", b"1")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"mail"})


def request_status(**headers: str) -> tuple[int, dict[bytes, bytes]]:
    output: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        output.append(message)

    header_pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(local_only(_engine)({"type": "http", "headers": header_pairs}, None, send))
    return output[0]["status"], dict(output[0]["headers"])


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_the_engine_does_not_answer_under_a_foreign_name(host: str) -> None:
    assert request_status(host=host)[0] == 403


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_the_engine_does_not_answer_pages_of_other_sites(origin: str) -> None:
    assert request_status(host="127.0.0.1:4566", origin=origin)[0] == 403


def test_the_engine_allows_the_page_of_this_machine_alone() -> None:
    origin = "http://127.0.0.1:8000"
    allowed = b"access-control-allow-origin"
    assert request_status(host="127.0.0.1:4566", origin=origin) == (200, {b"x-id": b"1", allowed: origin.encode()})
    assert request_status(host="127.0.0.1:4566") == (200, {b"x-id": b"1"})


def test_a_host_is_compared_by_its_whole_name() -> None:
    assert [host for host in FOREIGN_HOSTS if is_loopback(host)] == []


def headers(port: int, method: str, path: str) -> tuple[int, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


def test_a_wrong_method_gets_the_allowed_ones_as_from_the_gateway(port: int) -> None:
    status, output = headers(port, "DELETE", "/page")
    assert (status, output["Allow"]) == (405, "GET")


def test_headers_that_the_gateway_renames_are_renamed_locally(port: int) -> None:
    status, output = headers(port, "GET", "/closed")
    assert (status, output["x-amzn-Remapped-WWW-Authenticate"]) == (401, "Bearer")
    assert "WWW-Authenticate" not in output
