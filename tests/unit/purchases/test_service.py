"""Orders, refunds and undone imports of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from guestlist.catalogue import service as catalogue_service
from guestlist.catalogue.model import Event, SaleItem
from guestlist.customers.model import Customer
from guestlist.model.errors import Conflict, Invalid, Unknown
from guestlist.purchases import service as purchases_service
from guestlist.purchases.model import Buyer, Line, NewPurchase, OrderLine, Purchase
from tests.unit.groups.builders import NOW
from tests.unit.groups.world import ANN, World

LATER = NOW + timedelta(hours=1)
TWO = (Line(sale_item_id="ticket", quantity=2), Line(sale_item_id="seat", quantity=1))
ORDER = NewPurchase(order_id="o1", customer=Buyer(email=ANN, name="Ann"), lines=TWO)


@pytest.fixture
def world() -> World:
    world = World()
    for thing in (Event(event_id="gala", name="Gala"), SaleItem(sale_item_id="seat", name="Seat", event_id="gala")):
        catalogue_service.save("demo", thing, NOW, "me", world.catalogues, world.groups.of_catalogue)
    return world


def record(world: World, order: NewPurchase = ORDER, now: datetime = NOW) -> tuple[Purchase, bool]:
    return purchases_service.record("demo", order, now, world.purchase_ports)


def refund(world: World, *lines: Line, request: str | None = None) -> Purchase:
    return purchases_service.refund("demo", "o1", lines or None, request, LATER, world.purchase_ports)


def test_an_order_is_stored_with_the_events_of_its_lines(world: World) -> None:
    purchase, new = record(world)
    assert new
    assert purchase == world.purchases.get_purchase("demo", "o1")
    assert (purchase.email, purchase.name, purchase.purchased_at) == (ANN, "Ann", NOW)
    assert purchase.lines == (
        OrderLine(sale_item_id="ticket", event_id="festival", quantity=2),
        OrderLine(sale_item_id="seat", event_id="gala", quantity=1),
    )


def test_sales_are_counted_by_event(world: World) -> None:
    record(world)
    assert world.purchases.sold == {("demo", "festival"): 2, ("demo", "gala"): 1}
    refund(world, Line(sale_item_id="ticket", quantity=1))
    assert world.purchases.sold == {("demo", "festival"): 1, ("demo", "gala"): 1}


def test_an_unknown_buyer_becomes_a_customer(world: World) -> None:
    record(world)
    assert world.customers.get_customer("demo", ANN) == Customer(email=ANN, name="Ann", created_at=NOW)


def test_the_same_order_recorded_again_changes_nothing(world: World) -> None:
    first, _ = record(world)
    second = replace(ORDER, customer=Buyer(email=ANN.upper(), name="Ann"))
    assert record(world, second, LATER) == (first, False)
    assert world.purchases.sold["demo", "festival"] == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": Buyer(email="bob@example.com", name="Ann")},
        {"lines": TWO[:1]},
        {"lines": (replace(TWO[0], quantity=3), TWO[1])},
        {"purchased_at": NOW},
    ],
    ids=["another buyer", "fewer lines", "another quantity", "another instant"],
)
def test_another_order_with_the_same_id_is_a_conflict(world: World, changes: dict[str, Any]) -> None:
    record(world)
    with pytest.raises(Conflict) as caught:
        record(world, replace(ORDER, **changes))
    assert caught.value.code == "idempotency_conflict"


def test_an_unknown_sale_item_is_named_and_nothing_is_stored(world: World) -> None:
    order = replace(ORDER, lines=(TWO[0], Line(sale_item_id="lost", quantity=1)))
    with pytest.raises(Invalid) as caught:
        record(world, order)
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [("lines.1.sale_item_id", "unknown_id")]
    assert not world.purchases.orders
    assert not world.customers.stored


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(timedelta(days=-400), timedelta(days=-400)), (timedelta(minutes=5), timedelta())],
    ids=["long ago", "by a fast clock"],
)
def test_an_order_counts_from_its_time_of_purchase(world: World, ahead: timedelta, expected: timedelta) -> None:
    purchase, _ = record(world, replace(ORDER, purchased_at=NOW + ahead))
    assert (purchase.purchased_at, purchase.recorded_at) == (NOW + expected, NOW)


def test_an_order_in_the_future_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        record(world, replace(ORDER, purchased_at=NOW + timedelta(minutes=6)))
    assert [fault.code for fault in caught.value.faults] == ["in_the_future"]


def test_a_whole_order_is_refunded_once(world: World) -> None:
    record(world)
    first = refund(world)
    assert [line.net for line in first.lines] == [0, 0]
    assert refund(world) == first
    assert set(world.purchases.sold.values()) == {0}


def test_a_partial_refund_is_spread_over_the_lines_of_an_item(world: World) -> None:
    record(world, replace(ORDER, lines=(TWO[0], TWO[1], TWO[0])))
    assert [line.net for line in refund(world, Line(sale_item_id="ticket", quantity=3)).lines] == [0, 1, 1]


def test_no_more_is_refunded_than_is_left(world: World) -> None:
    record(world)
    refund(world, Line(sale_item_id="ticket", quantity=1))
    with pytest.raises(Conflict) as caught:
        refund(world, Line(sale_item_id="ticket", quantity=2))
    assert caught.value.code == "quantity_too_high"
    assert [line.net for line in world.purchases.get_purchase("demo", "o1").lines] == [1, 1]


def test_a_repeated_refund_request_refunds_once_and_a_new_one_again(world: World) -> None:
    record(world)
    one = Line(sale_item_id="ticket", quantity=1)
    assert refund(world, one, request="r1") == refund(world, one, request="r1")
    assert refund(world, one, request="r2").lines[0].net == 0


def test_only_items_of_the_order_are_refunded(world: World) -> None:
    record(world)
    with pytest.raises(Invalid) as caught:
        refund(world, Line(sale_item_id="lost", quantity=1))
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [("lines.0.sale_item_id", "unknown_id")]
    with pytest.raises(Unknown):
        purchases_service.refund("other", "o1", None, None, LATER, world.purchase_ports)


def undo_order(world: World, request: str = "undo-1") -> Purchase:
    return purchases_service.undo_order("demo", "o1", request, LATER, world.purchase_ports)


CORRECTED = replace(ORDER, lines=(Line(sale_item_id="ticket", quantity=5),))


@pytest.mark.parametrize("order", [ORDER, CORRECTED], ids=["as it was", "corrected"])
def test_an_order_whose_import_was_undone_is_new_when_it_is_recorded_again(world: World, order: NewPurchase) -> None:
    record(world)
    assert undo_order(world).places.total() == 0
    assert undo_order(world).places.total() == 0
    purchase, new = record(world, order)
    assert (new, [line.net for line in purchase.lines]) == (True, [line.quantity for line in order.lines])
    assert world.purchases.sold.total() == purchase.places.total()
    assert record(world, order) == (purchase, False)


def test_an_order_recorded_again_is_not_undone_by_the_former_request(world: World) -> None:
    record(world)
    undo_order(world)
    record(world)
    assert undo_order(world).places.total() == 3
    assert undo_order(world, "undo-2").places.total() == 0


def test_refunds_made_before_an_undo_stay_refunded(world: World) -> None:
    record(world)
    refund(world, Line(sale_item_id="ticket", quantity=1))
    undo_order(world)
    purchase, new = record(world)
    assert (new, purchase.places.total()) == (False, 0)
