"""The full pass over one automatic group.

It merges the buyers of the sale items that the rules name with the group's members, both sorted by e-mail, one
person at a time, and reevaluates the people whose membership differs from what the rules require. A group whose
purchases and lapses were all processed has no such person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from guestlist.catalogue.model import Catalogue
from guestlist.customers.model import SHARDS
from guestlist.groups.match import Matcher
from guestlist.groups.membership_decision import next_membership
from guestlist.groups.merge import buyers_and_members
from guestlist.groups.model import Group
from guestlist.groups.progress import END, Progress
from guestlist.groups.reevaluation import Reevaluator, SyncPorts, is_active_automatic
from guestlist.groups.rule import Branch, leaves
from guestlist.groups.rule_validation import rules_required
from guestlist.model.errors import ConcurrentModification

CHECKPOINT_INTERVAL = 1_000
"""Number of people between two checkpoints of a full pass."""
CONCURRENCY = 16
"""Number of people who are reevaluated in parallel."""

HasTime = Callable[[], bool]
"""Returns whether there is time left for another person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassResult:
    """Result of one worker's part of a full pass; `complete` when the pass has reached its end."""

    people_checked: int = 0
    people_changed: int = 0
    complete: bool = False


def full_pass(
    org: str, group_id: str, run_id: str, now: datetime, has_time: HasTime, sync_ports: SyncPorts
) -> PassResult:
    """Start the requested full pass, or resume the running one, and continue while `has_time()`.

    Only a completed pass moves the group's last sync. Without a request nothing is done; a deleted or expired
    group is unscheduled.
    """
    progress = sync_ports.syncs.get_progress(org, group_id)
    group = sync_ports.groups.get_group(org, group_id)
    if not is_active_automatic(group, now):
        sync_ports.syncs.unschedule(progress)
        return PassResult()
    try:
        if progress.run_id is None:
            if progress.asked_at is None:
                return PassResult()
            progress = sync_ports.syncs.begin_pass(progress, run_id, now)
        return _Run(group, progress, now, has_time, sync_ports).resume()
    except ConcurrentModification:
        # Another worker runs this pass and is further ahead.
        return PassResult()


@dataclass(frozen=True, slots=True)
class PreparedRules:
    """Rules compiled with the catalogue; `item_ids` are those of the sale items whose purchases they count."""

    matcher: Matcher
    item_ids: Sequence[str]
    catalogue: Catalogue


def prepare_rules(org: str, rules: Branch | None, sync_ports: SyncPorts) -> PreparedRules:
    """Prepare rules for matching, with the current catalogue. Raises `Invalid` for None."""
    if rules is None:
        raise rules_required()
    catalogue = sync_ports.catalogues.read_catalogue(org)
    items = {item for leaf in leaves(rules) for item in catalogue.items_of(leaf.type, leaf.id)}
    return PreparedRules(Matcher(rules, catalogue), sorted(items), catalogue)


class _Run:
    """One worker's part of a full pass."""

    def __init__(
        self, group: Group, progress: Progress, now: datetime, has_time: HasTime, sync_ports: SyncPorts
    ) -> None:
        self._group, self._progress, self._now, self._has_time, self._ports = group, progress, now, has_time, sync_ports
        self._rules = prepare_rules(progress.organiser_id, group.rules, sync_ports)
        self._pending: list[str] = []
        self._checked = self._changed = 0

    def resume(self) -> PassResult:
        complete = all(self._shard(shard) for shard in range(SHARDS) if self._progress.cursors[shard] != END)
        if complete:
            self._finish()
        return PassResult(people_checked=self._checked, people_changed=self._changed, complete=complete)

    def _shard(self, shard: int) -> bool:
        """Continue with one shard; True when it has reached its end."""
        org, after = self._progress.organiser_id, self._progress.cursors[shard]
        group, now, item_ids, lapses_at = self._group, self._now, self._rules.item_ids, self._rules.matcher.lapses_at
        for email, purchases, member in buyers_and_members(org, group.group_id, item_ids, shard, self._ports, after):
            self._checked += 1
            expected = next_membership(group, email, member, lapses_at(purchases), now)
            if expected is not member and expected != member:
                self._pending.append(email)
                if len(self._pending) == CONCURRENCY:
                    self._reevaluate_pending()
            if not self._has_time():
                self._checkpoint(shard, email)
                return False
            if self._checked % CHECKPOINT_INTERVAL == 0:
                self._checkpoint(shard, email)
        self._checkpoint(shard, END)
        return True

    def _checkpoint(self, shard: int, cursor: str) -> None:
        # People behind the cursor are not read again, so none may be left pending.
        self._reevaluate_pending()
        self._progress = self._ports.syncs.advance_pass(self._progress, shard, cursor)

    def _reevaluate_pending(self) -> None:
        if not self._pending:
            return
        ports, catalogue, first = self._ports, self._rules.catalogue, [self._group.group_id]
        # Created each time: it also evaluates groups whose first pass has started since.
        reevaluator = Reevaluator(self._progress.organiser_id, self._now, "sync", ports, first, catalogue)
        calls = [partial(reevaluator.reevaluate, email) for email in self._pending]
        self._pending = []
        self._changed += sum(bool(changes) for changes in self._ports.in_parallel(*calls))

    def _finish(self) -> None:
        try:
            self._ports.syncs.finish_pass(self._progress, self._now)
        except ConcurrentModification:
            current = self._ports.syncs.get_progress(self._progress.organiser_id, self._group.group_id)
            if current.run_id == self._progress.run_id:
                self._ports.syncs.finish_pass(current, self._now)
