"""Between the project's own client and the model: latency, answers that are lost, requests that arrive twice.

The real client signs, sends and tries again; only its socket is replaced, and what it sleeps by.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from unittest.mock import patch

from guestlist.aws import retry_deadline
from guestlist.aws import table as table_module
from guestlist.aws.table import Table
from guestlist.aws.wire import client as client_module
from guestlist.aws.wire import retry as retry_module
from guestlist.aws.wire.client import Wire
from guestlist.aws.wire.connection import Endpoint
from tests.engines.tables import Purse
from tests.simulation.capacity import Capacity
from tests.simulation.engine import Engine, Refusal
from tests.simulation.virtual_time import Died, VirtualTime

TABLE = "simulated"
_TIMEOUT = 1.0
_SLOWEST = 0.08


@dataclass(frozen=True)
class Faults:
    """The probabilities that a request never arrives, that its answer does not, that a copy of it arrives
    later, and that its process dies before or after; and how wrong clocks may be, in seconds."""

    lost_request: float = 0.0
    lost_answer: float = 0.0
    copied: float = 0.0
    dies: float = 0.0
    skew: float = 0.0


class _Answer(NamedTuple):
    """An answer, whose body nobody need write down to read it again."""

    status: int
    headers: dict[str, str]
    body: bytes
    content: dict[str, Any]

    def json(self) -> dict[str, Any]:
        """As the answer of a connection says it."""
        return self.content


class InFlightRequest:
    """A request on its way."""

    def __init__(self) -> None:
        self.arrives = 0.0
        self.answer: _Answer | None = None
        self.dies = False


class Network:
    """The model's side of a connection."""

    endpoint = Endpoint.of("https://dynamodb.eu-west-1.amazonaws.com")

    def __init__(self, time: VirtualTime, engine: Engine) -> None:
        self.time = time
        self.engine = engine
        self.faults = Faults()
        self.calls = 0

    def send(self, request: bytes) -> Any:
        """Send it: it takes effect half its latency later."""
        random, faults, in_flight = self.time.random, self.faults, InFlightRequest()
        head, _, body = request.partition(b"\r\n\r\n")
        operation = head.partition(b"DynamoDB_20120810.")[2].partition(b"\r")[0].decode()
        document = json.loads(body)
        self.calls += 1
        latency = self._latency(operation)
        in_flight.arrives = self.time.now + latency
        fate = random.random()
        if fate < faults.dies / 2:
            raise Died
        in_flight.dies = fate < faults.dies
        fate = random.random()
        if fate >= faults.lost_request:
            answer_lost = fate < faults.lost_request + faults.lost_answer
            self.time.at(
                self.time.now + latency / 2,
                lambda: self._arrived(in_flight, operation, document, answer_lost=answer_lost),
            )
        if random.random() < faults.copied:
            later = self.time.now + random.uniform(0, 5)
            self.time.at(later, lambda: self._answer(operation, document))
        return in_flight

    def _latency(self, operation: str) -> float:
        most = min(_SLOWEST, 0.002 + self.time.random.expovariate(1 / 0.003))
        return most * (2 if operation.startswith("Transact") else 1)

    def _arrived(self, in_flight: InFlightRequest, operation: str, request: Any, *, answer_lost: bool) -> None:
        answer = self._answer(operation, request)
        in_flight.answer = None if answer_lost else answer

    def _answer(self, operation: str, request: Any) -> "_Answer":
        try:
            return _Answer(200, {}, b"", self.engine.call(operation, request))
        except Refusal as error:
            body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{error.code}", "message": "no"}
            body |= {"CancellationReasons": [{"Code": one} for one in error.reasons]} if error.reasons else {}
        return _Answer(400, {}, b"", body)

    def receive(self, in_flight: Any) -> "_Answer":
        """The answer, at its time; TimeoutError where none comes."""
        self.time.elapse(in_flight.arrives - self.time.now)
        if in_flight.dies:
            raise Died
        if in_flight.answer is None:
            self.time.elapse(_TIMEOUT)
            raise TimeoutError
        return in_flight.answer


class _Process:
    """A process's own way to the network: once it has died, nothing more is sent, whatever its code would clean up."""

    def __init__(self, network: Network) -> None:
        self.endpoint = network.endpoint
        self._network = network
        self._dead = False

    def send(self, request: bytes) -> Any:
        """Send the request. Raises `Died`."""
        return self._alive(lambda: self._network.send(request))

    def receive(self, in_flight: Any) -> _Answer:
        """The answer. Raises `Died`, and TimeoutError where none comes."""
        answer: _Answer = self._alive(lambda: self._network.receive(in_flight))
        return answer

    def _alive(self, act: Callable[[], Any]) -> Any:
        if self._dead:
            raise Died
        try:
            return act()
        except Died:
            self._dead = True
            raise


class _Later:
    """In place of a pool of threads: what is submitted is done at once, one after the other."""

    def submit(self, call: Callable[[], Any]) -> Any:
        answer = call()
        return type("Done", (), {"result": lambda _self: answer})()


class Model:
    """A table that meters, and processes that reach it through their own clients."""

    def __init__(
        self, seed: int = 0, capacity: Capacity | None = None, throttle: Callable[[], str] | None = None
    ) -> None:
        self.time = VirtualTime(seed)
        names = ("ThrottlingException", "ProvisionedThroughputExceededException")
        self.engine = Engine(
            capacity or Capacity(), self.time.monotonic, throttle or (lambda: self.time.random.choice(names))
        )
        self.network = Network(self.time, self.engine)

    def table(self, now: Callable[[], datetime] | None = None) -> Table:
        """The table as a process of its own reaches it, by a clock of its own."""
        process_table = Table(
            Wire(_Process(self.network), "eu-west-1", Purse(), now or (lambda: self.time.instant)), TABLE
        )  # type: ignore[arg-type]
        vars(process_table)["_pool"] = _Later()
        return process_table

    def clock(self) -> Callable[[], datetime]:
        """A machine's clock, as wrong as the faults allow."""
        wrong = timedelta(seconds=self.time.random.uniform(-1, 1) * self.network.faults.skew)
        return lambda: self.time.instant + wrong

    @contextmanager
    def running(self) -> Iterator["Model"]:
        """With everything that waits in the project's own code waiting by the virtual clock."""
        modules, virtual = (table_module, retry_module), self.time.monotonic
        with patch.object(client_module, "monotonic", virtual), patch.object(retry_deadline, "monotonic", virtual):
            patches = [patch.object(module, "sleep", self.time.elapse) for module in modules]
            # Nobody here looks at a signature, which takes as long as all the rest of a request.
            patches.append(patch.object(client_module, "signed_headers", lambda *of: {"x-amz-target": of[2]}))
            patches += [patch.object(module, "uniform", self.time.uniform) for module in modules]
            for one in patches:
                one.start()
            try:
                yield self
            finally:
                for one in patches:
                    one.stop()
