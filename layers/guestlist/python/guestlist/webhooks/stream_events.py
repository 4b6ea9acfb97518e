"""Conversion of changed items in the table's stream into events.

Each item contains what happened to it, so that an event costs the process that changed it neither a read nor a
write, and a stream record that is delivered twice yields the same event.
"""

from datetime import datetime

from guestlist.aws import keys, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.checkout.ledger_items import redemption_of
from guestlist.checkout.redemption import Redemption, Status
from guestlist.groups.membership import AuditEntry, ChangeType
from guestlist.groups.membership_items import BLOCK, audit_entry_of, membership_of
from guestlist.imports import model as imports
from guestlist.imports.store import from_stored
from guestlist.lists.version_store import from_stored as version_of_item
from guestlist.lists.versions import Origin
from guestlist.webhooks.model import Event, EventType

_AUDIT_ENTRY = person_keys.audit_entry("", "", "", "", "").sk.partition("#")[0] + "#"
_MEMBERSHIP = person_keys.membership("", "", "").sk
_ERASED = "erased"
_MEMBERS = {ChangeType.ADDED: (EventType.MEMBER_JOINED, "joined"), ChangeType.REMOVED: (EventType.MEMBER_LEFT, "left")}
_PERSONAL = ("code", "email")


def events_of(image: Item, now: datetime, digest_key: bytes) -> list[Event]:
    """The events of an item's new image; usually none.

    A member as the subject of an event is identified by a digest with this key, which stays after an erasure.
    """
    org = keys.organiser_of(image["pk"])
    if keys.is_redemption(image["sk"]):
        return _of_redemption(org, image, now)
    if image["sk"].startswith(_MEMBERSHIP):
        block_entry = membership_of(image).block_entry
        return _of_audit_entry(org, block_entry.audit_entry, digest_key) if block_entry else []
    if image["sk"].startswith(_AUDIT_ENTRY) and "email" in image and BLOCK not in image:
        return _of_audit_entry(org, audit_entry_of(image), digest_key)
    if image["pk"] == keys.list_version(org, image.get("group_id", ""), "").pk:
        return _of_version(org, image)
    if image["pk"] == keys.imports(org):
        return _of_import(from_stored(image), now)
    return []


def _of_redemption(org: str, image: Item, now: datetime) -> list[Event]:
    redemption = redemption_of(image)
    ids = {"redemption_id": redemption.redemption_id, "group_id": redemption.group_id}
    ids |= {"order_id": image["order_id"]} if "order_id" in image else {}
    is_new = redemption.revision == 0
    return [
        Event(
            organiser_id=org,
            type=kind,
            subject=redemption.request,
            sequence=f"{redemption.generation:09d}.{redemption.revision:09d}.{number}",
            at=redemption.at if is_new else now,
            ids=ids,
            quantity=redemption.quantity if is_new else redemption.outstanding,
            remaining=redemption.remaining if is_new else None,
            status=redemption.status.value,
            personal={name: image[name] for name in _PERSONAL if name in image},
        )
        for number, kind in enumerate(_steps(redemption))
    ]


def _steps(redemption: Redemption) -> list[EventType]:
    """The events of the redemption's last change; none for a change that merely cleans up."""
    if redemption.revision == 0:
        event_type = EventType.CODE_HELD if redemption.status is Status.HELD else EventType.CODE_REDEEMED
        return [event_type] if redemption.remaining else [event_type, EventType.CODE_USED_UP]
    if redemption.confirmed == redemption.revision:
        return [EventType.CODE_REDEEMED]
    return_prefix = f"{redemption.generation}.{redemption.revision - 1}."
    return [EventType.CODE_RELEASED] if redemption.committed_return.startswith(return_prefix) else []


def _of_audit_entry(org: str, entry: AuditEntry, digest_key: bytes) -> list[Event]:
    if entry.what not in _MEMBERS:
        return []
    kind, status = _MEMBERS[entry.what]
    email = entry.email or ""
    ids = {"group_id": entry.group_id}
    ids |= {"import_id": entry.import_id} if entry.import_id else {}
    return [
        Event(
            organiser_id=org,
            type=kind,
            subject=digest(org, email, entry.group_id, key=digest_key),
            sequence=f"{instant(entry.at)}.{entry.what}",
            at=entry.at,
            ids=ids,
            status=status,
            personal={} if _is_erased(entry) else {"email": email},
        )
    ]


def _is_erased(entry: AuditEntry) -> bool:
    """Whether the person was erased; an earlier version stored the word alone."""
    return entry.why == _ERASED or (entry.because is not None and entry.because.code == _ERASED)


def _of_import(record: imports.Import, now: datetime) -> list[Event]:
    if record.status is imports.Status.AWAITING_REVIEW:
        return [_import_event(record, EventType.IMPORT_WAITING, record.import_id, f"{record.attempts:09d}.1", now)]
    if not record.status.ended:
        return []
    at = record.finished_at or now
    ended = [_import_event(record, EventType.IMPORT_ENDED, record.import_id, "~", at)]
    stored = record.status in {imports.Status.COMPLETE, imports.Status.PARTIAL}
    if record.kind is imports.Kind.TARGET_GROUP and stored and record.group_id and not record.scheduled_for:
        sequence = f"{instant(at)}.{record.import_id}"
        ended.append(_import_event(record, EventType.LIST_PUBLISHED, record.group_id, sequence, at))
    return ended


def _of_version(org: str, image: Item) -> list[Event]:
    """The event of a list version that was restored or that became current at its time; imports report the others."""
    version = version_of_item(image)
    if version.origin is Origin.IMPORT or version.published_at is None:
        return []
    ids = {"import_id": version.import_id, "group_id": image["group_id"], "version_id": version.version_id}
    return [
        Event(
            organiser_id=org,
            type=EventType.LIST_PUBLISHED,
            subject=image["group_id"],
            sequence=f"{instant(version.published_at)}.{version.version_id}",
            at=version.published_at,
            ids=ids,
            quantity=version.entries,
            status="published",
        )
    ]


def _import_event(record: imports.Import, kind: EventType, subject: str, sequence: str, at: datetime) -> Event:
    ids = {"import_id": record.import_id, "group_id": record.group_id, "event_id": record.event_id}
    waiting = record.status.is_waiting
    return Event(
        organiser_id=record.organiser_id,
        type=kind,
        subject=subject,
        sequence=sequence,
        at=at,
        ids={name: value for name, value in ids.items() if value},
        quantity=record.counts.would_import if waiting else record.counts.imported,
        status=record.status.value,
    )
