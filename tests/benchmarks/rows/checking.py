"""A check in the real Lambda handler: its CPU warm and cold, its round trips and its read units.

Beside it what people write: a handler with one `get_item` of boto3, and the same behind Powertools' resolver.
"""

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from cProfile import Profile
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from tests.benchmarks import checkout
from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure, ratio
from tests.benchmarks.checkout import CONTEXT, ONE_CODE, PAGE, environment, event

OURS, OURS_BOTO3, PLAIN, RESOLVER = "guestlist", "guestlist by boto3", "boto3 get_item", "Powertools, validating"
COLD, COLD_TLS, CLIENT = "guestlist", "guestlist with TLS", "import boto3, client"
COLD_RESOLVER = "Powertools' resolver, pydantic, boto3"
_UNIT = 4096
_TEXTS, _MEMBERS = "#L#", "#C#"

# Warm


def ours(meter: Meter, folder: Path, size: int, *, body: Any, org: str = "demo", client: str = "own") -> Figures:
    """The handler of the API's Lambda."""
    os.environ |= {"DYNAMODB_CLIENT": client}
    # A line a call would fill the pipe that nobody reads until the end.
    with checkout.table(folder) as null, Path(os.devnull).open("w", encoding="utf-8") as lines, redirect_stdout(lines):
        import app

        return _called(meter, size, event(body, org), partial(app.app, context=CONTEXT), null)


def plain(meter: Meter, folder: Path, size: int) -> Figures:
    """A handler that looks a code up with boto3."""
    with checkout.table(folder) as null:
        import boto3

        client = boto3.client("dynamodb")

        def handler(check_request: dict[str, Any]) -> dict[str, Any]:
            code = json.loads(check_request["body"])["code"]
            response = client.get_item(TableName="table", Key={"pk": {"S": code}, "sk": {"S": "CODE"}})
            return {"statusCode": 200, "body": json.dumps({"valid": "Item" in response})}

        return _called(meter, size, event(ONE_CODE), handler, null)


def resolver(meter: Meter, folder: Path, size: int) -> Figures:
    """The same as a route of Powertools' resolver, with pydantic models of body and answer."""
    with checkout.table(folder) as null:
        import boto3
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver
        from pydantic import BaseModel

        class CodeRequest(BaseModel):
            code: str

        class Valid(BaseModel):
            valid: bool

        client, routes = boto3.client("dynamodb"), APIGatewayRestResolver(enable_validation=True)

        @routes.post(checkout.CHECK)
        def check(check_request: CodeRequest) -> Valid:
            response = client.get_item(TableName="table", Key={"pk": {"S": check_request.code}, "sk": {"S": "CODE"}})
            return Valid(valid="Item" in response)

        check.__annotations__ |= {"check_request": CodeRequest, "return": Valid}
        return _called(meter, size, event(ONE_CODE), partial(routes.resolve, context=CONTEXT), null)


def _called(meter: Meter, size: int, check_request: dict[str, Any], handler: Callable[..., Any], null: Any) -> Figures:
    for _ in range(20):
        answer = handler(check_request)
        assert answer["statusCode"] == 200, answer
    null.reset()
    with meter:
        for _ in range(size):
            handler(check_request)
    requests = null.counts()["requests"] / size
    return {"us": meter.cpu / size * 1e6, "calls": _calls(handler, check_request), "requests": requests}


def _calls(handler: Callable[..., Any], check_request: dict[str, Any]) -> float:
    """The number of function calls of a call of the handler, which is independent of other load."""
    profile, times = Profile(), 20
    with profile:
        for _ in range(times):
            handler(check_request)
    return sum(entry.callcount for entry in profile.getstats()) / times


# Cold


def packaged(folder: Path, size: int) -> None:
    """Leave the artefact as Lambda unpacks it, beside what the table holds."""
    from infra import artefacts, build, libraries

    checkout.prepare(folder, size)
    build.package()
    for name, part in ((build.FUNCTIONS, "task"), (libraries.of_machine(), "opt"), (build.DOMAIN, "opt")):
        artefacts.unzip(build.BUILD / name, folder / part)
    (folder / "event.json").write_text(json.dumps(event(ONE_CODE)), encoding="utf-8")


ANSWER = "import json, app; assert app.app(json.load(open('event.json')), None)['statusCode'] == 200"
TLS = "; import ssl; ssl.create_default_context()"
PEER = """
import json
import boto3
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel

class Asked(BaseModel):
    code: str

class Valid(BaseModel):
    valid: bool

client, routes = boto3.client("dynamodb"), APIGatewayRestResolver(enable_validation=True)

@routes.post("/v1/check")
def check(asked: Asked) -> Valid:
    found = client.get_item(TableName="table", Key={"pk": {"S": asked.code}, "sk": {"S": "CODE"}})
    return Valid(valid="Item" in found)

answer = routes.resolve(json.load(open("event.json")), None)
assert answer["statusCode"] == 200, answer
"""


