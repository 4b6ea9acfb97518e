from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guestlist.catalogue.entity_type import EntityType
from guestlist.imports.decision import About, Suggested
from guestlist.imports.file_options import OnQuestion
from guestlist.imports.model import Counts, OnError, Reason, Status
from guestlist.imports.request import Correction
from guestlist.imports.service import confirm
from guestlist.purchases.importing import sale_items
from guestlist.purchases.importing import service as purchases_service
from guestlist.purchases.model import MAX_LINES, Buyer, Line, NewPurchase
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.groups import FakeCatalogues
from tests.fakes.imports import START
from tests.unit.groups.builders import any_of, leaf
from tests.unit.groups.world import World
from tests.unit.imports.builders import TOKEN
from tests.unit.purchases.harness import PurchaseHarness

ANN, BOB = "ann@example.com", "bob@example.com"
HEAD = "Order,Email,Name,Sale item,Quantity,Purchased at\n"
GOOD = f"{HEAD}1,{ANN},Ann,ticket,2,2026-05-14\n2,{BOB},Bob,ticket,1,\n1,{ANN},Ann,ticket,1,2026-05-14\n"


@pytest.fixture
def harness(tmp_path: Path) -> PurchaseHarness:
    return PurchaseHarness(tmp_path)


def test_the_rows_of_an_order_wherever_they_stand_are_one_order(harness: PurchaseHarness) -> None:
    record = harness.imported(GOOD)
    assert (record.status, record.counts) == (Status.COMPLETE, Counts(3, 3, 0))
    assert record.effect == {"orders_added": 2, "orders_existing": 0}
    assert [line.quantity for line in harness.order("1").lines] == [2, 1]
    assert (harness.order("1").email, harness.order("1").name) == (ANN, "Ann")


def test_an_order_counts_from_the_day_in_the_file_or_from_now(harness: PurchaseHarness) -> None:
    harness.imported(GOOD)
    assert harness.order("1").purchased_at == datetime(2026, 5, 13, 22, tzinfo=UTC)
    assert harness.order("2").purchased_at == START


def test_buyers_become_customers_once(harness: PurchaseHarness) -> None:
    harness.imported(GOOD)
    assert {customer.name for customer in harness.world.customers.list_customers("demo", 9)} == {"Ann", "Bob"}


def test_an_imported_order_equals_that_of_a_checkout(harness: PurchaseHarness) -> None:
    harness.imported(f"{HEAD}1,{ANN},Ann,ticket,2,2026-05-14T10:00:00Z\n")
    purchase = NewPurchase(
        order_id="1",
        customer=Buyer(email=ANN, name="Ann"),
        lines=(Line(sale_item_id="ticket", quantity=2),),
        purchased_at=datetime(2026, 5, 14, 10, tzinfo=UTC),
    )
    assert harness.stores.orders.compare_existing("demo", [purchase]) == {"1": True}


def test_the_same_file_again_changes_nothing(harness: PurchaseHarness) -> None:
    harness.imported(GOOD)
    before = harness.purchases.orders.copy()
    second = harness.imported(GOOD, "imp-2")
    assert (second.status, second.effect) == (Status.COMPLETE, {"orders_added": 0, "orders_existing": 2})
    assert harness.purchases.orders == before


def test_the_buyers_automatic_groups_are_updated_at_once(harness: PurchaseHarness) -> None:
    fans = harness.world.automatic(any_of(leaf(minimum=3)))
    harness.imported(GOOD)
    assert (harness.world.is_in(fans, ANN), harness.world.is_in(fans, BOB)) == (True, False)


