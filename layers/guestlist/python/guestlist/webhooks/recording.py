"""Creation of deliveries for events: one for each webhook that subscribes to them."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from guestlist.groups.index import IndexedGroup
from guestlist.model.ids import new_id
from guestlist.webhooks.model import Delivery, Event, EventType, Webhook, Webhooks, rfc3339
from guestlist.webhooks.policy import RETENTION
from guestlist.webhooks.ports import WebhookStore

IsErased = Callable[[Event], bool]
"""Whether the person named in an event has been erased since."""


class NewDeliveries(Protocol):
    """The store of deliveries."""

    def add_delivery(self, delivery: Delivery) -> bool:
        """Add a new delivery; False if there already is one of this event, which stays unchanged."""


def record_events(
    events: Iterable[Event], now: datetime, webhooks: WebhookStore, deliveries: NewDeliveries, is_erased: IsErased
) -> set[tuple[str, str]]:
    """Add a delivery of each event for each webhook that subscribes to it; running it again adds none twice.

    Returns the organisers and ids of webhooks for which something may be due.
    """
    by_organiser: dict[str, Webhooks] = {}
    webhooks_with_deliveries = set()
    for event in events:
        org = event.organiser_id
        if org not in by_organiser:
            by_organiser[org] = webhooks.get_webhooks(org)
        for webhook in by_organiser[org].webhooks.values():
            if _concerns(event, webhook, now):
                personal = webhook.include_personal and not (event.personal and is_erased(event))
                deliveries.add_delivery(delivery_of(event, webhook.webhook_id, now, include_personal=personal))
                webhooks_with_deliveries.add((org, webhook.webhook_id))
    return webhooks_with_deliveries


def _concerns(event: Event, webhook: Webhook, now: datetime) -> bool:
    """Whether the webhook subscribes to the event and the event is recent: old items are rewritten too."""
    return webhook.subscribes_to(event.type) and max(webhook.created_at, now - RETENTION) <= event.at


def delivery_of(event: Event, webhook_id: str, now: datetime, *, include_personal: bool) -> Delivery:
    """The delivery of an event to a webhook, due at once."""
    payload = event.payload(include_personal=include_personal)
    return Delivery(
        organiser_id=event.organiser_id,
        webhook_id=webhook_id,
        delivery_id=new_id(now),
        type=event.type,
        subject=event.subject,
        sequence=event.sequence,
        body=json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        since=now,
        due_at=now,
    )


def expiry_events(org: str, groups: Iterable[IndexedGroup], since: datetime, now: datetime) -> list[Event]:
    """The events of groups that expired after `since`."""
    return [
        Event(
            organiser_id=org,
            type=EventType.GROUP_EXPIRED,
            subject=group.group_id,
            sequence=rfc3339(group.expires_at),
            at=group.expires_at,
            ids={"group_id": group.group_id},
            status="expired",
        )
        for group in groups
        if group.expires_at is not None and since < group.expires_at <= now
    ]