def cold(meter: Meter, folder: Path, size: int, *, script: str) -> Figures:
    """A fresh process each time, its interpreter included, as often as the size says."""
    with checkout.table(folder) as null:
        path = os.pathsep.join([str(folder / "task"), str(folder / "opt" / "python")])
        variables = {**os.environ, **environment(null.address), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        meter.ready()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(size):
            subprocess.run([sys.executable, "-c", script], cwd=folder, env=variables, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "ms": cpu / size * 1e3}


# Trips and units


def trips(meter: Meter, folder: Path, _size: int, *, body: Any, org: str = "demo") -> Figures:
    """A check in a process that has just begun, and one more: rounds one after the other, and read units of both."""
    with checkout.table(folder):
        import app
        from chalicelib.routes import check as handlers
        from guestlist.aws.table import checkout_table
        from guestlist.checkout.store import CheckoutReads
        from tests.engines.tables import Watched
        from tests.fakes.round_trips import CountedTable

        table, units = CountedTable(checkout_table()), Units()
        watched = Watched(table._client, "before-call", units.count_request)  # noqa: SLF001 - what passes is counted
        table._client = Watched(watched, "after-call", units.count_answer)  # noqa: SLF001
        checks = CheckoutReads(table)
        handlers.checkout_reads = lambda: checks
        with meter:
            rounds = [_rounds(table, lambda: app.app(event(body, org), CONTEXT)) for _ in range(2)]
    return {"first": rounds[0], "rounds": rounds[1], **units.each()}


def _rounds(table: Any, call: Callable[[], Any]) -> int:
    table.rounds = []
    call()
    return len(table.rounds)


class Units:
    """Read units by what is read."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self.read: Counter[str] = Counter()
        self._keys: list[Any] = []

    def count_request(self, operation: str, request: dict[str, Any]) -> None:
        """Count what is asked for by its key: each item costs a unit at least, there or not."""
        if operation == "BatchGetItem":
            for key in request["RequestItems"]["table"]["Keys"]:
                self._count(key["pk"]["S"], 1, 1)

    def count_answer(self, operation: str, answer: dict[str, Any]) -> None:
        """Count what a query finds, all of it together, and what of an item is more than a unit."""
        from tests.benchmarks.null_endpoint import size

        if operation == "Query":
            items = answer["Items"]
            pk = items[0]["pk"]["S"] if items else ""
            self._count(pk, len(items), max(1, ceil(sum(map(size, items)) / _UNIT)))
        for item in answer.get("Responses", {}).get("table", []):
            self._count(item["pk"]["S"], 0, ceil(size(item) / _UNIT) - 1)

    def _count(self, pk: str, read: int, units: int) -> None:
        kind = next((kind for kind in (_TEXTS, _MEMBERS) if kind in pk), "other")
        self.read[kind] += read
        self.units[kind] += units

    def each(self) -> dict[str, float]:
        """Units for each list and for each membership that was looked into, and all of them."""
        kinds = {"list": _TEXTS, "membership": _MEMBERS}
        each = {name: self.units[kind] / max(1, self.read[kind]) for name, kind in kinds.items()}
        return {**each, "units": self.units.total()}


_ONE, _HUNDRED = partial(ours, body=ONE_CODE), partial(ours, body=PAGE, org="venue")
BENCHES = (
    Bench(
        row=7,
        name="check of one code",
        prepare=checkout.prepare,
        contestants={OURS: _ONE, OURS_BOTO3: partial(_ONE, client="boto3"), PLAIN: plain, RESOLVER: resolver},
        goals=(
            Goal(name="CPU of a plain boto3 handler", value=ratio(OURS, PLAIN), at_most=0.35),
            Goal(name="function calls of a plain boto3 handler", value=ratio(OURS, PLAIN, "calls"), at_most=0.22),
            Goal(name="CPU of Powertools' resolver", value=ratio(OURS, RESOLVER)),
            Goal(name="µs a call", value=figure(OURS, "us")),
        ),
        size=2_000,
        quick_size=300,
    ),
    Bench(
        row=7,
        name="check of a customer and 100 items",
        prepare=checkout.prepare,
        contestants={OURS: _HUNDRED, OURS_BOTO3: partial(_HUNDRED, client="boto3"), PLAIN: plain},
        goals=(
            Goal(name="CPU of a plain boto3 handler", value=ratio(OURS, PLAIN, "us"), at_most=2),
            Goal(name="µs a call", value=figure(OURS, "us")),
        ),
        size=1_000,
        quick_size=150,
    ),
    Bench(
        row=8,
        name="cold start of a check",
        prepare=packaged,
        contestants={
            COLD: partial(cold, script=ANSWER),
            COLD_TLS: partial(cold, script=ANSWER + TLS),
            CLIENT: partial(cold, script="import boto3; boto3.client('dynamodb')"),
            COLD_RESOLVER: partial(cold, script=PEER),
        },
        goals=(
            Goal(name="CPU of import boto3 and its client", value=ratio(COLD, CLIENT), at_most=0.6),
            Goal(
                name="CPU of a handler with Powertools' resolver, pydantic and boto3",
                value=ratio(COLD, COLD_RESOLVER),
                at_most=0.5,
            ),
            Goal(name="the same with TLS made ready", value=ratio(COLD_TLS, CLIENT)),
            Goal(name="ms", value=figure(COLD, "ms")),
        ),
        size=8,
        quick_size=3,
    ),
    Bench(
        row=9,
        name="what a check reads",
        prepare=checkout.prepare,
        contestants={"one code": partial(trips, body=ONE_CODE), "a page": partial(trips, body=PAGE, org="venue")},
        goals=(
            Goal(name="rounds, one code", value=figure("one code", "rounds"), at_most=2),
            Goal(name="rounds, a page of 100 items", value=figure("a page", "rounds"), at_most=2),
            Goal(name="rounds, the first page of a process", value=figure("a page", "first")),
            Goal(name="read units a list", value=figure("a page", "list"), at_most=1),
            Goal(name="read units a membership", value=figure("a page", "membership"), at_most=0.5),
        ),
        size=1,
        quick_size=1,
        rounds=1,
        quick_rounds=1,
    ),
)
