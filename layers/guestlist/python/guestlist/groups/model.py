"""A group with all its settings; checks read only the group index."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen, MinLen

from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.groups.rule import Branch
from guestlist.model.duration import Duration

GroupName = Annotated[str, MinLen(1), MaxLen(200)]
WelcomeLine = Annotated[str, MaxLen(200)]
WelcomeText = Annotated[str, MaxLen(10_000)]


class GroupStatus(StrEnum):
    """Status of a group; a deleted group that has expired is deleted."""

    ACTIVE = "active"
    EXPIRED = "expired"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeEmail:
    """Texts of the mail to a person who joins for the first time; empty stands for the default text."""

    enabled: bool = False
    subject: WelcomeLine = ""
    header: WelcomeLine = ""
    greeting: WelcomeLine = ""
    body: WelcomeText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group's full record.

    `expires_on` is the date as entered, `expires_at` the end of that day in the organiser's time zone; before
    `starts_at` the group grants nothing. `shelved` is the index entry of a deleted group. `revision` is 0 for a
    group that is not stored yet and grows by one with each change.
    """

    group_id: str
    name: GroupName
    type: GroupType
    created_at: datetime
    lifetime: Duration | None = None
    starts_at: datetime | None = None
    expires_on: date | None = None
    expires_at: datetime | None = None
    rules: Branch | None = None
    welcome: WelcomeEmail = field(default_factory=WelcomeEmail)
    deleted_at: datetime | None = None
    shelved: IndexedGroup | None = None
    revision: int = 0

    def is_expired(self, now: datetime) -> bool:
        """Whether the group has expired and grants nothing."""
        return self.expires_at is not None and now >= self.expires_at

    def status(self, now: datetime) -> GroupStatus:
        """The status at that instant."""
        if self.deleted_at is not None:
            return GroupStatus.DELETED
        return GroupStatus.EXPIRED if self.is_expired(now) else GroupStatus.ACTIVE

    def to_index_entry(self, former: IndexedGroup | None = None) -> IndexedGroup:
        """The group's entry for the index; a target group keeps the versions of its former entry."""
        facts = former or IndexedGroup(
            group_id=self.group_id, type=self.type, name=self.name, created_at=self.created_at
        )
        return replace(facts, name=self.name, starts_at=self.starts_at, expires_at=self.expires_at)


def target_group(group: IndexedGroup) -> Group:
    """The record of a target group that an import has created in the index."""
    return Group(
        group_id=group.group_id,
        name=group.name,
        type=GroupType.TARGET,
        created_at=group.created_at,
        starts_at=group.starts_at,
        expires_at=group.expires_at,
    )
