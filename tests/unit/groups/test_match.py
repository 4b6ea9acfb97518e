"""Matching of purchases to rules: the result, its lapse, and the findings."""

from datetime import datetime, timedelta
from itertools import permutations, product

import pytest

from guestlist.catalogue.model import Catalogue, Event, SaleItem
from guestlist.groups.match import FOR_EVER, NEVER, Matcher
from guestlist.groups.membership_decision import findings_message
from guestlist.groups.rule import Branch
from guestlist.messages.message import Message
from guestlist.model.duration import Duration, Unit
from guestlist.purchases.model import CountedPurchase
from tests.unit.groups.builders import NOW, all_of, any_of, days, leaf

SOLD = Catalogue(
    {
        "a": Event(event_id="a", name="A", schedule_id="season"),
        "b": Event(event_id="b", name="B", schedule_id="season"),
        "c": Event(event_id="c", name="C"),
    },
    {
        "day-a": SaleItem(sale_item_id="day-a", name="Day", event_id="a", inventory_item_id="chair"),
        "vip-a": SaleItem(sale_item_id="vip-a", name="VIP", event_id="a"),
        "day-b": SaleItem(sale_item_id="day-b", name="Day", event_id="b", inventory_item_id="chair"),
        "day-c": SaleItem(sale_item_id="day-c", name="Day", event_id="c"),
    },
)
MICROSECOND = timedelta(microseconds=1)


def a_purchase(item: str, quantity: int = 1, ago: int = 0, order: str = "o", imported: bool = False) -> CountedPurchase:
    return CountedPurchase(NOW - timedelta(days=ago), item, quantity, order, imported)


def lapse(rules: Branch, *purchases: CountedPurchase) -> datetime:
    return Matcher(rules, SOLD).lapses_at(purchases)


def holds(rules: Branch, *purchases: CountedPurchase) -> bool:
    return lapse(rules, *purchases) > NOW


@pytest.mark.behaviour(146)
@pytest.mark.parametrize(
    ("kind", "name", "counted", "other"),
    [
        pytest.param("event", "a", "vip-a", "day-b", marks=pytest.mark.behaviour(142)),
        pytest.param("sale_item", "day-a", "day-a", "vip-a", marks=pytest.mark.behaviour(143)),
        pytest.param("inventory_item", "chair", "day-b", "vip-a", marks=pytest.mark.behaviour(144)),
        pytest.param("schedule", "season", "day-b", "day-c", marks=pytest.mark.behaviour(145)),
    ],
)
def test_the_minimum_number_of_purchases_matches_and_one_fewer_does_not(
    kind: str, name: str, counted: str, other: str
) -> None:
    rules = any_of(leaf(kind, name, 3))
    assert holds(rules, a_purchase(counted, 3))
    assert not holds(rules, a_purchase(counted, 2), a_purchase(other, 9))


@pytest.mark.behaviour(147)
def test_quantities_are_summed_over_orders() -> None:
    assert holds(any_of(leaf("event", "a", 3)), a_purchase("day-a", 1), a_purchase("vip-a", 1), a_purchase("day-a", 1))


def test_a_customer_without_purchases_matches_no_rule() -> None:
    assert lapse(any_of(leaf("event", "a"))) == NEVER


def test_refunded_items_do_not_count() -> None:
    assert not holds(any_of(leaf("event", "a")), a_purchase("day-a", 0))


@pytest.mark.behaviour(154)
def test_without_a_window_a_purchase_counts_for_ever() -> None:
    assert lapse(any_of(leaf("event", "a")), a_purchase("day-a", ago=30_000)) == FOR_EVER


@pytest.mark.behaviour(151, 152)
@pytest.mark.parametrize("within", [days(14), Duration(2, Unit.WEEKS)], ids=["days", "weeks"])
def test_a_purchase_as_old_as_the_window_counts_and_an_older_one_does_not(within: Duration) -> None:
    rules = any_of(leaf("event", "a", 1, within=within))
    assert holds(rules, a_purchase("day-a", ago=14))
    assert not holds(rules, CountedPurchase(NOW - timedelta(days=14) - MICROSECOND, "day-a", 1, "o"))


