"""Plan of a row: the changes from a person's current memberships to those that the row names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup
from guestlist.groups.membership import Change, Membership, Source
from guestlist.groups.model import Group
from guestlist.imports.reading.customer_rows import CustomerRow
from guestlist.imports.reading.problems import AutomaticGroup, GroupExpired, Problem, UnknownGroup
from guestlist.messages.message import Message

Members = Mapping[str, Membership]
"""Memberships of one person by group id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A row of a customer file with its line and the sender of the file. `email` is folded."""

    email: str
    line: int
    row: CustomerRow
    column: str
    sender: str
    import_id: str
    file_name: str
    welcome: bool


@dataclass(frozen=True, slots=True)
class Planner:
    """Planner of changes with the groups as they are at `now`. `records` are those of the manual groups.

    New memberships begin at `since`, which is the same in every run of an import, so that a resumed run plans
    identical ones.
    """

    index: GroupIndex
    records: Mapping[str, Group]
    now: datetime
    since: datetime

    def plan_changes(self, file_row: FileRow, members: Members) -> list[Change] | Problem:
        """The changes that give the person exactly the manual memberships that the row names; none without groups.

        An existing membership keeps its end. Memberships of automatic and deleted groups are not changed. One
        invalid group is a problem of the whole row.
        """
        if file_row.row.groups is None:
            return []
        current = {
            group_id: member for group_id, member in members.items() if self._is_current_manual(group_id, member)
        }
        groups: dict[str, IndexedGroup] = {}
        for name in file_row.row.groups:
            group = self.index.find_by_name(name)
            problem = self._problem(name, group, current, file_row)
            if problem is not None or group is None:
                return problem or UnknownGroup(file_row.line, file_row.column, name)
            groups[group.group_id] = group
        return [*self._removals(file_row, current, groups), *self._additions(file_row, members, current, groups)]

    def ignores_removal_date(self, file_row: FileRow, members: Members) -> bool:
        """Whether the row has a removal date that some membership it names neither has nor gets."""
        removal_date = file_row.row.removal_date
        if removal_date is None:
            return False
        group_ids = [group.group_id for name in file_row.row.groups or () if (group := self.index.find_by_name(name))]
        ends = [
            members[group_id].removal_at
            for group_id in group_ids
            if group_id in members and self._is_current_manual(group_id, members[group_id])
        ]
        return not group_ids or any(end != removal_date for end in ends)

    def _is_current_manual(self, group_id: str, member: Membership) -> bool:
        group = self.index.groups.get(group_id)
        return group is not None and group.type is GroupType.MANUAL and not member.has_ended(self.now)

    def _problem(self, name: str, group: IndexedGroup | None, current: Members, file_row: FileRow) -> Problem | None:
        if group is None or group.type is GroupType.TARGET:
            return UnknownGroup(file_row.line, file_row.column, name)
        if group.type is GroupType.AUTOMATIC:
            return AutomaticGroup(file_row.line, file_row.column, name)
        if group.is_expired(self.now) and group.group_id not in current:
            return GroupExpired(file_row.line, file_row.column, name)
        return None

    def _removals(self, file_row: FileRow, current: Members, groups: Mapping[str, IndexedGroup]) -> Iterator[Change]:
        for group_id, member in current.items():
            if group_id not in groups:
                yield Change(
                    before=member,
                    after=None,
                    by=file_row.sender,
                    because=_reason(file_row),
                    import_id=file_row.import_id,
                    line=file_row.line,
                )

    def _additions(
        self, file_row: FileRow, members: Members, current: Members, groups: Mapping[str, IndexedGroup]
    ) -> Iterator[Change]:
        for group_id in groups:
            before, added = members.get(group_id), self._new_membership(file_row, group_id)
            if group_id not in current and before != added:
                welcome = file_row.welcome and self.records[group_id].welcome.enabled
                yield Change(
                    before=before,
                    after=added,
                    by=file_row.sender,
                    because=_reason(file_row),
                    welcome=welcome,
                    import_id=file_row.import_id,
                    line=file_row.line,
                )

    def _new_membership(self, file_row: FileRow, group_id: str) -> Membership:
        lifetime = self.records[group_id].lifetime
        default_end = self.since + lifetime.length if lifetime else None
        return Membership(
            email=file_row.email,
            group_id=group_id,
            added_at=self.since,
            source=Source.IMPORT,
            removal_at=file_row.row.removal_date or default_end,
            because=_reason(file_row),
        )


def _reason(file_row: FileRow) -> Message:
    return Message("file_line", {"line": file_row.line, "file": file_row.file_name})
