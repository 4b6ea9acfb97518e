"""Dry run of rules: the numbers of people who would join, leave or stay."""

from dataclasses import dataclass
from datetime import datetime

from guestlist.customers.model import SHARDS
from guestlist.groups.full_pass import HasTime, prepare_rules
from guestlist.groups.index import GroupType
from guestlist.groups.lifecycle import require_existing
from guestlist.groups.membership_decision import next_membership
from guestlist.groups.merge import buyers_and_members
from guestlist.groups.model import Group
from guestlist.groups.preconditions import require_automatic
from guestlist.groups.reevaluation import SyncPorts
from guestlist.groups.rule import Branch
from guestlist.groups.rule_validation import validate_rules

MAX_SAMPLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Numbers of people whom the rules match, who would join, leave, or stay by the group's lifetime alone.

    `sample` holds some e-mails that match. `complete` is False when time ran out.
    """

    matching: int
    joining: int
    leaving: int
    kept_by_lifetime: int
    sample: tuple[str, ...]
    complete: bool


def preview(
    org: str, rules: Branch, group_id: str | None, now: datetime, has_time: HasTime, sync_ports: SyncPorts
) -> Preview:
    """Count what the rules would change in the group, or with None in a new one without a lifetime.

    Raises `Invalid` for invalid rules, `Unknown`, or `Conflict` for a group that is not automatic.
    """
    validate_rules(rules, org, sync_ports.catalogues)
    group = _group(org, group_id, rules, now, sync_ports)
    prepared = prepare_rules(org, rules, sync_ports)
    counts = dict.fromkeys(("matching", "joining", "leaving", "kept_by_lifetime"), 0)
    sample: list[str] = []
    complete = True
    for shard in range(SHARDS):
        for email, purchases, member in buyers_and_members(org, group_id, prepared.item_ids, shard, sync_ports):
            if not has_time():
                complete = False
                break
            is_active = member is not None and not member.has_ended(now)
            lapses_at = prepared.matcher.lapses_at(purchases)
            matches, is_member_after = (
                now < lapses_at,
                next_membership(group, email, member, lapses_at, now) is not None,
            )
            counts["matching"] += matches
            counts["joining"] += matches and not is_active
            counts["leaving"] += is_active and not is_member_after
            counts["kept_by_lifetime"] += is_member_after and not matches
            if matches and len(sample) < MAX_SAMPLE:
                sample.append(email)
    return Preview(**counts, sample=tuple(sample), complete=complete)


def _group(org: str, group_id: str | None, rules: Branch, now: datetime, sync_ports: SyncPorts) -> Group:
    if group_id is None:
        return Group(group_id="", name="", type=GroupType.AUTOMATIC, created_at=now, rules=rules)
    group = require_existing(sync_ports.groups.get_group(org, group_id))
    require_automatic(group)
    return group
