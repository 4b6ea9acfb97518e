"""The full pass over one automatic group.

It merges everybody who bought something that the rules name with everybody who is in, both sorted by
e-mail; it holds one person at a time, and has each whose membership is not as it should be followed as
after a purchase. After purchases and lapses alone it finds nothing to do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from guestlist.catalogue.model import Catalogue
from guestlist.customers.model import SHARDS
from guestlist.groups.match import Matcher
from guestlist.groups.membership_decision import decided
from guestlist.groups.merge import joined
from guestlist.groups.model import Group
from guestlist.groups.progress import DONE, Progress
from guestlist.groups.reevaluation import Reevaluator, SyncPorts, active
from guestlist.groups.rule import Branch, leaves
from guestlist.groups.rule_validation import rules_required
from guestlist.model.errors import ConcurrentModification

NOTED_EVERY = 1_000
"""A full pass notes how far it has come after so many people."""
AT_ONCE = 16
"""So many people are followed at the same time."""

HasTime = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a part of a full pass did: it looked at so many people and changed so many; `done` at its end."""

    looked_at: int = 0
    changed: int = 0
    done: bool = False


def full_pass(org: str, group_id: str, run_id: str, now: datetime, has_time: HasTime, sync_ports: SyncPorts) -> Pass:
    """Do a full pass, or go on with the one that runs, while there is time for `more`.

    The group's last sync moves when the pass is done, and not otherwise. Only a group that a pass is
    wished for gets one; a deleted or expired group leaves the list of those that are synced.
    """
    progress = sync_ports.syncs.get_progress(org, group_id)
    group = sync_ports.groups.get_group(org, group_id)
    if not active(group, now):
        sync_ports.syncs.leave(progress)
        return Pass()
    try:
        if progress.run_id is None:
            if progress.asked_at is None:
                return Pass()
            progress = sync_ports.syncs.begin(progress, run_id, now)
        return _Run(group, progress, now, has_time, sync_ports).resume()
    except ConcurrentModification:
        # Another worker is at this very pass, and has come further.
        return Pass()


@dataclass(frozen=True, slots=True)
class Ready:
    """Rules made ready over a catalogue, and all sale items that they name."""

    matcher: Matcher
    items: Sequence[str]
    catalogue: Catalogue


def ready(org: str, rules: Branch | None, sync_ports: SyncPorts) -> Ready:
    """The rules over the catalogue as it is now. Raises `Invalid` where there are none."""
    if rules is None:
        raise rules_required()
    catalogue = sync_ports.catalogues.whole(org)
    items = {item for leaf in leaves(rules) for item in catalogue.items_of(leaf.type, leaf.id)}
    return Ready(Matcher(rules, catalogue), sorted(items), catalogue)


class _Run:
    """One worker's part of a full pass."""

    def __init__(
        self, group: Group, progress: Progress, now: datetime, has_time: HasTime, sync_ports: SyncPorts
    ) -> None:
        self._group, self._progress, self._now, self._more, self._engine = group, progress, now, has_time, sync_ports
        self._ready = ready(progress.organiser_id, group.rules, sync_ports)
        self._waiting: list[str] = []
        self._looked_at = self._changed = 0

    def resume(self) -> Pass:
        is_done = all(self._shard(shard) for shard in range(SHARDS) if self._progress.cursors[shard] != DONE)
        if is_done:
            self._finish()
        return Pass(looked_at=self._looked_at, changed=self._changed, done=is_done)

    def _shard(self, shard: int) -> bool:
        """Go on with one shard, and return whether it came to its end."""
        org, after = self._progress.organiser_id, self._progress.cursors[shard]
        group, now, items, lapse = self._group, self._now, self._ready.items, self._ready.matcher.lapse
        for email, bought, member in joined(org, group.group_id, items, shard, self._engine, after):
            self._looked_at += 1
            right = decided(group, email, member, lapse(bought), now)
            if right is not member and right != member:
                self._waiting.append(email)
                if len(self._waiting) == AT_ONCE:
                    self._follow()
            if not self._more():
                self._note(shard, email)
                return False
            if self._looked_at % NOTED_EVERY == 0:
                self._note(shard, email)
        self._note(shard, DONE)
        return True

    def _note(self, shard: int, cursor: str) -> None:
        self._follow()
        self._progress = self._engine.syncs.advance(self._progress, shard, cursor)

    def _follow(self) -> None:
        """Follow whoever waits for it; they have to be done before the cursor moves past them."""
        if not self._waiting:
            return
        ports, catalogue, first = self._engine, self._ready.catalogue, [self._group.group_id]
        # Made anew each time: a group that has begun its first pass since takes part too.
        reevaluator = Reevaluator(self._progress.organiser_id, self._now, "sync", ports, first, catalogue)
        calls = [partial(reevaluator.reevaluate, email) for email in self._waiting]
        self._waiting = []
        self._changed += sum(bool(changes) for changes in self._engine.at_once(*calls))

    def _finish(self) -> None:
        try:
            self._engine.syncs.finish(self._progress, self._now)
        except ConcurrentModification:
            current = self._engine.syncs.get_progress(self._progress.organiser_id, self._group.group_id)
            if current.run_id == self._progress.run_id:
                self._engine.syncs.finish(current, self._now)
