"""Customer and purchase files on the engine, broken off at any request or for want of time, and gone on with."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.bootstrap.orders import Orders
from guestlist.aws.table import Table
from guestlist.catalogue.model import Event, SaleItem
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.store import Catalogues
from guestlist.customers.importing import row_pass
from guestlist.customers.importing.journal import Journal
from guestlist.customers.importing.ports import CustomerPorts
from guestlist.customers.importing.service import CustomerFiles
from guestlist.customers.importing.undo import undo_customers
from guestlist.customers.store import Customers
from guestlist.groups.full_pass import full_pass
from guestlist.groups.index import GroupType
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership_store import Memberships
from guestlist.groups.model import Group, WelcomeEmail
from guestlist.groups.reevaluation import SyncPorts
from guestlist.groups.store import Groups
from guestlist.groups.sync_store import Syncs
from guestlist.imports.job import Run, WorkerContext
from guestlist.imports.lease import claim
from guestlist.imports.model import Kind, Options, Source
from guestlist.imports.row_results import RowResults
from guestlist.imports.store import Imports
from guestlist.imports.worker import work
from guestlist.purchases.importing import service as purchase_run
from guestlist.purchases.importing.journal import OrderJournal
from guestlist.purchases.importing.service import PurchaseFiles
from guestlist.purchases.service import PurchasePorts
from guestlist.purchases.store import Purchases
from guestlist.tickets.sales_store import EventSales
from tests.engines.tables import contents, new_table
from tests.fakes.crash_injection import Killed
from tests.fakes.imports import START, FakeClock, FakeFiles, FakeQueue
from tests.faults.test_tickets import dying
from tests.unit.customers.harness import AGREED
from tests.unit.groups.builders import any_of, leaf
from tests.unit.imports.builders import an_import

Break = tuple[int, str] | int
"""The request at which a worker dies and at which moment of it, or how often it may ask before its time is short."""

BREAKS = st.lists(
    st.one_of(st.tuples(st.integers(1, 60), st.sampled_from(["before-call", "after-call"])), st.integers(0, 9)),
    min_size=1,
    max_size=3,
)

GROUP_IDS = ("g1", "g2", "g3")


def _is_history(item: dict[str, Any]) -> bool:
    return item["sk"].startswith("D#") or item["pk"].startswith("O#demo#AUDIT#")


def _history_in(item: dict[str, Any]) -> set[str]:
    """The attributes of a membership that are its audit entry."""
    return {"audit_block", "at", "what", "by", "import_id", "line"} if item["sk"].startswith("M#") else set()


@dataclass
class Shop:
    """An organiser's table with two manual groups, an automatic one and a sale item, and workers for its files."""

    table: Table
    folder: Path
    files: FakeFiles = field(default_factory=FakeFiles)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.imports = Imports(self.table, GroupIndexes(self.table))
        self.groups, self.customers = (
            Groups(self.table, GroupIndexes(self.table)),
            Customers(self.table, self.table.insert_many),
        )
        catalogues = Catalogues(self.table, RestrictionIndexes(self.table))
        purchases = Purchases(self.table, EventSales(self.table))
        self.purchase_ports = PurchasePorts(
            purchases=purchases, customers=self.customers, catalogues=catalogues, digest_key=b""
        )
        self.engine = SyncPorts(
            groups=self.groups,
            syncs=Syncs(self.table),
            memberships=Memberships(self.table),
            catalogues=catalogues,
            purchases=purchases,
            in_parallel=self.table.run_parallel,
        )

    def furnish(self) -> None:
        catalogues = self.purchase_ports.catalogues
        assert isinstance(catalogues, Catalogues)
        catalogues.save_entity("demo", Event(event_id="festival", name="Festival"))
        catalogues.save_entity("demo", SaleItem(sale_item_id="ticket", name="Ticket", event_id="festival"))
        self._group(GROUP_IDS[0], "Members", welcome=WelcomeEmail(enabled=True))
        self._group(GROUP_IDS[1], "Press")
        self._group(GROUP_IDS[2], "Fans", type=GroupType.AUTOMATIC, rules=any_of(leaf(minimum=2)))
        full_pass("demo", GROUP_IDS[2], "r1", START, lambda: True, self.engine)

    def _group(self, group_id: str, name: str, **facts: Any) -> None:
        group = replace(Group(group_id=group_id, name=name, type=GroupType.MANUAL, created_at=START), **facts)
        self.groups.save_group("demo", group, START, self.groups.index("demo").with_group(group.to_index_entry()))

    def customer_ports(self) -> CustomerPorts:
        return CustomerPorts(
            groups=self.groups,
            customers=self.customers,
            memberships=Memberships(self.table),
            journal=Journal(self.table),
            row_results=RowResults(self.table),
        )

    def runs(self) -> dict[Kind, Run]:
        orders = PurchaseFiles(
            orders=Orders(self.purchase_ports, self.engine),
            journal=OrderJournal(self.table),
            row_results=RowResults(self.table),
            zone=lambda _org: ZoneInfo("UTC"),
        )
        people = CustomerFiles(
            ports=self.customer_ports(), zone=lambda _org: ZoneInfo("UTC"), feature=lambda _org: True
        )
        return {Kind.CUSTOMERS: people.run, Kind.PURCHASES: orders.run}

    def upload(self, kind: Kind, text: str) -> Source:
        source = Source("uploads/demo/imp-1", "v1", len(text), START)
        self.files.objects[source.key, "v1"] = text.encode()
        self.imports.add_import(an_import(kind=kind, options=Options(), consent=AGREED, group_name=None))
        return source

    def run(self, source: Source | None) -> None:
        """One worker's turn; whoever had the import before has gone."""
        worker_context = WorkerContext(
            imports=self.imports,
            files=self.files,
            queue=FakeQueue(),
            time=self.clock.time,
            folder=self.folder,
            runs=self.runs(),
            language_of=lambda _org: "en",
        )
        record = self.imports.get_import("demo", "imp-1")
        if record.worker:
            self.imports.save_import(replace(record, worker=None))
        hold = claim(self.imports.get_import("demo", "imp-1"), "w", source, self.imports, self.clock.time)
        if hold:
            work(hold, worker_context)

    def visible_facts(self) -> list[Any]:
        record = self.imports.get_import("demo", "imp-1")
        facts = [record.status, record.counts, record.effect, self.imports.problems("demo", "imp-1")]
        return [*facts, self.files.stored]

    def state(self) -> list[dict[str, Any]]:
        """The content of the table without the import's record, its results and the revisions of purchases."""
        items = [
            item for item in contents(self.table) if not item["pk"].startswith(("O#demo#I#imp-1", "O#demo#MAIL#r"))
        ]
        volatile = {"purchases", "due_at", "due_pk"}
        remaining = [
            {name: value for name, value in item.items() if name not in volatile | _history_in(item)}
            for item in items
            if (item["pk"], item["sk"]) != ("O#demo#I", "imp-1") and not _is_history(item)
        ]
        # Which shard counts a sale depends on the block that told of it; what all shards say together does not.
        sold_quantity = sum(item["sold"] for item in remaining if "sold" in item)
        return [*(item for item in remaining if "sold" not in item), {"sold": sold_quantity}, *self._histories()]

    def _histories(self) -> list[Any]:
        """The audit entries by group and person, which may be stored one by one or in blocks."""
        store = Memberships(self.table)
        people = {item["email"] for item in contents(self.table) if item["sk"] == "PROFILE"}
        of_people = [(email, store.audit_entries_of("demo", email, 99)) for email in sorted(people)]
        return [*of_people, *((group_id, store.audit_entries_in("demo", group_id, 99)) for group_id in GROUP_IDS)]