def test_an_existing_order_with_other_content_is_refused(harness: PurchaseHarness) -> None:
    harness.imported(GOOD)
    record = harness.imported(f"{HEAD}1,{ANN},Ann,ticket,9,2026-05-14\n3,{ANN},Ann,ticket,1,\n", "imp-2")
    assert (record.counts, harness.problems("imp-2")) == (Counts(2, 1, 1), [(2, "duplicate_existing")])
    assert harness.nets() == {"1": 3, "2": 1, "3": 1}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(f"3,{ANN},Ann,nothing,1,", "unknown_item", id="no such sale item"),
        pytest.param(f"3,{ANN},Ann,no such,1,", "unknown_item", id="no id at all"),
        pytest.param(f"3,{ANN},Ann,ticket,0,", "bad_quantity", id="none of it"),
        pytest.param("3,ann,Ann,ticket,1,", "bad_email", id="no address"),
        pytest.param(f"3,{ANN},Ann,ticket,1,31/02/2026", "bad_date", id="a day that does not exist"),
        pytest.param(f"3,{ANN},Ann,ticket,1,2027-01-01", "bad_date", id="a day to come"),
        pytest.param(f"a\ue000b,{ANN},Ann,ticket,1,", "too_long", id="an order with a letter of no alphabet"),
    ],
)
def test_an_invalid_row_is_refused_and_the_others_are_recorded(harness: PurchaseHarness, row: str, code: str) -> None:
    record = harness.imported(f"{GOOD}{row}\n")
    assert (record.counts, harness.problems()) == (Counts(4, 3, 1), [(5, code)])
    assert harness.nets() == {"1": 3, "2": 1}


def test_the_refusal_of_a_future_day_quotes_the_file(harness: PurchaseHarness) -> None:
    harness.imported(f"{GOOD}3,{ANN},Ann,ticket,1,31-12-2026\n")
    (detail,) = harness.details()
    assert "“31-12-2026” is in the future" in detail


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(f"3,{ANN},Ann,nothing,1,", "unknown_item", id="an unknown item"),
        pytest.param(f"3,{ANN},Ann,ticket,none,", "bad_quantity", id="an unreadable quantity"),
        pytest.param(f"3,{BOB},Bob,ticket,1,", "order_incomplete", id="another buyer"),
        pytest.param(f"3,{ANN},Ann,ticket,1,2026-05-14", "order_incomplete", id="another day"),
    ],
)
def test_an_order_with_a_bad_row_is_left_out_whole(harness: PurchaseHarness, row: str, code: str) -> None:
    record = harness.imported(f"{HEAD}3,{ANN},Ann,ticket,1,\n{row}\n4,{ANN},Ann,ticket,1,\n")
    assert (record.counts, harness.problems()) == (Counts(3, 1, 2), [(2, "order_incomplete"), (3, code)])
    assert harness.nets() == {"4": 1}


def test_rows_left_out_below_a_refused_one_are_counted(harness: PurchaseHarness) -> None:
    head = "Order,Email,Sale item,Payment status\n"
    record = harness.imported(f"{head}1,{ANN},nothing,paid\n2,{BOB},ticket,failed\n3,{ANN},ticket,paid\n")
    assert record.counts == Counts(total=3, imported=1, refused=1, left_out=1)


def test_an_order_of_more_lines_than_one_may_have_is_refused(harness: PurchaseHarness) -> None:
    record = harness.imported(HEAD + f"1,{ANN},Ann,ticket,1,\n" * (MAX_LINES + 1) + f"2,{BOB},Bob,ticket,1,\n")
    assert (record.counts.imported, harness.nets()) == (1, {"2": 1})
    assert f"at most {MAX_LINES} rows" in harness.details()[0]


def test_a_bad_order_number_is_refused_with_the_allowed_form(harness: PurchaseHarness) -> None:
    harness.imported(f"{HEAD}1\ue000,{ANN},Ann,ticket,1,\n2,{BOB},Bob,ticket,1,\n")
    (detail,) = harness.details()
    assert "cannot be an order number. Write 1 to 200 visible characters" in detail


def test_invisible_characters_are_removed_from_an_order_number(harness: PurchaseHarness) -> None:
    assert harness.imported(f"{HEAD}1\u200b,{ANN},Ann,ticket,1,\n").status is Status.COMPLETE
    assert harness.nets() == {"1": 1}


