"""Undo of a customer import: restores names and memberships that are still as the import set them."""

from datetime import datetime
from itertools import islice

from guestlist.customers.importing.ports import CustomerPorts
from guestlist.groups.membership import Change
from guestlist.imports.model import Import
from guestlist.imports.notes import UndoResult, undo_result
from guestlist.messages.message import Message

MAX_NAMED = 100
_BATCH_SIZE = 100


def undo_customers(record: Import, now: datetime, ports: CustomerPorts) -> UndoResult:
    """Restore each name and membership that was not changed since, and report the others.

    Customers whom the import created stay. Idempotent, also after a crash.
    """
    org, messages, count = record.organiser_id, list[Message](), 0
    changes = ports.journal.changes(org, record.import_id)
    while chunk := list(islice(changes, _BATCH_SIZE)):
        for change in chunk:
            if not _restore_membership(org, change, record, now, ports):
                count += 1
                messages += [Message("membership", {"email": change.subject.email})] if count <= MAX_NAMED else []
    if count > MAX_NAMED:
        messages.append(Message("memberships_more", {"n": count - MAX_NAMED}))
    return undo_result(now, [*messages, *_restore_names(record, ports)])


def _restore_names(record: Import, ports: CustomerPorts) -> list[Message]:
    """Restore the names, and return the customers whose name was changed since."""
    org, messages, count = record.organiser_id, list[Message](), 0
    name_changes = ports.journal.name_changes(org, record.import_id)
    while chunk := list(islice(name_changes, _BATCH_SIZE)):
        current = ports.customers.get_customers(org, [name_change.email for name_change in chunk])
        existing = [name_change for name_change in chunk if name_change.email in current]
        unchanged = {
            name_change.email: name_change.before
            for name_change in existing
            if current[name_change.email].name == name_change.after
        }
        ports.customers.rename_each(org, unchanged)
        changed = [
            name_change.email
            for name_change in existing
            if current[name_change.email].name not in {name_change.before, name_change.after}
        ]
        messages += [Message("name", {"email": email}) for email in changed[: max(0, MAX_NAMED - count)]]
        count += len(changed)
    return [*messages, Message("names_more", {"n": count - MAX_NAMED})] if count > MAX_NAMED else messages


def _restore_membership(org: str, change: Change, record: Import, now: datetime, ports: CustomerPorts) -> bool:
    current = ports.memberships.get_memberships(org, change.subject.email).get(change.subject.group_id)
    if current == change.before:
        return True
    if current != change.after:
        return False
    reason = Message("undo", {"file": record.file_name})
    restoration = Change(
        before=current, after=change.before, by=record.undo_actor, because=reason, import_id=record.import_id
    )
    return not ports.memberships.apply(org, [restoration], now)
