"""An on-sale on the whole stack: many buyers at once, and exact totals at the end."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any, TypeVar
from uuid import uuid4

import pytest
import requests
from urllib3 import Retry

from tests.acceptance.client import Api, a_name
from tests.acceptance.stacks import StackClock

T = TypeVar("T")
R = TypeVar("R")
BUYERS = 50
"""At once; more of them would only wait for the two processors of a small machine."""
AS_TOLD = Retry(100, status_forcelist=[503], allowed_methods=None, raise_on_status=False)
"""A checkout that comes again for as long as it is told to, when Retry-After says."""


@dataclass(frozen=True)
class Sale:
    """One list of codes, as its organiser and its checkout see it."""

    organiser: Api
    checkout: Api
    name: str

    def publish(self, *rows: str, mode: str = "create", columns: str = "Code,Quantity") -> None:
        """Import these rows."""
        text = "".join(f"{line}\n" for line in (columns, *rows))
        record = self.organiser.import_file(text.encode(), group=self.name, mode=mode, consent=True)
        assert (record["status"], record["counts"]["refused"]) == ("complete", 0)

    def takes(self, order: str, code: str, key: str | None = None, **more: Any) -> requests.Response:
        """The answer to a redemption for the order, or to a hold."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.checkout.call("POST", "/v1/redemptions", {"order_id": order, "code": code, **more}, **headers)

    def hold(self, order: str, code: str, quantity: int, seconds: int = 600) -> str:
        """The id of a new hold."""
        answer = self.takes(order, code, quantity=quantity, hold_seconds=seconds)
        assert (answer.status_code, answer.json()["status"]) == (201, "held")
        return str(answer.json()["redemption_id"])

    def then(self, redemption: str, action: str, key: str | None = None, **body: Any) -> requests.Response:
        """The answer to `confirm` or `release`."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.checkout.call("POST", f"/v1/redemptions/{redemption}/{action}", body, **headers)

    def remaining(self, code: str) -> list[int]:
        """The uses left of each row of the code; empty if no list has it."""
        answer = self.checkout.post("/v1/check", {"code": code})["code"]
        return [grant["remaining"] for grant in answer["grants"]]

    def sums(self) -> dict[str, tuple[int, int]]:
        """Taken and held uses of each code, as the organiser sees them."""
        group = next(iter(self.organiser.get(f"/v1/groups?name={self.name}")["items"]))
        items = self.organiser.get(f"/v1/groups/{group['group_id']}/entries")["items"]
        return {entry["code"]: (entry["used"], entry["held"]) for entry in items}


@pytest.fixture
def sale(organiser: Api, checkout: Api) -> Sale:
    """A list that is not there yet, and a checkout that comes again where so many at once are too many."""
    return Sale(organiser, replace(checkout, patience=AS_TOLD, timeout=280), a_name("Rush").replace(" ", "-"))


def at_once(action: Callable[[T], R], over: Iterable[T], workers: int) -> list[R]:
    """The results of these calls by so many threads that begin together."""
    start = Barrier(workers)
    with ThreadPoolExecutor(workers, initializer=start.wait) as pool:
        return list(pool.map(action, over))


def outcome(answer: requests.Response) -> tuple[int, str]:
    """The status, and the code word of a problem."""
    body = answer.json()
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, body.get("code", body.get("status"))


def test_each_of_many_concurrent_buyers_redeems_one_use_of_a_shared_code(sale: Sale) -> None:
    code = a_name("shared")
    sale.publish(f"{code},10000")
    outcomes = at_once(lambda number: outcome(sale.takes(f"o-{number}", code)), range(200), BUYERS)
    assert {status for status, _ in outcomes} <= {200, 201}
    assert Counter(word for _, word in outcomes) == {"redeemed": 200}
    assert sale.remaining(code) == [9800]
    assert sale.sums() == {code: (200, 0)}


def test_concurrent_buyers_beyond_the_last_use_are_refused(sale: Sale) -> None:
    code = a_name("scarce")
    sale.publish(f"{code},40")
    outcomes = at_once(lambda number: outcome(sale.takes(f"o-{number}", code)), range(150), BUYERS)
    assert Counter(outcomes) == {(201, "redeemed"): 40, (409, "used_up"): 110}
    assert sale.remaining(code) == [0]
    assert sale.sums() == {code: (40, 0)}


def test_replacing_a_list_during_an_on_sale_keeps_counts_and_ends_missing_codes(sale: Sale) -> None:
    kept_code, lost_code = (f"{uuid4().hex}-{word}" for word in ("kept", "gone"))
    sale.publish(f"{kept_code},1000", f"{lost_code},1000")
    # Fewer tries of a code that may be unknown by then than would count as guessing.
    codes = [lost_code if number % 4 == 0 else kept_code for number in range(200)]
    with ThreadPoolExecutor(24) as buyers:
        calls = [(code, buyers.submit(sale.takes, f"o-{number}", code)) for number, code in enumerate(codes)]
        sale.publish(f"{kept_code},900", mode="replace")
        outcomes = Counter((code, *outcome(answer.result())) for code, answer in calls)
    lost_sales = outcomes[lost_code, 201, "redeemed"]
    assert outcomes[kept_code, 201, "redeemed"] == 150
    assert lost_sales + outcomes[lost_code, 404, "unknown_code"] == 50
    assert outcome(sale.takes("late", lost_code)) == (404, "unknown_code")
    assert (sale.remaining(kept_code), sale.sums()) == ([750], {kept_code: (150, 0)})
    sale.publish(f"{kept_code},900", f"{lost_code},1000", mode="replace")
    assert sale.sums() == {kept_code: (150, 0), lost_code: (lost_sales, 0)}


def test_concurrent_buyers_free_each_lapsed_hold_once(sale: Sale, stack_clock: StackClock) -> None:
    code = a_name("lapsed")
    sale.publish(f"{code},40")
    holds = at_once(lambda number: sale.hold(f"cart-{number}", code, 2), range(20), 10)
    assert outcome(sale.takes("early", code)) == (409, "held_by_others")
    stack_clock.advance(1, "days")
    assert sale.remaining(code) == [40]
    outcomes = at_once(lambda number: outcome(sale.takes(f"o-{number}", code)), range(60), 60)
    assert Counter(outcomes) == {(201, "redeemed"): 40, (409, "used_up"): 20}
    assert {outcome(sale.then(hold, "confirm")) for hold in holds} == {(409, "hold_expired")}
    assert sale.sums() == {code: (40, 0)}


def test_concurrent_repeats_of_a_request_count_once(sale: Sale) -> None:
    code = a_name("again")
    sale.publish(f"{code},100")
    orders = [f"o-{number}" for number in range(10) for _ in range(8)]
    answers = at_once(lambda order: sale.takes(order, code, quantity=3), orders, 40)
    assert Counter(map(outcome, answers)) == {(201, "redeemed"): 10, (200, "redeemed"): 70}
    assert len({answer.json()["redemption_id"] for answer in answers}) == 10
    assert sale.remaining(code) == [70]
    assert outcome(sale.takes("o-1", code, quantity=2)) == (409, "idempotency_conflict")


def test_a_payment_in_two_stages_with_every_request_sent_twice_counts_once(sale: Sale) -> None:
    code = a_name("staged")
    sale.publish(f"{code},1000")

    def pay(number: int) -> str:
        first, again = (sale.takes(f"o-{number}", code, f"{code}-{number}", quantity=4, hold_seconds=600) for _ in "12")
        assert (first.status_code, first.json()) == (201, again.json())
        hold = first.json()["redemption_id"]
        if number % 3 == 0:
            actions: list[tuple[str, dict[str, Any]]] = [("release", {})]
        elif number % 3 == 1:
            actions = [("confirm", {})]
        else:
            actions = [("confirm", {}), ("release", {"quantity": 1})]
        for place, (action, body) in enumerate(actions):
            answers = [sale.then(hold, action, f"{code}-{number}-{place}", **body) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert answers[0].json() == answers[1].json()
        return str(answers[0].json()["status"])

    assert Counter(at_once(pay, range(30), 15)) == {"released": 10, "redeemed": 20}
    assert sale.sums() == {code: (10 * 4 + 10 * 3, 0)}
    assert sale.remaining(code) == [930]


def test_concurrent_requests_under_one_idempotency_key_run_once(sale: Sale) -> None:
    code = a_name("key")
    sale.publish(f"{code},50")
    redemption_id = sale.takes("o", code, quantity=20).json()["redemption_id"]
    answers = at_once(lambda _: sale.then(redemption_id, "release", f"{code}-refund", quantity=5), range(12), 12)
    assert {outcome(answer) for answer in answers} == {(200, "redeemed")}
    assert {json.dumps(answer.json()) for answer in answers} == {json.dumps(answers[0].json())}
    assert sale.remaining(code) == [35]
    assert outcome(sale.then(redemption_id, "release", f"{code}-refund", quantity=6)) == (409, "idempotency_conflict")


def test_a_hold_is_confirmed_and_released_in_parts_up_to_its_quantity(sale: Sale) -> None:
    code = a_name("parts")
    sale.publish(f"{code},10")
    hold = sale.hold("cart", code, 6)
    assert sale.sums() == {code: (0, 6)}
    assert outcome(sale.takes("other", code, quantity=5)) == (409, "held_by_others")
    assert sale.then(hold, "release", quantity=2).json()["remaining"] == 6
    assert (
        sale.then(hold, "confirm").json() | {"quantity": 4, "status": "redeemed"} == sale.then(hold, "confirm").json()
    )
    assert sale.sums() == {code: (4, 0)}
    assert outcome(sale.takes("other", code, quantity=7)) == (409, "quantity_too_high")
    assert sale.then(hold, "release", quantity=1).json()["quantity"] == 3
    assert outcome(sale.then(hold, "release", quantity=99)) == (200, "released")
    assert sale.remaining(code) == [10]
    assert outcome(sale.then(hold, "confirm")) == (409, "hold_expired")
    assert outcome(sale.takes("cart", code, quantity=10)) == (201, "redeemed")
    assert outcome(sale.takes("last", code)) == (409, "used_up")


def test_concurrent_releases_never_return_more_than_was_redeemed(sale: Sale) -> None:
    code = a_name("refund")
    sale.publish(f"{code},30")
    redemption_id = sale.takes("o", code, quantity=20).json()["redemption_id"]
    outcomes = at_once(lambda _: outcome(sale.then(redemption_id, "release", quantity=3)), range(16), 16)
    assert {status for status, _ in outcomes} == {200}
    assert sale.remaining(code) == [30]
    assert sale.sums() == {code: (0, 0)}


def test_only_its_person_redeems_a_personal_code(sale: Sale) -> None:
    code, email = a_name("mine"), f"{a_name('ann').replace(' ', '.')}@example.com"
    sale.publish(f"{code},{email},2", columns="Code,Email,Quantity")
    assert outcome(sale.takes("o", code)) == (409, "wrong_email")
    assert outcome(sale.takes("o", code, email="bob@example.com")) == (409, "wrong_email")
    assert outcome(sale.takes("o", code, email=email.upper())) == (201, "redeemed")
    assert sale.sums() == {code: (1, 0)}


def test_each_seat_of_a_code_is_redeemed_by_one_buyer(sale: Sale) -> None:
    code = a_name("seats")
    seats = [f"North-{number}" for number in range(1, 9)]
    sale.publish(*(f"{code},{seat},1" for seat in seats), columns="Code,Seat,Quantity")
    outcomes = at_once(lambda number: outcome(sale.takes(f"o-{number}", code, seat=seats[number % 8])), range(40), 40)
    assert Counter(outcomes) == {(201, "redeemed"): 8, (409, "used_up"): 32}
    assert outcome(sale.takes("o", code, seat="South-1")) == (409, "wrong_seat")
    assert sale.remaining(code) == [0] * 8


def test_buyers_who_name_no_seat_redeem_different_rows_of_a_code(sale: Sale) -> None:
    code = a_name("any")
    sale.publish(*(f"{code},North-{number},2" for number in range(1, 6)), columns="Code,Seat,Quantity")
    outcomes = at_once(lambda number: outcome(sale.takes(f"o-{number}", code)), range(20), 20)
    assert Counter(outcomes) == {(201, "redeemed"): 10, (409, "used_up"): 10}
    assert sale.remaining(code) == [0] * 5


@pytest.mark.behaviour(45)
def test_a_list_of_a_hundred_thousand_codes_opens_each_of_them(sale: Sale) -> None:
    word = uuid4().hex[:10]
    sale.publish(*(f"{word}-{number:06d},2" for number in range(100_000)))
    some = [f"{word}-{number:06d}" for number in (0, 1, 49_999, 77_777, 99_999)]
    assert [sale.remaining(code) for code in some] == [[2]] * 5
    assert [outcome(sale.takes("o", code)) for code in some] == [(201, "redeemed")] * 5
    assert [sale.remaining(code) for code in some] == [[1]] * 5
    assert sale.remaining(f"{word}-100000") == []