CUSTOMERS = "Email,Name,Customer groups\n" + "".join(
    f"{name}@example.com,{name.title()},{groups}\n"
    for name, groups in [
        ("ann", "Members|Press"),
        ("bob", "Nowhere"),
        ("cy", "Press"),
        ("ann", "Press"),
        ("dee", "Members"),
        ("nobody at all", "Press"),
        ("eve", "Fans"),
        ("fay", "Members|Nowhere"),
        ("gus", "Press"),
        ("hal", "Members"),
        ("kit", "Members"),
    ]
)
PURCHASES = "Order,Email,Name,Sale item,Quantity\n" + "".join(
    f"{order},{name}@example.com,{name.title()},{item},1\n"
    for order, name, item in [
        ("1", "ann", "ticket"),
        ("2", "bob", "nothing"),
        ("3", "cy", "ticket"),
        ("1", "ann", "ticket"),
        ("4", "cy", "ticket"),
        ("5", "dee", "ticket"),
        ("2", "bob", "ticket"),
        ("6", "eve", "ticket"),
    ]
)
FILES = {Kind.CUSTOMERS: (CUSTOMERS, row_pass), Kind.PURCHASES: (PURCHASES, purchase_run)}


def a_shop(address: str, folder: str) -> Shop:
    shop = Shop(new_table(address), Path(folder))
    shop.furnish()
    return shop


