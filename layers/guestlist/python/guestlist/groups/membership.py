"""Memberships of manual and automatic groups, and their changes.

A membership grants something until its end. Every reader compares the end with now, so it does not matter when
a timer removes the record.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guestlist.messages.language import Language
from guestlist.messages.message import Message
from guestlist.model.email_address import is_mailable


class Source(StrEnum):
    """Origin of a membership: a person, a row of an import, or the group's rules."""

    HAND = "hand"
    IMPORT = "import"
    RULE = "rule"


class ChangeType(StrEnum):
    """Type of a change of a membership (a lapsed one is removed, too) or of a whole group."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    GROUP_CREATED = "group_created"
    GROUP_CHANGED = "group_changed"
    GROUP_DELETED = "group_deleted"
    GROUP_RESTORED = "group_restored"
    ENTRIES_ADDED = "entries_added"
    ENTRIES_CHANGED = "entries_changed"
    ENTRIES_REMOVED = "entries_removed"


def reason_text(stored: str, because: Message | None, language: Language) -> str:
    """The stored words unchanged or, if there are none, the message in that language."""
    return stored or (because.text("because", language) if because else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A change of a membership or a group in the audit log: what, when, by whom and why.

    `email` is None for a change of a group, which has no source either, and for an erased person. `why` is a reason
    that is not a message, such as the changed settings of a group, or the English words that an earlier version stored.
    """

    email: str | None = None
    group_id: str
    at: datetime
    what: ChangeType
    source: Source | None = None
    by: str
    why: str
    because: Message | None = None
    import_id: str | None = None
    line: int | None = None

    def text(self, language: Language) -> str:
        """The reason in that language; words of an earlier version unchanged."""
        return reason_text(self.why, self.because, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntry:
    """An audit entry that is stored in a block with those of other people, and the name of the block."""

    block: str
    audit_entry: AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One person's membership of one group; `email` is folded.

    In a manual group `removal_at` is the end. In an automatic group `removal_at` is the end of the minimum stay
    (if the group has a lifetime) and `lapses_at` the first instant at which the rules no longer hold (None: they
    hold for ever); the later of the two is the end. `because` is the origin as a message, such as an import's
    line or the counted orders; `reason` a token's name, or the English words that an earlier version stored.
    `block_entry` is the audit entry of the last change, if that is stored in a block.
    """

    email: str
    group_id: str
    added_at: datetime
    source: Source
    removal_at: datetime | None = None
    lapses_at: datetime | None = None
    reason: str = ""
    because: Message | None = field(default=None, compare=False)
    block_entry: BlockEntry | None = field(default=None, compare=False)

    @property
    def ends_at(self) -> datetime | None:
        """The first instant at which this grants nothing; None for no end."""
        if self.source is not Source.RULE:
            return self.removal_at
        if self.lapses_at is None or self.removal_at is None:
            return self.lapses_at
        return max(self.lapses_at, self.removal_at)

    def has_ended(self, now: datetime) -> bool:
        """Whether the membership has ended and grants nothing."""
        ends_at = self.ends_at
        return ends_at is not None and now >= ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A membership before and after a change; None for no membership.

    `by` is who requested it, `because` the reason as a message, `why` one that is not a message. A change by an import
    has its id and the row's line. With `welcome` the person gets a welcome mail, unless they were sent one of that
    group before.
    """

    before: Membership | None
    after: Membership | None
    by: str
    why: str = ""
    because: Message | None = None
    welcome: bool = False
    import_id: str | None = None
    line: int | None = None

    @property
    def needs_welcome(self) -> bool:
        """Whether a welcome mail is to be sent; never to an address that cannot get mail."""
        return self.welcome and is_mailable(self.subject.email)

    @property
    def subject(self) -> Membership:
        """The membership after the change, or the removed one."""
        subject = self.after or self.before
        if subject is None:
            raise ValueError("a change has a membership before or after it")
        return subject

    @property
    def what(self) -> ChangeType:
        """Type of the change; a membership with another `added_at` is a new one."""
        if self.after is None:
            return ChangeType.REMOVED
        if self.before is None or self.before.added_at != self.after.added_at:
            return ChangeType.ADDED
        return ChangeType.CHANGED

    @property
    def member_delta(self) -> int:
        """Change of the group's number of members: 1, 0 or -1."""
        return (self.after is not None) - (self.before is not None)

    def audit_entry(self, at: datetime) -> AuditEntry:
        """The audit entry of this change, made at that instant."""
        subject = self.subject
        return AuditEntry(
            email=subject.email,
            group_id=subject.group_id,
            at=at,
            what=self.what,
            source=subject.source,
            by=self.by,
            why=self.why,
            because=self.because,
            import_id=self.import_id,
            line=self.line,
        )
