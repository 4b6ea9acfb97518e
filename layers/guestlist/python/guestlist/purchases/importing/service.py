"""Import of a purchase file: its rows are grouped into orders, and each order is recorded whole or not at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from zoneinfo import ZoneInfo

from guestlist.imports.checkpointed_pass import CheckpointedPass, initial_checkpoint, is_current_pass
from guestlist.imports.job import Job
from guestlist.imports.model import Counts, Status
from guestlist.imports.ports import RowResults
from guestlist.imports.reading import fields
from guestlist.imports.reading.problems import DuplicateExisting, Problem
from guestlist.imports.reading.purchase_rows import read_purchases
from guestlist.purchases.importing import ports
from guestlist.purchases.importing.orders import OrderCollector, OrderRows
from guestlist.purchases.importing.sale_items import ItemExistence, ItemNames, items_question
from guestlist.purchases.importing.undo import undo_purchases
from guestlist.purchases.importing.validation import Results, is_valid, order_problems, validate_orders
from guestlist.purchases.model import Buyer, Line, NewPurchase

BLOCK_SIZE = 100
_READ_SHARE, _PREVIEW_SHARE = 0.3, 0.5
_ROWS_PER_HEARTBEAT = 500
_NEW_ORDERS, _EXISTING_ORDERS = "orders_added", "orders_existing"
_PREVIEW_PASS, _RECORD_PASS = "foreseen", "stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFiles:
    """Runs purchase imports. `zone` returns the organiser's time zone."""

    orders: ports.Orders
    journal: ports.OrderJournal
    row_results: RowResults
    zone: Callable[[str], ZoneInfo]

    def run(self, job: Job) -> None:
        """Record every valid order, or stop for review. Raises `ImportFailed`, `LeaseLost` and `OutOfTime`.

        An order is validated once, in the preview, whose results by line hold when it is recorded; both passes
        resume where another worker stopped. In an all-or-nothing import, an order that is refused only while
        orders are recorded has all of them refunded.
        """
        with OrderCollector(job.folder / "orders") as collected:
            job = self._collect(job, collected)
            reported = not is_current_pass(job.record, _RECORD_PASS)
            if reported:
                counts, effect = self._preview_all(job, collected)
                if job.for_review:
                    job.await_review(counts, effect=effect)
                    return
                job.check_counts(counts)
                checkpoint = initial_checkpoint(_RECORD_PASS, job.worker_context.time.now())
                job.lease.update(status=Status.IMPORTING, effect=effect, checkpoint=checkpoint)
            counts = self._record_all(job, collected, reported=reported)
        if job.must_abort(counts):
            undo_purchases(job.record, job.worker_context.time.now(), self.orders, self.journal)
        job.check_counts(counts)
        job.save_refusals()
        job.finish(counts)

    def _collect(self, job: Job, collected: OrderCollector) -> Job:
        """Gather the orders, and return the job, with a question if sale items are unknown."""
        org = job.record.organiser_id
        zone = self.zone(org)
        names = ItemNames(lambda labels: self.orders.find_items(org, labels), job.record.options.items)
        rows = read_purchases(job.sheet, job.record.options, job.row_notes, zone, collected.mark_invalid)
        for number, row in enumerate(rows):
            if number % _ROWS_PER_HEARTBEAT == 0:
                job.lease.heartbeat(_READ_SHARE * job.sheet.progress)
            if isinstance(row, Problem):
                job.refusals.add(row)
            else:
                line, purchase = row
                item = names.item(purchase.sale_item)
                collected.add(line, purchase if item == purchase.sale_item else replace(purchase, sale_item=item))
        return self._with_items(job, collected, names)

    def _with_items(self, job: Job, collected: OrderCollector, names: ItemNames) -> Job:
        """Ask for the items of labels that name none, if the import is reviewed or no label names an item.

        Unless the organiser has chosen the items and confirmed, the orders are read as suggested.
        """
        if not names.unmatched or (names.matched and not job.record.options.review):
            return job
        chosen_items = job.record.options.items
        suggested = self.orders.suggest_items(job.record.organiser_id, names.unmatched)
        if chosen_items is None or not job.record.confirmed:
            collected.items = suggested
        open_labels = {label.casefold() for label in names.unmatched}
        chosen = {label: item for label, item in (chosen_items or {}).items() if label.casefold() not in open_labels}
        return job.with_question(items_question(job.sheet.label(fields.SALE_ITEM), names.unmatched, suggested, chosen))

    def _preview_all(self, job: Job, collected: OrderCollector) -> tuple[Counts, dict[str, int]]:
        """Compare every order with the stored data, and refuse the rows of invalid ones."""
        org, valid = job.record.organiser_id, 0
        items = ItemExistence(lambda names: self.orders.unknown_items(org, names))
        with CheckpointedPass(job, _PREVIEW_PASS, self.row_results) as current_pass:
            effect = {_NEW_ORDERS: 0, _EXISTING_ORDERS: 0, **current_pass.numbers}
            for committed, new_orders in _blocks(collected, current_pass):
                valid += sum(_refuse_rows(job, order, _stored_results(current_pass, [order])) for order in committed)
                identical_by_id = self.orders.compare_existing(org, [_purchase(order) for order in new_orders])
                results = validate_orders(new_orders, identical_by_id, items, job.worker_context.time.now())
                for order in new_orders:
                    rows = _refuse_rows(job, order, results)
                    valid += rows
                    effect[_EXISTING_ORDERS if order.order_id in identical_by_id else _NEW_ORDERS] += rows > 0
                _commit(job, current_pass, new_orders, results, (_READ_SHARE, _PREVIEW_SHARE), **effect)
        return Counts(valid + job.refusals.count, valid, job.refusals.count), effect

    def _record_all(self, job: Job, collected: OrderCollector, *, reported: bool) -> Counts:
        """Record the valid orders. The problems of the others are added here, unless the preview `reported` them."""
        valid = 0
        with CheckpointedPass(job, _RECORD_PASS, self.row_results, previous=_PREVIEW_PASS) as current_pass:
            for committed, new_orders in _blocks(collected, current_pass):
                block = (*committed, *new_orders)
                stored_results = _stored_results(current_pass, block)
                accepted = [order for order in new_orders if is_valid(order, stored_results)]
                conflicting = self._record_block(job, block[0].first_line, accepted)
                duplicates = {order.first_line: DuplicateExisting.code for order in conflicting}
                for order in block:
                    if is_valid(order, stored_results) or not reported:
                        valid += _refuse_rows(job, order, stored_results | duplicates)
                _commit(job, current_pass, new_orders, duplicates, (_PREVIEW_SHARE, 1.0))
        return Counts(valid + job.refusals.count, valid, job.refusals.count)

    def _record_block(self, job: Job, place: int, orders: Sequence[OrderRows]) -> list[OrderRows]:
        """Record these orders, new ones first in the journal, and return those whose ids other orders have by now.

        On a repeated attempt existing orders are recorded again, since their buyers' groups may not be up to date.
        """
        org, import_id = job.record.organiser_id, job.record.import_id
        purchases = [_purchase(order) for order in orders]
        identical_by_id = self.orders.compare_existing(org, purchases)
        self.journal.append_orders(
            org,
            import_id,
            place,
            [purchase.order_id for purchase in purchases if purchase.order_id not in identical_by_id],
        )
        other_ids = {order_id for order_id, same in identical_by_id.items() if not same}
        finished_ids = identical_by_id.keys() if job.record.attempts == 1 else other_ids
        unrecorded = [purchase for purchase in purchases if purchase.order_id not in finished_ids]
        other_ids |= self.orders.record(org, unrecorded, job.worker_context.time.now())
        self.journal.remove_orders(org, import_id, place, other_ids)
        return [order for order in orders if order.order_id in other_ids]


