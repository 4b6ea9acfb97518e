"""One person's automatic groups follow what they bought."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from guestlist.catalogue.model import Catalogue
from guestlist.catalogue.ports import Catalogues
from guestlist.groups.index import GroupType
from guestlist.groups.match import Found, Matcher
from guestlist.groups.membership import Change, ChangeType
from guestlist.groups.membership_decision import decided, findings_message, findings_text
from guestlist.groups.model import Group
from guestlist.groups.person import Person
from guestlist.groups.ports import Groups, Memberships, Purchases, Syncs
from guestlist.groups.rule import Branch
from guestlist.messages.message import Message
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification, Conflict


def in_turn(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of the calls, one after the other."""
    return [call() for call in calls]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPorts:
    """What syncing works with. `at_once` makes several calls at the same time, where that is possible."""

    groups: Groups
    syncs: Syncs
    memberships: Memberships
    catalogues: Catalogues
    purchases: Purchases
    at_once: Callable[..., list[Any]] = in_turn


def reevaluate(
    org: str, email: str, now: datetime, by: str, sync_ports: SyncPorts, *, first: Sequence[str] | None = ()
) -> list[Change]:
    """Bring all automatic groups in step with this person's purchases, and return what changed.

    A group takes part once its first full pass has begun. Those named in `first` take part before, and all of
    them with None. Deleted and expired groups never do. Raises `Conflict` when others change the same
    person all the time.
    """
    return Reevaluator(org, now, by, sync_ports, first).reevaluate(email)


def active(group: Group, now: datetime) -> bool:
    """Whether the group is an automatic one that is synced: neither deleted nor expired."""
    return group.type is GroupType.AUTOMATIC and group.deleted_at is None and not group.expired(now)


class Reevaluator:
    """Brings the automatic groups of one organiser in step with one person after the other, as `follow` says.

    The groups, and the catalogue if it is given, are as they were when this was made: whatever changes them
    asks for a full pass.
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
        self._org, self._now, self._by, self._engine = org, now, by, sync_ports
        self._catalogue = catalogue
        self._groups = _taking_part(org, now, sync_ports, first)

    @property
    def group_ids(self) -> set[str]:
        """The groups that take part."""
        return {group.group_id for group, _ in self._groups}

    def reevaluate(self, email: str) -> list[Change]:
        """What changed for this person. Raises `Conflict`."""
        return retry_on_conflict(lambda: self._follow(self._engine.purchases.person(self._org, fold_email(email))))

    def reevaluate_each(self, emails: Sequence[str]) -> bool:
        """The same for these people, who are read together; whether all could be followed in spite of others."""
        people = self._engine.purchases.people(self._org, emails)
        concerned = [person for person in people if person.owed or any(self._changes(person))]
        return all(self._engine.at_once(*[partial(self._followed, person) for person in concerned]))

    def _followed(self, person: Person) -> bool:
        try:
            self._follow(person)
        except ConcurrentModification:
            try:
                self.reevaluate(person.email)
            except Conflict:
                return False
        return True

    def _follow(self, person: Person) -> list[Change]:
        """What changes for the person as they were read. Raises `ConcurrentModification`."""
        changes = list(self._changes(person))
        if changes or person.owed:
            self._engine.memberships.reevaluate(self._org, person.email, changes, self._now, person.seen)
        return changes

    def _changes(self, person: Person) -> Iterator[Change]:
        catalogue = self._catalogue
        if catalogue is None and self._groups:
            items = {purchase.sale_item_id for purchase in person.bought}
            catalogue = self._engine.catalogues.subset(self._org, sorted(items))
        for group, rules in self._groups:
            matcher = Matcher(rules, catalogue or Catalogue())
            before = person.memberships.get(group.group_id)
            after = decided(group, person.email, before, matcher.lapse(person.bought), self._now)
            if after != before:
                change = Change(before=before, after=after, by=self._by)
                yield _explained(change, group, matcher.findings(person.bought, self._now), self._now)


def _taking_part(
    org: str, now: datetime, sync_ports: SyncPorts, first: Sequence[str] | None
) -> list[tuple[Group, Branch]]:
    index = sync_ports.groups.index(org).groups.values()
    automatic = [group.group_id for group in index if group.type is GroupType.AUTOMATIC and not group.expired(now)]
    if first is not None:
        progress = sync_ports.syncs.get_progress_of_each(org, automatic)
        # Who buys while the first pass runs, and was looked at before, would else wait for the next day's.
        begun_groups = {
            group_id for group_id, state in progress.items() if state.synced_at is not None or state.run_id is not None
        }
        automatic = [group_id for group_id in automatic if group_id in begun_groups or group_id in first]
    groups = sync_ports.groups.get_groups(org, automatic).values()
    return [(group, group.rules) for group in groups if group.rules and active(group, now)]


def _explained(change: Change, group: Group, findings: Sequence[Found], now: datetime) -> Change:
    if change.after is None:
        because = findings_message(findings, enough=False)
        return replace(change, why=findings_text(findings, enough=False), because=because)
    if change.after.lapses_at is not None and change.after.lapses_at <= now:
        why = f"kept by the group's lifetime: {findings_text(findings, enough=False)}"
        return replace(change, why=why, because=Message("kept_by_lifetime"))
    why, because = findings_text(findings, enough=True), findings_message(findings, enough=True)
    if change.what is not ChangeType.ADDED:
        return replace(change, why=why, because=because)
    after = replace(change.after, reason=why, because=because)
    return replace(change, why=why, because=because, after=after, welcome=group.welcome.enabled)
