from pathlib import Path

import pytest

from guestlist.imports.model import Status
from guestlist.purchases.model import Line
from guestlist.purchases.service import refund
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.imports import START
from tests.unit.purchases.harness import PurchaseHarness

ANN = "ann@example.com"
HEAD = "Order,Email,Sale item,Quantity\n"


def furnished(folder: Path) -> PurchaseHarness:
    """Order 1 was there before; the import made 2 and 3."""
    folder.mkdir(exist_ok=True)
    harness = PurchaseHarness(folder)
    harness.imported(f"{HEAD}1,{ANN},ticket,1\n", "imp-0")
    harness.imported(f"{HEAD}1,{ANN},ticket,1\n2,{ANN},ticket,2\n3,{ANN},ticket,3\n")
    return harness


@pytest.fixture
def harness(tmp_path: Path) -> PurchaseHarness:
    return furnished(tmp_path)


def test_the_orders_that_the_import_made_are_refunded_and_no_others(harness: PurchaseHarness) -> None:
    undone = harness.undone()
    assert (undone.at, undone.texts()) == (START, ())
    assert harness.nets() == {"1": 1, "2": 0, "3": 0}


def test_refunded_lines_are_not_refunded_again(harness: PurchaseHarness) -> None:
    refund("demo", "3", [Line(sale_item_id="ticket", quantity=2)], "theirs", START, harness.world.purchase_ports)
    harness.undone()
    assert harness.nets()["3"] == 0
    assert harness.purchases.sold["demo", "festival"] == 1


def test_a_journalled_order_that_was_never_recorded_does_not_stop_an_undo(harness: PurchaseHarness) -> None:
    harness.journal.append_orders("demo", "imp-1", 2, ["2-never"])
    harness.undone()
    assert harness.nets() == {"1": 1, "2": 0, "3": 0}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 4))
def test_an_interrupted_undo_ends_the_same_when_run_again(tmp_path: Path, at: int, after: bool) -> None:
    whole, broken = furnished(tmp_path / "whole"), furnished(tmp_path / "broken")
    with pytest.raises(Killed):
        broken.undone(injector=CrashInjector(at, after=after))
    assert broken.undone() == whole.undone()
    assert broken.nets() == whole.nets()
    assert broken.purchases.sold == whole.purchases.sold


@pytest.mark.parametrize("quantity", [2, 5], ids=["as it was", "mended"])
def test_an_undone_order_counts_again_when_a_file_contains_it_again(harness: PurchaseHarness, quantity: int) -> None:
    harness.undone()
    record = harness.imported(f"{HEAD}2,{ANN},ticket,{quantity}\n", "imp-2")
    assert (record.status, record.effect) == (Status.COMPLETE, {"orders_added": 1, "orders_existing": 0})
    assert harness.nets() == {"1": 1, "2": quantity, "3": 0}
    harness.undone("imp-2")
    assert harness.nets() == {"1": 1, "2": 0, "3": 0}
