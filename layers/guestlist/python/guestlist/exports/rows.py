"""The rows of a group's file, which can be imported again: members as customers, entries as a list."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any

from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.groups.members import MemberPorts
from guestlist.groups.members_list import MemberView, all_members
from guestlist.groups.membership import Membership
from guestlist.groups.model import Group
from guestlist.lists.entry import Entry
from guestlist.lists.usage import Usage
from guestlist.model.csv_lines import AUTOMATIC_MEMBER_COLUMNS, ENTRY_COLUMNS, MEMBER_COLUMNS
from guestlist.model.email_address import fold_email

Position = Mapping[str, Any]
"""A position in a list, to continue after."""
Row = tuple[Position, tuple[str, ...] | None]
"""The position after a row, and its cells; None for a row that is left out."""

HEADERS: Mapping[GroupType, tuple[str, ...]] = {
    GroupType.TARGET: ENTRY_COLUMNS,
    GroupType.MANUAL: MEMBER_COLUMNS,
    GroupType.AUTOMATIC: AUTOMATIC_MEMBER_COLUMNS,
}
_BATCH = 100
_NEEDS_QUOTES = ("|", ";", '"')


def member_rows(
    org: str, group: Group, now: datetime, ports: MemberPorts, after: Position | None = None
) -> Iterator[Row]:
    """Yield a row for each member by e-mail, read lazily.

    The groups column contains all of the member's manual groups, since an import replaces them all; this also applies
    to members of an automatic group.
    """
    index = ports.groups.index(org).groups
    members = all_members(org, group, now, ports, after["email"] if after else "")
    while batch := list(islice(members, _BATCH)):
        memberships = ports.memberships.get_memberships_of_each(org, [member.email for member in batch])
        for member in batch:
            email = fold_email(member.email)
            yield {"email": email}, _row(member, _manual_groups(memberships[email], index, now))


def entry_rows(entries: Iterable[tuple[Position, Entry, int, int]], usage: Usage | None = None) -> Iterator[Row]:
    """Yield a row for each entry of a target group whose redeemed and held uses match `usage`; None for others."""
    for position, entry, used_quantity, held_quantity in entries:
        if usage is not None and not usage.matches(used_quantity, entry.quantity):
            yield position, None
            continue
        cells = (entry.code, entry.email, entry.category, entry.seat)
        yield position, (*cells, str(entry.quantity), str(used_quantity), str(held_quantity))


def difference_rows(rows: Iterable[tuple[str, ...]], after: Position | None = None) -> Iterator[Row]:
    """Yield a row for each entry that differs; to continue, the rows before are read again."""
    rows_before = after["rows"] if after else 0
    for number, row in zip(count(1), rows, strict=False):
        if number > rows_before:
            yield {"rows": number}, row


def _manual_groups(
    memberships: Mapping[str, Membership], index: Mapping[str, IndexedGroup], now: datetime
) -> list[str]:
    active_groups = (
        index.get(group_id) for group_id, membership in memberships.items() if not membership.has_ended(now)
    )
    return sorted(group.name for group in active_groups if group and group.type is GroupType.MANUAL)


def _row(member: MemberView, names: list[str]) -> tuple[str, ...]:
    return (
        member.email,
        member.name,
        "|".join(map(_quote, names)),
        _format_instant(member.removal_date) if member.removal_date else "",
        _format_instant(member.added_at),
        member.source.value,
    )


def _quote(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if any(sign in name for sign in _NEEDS_QUOTES) else name


def _format_instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
