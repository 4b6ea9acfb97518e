"""Random histories of one event with a capacity: checkouts sell, an import and single tickets take what is left.

Calls are broken as in histories of codes. An import whose worker dies is run again, as its queue has it done. What
checkouts sell is never refused; so a place may be taken that was free when it was asked what is free, or later.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from greenlet import getcurrent

from guestlist.aws import person_keys
from guestlist.aws.items import unmarshal_item
from guestlist.aws.table import Table
from guestlist.catalogue.model import Event
from guestlist.customers.store import Customers
from guestlist.imports.model import WhenFull
from guestlist.purchases.model import OrderLine, Purchase
from guestlist.purchases.store import Purchases
from guestlist.tickets.contact_store import Contacts
from guestlist.tickets.importing import blocks
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.rows import TicketFile, import_tickets
from guestlist.tickets.live_sales import LiveSales
from guestlist.tickets.sales_store import SALES, EventSales
from guestlist.tickets.single import SingleTicket, add_ticket
from guestlist.tickets.single_store import EventTickets
from guestlist.tickets.store import Tickets
from tests.fakes.tickets import ARow
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES, ORG
from tests.simulation.network import Faults, Model

EVENT = "gala"
STORM = Faults(lost_request=0.02, lost_answer=0.02, dies=0.01, copied=0.02)
_SELLERS, _ORDERS = 3, 4
_OVER = frozenset({"duplicate_existing", "no_capacity"})


class EventHistory:
    """One event; `run` answers which laws its history broke."""

    def __init__(self, seed: int) -> None:
        self.model = Model(seed, Capacity(40_000, 40_000))
        random = self.model.time.random
        self.capacity = random.randrange(4, 24)
        self.rows = random.randrange(4, 20)
        self.broken: set[str] = set()
        self.tickets: set[str] = set()
        self.over = False
        self.sold: list[tuple[float, int]] = [(0.0, 0)]
        self.requested_at: dict[Any, float] = {}

    def run(self) -> set[str]:
        """The broken laws."""
        model = self.model
        with (
            model.running(),
            patch.object(blocks, "BLOCK_SIZE", 5),
            patch.object(LiveSales, "read_sales", self._asking()),
        ):
            for number in range(_SELLERS * _ORDERS):
                email = f"buyer-{number}@example.com"
                model.table().put({**person_keys.profile(ORG, email)._asdict(), "email": email})
            model.engine.watch, model.network.faults = self._watch, STORM
            for seller in range(_SELLERS):
                model.time.spawn(lambda seller=seller: self._sell(seller))
            model.time.spawn(self._import)
            model.time.spawn(self._add)
            model.time.run(model.time.now + 600)
            model.network.faults = Faults()
            self._worker()
            self._ended()
        return self.broken

    def _asking(self) -> Callable[..., int]:
        """A reader of sales that records when it began."""
        read = LiveSales.read_sales

        def asking(sales: LiveSales, org: str, event_id: str) -> int:
            self.requested_at[getcurrent()] = self.model.time.now
            return read(sales, org, event_id)

        return asking

    # What is done

    def _sell(self, seller: int) -> None:
        random, time = self.model.time.random, self.model.time
        for number in range(_ORDERS):
            time.elapse(random.expovariate(4))
            table, order = self.model.table(), _order(seller * _ORDERS + number, time.instant)
            with suppress(*FAILURES):
                recorded = Purchases(table, EventSales(table)).record(ORG, order, time.instant)
                if random.random() < 0.3:
                    Purchases(table, EventSales(table)).refund(ORG, recorded, {EVENT: 1}, time.instant)

    def _import(self) -> None:
        for _ in range(4):
            with suppress(*FAILURES):
                self._worker()
                break
            self.requested_at.pop(getcurrent(), None)
        self.requested_at.pop(getcurrent(), None)

    def _worker(self) -> None:
        file = TicketFile(
            organiser_id=ORG, import_id="import", event_id=EVENT, at=self.model.time.instant, digest_key=b""
        )
        rows = [(line, ARow(f"I{line}")) for line in range(2, 2 + self.rows)]
        problems: list[Any] = []
        tally = import_tickets(rows, file, _ports(self.model.table()), lambda: self.capacity, _note, problems.append)
        self.over = tally.tickets.imported + tally.tickets.no_capacity == self.rows

    def _add(self) -> None:
        random, time = self.model.time.random, self.model.time
        for number in range(4):
            time.elapse(random.expovariate(4))
            table = self.model.table()
            event = Event(event_id=EVENT, name="Gala", capacity=self.capacity)
            single_ticket = SingleTicket(code=f"A{number}", when_full=WhenFull.STOP)
            with suppress(*FAILURES):
                add_ticket(
                    ORG, event, single_ticket, f"alone-{number}", time.instant, EventTickets(table), Customers(table)
                )
            self.requested_at.pop(getcurrent(), None)

    # Laws

    def _watch(self, before: Any, after: Any) -> None:
        item = after or before
        if after and not before and "batch" in after and "code" in after:
            self.tickets.add(after["code"]["S"])
        if "sold" in item or "back" in item:
            more = (unmarshal_item(one) if one else {} for one in (before, after))
            was, now = (one.get("sold", 0) - one.get("back", 0) for one in more)
            self.sold.append((self.model.time.now, self.sold[-1][1] + now - was))
        if after and item["sk"]["S"] == SALES and "taken" in after:
            was, now = (int((one or {}).get("taken", {"N": "0"})["N"]) for one in (before, after))
            if now > was and now + self._least_sold() > self.capacity:
                self.broken.add("nothing is imported or added where no place is free")

    def _least_sold(self) -> int:
        """The fewest that were sold at any moment since somebody asked who has not been answered yet."""
        since = min(self.requested_at.values(), default=self.model.time.now)
        before = [number for at, number in self.sold if at <= since][-1]
        return min([before, *(number for at, number in self.sold if at > since)])

    def _ended(self) -> None:
        sales = EventSales(self.model.table()).read_sales(ORG, EVENT)
        if not self.over:
            self.broken.add("an import comes to its end")
        if sales.held_places or sales.imported != len(self.tickets):
            self.broken.add("each ticket is counted once")
        if sales.taken_places - self.sold[-1][1] != len(self.tickets):
            self.broken.add("each place is taken once")


def _note(_line: int) -> None:
    return


def _ports(table: Table) -> TicketPorts:
    return TicketPorts(
        tickets=Tickets(table),
        sales=EventSales(table),
        contacts=Contacts(table),
        customers=Customers(table),
        digest_key=b"",
    )


def _order(number: int, now: Any) -> Purchase:
    return Purchase(
        order_id=f"order-{number}",
        email=f"buyer-{number}@example.com",
        name="",
        purchased_at=now,
        recorded_at=now,
        lines=(OrderLine(sale_item_id="ticket", event_id=EVENT, quantity=1),),
        content="c",
    )
