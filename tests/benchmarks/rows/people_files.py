"""Files of customers, tickets and purchases: what a row writes on the model, and what it takes on a local engine."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

if TYPE_CHECKING:
    from guestlist.aws.table import Table

WRITE_UNITS = {"customers": 3, "tickets with buyers": 3, "purchases": 4}
_EACH_BUYER = 2
_METERED = 1_000


def text_of(kind: str, rows: int) -> str:
    """Customers in a group by turns, or orders of two rows each by half as many people."""
    if kind == "customers":
        lines = [f"p{row}@example.org,Person {row},{'Members' if row % 2 else ''}" for row in range(rows)]
        return "\n".join(["Email,Name,Customer groups", *lines])
    lines = [f"o{row // 2},p{row // 4}@example.org,P {row // 4},ticket,{row % 2 + 1}" for row in range(rows)]
    return "\n".join(["Order,Email,Name,Sale item,Quantity", *lines])


def imported(kind: str, table: "Table", rows: int, meter: Meter) -> int:
    """Import so many rows into the table; answers how many became something."""
    return _tickets(table, rows, meter) if kind.startswith("tickets") else _worker(kind, table, rows, meter)


def _worker(kind: str, table: "Table", rows: int, meter: Meter) -> int:
    from guestlist.imports.model import Kind
    from tests.faults.test_people_files import Shop

    with TemporaryDirectory() as folder:
        shop = Shop(table, Path(folder))
        shop.furnish()
        source = shop.upload(Kind.CUSTOMERS if kind == "customers" else Kind.PURCHASES, text_of(kind, rows))
        with meter:
            shop.run(source)
    counts = shop.imports.get_import("demo", "imp-1").counts
    return counts.imported if counts else 0


def _tickets(table: "Table", rows: int, meter: Meter) -> int:
    from guestlist.customers.store import Customers
    from guestlist.tickets.contact_store import Contacts
    from guestlist.tickets.importing.ports import TicketPorts
    from guestlist.tickets.importing.rows import import_tickets
    from guestlist.tickets.sales_store import EventSales
    from guestlist.tickets.store import Tickets
    from tests.fakes.tickets import FILE, ARow

    ports = TicketPorts(
        tickets=Tickets(table),
        sales=EventSales(table),
        contacts=Contacts(table),
        customers=Customers(table, table.insert_many),
        digest_key=b"key",
    )
    buyers = [number // _EACH_BUYER for number in range(rows)]
    ticket_rows = [
        (number + 2, ARow(f"T{number:011d}", f"Buyer {buyer}", f"buyer{buyer}@example.org"))
        for number, buyer in enumerate(buyers)
    ]
    with meter:
        tally = import_tickets(ticket_rows, FILE, ports, lambda: rows, lambda _line: None, lambda _problem: None)
    return tally.tickets.imported


def measured(meter: Meter, folder: Path, size: int, *, kind: str) -> Figures:
    """Units of some rows on the model, then the worker's processor time and the clock for all rows on an engine."""
    from tests.engines.servers import ministack
    from tests.engines.tables import new_table
    from tests.simulation.capacity import Capacity
    from tests.simulation.network import Model

    metered = min(size, _METERED)
    with Model(capacity=Capacity(1e6, 1e6)).running() as model:
        table = model.table()
        assert imported(kind, table, metered, Reset(model.engine.capacity.used)) == metered
        used = dict(model.engine.capacity.used)
    with ministack(folder) as address:
        assert imported(kind, new_table(address, by="own"), size, meter) == size
    return {
        "write": used["write"] / metered,
        "index": used["index"] / metered,
        "units": (used["write"] + used["index"]) / metered,
        "ms": meter.cpu / size * 1e3,
        "rows_a_second": size / meter.wall,
    }


class Reset(Meter):
    """Counts units from where the import begins."""

    def __init__(self, used: dict[str, float]) -> None:
        super().__init__()
        self._used = used

    def ready(self) -> None:
        self._used.update(dict.fromkeys(self._used, 0.0))


BENCHES = (
    Bench(
        row=20,
        name="rows of people's files",
        contestants={kind: partial(measured, kind=kind) for kind in WRITE_UNITS},
        goals=tuple(
            goal
            for kind, most in WRITE_UNITS.items()
            for goal in (
                Goal(name=f"{kind}: write units a row, with indexes", value=figure(kind, "units"), at_most=most),
                Goal(name=f"{kind}: of these in the table", value=figure(kind, "write")),
                Goal(name=f"{kind}: ms of processor time a row", value=figure(kind, "ms"), at_most=0.3),
                Goal(
                    name=f"{kind}: rows a second on the local engine", value=figure(kind, "rows_a_second"), at_least=1e3
                ),
            )
        ),
        size=5_000,
        quick_size=1_000,
        rounds=1,
        quick_rounds=1,
        in_turns=False,
        quick_goals=False,
    ),
)
