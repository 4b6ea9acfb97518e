from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guestlist.imports.reading.purchase_rows import PurchaseRow
from guestlist.purchases.importing.orders import OrderCollector, OrderRows

AT = datetime(2026, 5, 14, 10, 30, tzinfo=UTC)


def row(order: str, quantity: int = 1, at: datetime | None = None) -> PurchaseRow:
    return PurchaseRow(order, "ann@example.com", "Ann", "ticket", quantity, at)


@pytest.fixture
def orders(tmp_path: Path) -> Iterator[OrderCollector]:
    with OrderCollector(tmp_path / "orders") as orders:
        yield orders


def test_rows_are_grouped_by_order_in_the_sequence_of_the_file(orders: OrderCollector) -> None:
    for line, purchase_row in ((2, row("b", at=AT)), (3, row("a")), (5, row("b", 7))):
        orders.add(line, purchase_row)
    assert list(orders) == [
        OrderRows("b", ((2, row("b", at=AT)), (5, row("b", 7))), has_invalid_row=False),
        OrderRows("a", ((3, row("a")),), has_invalid_row=False),
    ]


def test_ids_that_differ_in_case_or_width_are_different_orders(orders: OrderCollector) -> None:
    for line, name in enumerate(("a", "A", "1", "01")):
        orders.add(line, row(name))
    assert [order.order_id for order in orders] == ["a", "A", "1", "01"]


def test_a_bad_row_anywhere_in_an_order_refuses_the_order(orders: OrderCollector) -> None:
    orders.mark_invalid("a")
    orders.add(3, row("a"))
    orders.add(4, row("b"))
    orders.mark_invalid("b")
    orders.mark_invalid("b")
    orders.add(6, row("c"))
    assert [(order.order_id, order.has_invalid_row) for order in orders] == [("a", True), ("b", True), ("c", False)]


def test_an_order_of_bad_rows_only_is_not_returned(orders: OrderCollector) -> None:
    orders.mark_invalid("a")
    assert list(orders) == []


def test_no_file_is_left_on_the_disk(tmp_path: Path) -> None:
    with OrderCollector(tmp_path / "orders") as orders:
        orders.add(2, row("a"))
        assert list(orders)
    assert list(tmp_path.iterdir()) == []
