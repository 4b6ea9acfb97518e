"""Orders of one event on the model: so many a second, each a transaction, as a checkout tells of them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guestlist.aws import person_keys
from guestlist.aws.table import Unavailable
from guestlist.model.errors import GuestlistError
from guestlist.purchases.model import OrderLine, Purchase
from guestlist.purchases.store import Purchases
from guestlist.tickets.sales_store import EventSales
from tests.simulation.capacity import TABLE_READS, TABLE_WRITES, Capacity
from tests.simulation.fleet import ORG
from tests.simulation.network import Model

EVENT = "gala"
COMMIT = 0.01
"""For so many seconds a transaction keeps its items from others, which are told that they conflict."""


@dataclass
class Orders:
    """The results of the orders; `sold` is the number that the event reports afterwards."""

    offered: int
    seconds: float
    successes: int = 0
    done_in_time: int = 0
    refusals: int = 0
    sold: int = 0
    took: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """The figures, for people and for the bench."""
        took = sorted(self.took) or [0.0]
        return {
            "done a second": self.done_in_time / self.seconds,
            "share": self.successes / self.offered,
            "99 %": took[len(took) * 99 // 100],
            "refused": self.refusals,
            "miscounted": abs(self.sold - self.successes),
        }


def orders(offered: int, seconds: float, seed: int = 0) -> Orders:
    """Offer so many orders a second of one place each, evenly but for chance, for so long."""
    with Model(seed, Capacity(TABLE_WRITES, TABLE_READS)).running() as model:
        table, result = model.table(), Orders(int(offered * seconds), seconds)
        for number in range(result.offered):
            email = _email(number)
            table.put({**person_keys.profile(ORG, email)._asdict(), "email": email})
        model.engine.commit = COMMIT
        begin = model.time.now
        for number in range(result.offered):
            when = begin + (number + model.time.random.random()) / offered
            model.time.spawn(lambda number=number: _one(model, result, number, begin + seconds), when)
        model.time.run(begin + seconds + 30)
        result.sold = EventSales(model.table()).read_sales(ORG, EVENT).sold
        return result


def _email(number: int) -> str:
    return f"buyer-{number}@example.com"


def _one(model: Model, result: Orders, number: int, end: float) -> None:
    table = model.table()
    began = model.time.now
    try:
        order = _order(number, model.time.instant)
        Purchases(table, EventSales(table)).record(ORG, order, model.time.instant)
    except (GuestlistError, Unavailable):
        result.refusals += 1
        return
    result.successes += 1
    result.done_in_time += model.time.now <= end
    result.took.append(model.time.now - began)


def _order(number: int, now: datetime) -> Purchase:
    return Purchase(
        order_id=f"order-{number}",
        email=_email(number),
        name="",
        purchased_at=now,
        recorded_at=now,
        lines=(OrderLine(sale_item_id="ticket", event_id=EVENT, quantity=1),),
        content="c",
    )
