"""The run of a purchase file: its rows are gathered into orders, and each order is recorded whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from re import compile as pattern
from zoneinfo import ZoneInfo

from guestlist.entry import fold_email
from guestlist.errors import Conflict
from guestlist.imports.job import Job
from guestlist.imports.purchases import ports
from guestlist.imports.purchases.orders import Order, Orders
from guestlist.imports.reading import words
from guestlist.imports.reading.problems import (
    BadDate,
    DuplicateExisting,
    OrderIncomplete,
    OtherBuyer,
    Problem,
    TooLong,
    UnknownItem,
)
from guestlist.imports.reading.purchase_rows import PurchaseRow, read_purchases
from guestlist.imports.record import Counts, Status
from guestlist.purchase import MOST_LINES, Buyer, Line, NewPurchase

SKEW = timedelta(minutes=5)
_READ, _FORESEEN = 0.3, 0.5
_ID = pattern(r"[A-Za-z0-9._~-]{1,128}")
_ROWS_A_BEAT = 500
_NEW, _SAME = "orders_added", "orders_existing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFiles:
    """Runs purchase imports. `zone` answers the organiser's time zone."""

    orders: ports.Orders
    notes: ports.OrderNotes
    zone: Callable[[str], ZoneInfo]

    def run(self, job: Job) -> None:
        """Record every good order, or stop for review. Raises `Failed`, `Lost` and `Interrupted`."""
        with Orders(job.folder / "orders") as gathered:
            self._read(job, gathered)
            counts, effect = self._foreseen(job, gathered)
            if job.for_review:
                job.await_review(counts, effect=effect)
                return
            job.check(counts)
            if job.record.checkpoint is None:
                job.hold.change(status=Status.IMPORTING, effect=effect, checkpoint={"storing": 1})
            imported = self._recorded(job, gathered)
        job.keep_refusals()
        job.finish(Counts(imported + job.refusals.count, imported, job.refusals.count))

    def _read(self, job: Job, gathered: Orders) -> None:
        zone = self.zone(job.record.organiser_id)
        rows = read_purchases(job.sheet, job.record.options, job.notices, zone, gathered.spoil)
        for number, row in enumerate(rows):
            if number % _ROWS_A_BEAT == 0:
                job.hold.beat(_READ * job.sheet.progress)
            if isinstance(row, Problem):
                job.refusals.add(row)
            else:
                gathered.add(*row)

    def _foreseen(self, job: Job, gathered: Orders) -> tuple[Counts, dict[str, int]]:
        """Every order held against what stands; the rows of those that cannot be are refused."""
        good, effect = 0, {_NEW: 0, _SAME: 0}
        for order in gathered:
            known = self.orders.known(job.record.organiser_id, _purchase(order))
            problems = self._problems(job, order, known=known)
            for problem in problems:
                job.refusals.add(problem)
            if not problems:
                good += len(order.rows)
                effect[_SAME if known else _NEW] += 1
            job.hold.beat(_READ)
        return Counts(good + job.refusals.count, good, job.refusals.count), effect

    def _recorded(self, job: Job, gathered: Orders) -> int:
        """Record the good orders; answers how many rows they have."""
        org, good = job.record.organiser_id, 0
        for order in gathered:
            purchase = _purchase(order)
            known = self.orders.known(org, purchase)
            if not self._problems(job, order, known=known):
                good += self._kept(job, order, purchase, new=known is None)
            elif known is False:
                self.notes.strike(org, job.record.import_id, order.order_id)
            job.hold.beat(_FORESEEN)
        return good

    def _kept(self, job: Job, order: Order, purchase: NewPurchase, *, new: bool) -> int:
        """Record an order, noted first if it is a new one; answers how many of its rows were good."""
        org, import_id = job.record.organiser_id, job.record.import_id
        if new:
            self.notes.note(org, import_id, order.order_id)
        try:
            self.orders.record(org, purchase, job.bench.time.now())
        except Conflict:
            self.notes.strike(org, import_id, order.order_id)
            for line, _ in order.rows:
                job.refusals.add(_existing(job, line, order))
            return 0
        return len(order.rows)

    def _problems(self, job: Job, order: Order, *, known: bool | None) -> list[Problem]:
        """What is wrong with the order, a problem for each of its rows; none for a good order."""
        own = {line: problem for line, row in order.rows if (problem := self._problem(job, line, row, order))}
        if known is False:
            return [_existing(job, line, order) for line, _ in order.rows]
        if not own and not order.spoilt:
            return []
        column = job.sheet.label(words.ORDER)
        return [own.get(line) or OrderIncomplete(line, column, order.order_id) for line, _ in order.rows]

    def _problem(self, job: Job, line: int, row: PurchaseRow, order: Order) -> Problem | None:
        label = job.sheet.label
        _, first = order.rows[0]
        if not _ID.fullmatch(order.order_id):
            return TooLong(line, label(words.ORDER), order.order_id, 128)
        if len(order.rows) > MOST_LINES:
            return TooLong(line, label(words.ORDER), order.order_id, MOST_LINES)
        if (fold_email(row.email), row.purchased_at) != (fold_email(first.email), first.purchased_at):
            return OtherBuyer(line, label(words.ORDER), order.order_id)
        if row.purchased_at and row.purchased_at > job.bench.time.now() + SKEW:
            return BadDate(line, label(words.PURCHASED_AT), row.purchased_at.isoformat(), "is still to come")
        if self._unknown(job, row.sale_item):
            return UnknownItem(line, label(words.SALE_ITEM), row.sale_item)
        return None

    def _unknown(self, job: Job, sale_item: str) -> bool:
        return not _ID.fullmatch(sale_item) or not self.orders.has_item(job.record.organiser_id, sale_item)


def _purchase(order: Order) -> NewPurchase:
    _, first = order.rows[0]
    return NewPurchase(
        order_id=order.order_id,
        customer=Buyer(email=first.email, name=first.name or None),
        lines=tuple(Line(sale_item_id=row.sale_item, quantity=row.quantity) for _, row in order.rows),
        purchased_at=first.purchased_at,
    )


def _existing(job: Job, line: int, order: Order) -> Problem:
    where = "among the orders, with other content,"
    return DuplicateExisting(line, job.sheet.label(words.ORDER), order.order_id, where)