@pytest.mark.behaviour(153)
def test_a_rule_lapses_when_the_purchase_that_completes_it_leaves_the_window() -> None:
    rules = any_of(leaf("event", "a", 2, within=days(30)))
    purchases = [a_purchase("day-a", ago=1), a_purchase("day-a", ago=10), a_purchase("day-a", ago=20)]
    assert lapse(rules, *purchases) == NOW + timedelta(days=20) + MICROSECOND


def test_the_newest_purchases_complete_a_rule_in_any_order_of_arrival() -> None:
    rules = any_of(leaf("event", "a", 2, within=days(30)))
    purchases = [a_purchase("day-a", ago=ago) for ago in (20, 10, 1)]
    assert {lapse(rules, *some) for some in permutations(purchases)} == {NOW + timedelta(days=20) + MICROSECOND}


@pytest.mark.behaviour(157, 158)
def test_any_lapses_with_the_last_and_all_with_the_first() -> None:
    short, long = leaf("event", "a", within=days(2)), leaf("event", "a", within=days(5))
    assert lapse(any_of(short, long), a_purchase("day-a")) == NOW + timedelta(days=5) + MICROSECOND
    assert lapse(all_of(short, long), a_purchase("day-a")) == NOW + timedelta(days=2) + MICROSECOND


@pytest.mark.behaviour(161)
@pytest.mark.parametrize("has", list(product([False, True], repeat=3)), ids=str)
def test_a_and_b_or_c_in_all_eight_cases(has: tuple[bool, bool, bool]) -> None:
    rules = all_of(leaf("event", "a"), any_of(leaf("event", "b"), leaf("event", "c")))
    purchases = [a_purchase(item) for item, there in zip(("day-a", "day-b", "day-c"), has, strict=True) if there]
    a, b, c = has
    assert holds(rules, *purchases) is (a and (b or c))


def test_a_rule_may_require_distinct_events_besides_a_minimum() -> None:
    rules = any_of(leaf("schedule", "season", 3, distinct_events=2, within=days(30)))
    assert not holds(rules, a_purchase("day-a", 9))
    assert not holds(rules, a_purchase("day-a"), a_purchase("day-b"))
    assert lapse(rules, a_purchase("day-a", 9), a_purchase("day-b", ago=4)) == NOW + timedelta(days=26) + MICROSECOND


def test_imported_tickets_count_unless_a_rule_leaves_them_out() -> None:
    ticket = a_purchase("event:a", imported=True)
    assert holds(any_of(leaf("event", "a")), ticket)
    assert not holds(any_of(leaf("event", "a", exclude_imported=True)), ticket)
    assert holds(any_of(leaf("event", "a", exclude_imported=True)), a_purchase("day-a"))


def test_findings_have_the_count_events_and_orders_of_each_rule() -> None:
    rules = any_of(leaf("event", "a", 3, within=days(30)), all_of(leaf("schedule", "season", 2, distinct_events=2)))
    purchases = [
        a_purchase("day-a", 2, ago=40, order="old"),
        a_purchase("day-a", ago=2, order="o1"),
        a_purchase("day-b", order="o2"),
    ]
    findings = Matcher(rules, SOLD).findings(purchases, NOW)
    assert [(one.count, one.events, one.orders, one.holds) for one in findings] == [
        (1, 1, ("o1",), False),
        (4, 2, ("o2", "o1", "old"), True),
    ]
    assert findings_message(findings, enough=True) == Message(
        "rules_met_by_orders",
        {"n": 3, "orders": ("o2", "o1", "old"), "findings": ("schedule:season 4/2 events:2/2",)},
    )
    assert findings_message(findings, enough=False) == Message("rules_unmet", {"findings": ("event:a 1/3 within:30d",)})
