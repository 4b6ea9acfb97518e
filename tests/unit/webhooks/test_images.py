"""Events of changes to members, whose subject stands for a person."""

from datetime import UTC, datetime

import pytest

from guestlist.groups.membership import AuditEntry, ChangeType, Source
from guestlist.groups.membership_items import audit_entry_item
from guestlist.messages.message import Message
from guestlist.webhooks.model import Event
from guestlist.webhooks.stream_events import events_of

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def subject(email: str, digest_key: bytes) -> str:
    """The subject of the event of somebody who joined."""
    entry = AuditEntry(
        email=email, group_id="g1", at=NOW, what=ChangeType.ADDED, source=Source.HAND, by="me", why="by hand"
    )
    (event,) = events_of(audit_entry_item("demo", entry, email), NOW, digest_key)
    return event.subject


def left(why: str, because: Message | None) -> Event:
    """The event of a member who left for that reason."""
    entry = AuditEntry(
        email="ann@example.com",
        group_id="g1",
        at=NOW,
        what=ChangeType.REMOVED,
        source=Source.HAND,
        by="me",
        why=why,
        because=because,
    )
    (event,) = events_of(audit_entry_item("demo", entry, "ann@example.com"), NOW, b"one")
    return event


@pytest.mark.parametrize(("why", "because"), [("", Message("erased")), ("erased", Message("erased")), ("erased", None)])
def test_the_event_of_an_erased_member_has_no_address(why: str, because: Message | None) -> None:
    assert left(why, because).personal == {}
    assert left("", Message("removed_by_hand")).personal == {"email": "ann@example.com"}


def test_all_events_of_a_member_have_the_same_keyed_subject() -> None:
    assert subject("ann@example.com", b"one") == subject("ann@example.com", b"one")
    assert subject("ann@example.com", b"one") != subject("bob@example.com", b"one")
    assert len({subject("ann@example.com", digest_key) for digest_key in (b"", b"one", b"two")}) == 3