def test_an_order_has_the_number_that_its_system_gave_it(harness: PurchaseHarness) -> None:
    record = harness.imported(f"{HEAD}#1001,{ANN},Ann,ticket,1,\nÅ 7/b,{BOB},Bob,ticket,2,\n")
    assert (record.status, harness.nets()) == (Status.COMPLETE, {"#1001": 1, "Å 7/b": 2})


def test_further_lines_of_an_order_may_omit_buyer_and_date(harness: PurchaseHarness) -> None:
    rows = f"1,{ANN},Ann,ticket,1,2026-01-01\n1,,,ticket,2,\n,,,ticket,4,\n2,{BOB},Bob,ticket,1,\n"
    assert harness.imported(HEAD + rows).status is Status.COMPLETE
    assert (harness.nets(), harness.order("1").email) == ({"1": 7, "2": 1}, ANN)


def test_an_item_may_be_identified_by_its_name_if_only_one_has_it(harness: PurchaseHarness) -> None:
    early = replace(harness.world.catalogues.get_entity("demo", EntityType.SALE_ITEM, "ticket"), name="Early  Bird")
    for item_id, name in (("e1", "Early  Bird"), ("d1", "Double"), ("d2", "double"), ("n1", "d1")):
        harness.world.catalogues.save_entity("demo", replace(early, sale_item_id=item_id, name=name))
    harness.imported(f"{HEAD}1,{ANN},Ann,EARLY bird,1,\n2,{ANN},Ann,Double,1,\n3,{ANN},Ann,d1,1,\n")
    assert (items_by_order(harness), harness.problems()) == ({"1": "e1", "3": "d1"}, [(3, "unknown_item")])


def sells(harness: PurchaseHarness, **names: str) -> None:
    """Add sale items with these ids and names."""
    like = harness.world.catalogues.get_entity("demo", EntityType.SALE_ITEM, "ticket")
    for item_id, name in names.items():
        harness.world.catalogues.save_entity("demo", replace(like, sale_item_id=item_id, name=name))


def items_by_order(harness: PurchaseHarness) -> dict[str, str]:
    """The sale item of each order, by its id."""
    return {order_id: order.lines[0].sale_item_id for (_, order_id), order in harness.purchases.orders.items()}


UNKNOWN = f"{HEAD}1,{ANN},Ann,Early-bird!,1,2026-01-01\n2,{BOB},Bob,Balcony,1,2026-01-01\n"


def test_items_may_be_mapped_from_the_labels_of_the_file(harness: PurchaseHarness) -> None:
    record = harness.imported(UNKNOWN, items={"early-bird!": "ticket", "Balcony": "ticket"})
    assert (record.status, items_by_order(harness)) == (Status.COMPLETE, {"1": "ticket", "2": "ticket"})


def test_a_file_without_known_items_asks_for_their_mapping(harness: PurchaseHarness) -> None:
    sells(harness, e1="Early bird", e2="Late bird")
    record = harness.imported(UNKNOWN)
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.DECISION_REQUIRED)
    (decision,) = record.decisions
    labels = ("Early-bird!", "Balcony")
    params = {"labels": labels, "named": labels, "n": 2, "reason": "some_refused"}
    assert (decision.about, decision.params) == (About.ITEMS, params)
    assert record.suggested == Suggested(items={"Early-bird!": "e1"})
    assert (record.counts.imported, record.counts.would_import, harness.nets()) == (0, 1, {})


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(None, {"1": "e1"}, id="nothing"),
        pytest.param({"Early-bird!": "e1"}, {"1": "e1"}, id="what is suggested"),
        pytest.param({"Early-bird!": "e1", "Balcony": "ticket"}, {"1": "e1", "2": "ticket"}, id="all"),
        pytest.param({"Balcony": "ticket"}, {"2": "ticket"}, id="another one"),
    ],
)
def test_a_confirmation_maps_the_items(
    harness: PurchaseHarness, items: dict[str, str] | None, expected: dict[str, str]
) -> None:
    sells(harness, e1="Early bird")
    harness.imported(UNKNOWN)
    confirm(
        harness.imports.get_import("demo", "imp-1"),
        Correction(items=items),
        TOKEN,
        harness.clock.now(),
        harness.imports,
        harness.queue,
    )
    record = harness.run()
    assert items_by_order(harness) == expected
    assert record.counts == Counts(2, len(expected), 2 - len(expected))


