"""Effect of the valid rows of a customer file, in numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guestlist.groups.membership import Change
from guestlist.imports.model import LostMembership

MAX_NAMED = 20
MAX_LOST_MEMBERS = 100
_LOST_PREFIX = "lost:"
_MEMBER_PREFIX = "member:"


@dataclass(slots=True)
class Effect:
    """Numbers of new customers, changed names and memberships, and mails to send.

    `losses_by_group` are the numbers of ended memberships by group id, `lost_members` the e-mails and group ids of
    the first of them. `removal_dates_left` is the number of rows whose removal date is not that of every membership
    that they name.
    """

    customers_created: int = 0
    names_changed: int = 0
    memberships_added: int = 0
    memberships_lost: int = 0
    mails_to_send: int = 0
    removal_dates_left: int = 0
    losses_by_group: Counter[str] = field(default_factory=Counter)
    lost_members: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def from_numbers(cls, numbers: Mapping[str, int]) -> "Effect":
        """The effect stored in a checkpoint."""
        losses = {
            name.removeprefix(_LOST_PREFIX): number for name, number in numbers.items() if name.startswith(_LOST_PREFIX)
        }
        indexed_members = sorted((index, name) for name, index in numbers.items() if name.startswith(_MEMBER_PREFIX))
        totals = {
            name: number for name, number in numbers.items() if not name.startswith((_LOST_PREFIX, _MEMBER_PREFIX))
        }
        return cls(
            **totals, losses_by_group=Counter(losses), lost_members=[_member(name) for _, name in indexed_members]
        )

    def numbers(self) -> dict[str, int]:
        """The effect as a checkpoint stores it."""
        losses = {f"{_LOST_PREFIX}{group_id}": number for group_id, number in self.losses_by_group.items()}
        members = {
            f"{_MEMBER_PREFIX}{group_id}:{email}": index for index, (email, group_id) in enumerate(self.lost_members)
        }
        return {**self.totals, **losses, **members}

    @property
    def totals(self) -> dict[str, int]:
        """The numbers over all groups."""
        return {
            "customers_created": self.customers_created,
            "names_changed": self.names_changed,
            "memberships_added": self.memberships_added,
            "memberships_lost": self.memberships_lost,
            "mails_to_send": self.mails_to_send,
            "removal_dates_left": self.removal_dates_left,
        }

    def losses(self, names: Mapping[str, str]) -> dict[str, int]:
        """Number of memberships that end, by group name, of the groups that lose most."""
        most = self.losses_by_group.most_common(MAX_NAMED)
        return {names[group_id]: number for group_id, number in most if group_id in names}

    def lost_memberships(self, names: Mapping[str, str]) -> tuple[LostMembership, ...]:
        """The first memberships that end, by group name."""
        return tuple(
            LostMembership(email, names[group_id]) for email, group_id in self.lost_members if group_id in names
        )

    def add(self, changes: Iterable[Change]) -> None:
        """Count these changes."""
        for change in changes:
            self.memberships_added += change.after is not None
            self.mails_to_send += change.needs_welcome
            if change.after is None:
                self.memberships_lost += 1
                self.losses_by_group[change.subject.group_id] += 1
                if len(self.lost_members) < MAX_LOST_MEMBERS:
                    self.lost_members.append((change.subject.email, change.subject.group_id))


def _member(name: str) -> tuple[str, str]:
    group_id, _, email = name.removeprefix(_MEMBER_PREFIX).partition(":")
    return email, group_id