def _blocks(
    collected: OrderCollector, current_pass: CheckpointedPass
) -> Iterator[tuple[list[OrderRows], list[OrderRows]]]:
    """Yield all orders in blocks: those committed before, and the others."""
    orders = iter(collected)
    while block := list(islice(orders, BLOCK_SIZE)):
        committed = [order for order in block if order.first_line <= current_pass.place]
        yield committed, block[len(committed) :]


def _commit(
    job: Job,
    current_pass: CheckpointedPass,
    new_orders: Sequence[OrderRows],
    results: Results,
    share: tuple[float, float],
    **effect: int,
) -> None:
    start, end = share
    place = new_orders[-1].first_line if new_orders else current_pass.place
    progress = start + (end - start) * job.sheet.progress_at(place)
    if new_orders:
        current_pass.commit(place, results, progress, **effect)
    else:
        job.lease.heartbeat(progress)


def _stored_results(current_pass: CheckpointedPass, orders: Sequence[OrderRows]) -> dict[int, str]:
    """The stored results of these orders' lines."""
    return current_pass.results_of(line for order in orders for line, _ in order.rows)


def _refuse_rows(job: Job, order: OrderRows, results: Results) -> int:
    """Refuse the rows of an invalid order, or return the number of rows of a valid one."""
    refused = job.refusals.count
    for problem in order_problems(order, results, job.sheet.label):
        job.refusals.add(problem)
    return len(order.rows) if job.refusals.count == refused else 0


def _purchase(order: OrderRows) -> NewPurchase:
    _, first = order.rows[0]
    return NewPurchase(
        order_id=order.order_id,
        customer=Buyer(email=first.email, name=first.name or None),
        lines=tuple(Line(sale_item_id=row.sale_item, quantity=row.quantity) for _, row in order.rows),
        purchased_at=first.purchased_at,
    )