def test_a_row_whose_mapped_item_does_not_exist_is_reported_by_its_label(harness: PurchaseHarness) -> None:
    record = harness.imported(UNKNOWN, items={"early-bird!": "ticket", "Balcony": "gone"})
    assert (record.status, items_by_order(harness)) == (Status.PARTIAL, {"1": "ticket"})
    assert "“Balcony”" in harness.details()[0]


def test_an_unknown_mapped_item_is_asked_about_and_not_suggested_again(harness: PurchaseHarness) -> None:
    record = harness.imported(UNKNOWN, items={"early-bird!": "gone", "Balcony": "gone"})
    assert (record.reason, record.suggested) == (Reason.DECISION_REQUIRED, Suggested())


def test_some_unknown_items_are_refused_unless_the_import_is_reviewed(harness: PurchaseHarness) -> None:
    text = UNKNOWN + f"3,{ANN},Ann,ticket,1,2026-01-01\n"
    record = harness.imported(text)
    assert (record.counts, harness.problems()) == (Counts(3, 1, 2), [(2, "unknown_item"), (3, "unknown_item")])
    reviewed = harness.imported(text, "imp-2", review=True)
    assert [decision.about for decision in reviewed.decisions] == [About.ITEMS]


def test_a_file_of_unknown_items_that_may_not_ask_fails_or_uses_the_suggestions(harness: PurchaseHarness) -> None:
    sells(harness, e1="Early bird")
    failed = harness.imported(UNKNOWN, on_question=OnQuestion.FAIL)
    assert (failed.status, failed.reason) == (Status.FAILED, Reason.DECISION_REQUIRED)
    record = harness.imported(UNKNOWN, "imp-2", on_question=OnQuestion.SUGGESTED)
    assert (record.status, items_by_order(harness)) == (Status.PARTIAL, {"1": "e1"})


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("early  BIRD", "e"),
        ("Early-bird", "e"),
        ("Earlybirds", "e"),
        ("Season pass 2025", None),
        ("Season-pass 2026", "s"),
        ("Double", None),
        ("Bird", None),
        ("!", None),
    ],
)
def test_an_item_is_suggested_only_where_its_name_is_nearly_the_label(label: str, expected: str | None) -> None:
    names = {"e": "Early bird", "s": "Season pass 2026", "d1": "Double", "d2": "double", "x": "?"}
    assert sale_items.similar_item(label, names) == expected


def test_a_missing_date_of_purchase_counts_as_now_only_with_a_notice(harness: PurchaseHarness) -> None:
    record = harness.imported(f"{HEAD}1,{ANN},Ann,ticket,1,2026-01-01\n2,{BOB},Bob,ticket,1,\n")
    assert record.detected
    assert (
        "1 row (line 3): nothing says when the order was bought, so it counts as made now." in record.detected.texts()
    )


def test_the_buyer_of_an_order_with_several_attendees_is_the_first(harness: PurchaseHarness) -> None:
    header = "Order #,Email,Attendee #,Sale item\n"
    assert harness.imported(f"{header}1,{ANN},71,ticket\n1,{BOB},72,ticket\n").status is Status.COMPLETE
    assert (harness.nets(), harness.order("1").email) == ({"1": 2}, ANN)


def test_on_error_abort_with_a_refused_row_imports_nothing(harness: PurchaseHarness) -> None:
    record = harness.imported(f"{GOOD}3,{ANN},Ann,nothing,1,\n", on_error=OnError.ABORT)
    assert (record.status, record.reason) == (Status.FAILED, Reason.ROWS_REFUSED)
    assert harness.nets() == {}


