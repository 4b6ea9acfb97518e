"""What a network and a busy DynamoDB do to single requests, done by whoever stands between it and a client."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Lock

from tests.engines.scripted import ScriptedRequest, ScriptedResponse, error_response, reply, scripted_server

WRITES = ("UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem")
THROTTLED = "ProvisionedThroughputExceededException"
UNANSWERED = "unanswered"
TORN = "torn"


class Weather:
    """The weather before one engine: requests for writes meet the fate that `strike` names for their number.

    `UNANSWERED` is carried out, and its answer is lost; of a `TORN` one half comes. Any other word is the error that
    DynamoDB answers.
    """

    def __init__(self, engine: str, operations: tuple[str, ...] = WRITES) -> None:
        self.requests = 0
        self.operations = operations
        self._engine = engine
        self._fates: Mapping[int, str] = {}
        self._lock = Lock()

    def redact(self, fates: Mapping[int, str]) -> None:
        """From now on, counting from 0, these requests meet these fates."""
        self.requests, self._fates = 0, fates

    def answer(self, request: ScriptedRequest) -> ScriptedResponse:
        """What becomes of a request."""
        fate = self._fate() if request.operation in self.operations else None
        if fate not in {None, UNANSWERED, TORN}:
            return error_response(str(fate))
        sent = self._carried_out(request)
        if fate is None:
            return sent
        return ScriptedResponse(b"" if fate == UNANSWERED else sent.content[:-3], cut=True)

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
def weather_before(engine: str, operations: tuple[str, ...] = WRITES) -> Iterator[tuple[Weather, str]]:
    """Weather between an engine and whoever calls the address that comes with it."""
    weather = Weather(engine, operations)
    with scripted_server(weather.answer) as address:
        yield weather, address
