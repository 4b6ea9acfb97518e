"""Webhooks and deliveries for tests."""

from datetime import timedelta

from guestlist.model import clock, ids
from guestlist.webhooks.model import Delivery, EventType


def a_delivery(webhook_id: str, subject: str = "order-1", sequence: str = "1", **more: object) -> Delivery:
    """A delivery of `code.held` that is due now."""
    now = clock.now() + timedelta(milliseconds=5)
    facts = {"created_at": now, "since": now, "due_at": now, **more}
    return Delivery(
        organiser_id="demo",
        webhook_id=webhook_id,
        delivery_id=ids.new_id(now),
        type=EventType.CODE_HELD,
        subject=subject,
        sequence=sequence,
        body='{"type":"code.held","timestamp":"2026-06-01T12:00:00.000Z","data":{"quantity":1}}',
        **facts,  # type: ignore[arg-type]
    )
