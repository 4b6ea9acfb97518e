"""An on-sale on a local stack: `python -m tests.benchmarks.rush [clients] [seconds]`, by default 200 for a minute.

Every client does what a buyer's checkout does, again and again: it asks about a shared code, and then takes a
use at once, or holds one and confirms it or gives it back; now and then it sends a request twice. One line says
how many requests were answered and how, and whether what the API counts is what the clients were told.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from tests.acceptance.client import Api, a_name
from tests.acceptance.stacks import running_stack

QUANTITY = 10_000
HEADERS = {"Authorization": "Bearer demo-checkout", "Content-Type": "application/json"}


@dataclass
class Client:
    """One checkout, with a connection that it keeps."""

    address: str
    code: str
    number: int
    took: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    held_count: int = 0

    def shop(self, until: float) -> "Client":
        """Serve buyers until that instant of the monotonic clock."""
        choice = random.Random(self.number)  # noqa: S311 - the same buyers each time
        with closing(HTTPConnection(urlsplit(self.address).netloc, timeout=120)) as connection:
            orders = self._orders(connection, choice)
            while time.monotonic() < until:
                next(orders)
        return self

    def _orders(self, connection: HTTPConnection, choice: random.Random) -> Iterator[None]:
        """One buyer after another."""
        number = 0
        while True:
            number += 1
            body: dict[str, Any] = {"code": self.code, "order_id": f"{self.number}-{number}"}
            self._call(connection, "/v1/check", {"code": self.code})
            hold = choice.random() < 0.5
            body |= {"hold_seconds": 600} if hold else {}
            status, redemption = self._call(connection, "/v1/redemptions", body)
            if choice.random() < 0.1:
                self._call(connection, "/v1/redemptions", body)
            self.held_count += status == 201
            if hold and status == 201:
                action = choice.choice(["confirm", "confirm", "release"])
                self._call(connection, f"/v1/redemptions/{redemption['redemption_id']}/{action}", {})
                self.held_count -= action == "release"
            yield

    def _call(self, connection: HTTPConnection, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        began = time.monotonic()
        connection.request("POST", path, json.dumps(body), HEADERS)
        answer = connection.getresponse()
        problem = json.loads(answer.read())
        self.took.append(time.monotonic() - began)
        self.answers[
            f"{path.rpartition('/')[2]} {answer.status} {problem.get('code', '') if answer.status >= 400 else ''}"
        ] += 1
        return answer.status, problem


def measure(clients: int, seconds: float) -> dict[str, Any]:
    """The figures of one on-sale."""
    with TemporaryDirectory() as state, running_stack(Path(state), "--no-samples") as stack:
        organiser, code = Api(stack.address, "demo-organiser"), a_name("rush")
        organiser.import_file(f"Code,Quantity\n{code},{QUANTITY}\n".encode(), group="Rush")
        began = time.monotonic()
        with ThreadPoolExecutor(clients) as pool:
            buyers = [Client(stack.address, code, number) for number in range(clients)]
            finished_clients = list(pool.map(lambda client: client.shop(began + seconds), buyers))
        lasted = time.monotonic() - began
        (grant,) = organiser.post("/v1/check", {"code": code})["code"]["grants"]
    took = sorted(one for client in finished_clients for one in client.took)
    total = sum(client.held_count for client in finished_clients)
    return {
        "clients": clients,
        "seconds": round(lasted, 1),
        "requests": len(took),
        "requests a second": round(len(took) / lasted, 1),
        "median s": round(took[len(took) // 2], 3),
        "99 % within s": round(took[len(took) * 99 // 100], 3),
        "answers": dict(sorted(sum((client.answers for client in finished_clients), Counter[str]()).items())),
        "kept by buyers": total,
        "counted by the API": QUANTITY - grant["remaining"],
        "exact": total == QUANTITY - grant["remaining"],
    }


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when the sums differ."""
    clients, seconds = [*map(int, arguments), *(200, 60)[len(arguments) :]]
    figures = measure(clients, seconds)
    sys.stdout.write(f"{json.dumps(figures, indent=1)}\n")
    return 0 if figures["exact"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
