"""Laws of customer and purchase files, over random files, and workers that die or run out of time anywhere."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.customers.importing import row_pass
from guestlist.groups.model import WelcomeEmail
from guestlist.imports.model import Import, OnError, Source
from guestlist.purchases.importing import service as purchase_run
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.imports import START, FakeClock, FakeFiles, FakeImports
from tests.unit.customers.harness import CustomerHarness
from tests.unit.groups.builders import any_of, leaf
from tests.unit.purchases.harness import PurchaseHarness

Break = tuple[int, bool] | int
"""The call at which a worker dies and whether after it, or how often it may ask before its time is short."""

BREAKS = st.lists(st.one_of(st.tuples(st.integers(1, 40), st.booleans()), st.integers(0, 15)), max_size=5)
BLOCKS = st.integers(1, 4)
ERRORS = st.sampled_from([OnError.SKIP] * 5 + [OnError.ABORT])


class Harness(Protocol):
    """The common interface of both harnesses."""

    clock: FakeClock
    files: FakeFiles
    imports: FakeImports

    def upload(self, text: str, **options: Any) -> Source: ...
    def run(self, source: Source | None = None, *, injector: CrashInjector | None = None) -> Import: ...
    def silence(self) -> None: ...


def visible_facts(harness: Harness) -> list[Any]:
    """The import as the organiser sees it."""
    record = harness.imports.get_import("demo", "imp-1")
    facts = [record.status, record.reason, record.counts, record.effect, record.refused_file, record.detected]
    return [*facts, harness.imports.problems("demo", "imp-1"), harness.files.stored, harness.imports.mails]


def run_to_the_end(harness: Harness, text: str, breaks: Sequence[Break], **options: Any) -> list[Any]:
    """Import the file by several workers, each but the last interrupted."""
    source: Source | None = harness.upload(text, **options)
    for one in breaks:
        harness.clock.remaining_checks = one if isinstance(one, int) else None
        injector = None if isinstance(one, int) else CrashInjector(one[0], after=one[1])
        try:
            harness.run(source, injector=injector)
        except Killed:
            harness.silence()
        source = None
    harness.clock.remaining_checks = None
    harness.run(source)
    return visible_facts(harness)


PEOPLE = st.sampled_from(["ann@x.org", "ANN@x.org", "bob@x.org", "cy@x.org", "dee@x.org", "nobody", ""])
GROUPS = st.sampled_from(["", "Members", "Press|members", "Press", "Nowhere", "Regulars", "Over", "Members|Nowhere"])
DATES = st.sampled_from(["", "", "2027-01-31", "2020-01-31", "never"])
CUSTOMER_ROWS = st.one_of(
    st.builds(lambda number, groups: f"p{number}@x.org,{groups},", st.integers(0, 30), GROUPS),
    st.builds(lambda email, groups, date: f"{email},{groups},{date}", PEOPLE, GROUPS, DATES),
    st.sampled_from(["ann@x.org", 'eve@x.org,"Press', "fay@x.org,Press,,,more", ""]),
)


def people(folder: str) -> CustomerHarness:
    harness = CustomerHarness(Path(folder))
    members, press = harness.group("Members", welcome=WelcomeEmail(enabled=True)), harness.group("Press")
    harness.group("Regulars", "automatic")
    harness.member("cy@x.org", harness.group("Over", expires_at=START))
    harness.member("ann@x.org", members)
    harness.member("bob@x.org", press)
    return harness


@given(rows=st.lists(CUSTOMER_ROWS, min_size=3, max_size=16), breaks=BREAKS, block=BLOCKS, on_error=ERRORS)
@settings(max_examples=150, deadline=None)
def test_a_customer_file_interrupted_anywhere_ends_and_is_undone_like_an_undisturbed_one(
    rows: list[str], breaks: list[Break], block: int, on_error: OnError
) -> None:
    text = "\n".join(["Email,Customer groups,Removal date", *rows])
    with TemporaryDirectory() as one, TemporaryDirectory() as other, patch.object(row_pass, "BLOCK_SIZE", block):
        whole, broken = people(one), people(other)
        before = broken.memberships.stored.copy()
        assert run_to_the_end(broken, text, breaks, on_error=on_error) == run_to_the_end(
            whole, text, [], on_error=on_error
        )
        assert broken.state() == whole.state()
        assert broken.undone().texts() == ()
        assert broken.memberships.stored == before


ORDERS = st.sampled_from(["1", "2", "3", "4", "5", "old", "theirs", "no id", ""])
ITEMS = st.sampled_from(["ticket", "ticket", "ticket", "nothing", "no such", ""])
PURCHASE_ROWS = st.one_of(
    st.builds(
        lambda order, email, item, quantity, at: f"{order},{email},{item},{quantity},{at}",
        ORDERS,
        st.sampled_from(["ann@x.org", "ann@x.org", "ANN@x.org", "bob@x.org", "nobody"]),
        ITEMS,
        st.sampled_from(["1", "2", "", "none"]),
        st.sampled_from(["", "", "2026-05-14", "2027-05-14", "01/02/2026"]),
    ),
    st.builds(
        lambda number, item: f"n{number},p{number}@x.org,{item},1,",
        st.integers(0, 30),
        st.sampled_from(["ticket", "ticket", "nothing"]),
    ),
    st.sampled_from(["1,ann@x.org", '2,ann@x.org,"ticket', "3,bob@x.org,ticket,1,,more", ""]),
)


def orders(folder: str) -> PurchaseHarness:
    harness = PurchaseHarness(Path(folder))
    harness.world.automatic(any_of(leaf(minimum=3)))
    head = "Order,Email,Sale item,Quantity\n"
    harness.imported(f"{head}old,ann@x.org,ticket,1\ntheirs,zoe@x.org,ticket,9\n", "imp-0")
    harness.files.stored.clear()
    harness.imports.mails.clear()
    return harness


def purchase_state(harness: PurchaseHarness) -> list[Any]:
    """All that is stored, but for when and how often people's purchases changed."""
    people = {key: one.name for key, one in harness.world.customers.stored.items()}
    fans = sorted(email for _, email, _ in harness.world.memberships.stored)
    return [harness.nets(), harness.purchases.sold, people, fans, harness.journal.stored]


@given(rows=st.lists(PURCHASE_ROWS, min_size=3, max_size=16), breaks=BREAKS, block=BLOCKS, on_error=ERRORS)
@settings(max_examples=150, deadline=None)
def test_a_purchase_file_interrupted_anywhere_ends_and_is_undone_like_an_undisturbed_one(
    rows: list[str], breaks: list[Break], block: int, on_error: OnError
) -> None:
    text = "\n".join(["Order,Email,Sale item,Quantity,Purchased at", *rows])
    with TemporaryDirectory() as one, TemporaryDirectory() as other, patch.object(purchase_run, "BLOCK_SIZE", block):
        whole, broken = orders(one), orders(other)
        assert run_to_the_end(broken, text, breaks, on_error=on_error) == run_to_the_end(
            whole, text, [], on_error=on_error
        )
        assert purchase_state(broken) == purchase_state(whole)
        assert broken.undone().texts() == whole.undone().texts()
        assert broken.nets() == whole.nets()
