"""Reevaluation: one person's memberships of automatic groups, computed from their purchases."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from guestlist.catalogue.model import Catalogue
from guestlist.catalogue.ports import Catalogues
from guestlist.groups.index import GroupType
from guestlist.groups.match import Matcher, RuleFinding
from guestlist.groups.membership import Change, ChangeType
from guestlist.groups.membership_decision import findings_message, next_membership
from guestlist.groups.model import Group
from guestlist.groups.person import Person
from guestlist.groups.ports import Groups, Memberships, Purchases, Syncs
from guestlist.groups.rule import Branch
from guestlist.messages.message import Message
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification, Conflict


def sequentially(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls one after the other and return their results."""
    return [call() for call in calls]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPorts:
    """Ports of the sync. `in_parallel` makes several calls, in parallel where it can, and returns their results."""

    groups: Groups
    syncs: Syncs
    memberships: Memberships
    catalogues: Catalogues
    purchases: Purchases
    in_parallel: Callable[..., list[Any]] = sequentially


def reevaluate(
    org: str, email: str, now: datetime, by: str, sync_ports: SyncPorts, *, first: Sequence[str] | None = ()
) -> list[Change]:
    """Reevaluate a person's memberships of all automatic groups, and return the changes made.

    A group is evaluated once its first full pass has started; those in `first` before that too, and all groups
    if it is None. Deleted and expired groups never are. Raises `Conflict` when concurrent changes of the same
    person persist.
    """
    return Reevaluator(org, now, by, sync_ports, first).reevaluate(email)


def is_active_automatic(group: Group, now: datetime) -> bool:
    """Whether this is an automatic group that is neither deleted nor expired."""
    return group.type is GroupType.AUTOMATIC and group.deleted_at is None and not group.is_expired(now)


class Reevaluator:
    """Reevaluation of one person of an organiser after another, as `reevaluate` does for one.

    The groups, and the catalogue if given, are as at its creation, since every change of these requests a full pass.
    """

    def __init__(
        self,
        org: str,
        now: datetime,
        by: str,
        sync_ports: SyncPorts,
        first: Sequence[str] | None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self._org, self._now, self._by, self._ports = org, now, by, sync_ports
        self._catalogue = catalogue
        self._groups = _groups_to_evaluate(org, now, sync_ports, first)

    @property
    def group_ids(self) -> set[str]:
        """The ids of the groups that are evaluated."""
        return {group.group_id for group, _ in self._groups}

    def reevaluate(self, email: str) -> list[Change]:
        """Reevaluate one person and return the changes made. Raises `Conflict` when concurrent changes persist."""
        return retry_on_conflict(lambda: self._apply(self._ports.purchases.person(self._org, fold_email(email))))

    def reevaluate_each(self, emails: Sequence[str]) -> bool:
        """Reevaluate these people, read in one go; False if one failed because concurrent changes persist."""
        people = self._ports.purchases.people(self._org, emails)
        affected = [person for person in people if person.reevaluation_due or any(self._changes(person))]
        return all(self._ports.in_parallel(*[partial(self._try_to_apply, person) for person in affected]))

    def _try_to_apply(self, person: Person) -> bool:
        try:
            self._apply(person)
        except ConcurrentModification:
            try:
                self.reevaluate(person.email)
            except Conflict:
                return False
        return True

    def _apply(self, person: Person) -> list[Change]:
        """Make the changes. Raises `ConcurrentModification` when the person is no longer as read."""
        changes = list(self._changes(person))
        if changes or person.reevaluation_due:
            self._ports.memberships.reevaluate(self._org, person.email, changes, self._now, person.purchases_revision)
        return changes

    def _changes(self, person: Person) -> Iterator[Change]:
        catalogue = self._catalogue
        if catalogue is None and self._groups:
            items = {purchase.sale_item_id for purchase in person.purchases}
            catalogue = self._ports.catalogues.subset(self._org, sorted(items))
        for group, rules in self._groups:
            matcher = Matcher(rules, catalogue or Catalogue())
            before = person.memberships.get(group.group_id)
            after = next_membership(group, person.email, before, matcher.lapses_at(person.purchases), self._now)
            if after != before:
                change = Change(before=before, after=after, by=self._by)
                yield _explained(change, group, matcher.findings(person.purchases, self._now), self._now)


def _groups_to_evaluate(
    org: str, now: datetime, sync_ports: SyncPorts, first: Sequence[str] | None
) -> list[tuple[Group, Branch]]:
    index = sync_ports.groups.index(org).groups.values()
    automatic = [group.group_id for group in index if group.type is GroupType.AUTOMATIC and not group.is_expired(now)]
    if first is not None:
        progress = sync_ports.syncs.get_progress_of_each(org, automatic)
        # From the start of the first pass, not its end: a buyer whom it has passed already would wait for the next one.
        started = {
            group_id for group_id, state in progress.items() if state.synced_at is not None or state.run_id is not None
        }
        automatic = [group_id for group_id in automatic if group_id in started or group_id in first]
    groups = sync_ports.groups.get_groups(org, automatic).values()
    return [(group, group.rules) for group in groups if group.rules and is_active_automatic(group, now)]


def _explained(change: Change, group: Group, findings: Sequence[RuleFinding], now: datetime) -> Change:
    if change.after is None:
        return replace(change, because=findings_message(findings, enough=False))
    if change.after.lapses_at is not None and change.after.lapses_at <= now:
        unmet = findings_message(findings, enough=False)
        return replace(change, because=Message("kept_by_lifetime", unmet.params))
    because = findings_message(findings, enough=True)
    if change.what is not ChangeType.ADDED:
        return replace(change, because=because)
    after = replace(change.after, because=because)
    return replace(change, because=because, after=after, welcome=group.welcome.enabled)
