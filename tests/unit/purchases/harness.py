"""The stores of a purchase import, in memory, and a worker to run it."""

from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.bootstrap.orders import Orders
from guestlist.catalogue.entity_type import EntityType
from guestlist.imports.model import Import, Kind, Options, Source, Status
from guestlist.imports.notes import UndoResult
from guestlist.imports.problem_record import problem_text
from guestlist.purchases.importing.service import PurchaseFiles
from guestlist.purchases.importing.undo import undo_purchases
from guestlist.purchases.model import Purchase
from tests.fakes.crash_injection import CrashInjector
from tests.fakes.groups import FakePurchases
from tests.fakes.journal import FakeOrderJournal, FakeRowResults
from tests.unit.groups.world import World
from tests.unit.imports.worker_harness import WorkerHarness


@dataclass(frozen=True)
class Stores:
    """The stores of a purchase import."""

    orders: Any
    journal: Any
    row_results: Any


@dataclass
class PurchaseHarness(WorkerHarness):
    """The ports of purchase imports, and the sale item `ticket`."""

    world: World = field(default_factory=World)
    journal: FakeOrderJournal = field(default_factory=FakeOrderJournal)
    row_results: FakeRowResults = field(default_factory=FakeRowResults)

    @property
    def purchases(self) -> FakePurchases:
        return self.world.purchases

    @property
    def stores(self) -> Stores:
        return Stores(Orders(self.world.purchase_ports, self.world.engine), self.journal, self.row_results)

    def upload(self, text: str, import_id: str = "imp-1", **options: Any) -> Source:
        """Store a new import and its file, and return the source."""
        facts = {"kind": Kind.PURCHASES, "file_name": "orders.csv", "group_name": None}
        return self.add(text, import_id, options=Options(**options), **facts)

    def run(
        self, source: Source | None = None, import_id: str = "imp-1", injector: CrashInjector | None = None
    ) -> Import:
        """Run one worker on the import, and return the import."""
        stores = injector.wrap(self.stores) if injector else self.stores
        files = PurchaseFiles(
            orders=stores.orders,
            journal=stores.journal,
            row_results=stores.row_results,
            zone=lambda _org: ZoneInfo("Europe/Amsterdam"),
        )
        self.worked_by(Kind.PURCHASES, files.run, source, import_id)
        return self.record_of(import_id)

    def imported(self, text: str, import_id: str = "imp-1", **options: Any) -> Import:
        """The import of this file, run undisturbed."""
        return self.run(self.upload(text, import_id, **options), import_id)

    def undone(self, import_id: str = "imp-1", injector: CrashInjector | None = None) -> UndoResult:
        """Undo the import, and return the result."""
        stores = injector.wrap(self.stores) if injector else self.stores
        return undo_purchases(
            self.imports.get_import("demo", import_id), self.clock.now(), stores.orders, stores.journal
        )

    def sells(self, names: list[str]) -> None:
        """Add sale items with these names, under ids unlike them."""
        like = self.world.catalogues.get_entity("demo", EntityType.SALE_ITEM, "ticket")
        for number, name in enumerate(names):
            self.world.catalogues.save_entity("demo", replace(like, sale_item_id=f"i{number}", name=name))

    def order(self, order_id: str) -> Purchase:
        """The existing order with that id."""
        return self.purchases.get_purchase("demo", order_id)

    def nets(self) -> dict[str, int]:
        """The quantity of each order after refunds, by order id."""
        orders = self.purchases.orders.items()
        return {order_id: sum(line.net for line in order.lines) for (_, order_id), order in orders}

    def problems(self, import_id: str = "imp-1") -> list[tuple[int, str]]:
        """The line and code of each problem of an import."""
        return [(problem["line"], problem["code"]) for problem in self.imports.problems("demo", import_id)]

    def details(self, import_id: str = "imp-1") -> list[str]:
        """The detail of each problem of the import."""
        return [problem_text(problem) for problem in self.imports.problems("demo", import_id)]

    def confirmed(self) -> Import:
        """The import after it was confirmed, run again."""
        record = self.imports.get_import("demo", "imp-1")
        self.imports.save_import(replace(record, status=Status.IMPORTING, confirmed=True, due_at=self.clock.now()))
        return self.run()