def test_a_review_shows_the_effect_and_stores_nothing_until_confirmed(harness: PurchaseHarness) -> None:
    record = harness.imported(GOOD, review=True)
    assert (record.status, record.counts) == (Status.AWAITING_REVIEW, Counts(3, 0, 0, would_import=3))
    assert record.effect == {"orders_added": 2, "orders_existing": 0}
    assert (harness.nets(), harness.world.customers.stored, harness.journal.stored) == ({}, {}, set())
    assert harness.confirmed().status is Status.COMPLETE
    assert harness.nets() == {"1": 3, "2": 1}


OTHERS = NewPurchase(order_id="2", customer=Buyer(email=BOB), lines=(Line(sale_item_id="ticket", quantity=9),))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f"3,{ANN},Ann", id="too few cells"),
        pytest.param(f"3,{ANN},Ann,ticket,1,,more", id="too many cells"),
        pytest.param(f'3,{ANN},Ann,"ticket,1,', id="a quote without an end"),
        pytest.param(f"3,{ANN},Ann,tic\x07ket,1,", id="a control character"),
        pytest.param(f"3,{ANN},{'n' * 201},ticket,1,", id="a cell too long"),
        pytest.param(f'="3",{ANN},Ann,ticket,1,,more', id="an order as a formula"),
    ],
)
def test_an_unreadable_row_refuses_the_order_that_it_names(harness: PurchaseHarness, row: str) -> None:
    record = harness.imported(f"{HEAD}3,{ANN},Ann,ticket,1,\n4,{ANN},Ann,ticket,1,\n{row}\n")
    assert (record.counts.imported, harness.problems()[0]) == (1, (2, "order_incomplete"))
    assert harness.nets() == {"4": 1}


def test_a_row_that_ends_before_its_order_number_refuses_no_order(harness: PurchaseHarness) -> None:
    text = f"Email,Sale item,Quantity,Order\n{ANN},ticket,1,3\n{ANN},ticket\n"
    assert harness.imported(text).counts == Counts(2, 1, 1)
    assert harness.nets() == {"3": 1}


@dataclass
class CountingCatalogues(FakeCatalogues):
    """`queries` has the names of each lookup."""

    queries: list[list[str]] = field(default_factory=list)

    def find_unknown(self, org: str, references: Sequence[tuple[EntityType, str]]) -> set[tuple[EntityType, str]]:
        self.queries.append([name for _, name in references])
        return super().find_unknown(org, references)


def test_each_sale_item_is_looked_up_once_in_a_run(harness: PurchaseHarness) -> None:
    catalogues = CountingCatalogues(entities=harness.world.catalogues.entities)
    harness = PurchaseHarness(harness.folder, world=World(catalogues=catalogues))
    rows = "".join(f"{number},{ANN},Ann,{'nothing' if number % 7 == 3 else 'ticket'},1,\n" for number in range(120))
    assert harness.imported(f"{HEAD}{rows}").counts == Counts(120, 103, 17)
    assert catalogues.queries == [["ticket", "nothing"]]


