"""All members of a group as rows of a customer file: imported again as they are, they change nothing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

from guestlist.entry import fold_email
from guestlist.group import GroupType, IndexedGroup
from guestlist.group_record import Group
from guestlist.groups.follow import in_turn
from guestlist.groups.members import Desk
from guestlist.groups.members_list import MemberView, every_member
from guestlist.membership import Membership

HEADER = ("Email", "Name", "Customer groups", "Removal date", "Added at", "Source")
_BATCH = 100
_NEEDS_QUOTES = ("|", ";", '"')


def member_rows(
    org: str, group: Group, now: datetime, desk: Desk, at_once: Callable[..., list[Any]] = in_turn
) -> Iterator[tuple[str, ...]]:
    """The header, and a row for each member by e-mail, read as they are asked for.

    The groups in a row are all manual groups that the member is in, since an import sets all of them; so
    that is what the row of a member of an automatic group says, too.
    """
    yield HEADER
    index = desk.groups.index(org).groups
    members = every_member(org, group, now, desk)
    while batch := list(islice(members, _BATCH)):
        found = at_once(*[partial(desk.memberships.of, org, fold_email(member.email)) for member in batch])
        for member, memberships in zip(batch, found, strict=True):
            yield _row(member, _names(memberships, index, now))


def _names(memberships: Mapping[str, Membership], index: Mapping[str, IndexedGroup], now: datetime) -> list[str]:
    living = (index.get(group_id) for group_id, one in memberships.items() if not one.ended(now))
    return sorted(group.name for group in living if group and group.type is GroupType.MANUAL)


def _row(member: MemberView, names: list[str]) -> tuple[str, ...]:
    return (
        member.email,
        member.name,
        "|".join(map(_quoted, names)),
        _written(member.removal_date) if member.removal_date else "",
        _written(member.added_at),
        member.source.value,
    )


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if any(sign in name for sign in _NEEDS_QUOTES) else name


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
