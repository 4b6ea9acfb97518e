"""Two fuzzers: one of calls, one of the bucket and its queue. `make fuzz SECONDS=600` goes on; `SEED=` replays a run.

Their laws: no call fails, no message is without an end, no answer tells of another organiser, no log of a person, and
nothing of one who was erased.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.bootstrap import webhook_sender, webhooks
from guestlist.aws.boto import Boto
from guestlist.webhooks.ports import Reply
from tests.quick import fuzz_calls
from tests.quick.api import Api
from tests.quick.fuzz_bucket import Bucket
from tests.quick.fuzz_calls import Requests, send
from tests.quick.fuzzing import Budget
from tests.quick.stack import Stack

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
MAX_CALLS = 400
"""How many calls of the table one request may cost."""
MARKS = {"demo": "Qdemo7", "other": "Qother7"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever host a webhook names has an address, and nothing is sent there."""
    monkeypatch.setattr(webhooks, "resolve", lambda _host, _port: ["93.184.216.34"])
    monkeypatch.setattr(webhook_sender, "send", lambda *_request: Reply(204))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The number of calls of the table, by operation, since it was last cleared."""
    call_counts: Counter[str] = Counter()
    call = Boto.call

    def counting(self: Boto, operation: str, request: Any) -> Any:
        call_counts[operation] += 1
        return call(self, operation, request)

    monkeypatch.setattr(Boto, "call", counting)
    return call_counts


def replay_text(budget: Budget, number: int, what: object) -> str:
    return f"round {number} of SEED={budget.seed}: {what}"


def say(budget: Budget, what: str, capfd: pytest.CaptureFixture[str]) -> None:
    with capfd.disabled():
        sys.stdout.write(f"\nSEED={budget.seed}: {what}\n")


def venues() -> Iterator[tuple[str, Api]]:
    for organiser, mark in MARKS.items():
        api = Api(f"{organiser}-organiser")
        api("PUT /v1/events/{event_id}", {"name": f"{mark} gala", "capacity": 9}, event_id="spring-concert")
        item = {"name": f"{mark} item", "event_id": "spring-concert"}
        api("PUT /v1/sale-items/{sale_item_id}", item, sale_item_id="early-bird")
        group = api("POST /v1/groups", {"name": f"{mark} friends", "type": "manual"}).json["group_id"]
        people = {"customers": [{"email": "anna@example.com", "name": f"{mark} Anna"}]}
        api("POST /v1/groups/{group_id}/members", people, group_id=group)
        yield organiser, api


def test_no_request_makes_the_api_fail_leak_another_organisers_data_or_log_a_person(
    stack: Stack, work: Counter[str], capfd: pytest.CaptureFixture[str]
):
    budget, requests, statuses = Budget.of_environment(250), Requests(tuple(MARKS.values())), Counter[int]()
    for _, api in venues():
        requests.remember([api("GET /v1/groups").json, api("GET /v1/customers").json])
    for number, dice in enumerate(budget.dice()):
        request = requests.generate(dice)
        work.clear()
        try:
            status, text = send(request)
            check_isolation(request.organiser, text, request.event["body"] or "")
            assert work.total() <= MAX_CALLS, work
            output = "".join(capfd.readouterr())
            assert "@" not in output, output
        except Exception as error:
            raise AssertionError(replay_text(budget, number, request)) from error
        statuses[status] += 1
        if status < 300 and text.startswith(("{", "[")):
            requests.remember(json.loads(text))
    stack.run()
    say(budget, f"{statuses.total()} requests, {dict(sorted(statuses.items()))}", capfd)
    assert {200, 401, 404, 422} <= set(statuses)


def check_isolation(organiser: str, text: str, request_text: str) -> None:
    for other, mark in MARKS.items():
        assert other == organiser or mark not in text or mark in request_text, f"{mark} told to {organiser}: {text}"


def test_every_import_ends_whatever_the_order_of_objects_and_events(stack: Stack, capfd: pytest.CaptureFixture[str]):
    budget = Budget.of_environment(6)
    kinds: Counter[str] = Counter()
    acts, rounds = 0, 0
    for number, dice in enumerate(budget.dice()):
        bucket = Bucket(stack, dict(venues()) if not number else {name: Api(f"{name}-organiser") for name in MARKS})
        try:
            kinds = bucket.round(dice)
            assert bucket.erase(dice) == []
        except Exception as error:
            raise AssertionError(replay_text(budget, number, bucket.done)) from error
        acts, rounds = acts + len(bucket.done), rounds + 1
    say(budget, f"{rounds} rounds, {acts} objects put or deleted, {kinds.total()} imports, {dict(kinds)}", capfd)
    assert kinds


def test_a_seed_makes_the_same_requests_again():
    first, second = ([str(Requests().generate(dice)) for dice in Budget(7, 50, 0).dice()] for _ in range(2))
    assert first == second


def test_no_organiser_sends_the_mark_of_another():
    requests = Requests(("Qdemo7",))
    requests.remember([{"id": "g1", "name": "Qdemo7 Anna"}])
    assert list(requests.known_values) == ["g1"]


def test_another_seed_makes_other_requests():
    first, second = ([str(Requests().generate(dice)) for dice in Budget(seed, 5, 0).dice()] for seed in (7, 8))
    assert first != second


def test_the_environment_gives_the_seed_and_the_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEED", "7")
    monkeypatch.delenv("FUZZ_SECONDS", raising=False)
    assert Budget.of_environment(9) == Budget(7, 9, 0)
    monkeypatch.setenv("FUZZ_SECONDS", "60")
    assert Budget.of_environment(9) == Budget(7, 9, 60)


def test_a_response_with_another_organisers_data_is_found():
    with pytest.raises(AssertionError):
        check_isolation("demo", f'{{"name": "{MARKS["other"]} gala"}}', "")
    check_isolation("demo", f'{{"name": "{MARKS["demo"]} gala"}}', "")


def test_a_failure_of_the_api_is_found(monkeypatch: pytest.MonkeyPatch):
    failure = {"statusCode": 500, "body": "", "headers": {}, "multiValueHeaders": {}}
    monkeypatch.setattr(fuzz_calls, "app", lambda _event, _context: failure)
    with pytest.raises(AssertionError):
        fuzz_calls.send(Requests().generate(next(Budget(7, 1, 0).dice())))