def test_the_cache_of_sale_items_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sale_items, "CACHE_SIZE", 3)
    queries: list[list[str]] = []
    existence = sale_items.ItemExistence(lambda names: queries.append(names) or {"x"} & set(names))  # type: ignore[func-returns-value]
    unknown_items = [
        existence.find_unknown(names) for names in (["a", "x", "a"], ["x", "b"], ["c", "x"], ["x", "c", "a"])
    ]
    assert unknown_items == [{"x"}, {"x"}, {"x"}, {"x"}]
    assert queries == [["a", "x"], ["b"], ["c"], ["x", "a"]]


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order is a block of its own."""
    monkeypatch.setattr(purchases_service, "BLOCK_SIZE", 1)


@pytest.mark.usefixtures("one_by_one")
def test_an_order_recorded_by_another_import_meanwhile_is_refused_and_not_undone(harness: PurchaseHarness) -> None:
    injector = CrashInjector(
        before_each_call=lambda: injector.calls == 13 and harness.stores.orders.record("demo", [OTHERS], START)
    )
    record = harness.run(harness.upload(GOOD), injector=injector)
    assert (record.counts, harness.problems()) == (Counts(3, 2, 1), [(3, "duplicate_existing")])
    harness.undone()
    assert harness.nets() == {"1": 0, "2": 9}


@pytest.mark.usefixtures("one_by_one")
def test_an_order_recorded_by_a_checkout_after_the_worker_died_is_refused_and_not_undone(
    harness: PurchaseHarness,
) -> None:
    with pytest.raises(Killed):
        harness.run(harness.upload(GOOD), injector=CrashInjector(13))
    harness.stores.orders.record("demo", [OTHERS], START)
    harness.silence()
    assert harness.run().counts == Counts(3, 2, 1)
    harness.undone()
    assert harness.nets() == {"1": 0, "2": 9}


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 19))
def test_after_a_worker_dies_another_completes_the_import_and_it_can_be_undone(
    tmp_path: Path, at: int, after: bool
) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole, broken = PurchaseHarness(tmp_path / "whole"), PurchaseHarness(tmp_path / "broken")
    text = f"{GOOD}3,{ANN},Ann,nothing,1,\n"
    expected = whole.imported(text)
    with pytest.raises(Killed):
        broken.run(broken.upload(text), injector=CrashInjector(at, after=after))
    broken.silence()
    record = broken.run()
    compared = ("status", "counts", "effect")
    assert [getattr(record, name) for name in compared] == [getattr(expected, name) for name in compared]
    assert (broken.nets(), broken.problems(), broken.journal.stored) == (
        whole.nets(),
        whole.problems(),
        whole.journal.stored,
    )
    broken.undone()
    assert set(broken.nets().values()) == {0}


def meddling(harness: PurchaseHarness, at: int | None = None, *, after: bool = False) -> CrashInjector:
    """Let a checkout record order 2 while the import records its orders."""

    def record_other() -> None:
        if harness.imports.get_import("demo", "imp-1").status is Status.IMPORTING:
            harness.stores.orders.record("demo", [OTHERS], START)

    return CrashInjector(at, after=after, before_each_call=record_other)


@pytest.mark.parametrize(
    ("on_error", "ends", "nets"),
    [
        pytest.param(
            OnError.ABORT, (Status.FAILED, Reason.ROWS_REFUSED, Counts(3, 0, 1)), {"1": 0, "2": 9}, id="abort"
        ),
        pytest.param(OnError.SKIP, (Status.PARTIAL, None, Counts(3, 2, 1)), {"1": 3, "2": 9}, id="skip"),
    ],
)
def test_on_error_abort_undoes_all_orders_if_one_is_refused_while_recording(
    harness: PurchaseHarness, on_error: OnError, ends: tuple[Status, Reason | None, Counts], nets: dict[str, int]
) -> None:
    record = harness.run(harness.upload(GOOD, on_error=on_error), injector=meddling(harness))
    assert (record.status, record.reason, record.counts) == ends
    assert (harness.nets(), harness.problems()) == (nets, [(3, "duplicate_existing")])
    mended = harness.imported(GOOD.replace(f"2,{BOB},Bob,ticket,1,\n", ""), "imp-2")
    assert (mended.status, harness.nets()) == (Status.COMPLETE, {"1": 3, "2": 9})


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 18))
def test_after_a_worker_dies_during_an_undo_another_completes_it(
    harness: PurchaseHarness, at: int, *, after: bool
) -> None:
    with pytest.raises(Killed):
        harness.run(harness.upload(GOOD, on_error=OnError.ABORT), injector=meddling(harness, at, after=after))
    harness.silence()
    record = harness.run(injector=meddling(harness))
    assert (record.status, record.counts, harness.nets()) == (Status.FAILED, Counts(3, 0, 1), {"1": 0, "2": 9})
    assert harness.imports.mails == ["imp-1"]
