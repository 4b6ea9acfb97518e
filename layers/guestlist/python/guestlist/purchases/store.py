"""Purchases in the table: the order, an item per sale item in the buyer's partition, and the revision on the profile.

An order, its lines, the sales of its events and the revision of the buyer's purchases change in one transaction, so
a write can be conditioned on the purchases being those that were read.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.due import DueIndex, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.sharded_query import query_shards
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.aws.table_reads import Query, Reading
from guestlist.customers.model import shard_of
from guestlist.groups.membership_items import membership_of
from guestlist.groups.person import Person
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification, Unknown
from guestlist.purchases.due_buyers import DUE_CUSTOMER, DueBuyers
from guestlist.purchases.model import CountedPurchase, Purchase, is_keyed_digest, keyed_digest
from guestlist.tickets.sales_store import EventSales

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_READ_AHEAD = 4_000
_PEOPLE_AT_ONCE = 16
_MAX_WRITES = 100
_COUNTED = ("at", "sale_item_id", "quantity", "imported")
"""The attributes of a line that rules count; a full pass reads no others."""


class Purchases:
    """The purchases of every organiser."""

    def __init__(self, table: Table, sales: EventSales) -> None:
        self._table = table
        self._sales = sales
        self._due_buyers = DueBuyers(table)

    # Reading

    def get_purchase(self, org: str, order_id: str) -> Purchase:
        """The order. Raises `Unknown`."""
        item = self._table.get(keys.purchase(org, order_id))
        if item is None:
            raise Unknown("not_found.order", id=order_id)
        return _purchase(item)

    def get_purchases(self, org: str, order_ids: Sequence[str]) -> Mapping[str, Purchase]:
        """The orders that exist, by id."""
        items = self._table.get_many(keys.purchase(org, order_id) for order_id in order_ids)
        return {purchase.order_id: purchase for purchase in map(_purchase, items.values())}

    def person(self, org: str, email: str) -> Person:
        """The purchases and memberships of one person; a purchase made during the read may be missing.

        The revision is read first, so that a write after such a purchase fails its condition.
        """
        return self.people(org, [email])[0]

    def people(self, org: str, emails: Sequence[str]) -> list[Person]:
        """The purchases and memberships of several people, read in batches."""
        batches = (emails[at : at + _PEOPLE_AT_ONCE] for at in range(0, len(emails), _PEOPLE_AT_ONCE))
        return [person for batch in batches for person in self._read_people(org, batch)]

    def _read_people(self, org: str, emails: Sequence[str]) -> Iterator[Person]:
        profiles = self._table.get_many(person_keys.profile(org, email) for email in emails)
        pks = [person_keys.customer(org, email) for email in emails]
        pages = self._table.read(Reading(lambda _items, pages: pages, queries=[Query(pk) for pk in pks]))
        for email, pk, page in zip(emails, pks, pages, strict=True):
            rest = self._table.query_all(pk, start=page.next) if page.next else ()
            yield _person(pk, profiles.get(person_keys.profile(org, email)) or {}, [*page.items, *rest])

    def due_buyers(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Yield organiser and e-mail of the people who are due for a reevaluation after a purchase or refund."""
        yield from self._due_buyers.due(now)
        for key in DueIndex(self._table, DUE_CUSTOMER).keys(now):
            item = self._table.get(key)
            if item and "due_at" in item:
                yield keys.organiser_of(key.pk), person_keys.email_of(key.pk)

    def buyers(
        self, org: str, sale_item_ids: Collection[str], shard: int, after: str = ""
    ) -> Iterator[tuple[str, list[CountedPurchase]]]:
        """Yield the buyers of the items in one shard by folded e-mail after `after`, with their purchases of them.

        Eventually consistent. The more items, the fewer lines of each are read ahead.
        """
        lists = [keys.buyers(org, name, shard) for name in sale_item_ids]
        ahead = max(10, _READ_AHEAD // max(1, len(lists)))
        lines = query_shards(self._table, lists, after=after, limit=ahead, only=_COUNTED)
        for email, items in groupby(lines, key=lambda item: item["g1sk"].partition("\x1f")[0]):
            yield email, [_counted_purchase(item) for item in items]

    # Writing

    def record(self, org: str, purchase: Purchase, now: datetime) -> Purchase:
        """Save a new order of a customer.

        Raises `ConcurrentModification` when the order exists, or the customer does not.
        """
        return self._change(org, purchase, purchase.places, now, is_new=True)

    def renew(self, org: str, undone: Purchase, purchase: Purchase, now: datetime) -> Purchase:
        """Replace an order whose import was undone. Raises `ConcurrentModification`.

        The lines of the undone order are deleted first: the new one may have fewer, or another buyer.
        """
        if undone.email:
            self._table.delete_many(_line_key(org, undone, indexes[0]) for indexes in undone.line_groups)
        return self._change(org, undone.replaced_by(purchase), purchase.places, now, is_new=True)

    def save_due_buyers(self, org: str, emails: Sequence[str], now: datetime) -> str:
        """Save a note of customers to reevaluate, before their orders are recorded; returns the note's name."""
        return self._due_buyers.save_note(org, emails, now)

    def delete_due_buyers(self, org: str, note: str) -> None:
        """Delete the note after its customers were reevaluated."""
        self._due_buyers.delete_note(org, note)

    def record_many(self, org: str, purchases: Sequence[Purchase], now: datetime, note: str = "") -> list[Purchase]:
        """Save new orders of different ids, as many in one transaction as fit.

        With a note that lists them all, the buyers are not made due one by one. Returns the orders of the
        transactions that failed, none of which is saved: an order exists, or a customer does not.
        """
        failed: list[Purchase] = []
        for batch in _batches(purchases):
            try:
                self._table.transact(*self._writes(org, batch, None if note else now))
            except ConditionFailed:
                failed += batch
        return failed

    def _writes(self, org: str, purchases: Sequence[Purchase], due: datetime | None) -> Iterator[Write]:
        sold: Counter[str] = Counter()
        for purchase in purchases:
            next_revision = replace(purchase, by_item=True, revision=1)
            sold.update(next_revision.places)
            yield _order_write(org, next_revision)
            yield from (Write(put=_line_item(org, next_revision, indexes)) for indexes in next_revision.line_groups)
        first = purchases[0].order_id
        yield from (self._sales.sale_write(org, event_id, places, first) for event_id, places in sold.items())
        for email, orders in Counter(purchase.key for purchase in purchases).items():
            yield _profile_write(org, email, due, orders)

    def refund(self, org: str, purchase: Purchase, returned: Mapping[str, int], now: datetime) -> Purchase:
        """Save a refunded order, and subtract the quantities in `returned`, by event id, from the sales of events.

        Raises `ConcurrentModification` when the order has changed.
        """
        return self._change(org, purchase, {event_id: -places for event_id, places in returned.items()}, now)

    def remove_buyer(self, org: str, order_id: str) -> None:
        """Remove the buyer from the order; lines and refunds stay. Raises `ConcurrentModification`."""
        purchase = self.get_purchase(org, order_id)
        if purchase.email or purchase.name:
            content = purchase.content
            if not is_keyed_digest(content):
                content = keyed_digest(content, self._table.digest_key)
            anonymous = replace(purchase, email="", name="", content=content, revision=purchase.revision + 1)
            write = _order_write(org, anonymous)
            try:
                self._table.put(write.put or {}, when=write.when)
            except ConditionFailed as error:
                raise ConcurrentModification from error

    def _change(
        self, org: str, purchase: Purchase, sold: Mapping[str, int], now: datetime, *, is_new: bool = False
    ) -> Purchase:
        next_revision = replace(purchase, by_item=is_new or purchase.by_item, revision=purchase.revision + 1)
        writes = [_order_write(org, next_revision)]
        order_id = purchase.order_id
        writes += [
            self._sales.sale_write(org, event_id, places, order_id) for event_id, places in sold.items() if places
        ]
        if purchase.email:
            lines = next_revision.lines
            groups = next_revision.line_groups
            changed = [indexes for indexes in groups if is_new or any(lines[at].refunded for at in indexes)]
            writes += [Write(put=_line_item(org, next_revision, indexes)) for indexes in changed]
            writes += [_profile_write(org, next_revision.email, now)]
        try:
            self._table.transact(*writes)
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return next_revision


def _person(pk: str, profile: Item, items: Sequence[Item]) -> Person:
    return Person(
        email=person_keys.email_of(pk),
        purchases_revision=profile.get("purchases", 0) if "email" in profile else None,
        reevaluation_due="due_at" in profile,
        purchases=tuple(_counted_purchase(item) for item in items if item["sk"].startswith(("BUY#", "T#"))),
        memberships={item["group_id"]: membership_of(item) for item in items if item["sk"].startswith("M#")},
    )


def counted_attributes(
    org: str, email: str, sale_item_id: str, at: datetime, place: str, *, quantity: int, imported: bool
) -> Item:
    """The attributes of a counted item in a buyer's partition; `place` distinguishes items of the same instant."""
    where = {
        "g1pk": keys.buyers(org, sale_item_id, shard_of(email)),
        "g1sk": f"{fold_email(email)}\x1f{instant(at)}\x1f{place}",
    }
    facts = {"sale_item_id": sale_item_id, "at": instant(at), "quantity": quantity, "imported": imported or None}
    return {**facts, **(where if quantity else {})}


def _line_item(org: str, purchase: Purchase, indexes: Sequence[int]) -> Item:
    """The item of the lines with these indexes, all of one sale item; several are also stored one by one in it."""
    lines, first = [purchase.lines[at] for at in indexes], indexes[0]
    place = f"{purchase.order_id}\x1f{first:04d}"
    several = [[at, line.quantity, line.refunded] for at, line in zip(indexes, lines, strict=True)]
    return {
        **_line_key(org, purchase, first)._asdict(),
        "order_id": purchase.order_id,
        "event_id": lines[0].event_id,
        "ordered": sum(line.quantity for line in lines),
        "lines": several if len(lines) > 1 else None,
        **counted_attributes(
            org,
            purchase.email,
            lines[0].sale_item_id,
            purchase.purchased_at,
            place,
            quantity=sum(line.net for line in lines),
            imported=False,
        ),
    }


def _line_key(org: str, purchase: Purchase, at: int) -> keys.Key:
    return person_keys.purchase_line(org, purchase.email, instant(purchase.purchased_at), purchase.order_id, at)


def _order_write(org: str, purchase: Purchase) -> Write:
    item = {
        **keys.purchase(org, purchase.order_id)._asdict(),
        "revision": purchase.revision,
        "record": _adapter().dump_json(purchase, exclude={"revision"}, exclude_defaults=True).decode(),
    }
    first = purchase.revision == 1
    return Write(put=item, when=conditions.absent() if first else conditions.equals("revision", purchase.revision - 1))


def _profile_write(org: str, email: str, due: datetime | None, orders: int = 1) -> Write:
    key = person_keys.profile(org, email)
    changes = due_attributes(DUE_CUSTOMER, key, due) if due else {}
    return Write(key=key, changes=changes, add={"purchases": orders}, when=conditions.present("email"))


def _batches(purchases: Sequence[Purchase]) -> Iterator[list[Purchase]]:
    """Split the purchases into batches that fit into one transaction each; a single order always fits."""
    batch: list[Purchase] = []
    batch_writes = 0
    for purchase in purchases:
        writes = 2 + len({line.sale_item_id for line in purchase.lines}) + len(purchase.places)
        if batch and batch_writes + writes > _MAX_WRITES:
            yield batch
            batch, batch_writes = [], 0
        batch.append(purchase)
        batch_writes += writes
    if batch:
        yield batch


def _purchase(item: Item) -> Purchase:
    return replace(_adapter().validate_json(item["record"]), revision=item["revision"])


def _counted_purchase(item: Item) -> CountedPurchase:
    return CountedPurchase(
        at=datetime.fromisoformat(item["at"]),
        sale_item_id=item["sale_item_id"],
        quantity=item["quantity"],
        order_id=item.get("order_id", ""),
        imported=item.get("imported", False),
    )


@cache
def _adapter() -> "TypeAdapter[Purchase]":
    from pydantic import TypeAdapter

    return TypeAdapter(Purchase)
