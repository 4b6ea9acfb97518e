"""A proxy between a client and an engine that lets single requests fail as a network or a busy DynamoDB does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Lock

from tests.engines.scripted import ScriptedRequest, ScriptedResponse, error_response, reply, scripted_server

WRITES = ("UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem")
THROTTLED = "ProvisionedThroughputExceededException"
UNANSWERED = "unanswered"
TRUNCATED = "torn"


class FaultyNetwork:
    """A proxy of one engine in which requests for writes fail as `schedule` says for their number.

    An `UNANSWERED` request is carried out and its response is lost; that of a `TRUNCATED` one is cut off. Any other
    word is the error with which DynamoDB responds.
    """

    def __init__(self, engine: str, operations: tuple[str, ...] = WRITES) -> None:
        self.requests = 0
        self.operations = operations
        self._engine = engine
        self._fates: Mapping[int, str] = {}
        self._lock = Lock()

    def schedule(self, fates: Mapping[int, str]) -> None:
        """Let these requests, counted from 0, fail in these ways."""
        self.requests, self._fates = 0, fates

    def answer(self, request: ScriptedRequest) -> ScriptedResponse:
        """The response to a request."""
        fate = self._fate() if request.operation in self.operations else None
        if fate not in {None, UNANSWERED, TRUNCATED}:
            return error_response(str(fate))
        response = self._carried_out(request)
        if fate is None:
            return response
        return ScriptedResponse(b"" if fate == UNANSWERED else response.content[:-3], cut=True)

    def _fate(self) -> str | None:
        with self._lock:
            self.requests += 1
            return self._fates.get(self.requests - 1)

    def _carried_out(self, request: ScriptedRequest) -> ScriptedResponse:
        connection = HTTPConnection(self._engine.removeprefix("http://"))
        try:
            connection.request("POST", "/", request.body, dict(request.headers))
            answer = connection.getresponse()
            return reply(answer.read(), answer.status)
        finally:
            connection.close()


@contextmanager
def faulty_network(engine: str, operations: tuple[str, ...] = WRITES) -> Iterator[tuple[FaultyNetwork, str]]:
    """A faulty network before an engine, and the address to call it by."""
    network = FaultyNetwork(engine, operations)
    with scripted_server(network.answer) as address:
        yield network, address
