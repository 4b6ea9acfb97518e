"""What a row asks of one person's memberships, held against what they are now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup
from guestlist.groups.membership import Change, Membership, Source
from guestlist.groups.model import Group
from guestlist.imports.reading.customer_rows import CustomerRow
from guestlist.imports.reading.problems import AutomaticGroup, GroupExpired, Problem, UnknownGroup
from guestlist.messages.message import Message
from guestlist.model.email_address import fold_email

Members = Mapping[str, Membership]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A row of a customer file with where it stands and who sent it."""

    line: int
    row: CustomerRow
    column: str
    by: str
    import_id: str
    file_name: str
    welcome: bool

    @property
    def email(self) -> str:
        """The person, folded."""
        return fold_email(self.row.email)


@dataclass(frozen=True, slots=True)
class Planner:
    """Decides by the groups as they are at `now`. `records` are those of the manual groups.

    New memberships count from `since`, the same in every run of one import, so that a run that was
    broken off and begun again plans the very same ones.
    """

    index: GroupIndex
    records: Mapping[str, Group]
    now: datetime
    since: datetime

    def changes(self, said: Said, members: Members) -> list[Change] | Problem:
        """What makes the person's manual memberships those that the row names; nothing where it names no groups.

        A group that the person is in already keeps its end. Memberships of automatic and deleted groups
        are not touched. One group that cannot be is a problem of the whole row.
        """
        if said.row.groups is None:
            return []
        current = {group_id: member for group_id, member in members.items() if self._counts(group_id, member)}
        wanted: dict[str, IndexedGroup] = {}
        for name in said.row.groups:
            group = self.index.named(name)
            problem = self._problem(name, group, current, said)
            if problem is not None or group is None:
                return problem or UnknownGroup(said.line, said.column, name)
            wanted[group.group_id] = group
        return [*self._left(said, current, wanted), *self._joined(said, members, current, wanted)]

    def leaves_date(self, said: Said, members: Members) -> bool:
        """Whether the row states a removal date that not every membership it names has or gets."""
        until = said.row.removal_date
        if until is None:
            return False
        named = [group.group_id for name in said.row.groups or () if (group := self.index.named(name))]
        ends = [members[one].removal_at for one in named if one in members and self._counts(one, members[one])]
        return not named or any(end != until for end in ends)

    def _counts(self, group_id: str, member: Membership) -> bool:
        group = self.index.groups.get(group_id)
        return group is not None and group.type is GroupType.MANUAL and not member.ended(self.now)

    def _problem(self, name: str, group: IndexedGroup | None, current: Members, said: Said) -> Problem | None:
        if group is None or group.type is GroupType.TARGET:
            return UnknownGroup(said.line, said.column, name)
        if group.type is GroupType.AUTOMATIC:
            return AutomaticGroup(said.line, said.column, name)
        if group.expired(self.now) and group.group_id not in current:
            return GroupExpired(said.line, said.column, name)
        return None

    def _left(self, said: Said, current: Members, wanted: Mapping[str, IndexedGroup]) -> Iterator[Change]:
        for group_id, member in current.items():
            if group_id not in wanted:
                yield Change(
                    before=member, after=None, by=said.by, because=_why(said), import_id=said.import_id, line=said.line
                )

    def _joined(
        self, said: Said, members: Members, current: Members, wanted: Mapping[str, IndexedGroup]
    ) -> Iterator[Change]:
        for group_id in wanted:
            before, added = members.get(group_id), self._member(said, group_id)
            if group_id not in current and before != added:
                welcome = said.welcome and self.records[group_id].welcome.enabled
                yield Change(
                    before=before,
                    after=added,
                    by=said.by,
                    because=_why(said),
                    welcome=welcome,
                    import_id=said.import_id,
                    line=said.line,
                )

    def _member(self, said: Said, group_id: str) -> Membership:
        lifetime = self.records[group_id].lifetime
        usual_end = self.since + lifetime.length if lifetime else None
        return Membership(
            email=said.email,
            group_id=group_id,
            added_at=self.since,
            source=Source.IMPORT,
            removal_at=said.row.removal_date or usual_end,
            reason=_why(said).text("because"),
            because=_why(said),
        )


def _why(said: Said) -> Message:
    return Message("file_line", {"line": said.line, "file": said.file_name})
