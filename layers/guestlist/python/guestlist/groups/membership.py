"""Memberships: who is in a manual or automatic group, until when, and why.

A membership grants something until its end, an instant that every reader compares with now; whether
a timer has removed it since makes no difference.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guestlist.messages.message import Message
from guestlist.model.email_address import is_mailable


class Source(StrEnum):
    """What made somebody a member: a person's hand, an import's row, or a group's rules."""

    HAND = "hand"
    IMPORT = "import"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One person in one group. `email` is folded; a person is in a group once at most.

    In a manual group `removal_at` is the end. In an automatic group it is the end of the least stay
    (when the group has a lifetime), and `lapses_at` the first instant at which the rules no longer
    hold, None when they hold for ever: the later of the two is the end. `reason` says in words who or
    what made the membership, such as a token's name, an import's line, or the purchases found; `because` says
    the same as a code word and its parameters, where there is one.
    """

    email: str
    group_id: str
    added_at: datetime
    source: Source
    removal_at: datetime | None = None
    lapses_at: datetime | None = None
    reason: str = ""
    because: Message | None = field(default=None, compare=False)

    @property
    def ends_at(self) -> datetime | None:
        """The first instant at which this grants nothing; None when no end is known."""
        if self.source is not Source.RULE:
            return self.removal_at
        if self.lapses_at is None or self.removal_at is None:
            return self.lapses_at
        return max(self.lapses_at, self.removal_at)

    def ended(self, now: datetime) -> bool:
        """Whether the end has come; from that instant on the membership grants nothing."""
        ends_at = self.ends_at
        return ends_at is not None and now >= ends_at


class ChangeType(StrEnum):
    """What was done to a membership; one whose end had come was removed, too. The others are of a group as a whole."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What was done to a membership, or to a group as a whole, when, by whom and why.

    `email` is None for what was done to a group, which has no source either, and for somebody who was erased.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One membership as it was read and as it is to be; None where there is none.

    `by` is who asked for it, `why` says what made it right, in words, and `because` as a code word and its
    parameters, of which the words are made where there are none; what an import does has its id and, where a row
    asked for it, the row's line. With `welcome` the person is owed a welcome mail, unless they were owed one
    of that group ever before.
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
    def owes_welcome(self) -> bool:
        """Whether a welcome mail is owed; none to whom none can be sent."""
        return self.welcome and is_mailable(self.subject.email)

    @property
    def subject(self) -> Membership:
        """The membership that changes, as it is to be, or as it was."""
        subject = self.after or self.before
        if subject is None:
            raise ValueError("a change is of something")
        return subject

    @property
    def what(self) -> ChangeType:
        """What this does; another instant of adding makes it another membership."""
        if self.after is None:
            return ChangeType.REMOVED
        if self.before is None or self.before.added_at != self.after.added_at:
            return ChangeType.ADDED
        return ChangeType.CHANGED

    @property
    def more(self) -> int:
        """By how many members the group grows: 1, 0 or -1."""
        return (self.after is not None) - (self.before is not None)

    def audit_entry(self, at: datetime) -> AuditEntry:
        """What is told of this when it was made at that instant."""
        subject = self.subject
        return AuditEntry(
            email=subject.email,
            group_id=subject.group_id,
            at=at,
            what=self.what,
            source=subject.source,
            by=self.by,
            why=self.why or (self.because.text("because") if self.because else ""),
            because=self.because,
            import_id=self.import_id,
            line=self.line,
        )
