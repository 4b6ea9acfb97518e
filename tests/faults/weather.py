"""What a network and a busy DynamoDB do to single requests, done by whoever stands between it and a client."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Lock

from tests.engines.scripted import Asked, Sent, refusal, reply, scripted

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

    def answer(self, asked: Asked) -> Sent:
        """What becomes of a request."""
        fate = self._fate() if asked.operation in self.operations else None
        if fate not in {None, UNANSWERED, TORN}:
            return refusal(str(fate))
        sent = self._carried_out(asked)
        if fate is None:
            return sent
        return Sent(b"" if fate == UNANSWERED else sent.content[:-3], cut=True)

    def _fate(self) -> str | None:
        with self._lock:
            self.requests += 1
            return self._fates.get(self.requests - 1)

    def _carried_out(self, asked: Asked) -> Sent:
        connection = HTTPConnection(self._engine.removeprefix("http://"))
        try:
            connection.request("POST", "/", asked.body, dict(asked.headers))
            answer = connection.getresponse()
            return reply(answer.read(), answer.status)
        finally:
            connection.close()


@contextmanager
def weather_before(engine: str, operations: tuple[str, ...] = WRITES) -> Iterator[tuple[Weather, str]]:
    """Weather between an engine and whoever calls the address that comes with it."""
    weather = Weather(engine, operations)
    with scripted(weather.answer) as address:
        yield weather, address