def broken_off(shop: Shop, source: Source | None, one: Break) -> None:
    """Run a worker on the import that crashes in that way if it gets that far."""
    if isinstance(one, int):
        shop.clock.remaining_checks = one
        shop.run(source)
        shop.clock.remaining_checks = None
        return
    client = shop.table._client  # noqa: SLF001 - put back when the worker is dead
    revive: Callable[[], None] = dying(shop.table, *one)
    try:
        shop.run(source)
    except Killed:
        revive()
    shop.table._client = client  # noqa: SLF001


@pytest.mark.parametrize("kind", list(FILES), ids=lambda kind: kind.value)
def test_an_import_interrupted_anywhere_and_resumed_leaves_the_same_table(kind: Kind, ministack: str) -> None:
    text, module = FILES[kind]
    with TemporaryDirectory() as folder:
        whole = a_shop(ministack, folder)
        whole.run(whole.upload(kind, text))
        expected, state = whole.visible_facts(), whole.state()

    @given(breaks=BREAKS, block=st.integers(1, 3))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def law(breaks: list[Break], block: int) -> None:
        with TemporaryDirectory() as folder, patch.object(module, "BLOCK_SIZE", block):
            shop = a_shop(ministack, folder)
            source: Source | None = shop.upload(kind, text)
            for one in breaks:
                broken_off(shop, source, one)
                source = None if shop.imports.get_import("demo", "imp-1").source else source
            shop.run(source)
            assert shop.visible_facts() == expected
            assert shop.state() == state

    law()


def test_an_undo_interrupted_at_any_request_and_repeated_leaves_each_history_whole(ministack: str) -> None:
    """Its memberships have their audit entries in blocks, and each end of one is to be recorded once."""

    def undone(last: int) -> tuple[Shop, list[Any]]:
        shop = a_shop(ministack, folder)
        shop.run(shop.upload(Kind.CUSTOMERS, CUSTOMERS))
        assert any(item["pk"].startswith("O#demo#AUDIT#") for item in contents(shop.table))
        client, ports = shop.table._client, shop.customer_ports()  # noqa: SLF001 - put back when it is dead
        revive = dying(shop.table, last, "after-call")
        with suppress(Killed):
            undo_customers(shop.imports.get_import("demo", "imp-1"), START, ports)
        revive()
        shop.table._client = client  # noqa: SLF001
        undo_customers(shop.imports.get_import("demo", "imp-1"), START, ports)
        return shop, shop.state()

    with TemporaryDirectory() as folder:
        shop, expected = undone(10_000)
        store = Memberships(shop.table)
        entries = [entry.what for _, entry in store.audit_entries_in("demo", "g1", 99) if entry.email]
        assert sorted(entries) == ["added"] * 4 + ["removed"] * 4
        assert not list(store.list_members("demo", "g1"))
        for last in range(1, 40, 3):
            assert undone(last)[1] == expected
