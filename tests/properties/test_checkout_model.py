"""A checkout against a model that adds up all redemptions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guestlist.aws.table import Table
from guestlist.checkout.redemption import Status
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.model.errors import GuestlistError
from tests.fakes.in_memory_shop import InMemoryShop
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import NOW

CODES = ("testing1", "testing2")
SEATS = ("", "A", "B")
orders = st.sampled_from(["o1", "o2"])
codes = st.sampled_from(CODES)
some = st.integers(1, 3)
Place = tuple[str, str]


@dataclass
class ModelRedemption:
    """One redemption as the model has it."""

    order: tuple[str, str, str | None]
    place: Place
    quantity: int
    uses_left: int
    until: datetime | None
    first: dict[str, Any]
    confirmed: bool = False
    calls: set[str] = field(default_factory=set)

    def is_held(self, now: datetime) -> bool:
        """Whether it is an open hold."""
        return self.until is not None and not self.confirmed and now < self.until

    def outstanding(self, now: datetime) -> int:
        """The number of its uses."""
        return self.uses_left if self.until is None or self.confirmed or now < self.until else 0


class Model:
    """The expected response."""

    def __init__(self) -> None:
        self.now = NOW
        self.rows: dict[Place, int] = {}
        self.most: dict[Place, int] = {}
        self.redemptions: dict[str, ModelRedemption] = {}

    def free(self, place: Place, *, without_holds_of_others_than: str | None = None) -> int:
        order = without_holds_of_others_than
        had = sum(
            one.outstanding(self.now)
            for one in self.redemptions.values()
            if one.place == place and (order in {None, one.order[0]} or not one.is_held(self.now))
        )
        return self.rows[place] - had

    def last(self, order: tuple[str, str, str | None]) -> ModelRedemption | None:
        return next((one for one in reversed(self.redemptions.values()) if one.order == order), None)

    def places(self, code: str, seat: str | None) -> list[Place]:
        return [place for place in sorted(self.rows) if place[0] == code and (seat is None or place[1] in {"", seat})]

    def refusal(self, code: str, seat: str | None, quantity: int, order: str = "") -> tuple[str, int | None] | None:
        """The reason for a refusal and the uses left; None if it succeeds."""
        if not self.places(code, None):
            return "unknown_code", None
        places = self.places(code, seat)
        if not places:
            return "wrong_seat", None
        most = max(max(0, self.free(place)) for place in places)
        if most >= quantity:
            return None
        if max(self.free(place, without_holds_of_others_than=order) for place in places) >= quantity:
            return "held_by_others", most
        return ("quantity_too_high" if most else "used_up"), most


@contextmanager
def collect_refusals() -> Iterator[list[tuple[str, int | None]]]:
    """Collects the refusal of the call inside, if it was refused."""
    refusals: list[tuple[str, int | None]] = []
    try:
        yield refusals
    except GuestlistError as error:
        remaining = error.facts.get("remaining")
        refusals.append((error.code, remaining if isinstance(remaining, int) else None))


class Checkout(RuleBasedStateMachine):
    """All actions of a checkout and its organiser, in sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.shop: Any = self.new_shop()
        self.replace_list({("testing1", ""): 2, ("testing2", "A"): 1, ("testing2", "B"): 2})

    def new_shop(self) -> Any:
        return InMemoryShop()

    @rule(rows=st.dictionaries(st.tuples(codes, st.sampled_from(SEATS)), st.integers(1, 4), min_size=1, max_size=4))
    def replace_list(self, rows: dict[Place, int]) -> None:
        self.model.rows = rows
        self.model.most |= {place: max(most, self.model.most.get(place, 0)) for place, most in rows.items()}
        entries = [Entry(code, seat=seat, quantity=quantity) for (code, seat), quantity in rows.items()]
        self.shop.lists(*entries, mode=Mode.REPLACE if self.model.redemptions else Mode.CREATE)

    @rule(seconds=st.sampled_from([15, 30]))
    def time_passes(self, seconds: int) -> None:
        self.model.now += timedelta(seconds=seconds)
        self.shop.now = self.model.now

    @rule()
    def a_timer_runs(self) -> None:
        self.shop.tidy()

    @rule(code=codes, seat=st.sampled_from([None, "A", "B", "C"]), quantity=some)
    def check(self, code: str, seat: str | None, quantity: int) -> None:
        answer = self.shop.ask(code=code, seats=None if seat is None else (seat,), quantity=quantity).code
        places = self.model.places(code, None)
        grants = [(one.seat or "", one.quantity, one.remaining) for one in answer.grants]
        assert grants == [(p[1], self.model.rows[p], max(0, self.model.free(p))) for p in places]
        expected = self.model.refusal(code, seat, quantity)
        assert answer.valid is (expected is None)
        if expected is not None and expected[0] in {"unknown_code", "wrong_seat"}:
            assert answer.reasons == (expected[0],)

    @rule(
        order=orders,
        code=codes,
        seat=st.sampled_from([None, None, "A"]),
        quantity=some,
        hold=st.sampled_from([None, 30, 30]),
    )
    def take(self, order: str, code: str, seat: str | None, quantity: int, hold: int | None) -> None:
        key, former = (order, code, seat), self.model.last((order, code, seat))
        with collect_refusals() as refusals:
            outcome = self.shop.take(order, code=code, seat=seat, quantity=quantity, hold_seconds=hold)
        if former is not None and former.outstanding(self.model.now):
            self.check_repeat(former, quantity, None if refusals else outcome, refusals)
            return
        expected = self.model.refusal(code, seat, quantity, order)
        assert refusals == ([] if expected is None else [expected])
        if expected is None:
            self.check_take(key, quantity, hold, outcome)

    def check_repeat(self, former: ModelRedemption, quantity: int, outcome: Any, refusals: list[Any]) -> None:
        if quantity != former.quantity:
            assert refusals == [("idempotency_conflict", None)]
        else:
            assert not outcome.is_new
            assert facts(outcome.result) == former.first

    def check_take(self, key: tuple[str, str, str | None], quantity: int, hold: int | None, outcome: Any) -> None:
        model = self.model
        narrowest_first = sorted(model.places(key[1], key[2]), key=lambda one: (not one[1], one))
        place = next(one for one in narrowest_first if model.free(one) >= quantity)
        answer = outcome.result
        assert outcome.is_new
        assert answer.redemption_id not in model.redemptions
        assert answer.remaining == model.free(place) - quantity
        until = None if hold is None else model.now + timedelta(seconds=hold)
        assert (answer.status, answer.hold_expires_at) == (Status.REDEEMED if hold is None else Status.HELD, until)
        model.redemptions[answer.redemption_id] = ModelRedemption(key, place, quantity, quantity, until, facts(answer))

    @rule(which=st.integers(0, 99))
    def confirm(self, which: int) -> None:
        if not self.model.redemptions:
            return
        name, redemption = self.pick(which)
        with collect_refusals() as refusals:
            answer = self.shop.confirm(name)
        if not redemption.outstanding(self.model.now):
            assert refusals == [("hold_expired", None)]
            return
        redemption.confirmed = True
        assert (answer.redemption_id, answer.status, answer.quantity) == (name, Status.REDEEMED, redemption.uses_left)

    @rule(
        which=st.integers(0, 99), quantity=st.sampled_from([None, 1, 5]), call=st.sampled_from([None, None, "k1", "k2"])
    )
    def release(self, which: int, quantity: int | None, call: str | None) -> None:
        if not self.model.redemptions:
            return
        name, redemption = self.pick(which)
        answer = self.shop.release(name, quantity=quantity, call=call)
        outstanding = redemption.outstanding(self.model.now)
        if outstanding and call not in redemption.calls:
            redemption.uses_left -= min(quantity or redemption.uses_left, redemption.uses_left)
            redemption.calls |= {call} if call else set()
        assert (answer.redemption_id, answer.quantity) == (name, redemption.outstanding(self.model.now))

    def pick(self, which: int) -> tuple[str, ModelRedemption]:
        names = list(self.model.redemptions)
        return names[which % len(names)], self.model.redemptions[names[which % len(names)]]

    @invariant()
    def no_row_ever_gave_more_than_it_had(self) -> None:
        for place, most in self.model.most.items():
            had = [one.outstanding(self.model.now) for one in self.model.redemptions.values() if one.place == place]
            assert sum(had) <= most


def facts(answer: Any) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__slots__}


@pytest.mark.behaviour(42)
def test_a_checkout_answers_as_the_model_does() -> None:
    run_state_machine_as_test(Checkout, settings=settings(max_examples=200, stateful_step_count=40, deadline=None))


@pytest.mark.behaviour(42)
def test_a_checkout_on_the_table_answers_as_the_model_does(ministack_table: Table) -> None:
    numbers = iter(range(10_000))

    class OnTable(Checkout):
        def new_shop(self) -> Shop:
            return Shop(ministack_table, f"org{next(numbers)}")

    run_state_machine_as_test(OnTable, settings=settings(max_examples=5, stateful_step_count=25, deadline=None))
