"""Items of memberships, their audit entries, counters and welcome mails in the table."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.conditions import Condition
from guestlist.aws.digests import digest
from guestlist.aws.due import due_attributes, instant, parse_instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Write
from guestlist.customers.model import shard_of
from guestlist.groups.membership import AuditEntry, BlockEntry, Change, ChangeType, Membership, Source
from guestlist.mail.model import MailKind
from guestlist.messages.message import Message

ENDS, LAPSES = "member", "lapse"
"""Kinds of due work: ends of memberships of manual groups, and of automatic groups."""
BLOCK = "audit_block"
"""Attribute of an item with an audit entry that the group's history has in a block: the name of the block."""


def membership_of(item: Mapping[str, Any]) -> Membership:
    """Parse the item of a membership, read by `person_keys.membership`."""
    return Membership(
        email=item["email"],
        group_id=item["group_id"],
        added_at=datetime.fromisoformat(item["added_at"]),
        source=Source(item["source"]),
        removal_at=parse_instant(item.get("removal_at")),
        lapses_at=parse_instant(item.get("lapses_at")),
        reason=item.get("reason", ""),
        because=_message(item.get("because")),
        block_entry=_block_entry(item) if BLOCK in item else None,
    )


def _block_entry(item: Mapping[str, Any]) -> BlockEntry:
    """Parse the audit entry that a membership contains; its explanation is that of the membership."""
    return BlockEntry(block=item[BLOCK], audit_entry=audit_entry_of({"why": item.get("reason", ""), **item}))


def can_contain(change: Change, audit_entry: AuditEntry) -> bool:
    """Whether the membership can contain the audit entry of the change: one that an import adds."""
    added = change.after if change.import_id is not None and change.what is ChangeType.ADDED else None
    return added is not None and (added.reason, added.because) == (audit_entry.why, audit_entry.because)


def change_write(org: str, change: Change, block_entry: BlockEntry | None = None) -> Write:
    """Write of a changed membership, on condition that it is as it was read.

    With `block_entry`, the membership contains the audit entry of the change.
    """
    subject = change.subject
    key = person_keys.membership(org, subject.email, subject.group_id)
    if change.after is None:
        return Write(key=key, delete=True, when=_unchanged(change.before))
    item = {
        **key._asdict(),
        "email": subject.email,
        "group_id": subject.group_id,
        "added_at": instant(subject.added_at),
        "source": subject.source.value,
        "removal_at": _instant_text(subject.removal_at),
        "lapses_at": _instant_text(subject.lapses_at),
        "reason": subject.reason or None,
        "because": _message_text(subject.because),
        "g1pk": keys.members(org, subject.group_id, shard_of(subject.email)),
        "g1sk": subject.email,
        **due_attributes(LAPSES if subject.source is Source.RULE else ENDS, key, subject.ends_at),
        **(_block_attributes(block_entry) if block_entry else {}),
    }
    return Write(put=item, when=_unchanged(change.before))


def _block_attributes(block_entry: BlockEntry) -> Item:
    audit_entry = block_entry.audit_entry
    return {
        BLOCK: block_entry.block,
        "at": instant(audit_entry.at),
        "what": audit_entry.what.value,
        "by": audit_entry.by,
        "import_id": audit_entry.import_id,
        "line": audit_entry.line,
    }


def _unchanged(before: Membership | None) -> Condition:
    if before is None:
        return conditions.absent()
    when = conditions.equals(BLOCK, before.block_entry.block) if before.block_entry else conditions.absent(BLOCK)
    when &= conditions.equals("added_at", instant(before.added_at))
    for name, at in (("removal_at", before.removal_at), ("lapses_at", before.lapses_at)):
        when = when & (conditions.equals(name, instant(at)) if at else conditions.absent(name))
    return when


def count_key(org: str, change: Change) -> Key:
    """The key of the counter of members that counts the change."""
    return keys.member_count(org, change.subject.group_id, shard_of(change.subject.email))


def count_writes(org: str, changes: Sequence[Change]) -> Iterator[Write]:
    """Writes that add the changes to the counters of members, one for each counter that changes."""
    deltas: Counter[Key] = Counter()
    for change in changes:
        deltas[count_key(org, change)] += change.member_delta
    return (Write(key=key, add={"members": delta}) for key, delta in deltas.items() if delta)


