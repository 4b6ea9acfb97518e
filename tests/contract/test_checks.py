"""The reads and rounds of checks and redemptions, on both engines and by both adapters."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.catalogue.restrictions import Discount
from guestlist.checkout.counting import STEP_TIMEOUT, Counter, TakeStep
from guestlist.checkout.guess_limits import WINDOW
from guestlist.checkout.recovery import hold_note
from guestlist.checkout.redemption import CounterKey, Redemption, RedemptionRequest, Status
from guestlist.checkout.request import Client
from guestlist.checkout.response import CheckedCode, CheckedDiscount, CheckResponse, Reason
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.model.errors import Conflict, TooManyRequests, Unauthenticated, Unknown
from tests.engines.tables import on_requests
from tests.fakes.round_trips import CountedTable
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import ANNA, DAY, NOW, group, item, logged_in, member, redemption_request, typed

OLD, NEW = group("old", created_at=NOW - 9 * DAY), group("new", created_at=NOW - DAY)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(reached_table: Table) -> Shop:
    return Shop(CountedTable(reached_table))


def rounds(shop: Shop, call: Callable[[], Any]) -> list[str]:
    """The rounds of a call in a new process."""
    is_new = Shop(shop.table, shop.org)
    assert isinstance(shop.table, CountedTable)
    shop.checks, shop.table.rounds = is_new.checks, []
    call()
    return shop.table.rounds


# Who may ask


@pytest.mark.parametrize("bearer", ["", "demo", "demo-", "-secret", "demo-wrong", "other-checkout", "é-x", "a#b-x"])
def test_a_check_with_an_unknown_token_is_refused(shop: Shop, bearer: str) -> None:
    shop.bearer = bearer
    with pytest.raises(Unauthenticated):
        shop.ask()


@pytest.mark.behaviour(117)
def test_another_organisers_lists_items_and_members_are_not_found(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    shop.sells({"seats": item()})
    shop.joins(member())
    other = Shop(shop.table, "other")
    other.groups(group("members", "manual"))
    other.sells({"theirs": item("members")})
    answer = other.ask("seats", "theirs", code="testing1", customer=logged_in())
    assert [one.reasons for one in answer.items] == [("unknown_item",), ("not_in_group",)]
    assert answer.code is not None
    assert answer.code.reasons == ("unknown_code",)


# Groups that start


def test_a_list_opens_nothing_before_its_start_and_costs_no_more_rounds(shop: Shop) -> None:
    start = NOW + DAY
    shop.lists(Entry("testing1"), of=group(starts_at=start))
    shop.sells({"seats": item("list")})
    shop.now = start - timedelta(microseconds=1)
    early = shop.ask("seats", code="testing1")
    assert early.code is not None
    assert (early.code.reasons, early.items[0].reasons) == (("not_yet",), ("not_yet",))
    before = [*rounds(shop, lambda: shop.ask("seats", code="testing1"))]
    with pytest.raises(Conflict) as error:
        shop.take(code="testing1")
    assert error.value.code == "not_yet"
    shop.now = start
    assert rounds(shop, lambda: shop.ask("seats", code="testing1")) == before
    assert shop.ask("seats", code="testing1").items[0].purchasable
    assert shop.take(code="testing1").result.status is Status.REDEEMED


# Codes


@pytest.mark.behaviour(35)
@pytest.mark.parametrize("code", ["Testing1", " testing1", "TESTING1"])
def test_a_code_is_matched_trimmed_and_without_regard_to_case(shop: Shop, code: str) -> None:
    shop.lists(Entry("Testing1", quantity=2))
    answer = shop.ask(code=code).code
    assert answer is not None
    assert [(one.group_id, one.quantity, one.remaining) for one in answer.grants] == [("list", 2, 2)]


@pytest.mark.parametrize("code", ["@anna@example.org", ANNA])
def test_a_code_that_looks_like_an_email_does_not_open_that_persons_rows(shop: Shop, code: str) -> None:
    shop.lists(Entry("", email=ANNA))
    answer = shop.ask(code=code).code
    assert answer is not None
    assert not answer.valid


def test_a_code_is_found_in_every_list_the_oldest_group_first(shop: Shop) -> None:
    shop.lists(Entry("testing1", seat="B"), Entry("testing1", seat="A"), of=NEW)
    shop.lists(Entry("testing1"), of=OLD)
    answer = shop.ask(code="testing1").code
    assert answer is not None
    assert [(one.group_id, one.seat) for one in answer.grants] == [("old", None), ("new", "A"), ("new", "B")]


@pytest.mark.behaviour(50)
def test_barcodes_of_a_list_open_an_item_at_any_event(shop: Shop) -> None:
    shop.lists(Entry("1231245"))
    shop.sells({"friday": item("list"), "next-year": replace(item("list"), event_id="another")})
    assert [one.purchasable for one in shop.ask("friday", "next-year", code="1231245").items] == [True, True]


@pytest.mark.behaviour(38, 39, 48)
def test_an_email_finds_its_rows_in_any_case_of_letters(shop: Shop) -> None:
    shop.lists(Entry("", email="Mail@Company.Net", seat="North-1"))
    shop.sells({"seats": item("list")})
    (answer,) = shop.ask("seats", customer=typed("mail@company.NET")).items
    assert (answer.purchasable, answer.seats, answer.remaining) == (True, ("North-1",), 1)


def test_a_check_reads_a_list_together_with_its_overlay(shop: Shop) -> None:
    shop.lists(*(Entry(f"code-{number}") for number in range(100)))
    shop.lists(Entry("testing1"), mode=Mode.APPEND)
    shop.lists(Entry("code-5"), mode=Mode.REMOVE)
    answers = [shop.ask(code=code).code for code in ("code-4", "testing1", "code-5")]
    assert [answer.valid for answer in answers if answer] == [True, True, False]


# Members and discounts


@pytest.mark.behaviour(181, 185, 190)
def test_memberships_open_items_on_both_levels_and_discounts(shop: Shop) -> None:
    shop.groups(group("members", "manual"), group("vip", "automatic"))
    shop.joins(member("members"), member("vip"))
    shop.sells({"seats": replace(item("members"), inventory_item_id="floor")}, {"floor": ("vip",)})
    shop.reduces(Discount(code="TEN", percent=10, group_ids=("vip",)))
    answer = shop.ask("seats", customer=logged_in("ANNA@example.org"), discount="ten")
    assert answer.items[0].purchasable
    assert answer.discount is not None
    assert (answer.discount.accepted, answer.discount.percent) == (True, 10)


def test_only_active_memberships_are_answered(shop: Shop) -> None:
    shop.groups(group("members", "manual"), group("old", "manual", expires_at=NOW))
    shop.joins(member("members"), member("old"), member("gone"))
    assert [one.group_id for one in shop.checks.memberships("demo", "ANNA@example.org", NOW)] == ["members"]


# Rounds


def busy(shop: Shop) -> None:
    """A page of a hundred restricted items, twelve lists, members and a discount."""
    lists = [group(f"list-{number}") for number in range(12)]
    for one in lists:
        shop.lists(Entry("testing1", quantity=5), Entry("", email=ANNA), of=one)
        shop.lists(Entry("testing2"), mode=Mode.APPEND, of=one)
    people = [group(f"people-{number}", "manual") for number in range(12)]
    shop.groups(*people)
    shop.joins(*(member(one.group_id) for one in people))
    groups = [one.group_id for one in (*lists, *people)]
    items = {f"item-{n}": replace(item(groups[n % 24]), inventory_item_id=f"inventory-{n % 7}") for n in range(100)}
    shop.sells(items, {f"inventory-{n}": (groups[n],) for n in range(7)})
    shop.reduces(Discount(code="TEN", percent=10, group_ids=tuple(groups)))


PAGE: Any = {"customer": logged_in(), "code": "testing1", "discount": "TEN", "seats": ("A", "B")}


def test_a_page_of_a_hundred_items_takes_two_rounds(shop: Shop) -> None:
    busy(shop)
    shop.take("before")
    shop.take("held", hold_seconds=60)
    shop.ask(*(f"item-{n}" for n in range(100)), **PAGE)
    first = rounds(shop, lambda: shop.ask("item-1"))
    assert len(first) <= 4, "a cold process reads indexes that are too large for their pointers"
    warm: list[CheckResponse] = []
    assert isinstance(shop.table, CountedTable)
    shop.table.rounds = []
    warm.append(shop.ask(*(f"item-{n}" for n in range(100)), **PAGE))
    assert shop.table.rounds == ["read", "read"], "a discount is not foreseen"
    assert len(warm[0].items) == 100


def second_check(shop: Shop, **question: Any) -> list[str]:
    """The rounds of a check in a warm process."""
    assert isinstance(shop.table, CountedTable)
    shop.table.rounds = []
    shop.ask(**question)
    return shop.table.rounds


def test_a_warm_process_reads_everything_in_one_round(shop: Shop) -> None:
    shop.lists(*(Entry(f"code-{n}") for n in range(1000)), Entry("", email=ANNA))
    shop.groups(group("people", "manual"), group("others", "manual"))
    shop.joins(member("people"))
    shop.sells({"one": item("list", "people", "others")})
    shop.ask()
    assert second_check(shop, code="code-7") == ["read"]
    assert second_check(shop, code="code-7") == ["read"]
    assert second_check(shop, code="code-8", customer=typed(ANNA)) == ["read"]
    assert shop.ask("one", customer=logged_in()).items[0].purchasable


def test_a_cached_code_used_meanwhile_takes_a_second_round_and_is_answered_correctly(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=2))
    assert [shop.ask(code="testing1").code for _ in range(2)]
    shop.take()
    assert second_check(shop, code="testing1") == ["read", "read"]
    answer = shop.ask(code="testing1").code
    assert answer is not None
    assert [grant.remaining for grant in answer.grants] == [1]


@pytest.mark.parametrize("same_code", [True, False])
def test_a_speculative_read_counts_only_while_nothing_has_changed(shop: Shop, same_code: bool) -> None:
    shop.lists(Entry("testing1", quantity=2), Entry("other"))
    shop.ask(code="testing1" if same_code else "other")
    shop.lists(Entry("testing1", quantity=7), mode=Mode.REPLACE)
    answer = shop.ask(code="testing1").code
    assert answer is not None
    assert [grant.remaining for grant in answer.grants] == [7]
    shop.groups(without=["list"])
    answer = shop.ask(code="testing1").code
    assert answer is not None
    assert answer.reasons == ("unknown_code",)


def test_a_membership_and_a_restriction_that_change_between_checks_count_at_once(shop: Shop) -> None:
    shop.groups(group("people", "manual"), group("vip", "manual"))
    shop.sells({"one": item("people")})
    assert not shop.ask("one", customer=logged_in()).items[0].purchasable
    shop.joins(member("people"))
    assert shop.ask("one", customer=logged_in()).items[0].purchasable
    shop.sells({"one": item("vip")})
    assert not shop.ask("one", customer=logged_in()).items[0].purchasable


def test_a_speculative_read_answers_nothing_without_a_valid_token(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    shop.ask(code="testing1")
    shop.bearer = "demo-wrong"
    with pytest.raises(Unauthenticated):
        shop.ask(code="testing1")


@pytest.mark.parametrize("code", ["testing1", "used-up", "held", "nothing"])
def test_valid_used_up_and_unknown_codes_take_the_same_reads(shop: Shop, code: str) -> None:
    shop.lists(Entry("testing1"), Entry("used-up"), Entry("held"))
    shop.take("a", code="used-up")
    shop.take("b", code="held", hold_seconds=60)
    round_trips = rounds(shop, lambda: shop.ask(code=code))
    assert round_trips[:2] == ["read", "read"]
    assert round_trips[2:] == (["run_parallel"] if code == "nothing" else []), "only the count of guesses is written"


def test_a_lapsed_hold_takes_one_round_more_until_it_is_released(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    shop.take(hold_seconds=60)
    shop.now += MINUTE
    assert len(rounds(shop, lambda: shop.ask(code="testing1"))) == 3
    shop.tidy()
    assert len(rounds(shop, lambda: shop.ask(code="testing1"))) == 2


def test_a_check_of_a_seat_sees_its_hold_behind_many_others(shop: Shop) -> None:
    shop.lists(*(Entry("vip", seat=f"A{n:02d}") for n in range(40)))
    for n in range(39):
        shop.take(f"order-{n}", code="vip", seat=f"A{n:02d}", hold_seconds=100 + n)
    answers = [shop.ask(code="vip", seats=seats).code for seats in (("A38",), ("A39",), None)]
    assert [answer.reasons for answer in answers if answer] == [("held_by_others",), (), ()]


def test_a_key_with_very_many_rows_takes_one_round_more(shop: Shop) -> None:
    shop.lists(*(Entry("vip", seat=f"Row {n // 50} Seat {n % 50}") for n in range(500)), Entry("one"))
    round_trips = rounds(shop, lambda: shop.ask(code="vip"))
    assert round_trips == ["read", "read", "read"]
    answer = shop.ask(code="vip", seats=("Row 3 Seat 17",)).code
    assert answer is not None
    assert answer.valid
    assert shop.take(code="vip", seat="Row 9 Seat 49").result.remaining == 0


def test_a_redemption_takes_three_reads_and_two_writes(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    round_trips = rounds(shop, shop.take)
    assert round_trips == ["read", "read", "update", "put", "read"]


def test_the_first_check_a_minute_after_a_redemption_looks_it_up_and_the_next_does_not(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    shop.take()
    shop.now += STEP_TIMEOUT
    first, second = [rounds(shop, lambda: shop.ask(code="testing1")) for _ in range(2)]
    assert first[:5] == ["read", "read", "read", "get", "update"]
    assert second == ["read", "read"]


def test_a_repeat_of_a_redemption_reads_once(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    shop.take()
    assert rounds(shop, shop.take) == ["read"]


# Uses


@pytest.mark.behaviour(42)
def test_of_32_concurrent_checkouts_as_many_succeed_as_there_are_uses(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=10))

    def buy(order: int) -> Any:
        try:
            return shop.take(f"order-{order % 24}").result.redemption_id
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(32) as pool:
        results = list(pool.map(buy, range(64)))
    redemption_ids = {one for one in results if one != "used_up"}
    assert len(redemption_ids) == 10
    answer = shop.ask(code="testing1").code
    assert answer is not None
    assert answer.grants[0].remaining == 0
    counter_key = CounterKey(*keys.counter("demo", "list", Entry("testing1").identity, b""))
    assert shop.ledger.counter(counter_key) == Counter(10)


def test_concurrent_buyers_of_a_hot_code_repeat_no_write(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=10_000))
    operations: list[str] = []
    on_requests(shop.table, "before-call", lambda operation, _: operations.append(operation))
    with ThreadPoolExecutor(32) as pool:
        # While these come, the counter gets hot and is split.
        assert all(pool.map(lambda order: shop.take(f"first-{order}").is_new, range(96)))
        operations.clear()
        assert all(pool.map(lambda order: shop.take(f"order-{order}").is_new, range(96)))
    writes = [operation for operation in operations if operation in {"UpdateItem", "PutItem"}]
    assert sorted(writes) == ["PutItem"] * 96 + ["UpdateItem"] * 192, "none of them had to be made twice"


def test_holds_that_lapse_together_are_released_once_each_by_concurrent_buyers(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=8))
    for number in range(8):
        shop.take(f"held-{number}", hold_seconds=60)
    shop.now += MINUTE

    def buy(order: int) -> bool:
        try:
            return shop.take(f"order-{order}").is_new
        except Conflict:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(buy, range(16))) == 8
    counter_key = CounterKey(*keys.counter("demo", "list", Entry("testing1").identity, b""))
    counter = shop.ledger.counter(counter_key)
    assert (counter.uses_taken, counter.steps) == (8, {})


@pytest.mark.behaviour(42)
def test_a_hold_is_taken_confirmed_and_released(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=3))
    hold = shop.take(quantity=2, hold_seconds=60).result
    assert shop.confirm(hold.redemption_id).status is Status.REDEEMED
    shop.now += MINUTE
    assert shop.release(hold.redemption_id, quantity=1).remaining == 2
    assert shop.release(hold.redemption_id).remaining == 3


def test_uses_are_kept_when_the_list_is_replaced(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=2), Entry("gone"))
    shop.take("a")
    hold = shop.take("b", code="gone", hold_seconds=60).result
    shop.lists(Entry("testing1", quantity=2), mode=Mode.REPLACE)
    assert shop.take("c").result.remaining == 0
    assert shop.confirm(hold.redemption_id).status is Status.REDEEMED
    with pytest.raises(Unknown):
        shop.take("d", code="gone")


def test_remaining_uses_are_those_of_the_current_list(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=3), Entry("gone", quantity=2))
    hold = shop.take("a", quantity=2, hold_seconds=60).result
    deleted_code = shop.take("b", code="gone").result
    shop.lists(Entry("testing1", quantity=1), mode=Mode.REPLACE)
    assert shop.confirm(hold.redemption_id).remaining == 0
    assert shop.release(hold.redemption_id).remaining == 1
    assert shop.release(deleted_code.redemption_id).remaining == 0


def test_a_redemption_of_a_code_removed_meanwhile_is_released(shop: Shop) -> None:
    shop.lists(Entry("testing1"), Entry("other"))
    opening = shop.checks.read_redemption(shop.bearer, redemption_request(), NOW)
    lists = shop.checks.lists(opening, NOW)
    (row,), _ = lists.rows(redemption_request())
    assert lists.has(row)
    shop.lists(Entry("other"), mode=Mode.REPLACE)
    assert not lists.has(row)
    shop.lists(Entry("testing1"), mode=Mode.APPEND)
    assert lists.has(row)
    shop.groups(without=["list"])
    assert not lists.has(row)


@pytest.mark.parametrize(
    ("group_id", "code"), [("gone", "group_deleted"), ("never", "not_found"), ("people", "unknown_code")]
)
def test_a_redemption_from_a_group_without_uses_is_refused(shop: Shop, group_id: str, code: str) -> None:
    shop.lists(Entry("testing1"))
    shop.groups(group("people", "manual"))
    shop.table.put({**keys.group("demo", "gone")._asdict()})
    with pytest.raises((Conflict, Unknown)) as error:
        shop.take(group_id=group_id)
    assert error.value.code == code


def test_a_redemption_that_names_a_group_uses_its_rows_alone(shop: Shop) -> None:
    shop.lists(Entry("testing1"), of=OLD)
    shop.lists(Entry("testing1"), of=NEW)
    assert shop.take(group_id="new").result.group_id == "new"


# What a timer does


def test_the_timer_releases_lapsed_holds_and_ends_crashed_attempts(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=5))
    shop.take("a", quantity=2, hold_seconds=60)
    shop.take("b", quantity=1, hold_seconds=3600)
    redeem_and_crash(shop, redemption_request("c"))
    assert shop.tidy() == 0
    shop.now += timedelta(minutes=30)
    assert shop.tidy() == 2
    assert shop.tidy() == 0
    counter_key = CounterKey(*keys.counter("demo", "list", Entry("testing1").identity, b""))
    counter = shop.ledger.counter(counter_key)
    assert (counter.uses_taken, counter.steps) == (2, {})
    assert not shop.take("c").is_new


def redeem_and_crash(shop: Shop, ask: RedemptionRequest) -> None:
    """Redeem in a process that dies before it responds."""
    row = shop.checks.lists(shop.checks.read_redemption(shop.bearer, ask, shop.now), shop.now).rows(ask)[0][0]
    redemption = Redemption(
        request=ask.request(b""),
        generation=1,
        attempt="dead",
        counter_key=row.counter_key,
        group_id="list",
        quantity=ask.quantity,
        limit=row.entry.quantity,
        at=shop.now,
        status=Status.REDEEMED,
    )
    assert shop.ledger.begin_take(TakeStep(redemption=redemption))


def test_a_note_left_by_a_crash_is_removed_by_the_next_reader(shop: Shop) -> None:
    shop.lists(Entry("testing1"))
    hold = shop.take(hold_seconds=60).result
    redemption = shop.ledger.redemption(hold.redemption_id.split("-")[0])
    note = hold_note(redemption) if redemption else None
    assert note is not None
    shop.confirm(hold.redemption_id)
    shop.ledger.save_hold_note(note)
    shop.now += MINUTE
    answer = shop.ask(code="testing1").code
    assert answer is not None
    assert answer.grants[0].remaining == 0
    assert len(rounds(shop, lambda: shop.ask(code="testing1"))) == 2


# Guessing


CLIENT, OTHER_CLIENT = Client(session="s-1", ip="192.0.2.7"), Client(session="s-2", ip="192.0.2.8")


def reasons(shop: Shop, **more: Any) -> tuple[str, ...]:
    answer = shop.ask(**more).code
    assert answer is not None
    return answer.reasons


def test_after_too_many_wrong_codes_only_what_is_known_is_answered(shop: Shop) -> None:
    shop.lists(Entry("summer-1"), Entry("hers", email=ANNA))
    for number in range(10):
        assert reasons(shop, code=f"summer-x{number}", client=CLIENT) == ("unknown_code",)
        assert reasons(shop, code="hers", client=CLIENT) == ("wrong_email",)
    answer = shop.ask(code="summer-x", discount="x", client=CLIENT)
    assert answer.code == CheckedCode(valid=False, reasons=(Reason.TOO_MANY_TRIES,), retry_after=60)
    assert answer.discount == CheckedDiscount(accepted=False, reasons=(Reason.TOO_MANY_TRIES,), retry_after=60)
    for code in ("summer-x", "hers"):
        with pytest.raises(TooManyRequests):
            shop.take(code=code, client=CLIENT)
    assert reasons(shop, code="summer-1", client=CLIENT) == ()
    assert shop.take(code="summer-1", client=CLIENT).is_new
    for client in (OTHER_CLIENT, None):
        assert reasons(shop, code="summer-x", client=client) == ("unknown_code",)
    shop.now += WINDOW
    assert reasons(shop, code="summer-x", client=CLIENT) == ("unknown_code",)


def test_a_client_over_the_higher_guess_limit_gets_no_information(shop: Shop) -> None:
    shop.lists(Entry("summer-1"), Entry("winter-1"))
    shop.sells({"one": item("list"), "free": item()})
    shop.reduces(Discount(code="TEN", percent=10))
    shop.take("before", code="winter-1", client=CLIENT)
    for _ in range(50):
        shop.ask(code="nothing", discount="nothing", client=Client(session="s-1"))
    answer = shop.ask("one", "free", code="summer-1", discount="ten", client=CLIENT)
    assert answer.code == CheckedCode(valid=False, reasons=(Reason.TOO_MANY_TRIES,), retry_after=60)
    assert answer.discount == CheckedDiscount(accepted=False, reasons=(Reason.TOO_MANY_TRIES,), retry_after=60)
    assert [one.purchasable for one in answer.items] == [False, True]
    with pytest.raises(TooManyRequests):
        shop.take(code="summer-1", client=CLIENT)
    assert not shop.take("before", code="winter-1", client=CLIENT).is_new
    assert reasons(shop, code="summer-1", client=OTHER_CLIENT) == ()
    assert reasons(shop, code="summer-1") == ()


def test_valid_codes_do_not_count_as_guesses(shop: Shop) -> None:
    shop.lists(Entry("summer-1"))
    shop.take(code="summer-1")
    for _ in range(21):
        assert reasons(shop, code="summer-1", client=CLIENT) == ("used_up",)
    assert reasons(shop, code="nothing", client=CLIENT) == ("unknown_code",)


def test_wrong_codes_of_redemptions_and_checks_are_counted_together(shop: Shop) -> None:
    shop.lists(Entry("summer-1"))
    for number in range(20):
        with pytest.raises(Unknown):
            shop.take(code=f"summer-x{number}", client=CLIENT)
    assert reasons(shop, code="summer-x", client=CLIENT) == ("too_many_tries",)


def test_guess_counts_are_read_in_the_same_round_and_written_for_wrong_codes_alone(shop: Shop) -> None:
    shop.lists(Entry("summer-1"))
    shop.ask()
    assert second_check(shop, code="summer-1", client=CLIENT) == ["read"]
    assert second_check(shop, code="nothing", client=CLIENT) == ["read", "run_parallel"]


def test_a_check_ends_an_abandoned_step_once_its_attempt_had_enough_time(shop: Shop) -> None:
    shop.lists(Entry("testing1", quantity=2))
    redeem_and_crash(shop, redemption_request())
    assert len(rounds(shop, lambda: shop.ask(code="testing1"))) == 2
    shop.now += STEP_TIMEOUT
    assert len(rounds(shop, lambda: shop.ask(code="testing1"))) > 3
    assert len(rounds(shop, lambda: shop.ask(code="testing1"))) == 2
