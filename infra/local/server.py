"""HTTP on loopback: Chalice's local server with the calls under `/local` and the gateway's responses.

It answers thousands of requests per second where the emulated gateway answers twenty, on the same table.
"""

import json
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from chalice import Chalice
from chalice.cli.factory import CLIFactory
from chalice.config import Config
from chalice.local import (
    ChaliceRequestHandler,
    LocalChalice,
    LocalDevServer,
    LocalGateway,
    RouteMatcher,
    ThreadedHTTPServer,
)

from infra.gateway import (
    BAD_REQUEST,
    FAILED,
    FORBIDDEN,
    NO_METHOD,
    NO_ROUTE,
    PROBLEM,
    REMAPPED,
    TOO_LARGE,
    GatewayProblem,
    allowed,
)
from infra.local.control import Control, Refused
from infra.local.origins import is_loopback, is_same_origin

MAX_BYTES = 10_000_000  # API Gateway's limit
STAGE = "packaged"


class PortTaken(Exception):
    """Another process uses the port."""


@contextmanager
def server(functions: Path, port: int, control: Control) -> Iterator[None]:
    """Serve the API of this Chalice project until the end of the block. Raises `PortTaken`."""
    config = CLIFactory(str(functions)).create_config_obj(chalice_stage_name=STAGE)
    app = config.chalice_app
    app.__class__ = LocalChalice
    with serve(app, config.scope(STAGE, "api_handler"), port, control):
        yield


@contextmanager
def serve(app: Chalice, config: Config, port: int, control: Control) -> Iterator[int]:
    """Serve this app until the end of the block; yields the port. Raises `PortTaken`."""
    handler = partial(_Handler, control=control)
    try:
        serving = LocalDevServer(app, config, "127.0.0.1", port, handler, _Server)
    except OSError as error:
        raise PortTaken(port) from error
    thread = threading.Thread(target=serving.server.serve_forever, name="http")
    thread.start()
    try:
        yield serving.server.server_address[1]
    finally:
        serving.shutdown()
        thread.join()
        serving.server.server_close()


class _Server(ThreadedHTTPServer):
    request_queue_size = 128
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print the error, unless the client dropped the connection, as browsers may at any moment."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Gateway(LocalGateway):
    """Chalice's local gateway, with the behaviour of the real one that it lacks."""

    def _generate_lambda_event(self, method: str, path: str, headers: Any, body: bytes | None) -> dict[str, Any]:
        event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        event["requestContext"] |= {"requestId": str(uuid4()), "stage": "local"}
        if isinstance(event["body"], bytes):
            # What is not UTF-8 stays as it is: the API refuses it as malformed JSON.
            with suppress(UnicodeDecodeError):
                event["body"] = event["body"].decode()
        return event


class _Handler(ChaliceRequestHandler):
    disable_nagle_algorithm = True  # otherwise every response waits 40 ms for the client's acknowledgement

    def __init__(self, *connection: Any, app_object: Any, config: Any, control: Control) -> None:
        self.local_gateway = _Gateway(app_object, config)
        self._routes = app_object.routes
        self._control = control
        BaseHTTPRequestHandler.__init__(self, *connection)

    def _answer(self) -> None:
        try:
            self._route()
        except Refused as refusal:
            self._problem(refusal.problem, refusal.headers)
        except ConnectionError:
            self.close_connection = True
        except Exception:  # noqa: BLE001 - the connection must get its answer
            traceback.print_exc(file=sys.stderr)
            self._problem(FAILED)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _answer  # noqa: N815

    def _route(self) -> None:
        self._check_host()
        self._check_length()
        headers, body = self._parse_payload()
        parts = urlsplit(self.path)
        if parts.path.split("/")[1:2] == ["local"]:
            self._local(parts.path.rstrip("/"), parse_qs(parts.query), body)
        else:
            self._api(headers, body)

    def _check_host(self) -> None:
        """Raise `Refused` for a host name rebound to this machine and, under `/local`, for pages of other sites."""
        hosts, origins = self.headers.get_all("host", []), self.headers.get_all("origin", [])
        local = self.path.lstrip("/").startswith("local")
        trusted = len(hosts) == 1 and is_loopback(hosts[0])
        if not trusted or (local and not is_same_origin(origins, hosts[0])):
            self.close_connection = True
            raise Refused(FORBIDDEN)

    def _check_length(self) -> None:
        """Raise `Refused` for a body that is too long, after which nothing more is read from the connection."""
        length = self.headers.get("content-length", "0")
        sound = length.isdecimal() and "transfer-encoding" not in self.headers
        # The response to HEAD may have a body here, which its reader does not expect.
        self.close_connection = self.close_connection or not sound or self.command == "HEAD"
        if not sound:
            raise Refused(BAD_REQUEST)
        if int(length) > MAX_BYTES:
            self.close_connection = True
            raise Refused(TOO_LARGE)

    def _local(self, path: str, query: Mapping[str, list[str]], body: bytes | None) -> None:
        if (self.command, path) == ("GET", "/local/mails"):
            self._send_http_response(200, {"Content-Type": "text/html; charset=utf-8"}, self._control.mails(query))
            return
        status, answer = self._control.answer(self.command, path, query, body)
        self._send_http_response(status.value, {}, json.dumps(answer, ensure_ascii=False))

    def _api(self, headers: Any, body: bytes | None) -> None:
        try:
            route = RouteMatcher(list(self._routes)).match_route(self.path).route
        except ValueError:
            raise Refused(NO_ROUTE) from None
        if self.command not in {*self._routes[route], "OPTIONS"}:
            raise Refused(NO_METHOD, Allow=allowed(self._routes[route]))
        answer = self._handle_binary(self.local_gateway.handle_request(self.command, self.path, headers, body))
        headers = {**answer["headers"], **answer["multiValueHeaders"]}
        renamed = {REMAPPED.get(name, name): value for name, value in headers.items()}
        self._send_http_response(answer["statusCode"], renamed, answer["body"])

    def _problem(self, problem: GatewayProblem, more: Mapping[str, str] = MappingProxyType({})) -> None:
        headers = {"Content-Type": PROBLEM, **more}
        headers |= {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
        self._send_http_response(problem.status.value, headers, problem.body(str(uuid4())))

    def log_message(self, *_args: object) -> None:
        """Log nothing: paths may contain e-mail addresses."""
