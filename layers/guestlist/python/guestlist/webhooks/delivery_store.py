"""Deliveries in the table: one item each, next to the others about the same subject.

Pending ones are in the due index, as a separate kind of work for each webhook, so that one webhook's backlog does not
delay another. All are listed by webhook and age, and deleted by TTL.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from guestlist.aws import conditions, webhook_keys
from guestlist.aws.due import DueIndex, due_attributes
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.erasure.model import AddressMatcher
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import ConcurrentModification
from guestlist.webhooks.model import Delivery, DeliveryStatus
from guestlist.webhooks.policy import RETENTION
from guestlist.webhooks.redaction import redact_delivery

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_SHARDS = 8
_LAST = "~"


class Deliveries:
    """The deliveries of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add_delivery(self, delivery: Delivery) -> bool:
        """Add a new delivery; False if there already is one of this event, which stays unchanged."""
        try:
            self._table.put(_item(delivery), when=conditions.absent())
        except ConditionFailed:
            return False
        return True

    def revise(self, delivery: Delivery) -> Delivery:
        """Save the changed delivery under its next revision. Raises `ConcurrentModification`."""
        next_revision = replace(delivery, revision=delivery.revision + 1)
        try:
            self._table.put(_item(next_revision), when=conditions.equals("revision", delivery.revision))
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return next_revision

    def find_delivery(self, org: str, webhook_id: str, delivery_id: str) -> Delivery | None:
        """The delivery with this id, or None."""
        place = f"{webhook_id}#{delivery_id}"
        page = self._table.query(_list(org, delivery_id), index="listing", between=(place, place))
        return next(filter(None, map(self._get, page.items)), None)

    def newest(self, org: str, webhook_id: str, limit: int, since: str, before: str = _LAST) -> list[Delivery]:
        """At most `limit` deliveries to a webhook, newest first, with ids from `since` to before `before`."""
        bounds = f"{webhook_id}#{since}", f"{webhook_id}#{before}"
        reads = [
            partial(
                self._table.query,
                webhook_keys.deliveries(org, shard),
                index="listing",
                between=bounds,
                descending=True,
                limit=limit + 1,
            )
            for shard in range(_SHARDS)
        ]
        pages = [page.items for page in self._table.run_parallel(*reads)]
        items = merge(*pages, key=lambda item: str(item["g1sk"]), reverse=True)
        return list(islice((_delivery(item) for item in items if item["g1sk"] != bounds[1]), limit))

    def due(self, org: str, webhook_id: str, now: datetime) -> Iterator[Delivery]:
        """The deliveries to the webhook that are due; the index is eventually consistent."""
        for key in DueIndex(self._table, webhook_keys.due_deliveries(org, webhook_id)).keys(now):
            delivery = self._get(key._asdict())
            if delivery is not None and delivery.due_at is not None and delivery.due_at <= now:
                yield delivery

    def next_due(self, org: str, webhook_id: str) -> datetime | None:
        """The time of the webhook's next pending delivery; None without any. The index is eventually consistent."""
        first = DueIndex(self._table, webhook_keys.due_deliveries(org, webhook_id)).first()
        return datetime.fromisoformat(first) if first else None

    def current(self, delivery: Delivery) -> Delivery | None:
        """The current state of the delivery."""
        key = webhook_keys.subject(delivery.organiser_id, delivery.webhook_id, delivery.subject)
        return self._get({"pk": key, "sk": delivery.sequence})

    def pending_of(self, org: str, webhook_id: str, subject: str) -> list[Delivery]:
        """The pending deliveries about one subject, in the order of its events."""
        items = self._table.query_all(webhook_keys.subject(org, webhook_id, subject))
        return [delivery for delivery in map(_delivery, items) if delivery.status is DeliveryStatus.PENDING]

    def redact(self, org: str, person: AddressMatcher) -> None:
        """Remove the person from every stored delivery and from the receivers' responses."""
        for shard in range(_SHARDS):
            for item in self._table.query_all(webhook_keys.deliveries(org, shard), index="listing"):
                retry_on_conflict(partial(self._redact, item, person))

    def _redact(self, item: Item, person: AddressMatcher) -> None:
        delivery = self._get(item)
        redacted = redact_delivery(delivery, person) if delivery else None
        if redacted is not None and redacted != delivery:
            self.revise(redacted)

    def _get(self, item: Item) -> Delivery | None:
        current = self._table.get(Key(item["pk"], item["sk"]))
        return _delivery(current) if current else None


def _list(org: str, delivery_id: str) -> str:
    return webhook_keys.deliveries(org, crc32(delivery_id.encode()) % _SHARDS)


def _item(delivery: Delivery) -> Item:
    org, webhook_id = delivery.organiser_id, delivery.webhook_id
    key = Key(webhook_keys.subject(org, webhook_id, delivery.subject), delivery.sequence)
    return {
        **key._asdict(),
        "revision": delivery.revision,
        "delivery": _adapter().dump_json(delivery, exclude_defaults=True).decode(),
        "g1pk": _list(org, delivery.delivery_id),
        "g1sk": f"{webhook_id}#{delivery.delivery_id}",
        "ttl": int((delivery.created_at + RETENTION).timestamp()),
        **due_attributes(webhook_keys.due_deliveries(org, webhook_id), key, delivery.due_at),
    }


def _delivery(item: Item) -> Delivery:
    return _adapter().validate_json(item["delivery"])


@cache
def _adapter() -> "TypeAdapter[Delivery]":
    from pydantic import TypeAdapter

    return TypeAdapter(Delivery)