def change_audit_item(org: str, change: Change, at: datetime) -> Item:
    """Item of the audit entry of a change of a membership, indexed by person and by group."""
    return audit_entry_item(org, change.audit_entry(at), change.subject.email)


def former_audit_writes(org: str, changes: Sequence[Change], at: datetime) -> Iterator[Write]:
    """Writes of the audit entries that memberships contained, in the partition of the person alone.

    The history of the group has them in their blocks.
    """
    for change in changes:
        block_entry = change.before.block_entry if change.before else None
        if block_entry is None:
            continue
        audit_entry = block_entry.audit_entry
        if (audit_entry.at, audit_entry.what) != (at, change.what):
            item = audit_entry_item(org, audit_entry, change.subject.email)
            yield Write(put={**item, BLOCK: block_entry.block, "g1pk": None, "g1sk": None})


def anonymised_audit_item(item: Item, digest_key: bytes) -> Item:
    """The audit entry without the person, to replace the item when the person is erased."""
    audit_entry = replace(audit_entry_of(item), email=None)
    return audit_entry_item(keys.organiser_of(item["pk"]), audit_entry, digest(item["pk"], item["sk"], key=digest_key))


def audit_entry_item(org: str, audit_entry: AuditEntry, subject_key: str = "") -> Item:
    """Item of an audit entry; `subject_key`, an e-mail or a digest, distinguishes those of one instant."""
    at, email = instant(audit_entry.at), audit_entry.email or ""
    return {
        **person_keys.audit_entry(
            org, email, at, audit_entry.group_id, audit_entry.what if email else f"{audit_entry.what}#{subject_key}"
        )._asdict(),
        "email": audit_entry.email,
        "group_id": audit_entry.group_id,
        "at": at,
        "what": audit_entry.what.value,
        "source": audit_entry.source.value if audit_entry.source else None,
        "by": audit_entry.by,
        "why": audit_entry.why,
        "because": _message_text(audit_entry.because),
        "import_id": audit_entry.import_id,
        "line": audit_entry.line,
        "g1pk": keys.audit_entries(org, audit_entry.group_id, shard_of(subject_key)),
        "g1sk": f"{at}\x1f{subject_key}\x1f{audit_entry.what}",
    }


def audit_entry_of(item: Mapping[str, Any]) -> AuditEntry:
    """Parse the item of an audit entry."""
    return AuditEntry(
        email=item.get("email"),
        group_id=item["group_id"],
        at=datetime.fromisoformat(item["at"]),
        what=ChangeType(item["what"]),
        source=Source(item["source"]) if "source" in item else None,
        by=item["by"],
        why=item["why"],
        because=_message(item.get("because")),
        import_id=item.get("import_id"),
        line=item.get("line"),
    )


def welcome_keys(org: str, group_id: str, email: str, digest_key: bytes) -> tuple[Key, ...]:
    """Keys of the outbox items of a person's welcome mail, which stay when it is sent.

    The second is the one that an earlier release wrote, with a digest without a key.
    """
    references = dict.fromkeys(_reference(group_id, email, key_of_digest) for key_of_digest in (digest_key, b""))
    return tuple(keys.mail(org, MailKind.WELCOME, reference) for reference in references)


def welcome_write(org: str, member: Membership, now: datetime, digest_key: bytes) -> Write:
    """Write of the welcome mail to the outbox; it fails if there is one already."""
    from guestlist.mail.outbox import pending_mail_write

    values = {"group_id": member.group_id, "email": member.email}
    reference = _reference(member.group_id, member.email, digest_key)
    return pending_mail_write(org, MailKind.WELCOME, reference, now, facts=values)


def _reference(group_id: str, email: str, digest_key: bytes) -> str:
    return f"{group_id}#{digest(email, key=digest_key)}"


def _message_text(message: Message | None) -> str | None:
    return json.dumps([message.code, message.params], ensure_ascii=False) if message else None


def _message(text: str | None) -> Message | None:
    return Message(*json.loads(text)) if text else None


def _instant_text(at: datetime | None) -> str | None:
    return instant(at) if at else None
