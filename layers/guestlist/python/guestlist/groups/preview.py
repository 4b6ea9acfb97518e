"""What rules would do, without doing it."""

from dataclasses import dataclass
from datetime import datetime

from guestlist.customer import SHARDS
from guestlist.errors import Conflict
from guestlist.group import GroupType
from guestlist.group_record import Group
from guestlist.groups.decide import decided
from guestlist.groups.follow import Engine
from guestlist.groups.full_pass import More, ready
from guestlist.groups.lifecycle import standing
from guestlist.groups.merge import joined
from guestlist.groups.rules import confirmed
from guestlist.rule import Branch

MOST_SAMPLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How many people the rules match, and how many would join, leave, or stay by the group's lifetime alone.

    `sample` are some of those who match. `complete` is false when time was too short to look at everybody.
    """

    matching: int
    joining: int
    leaving: int
    kept_by_lifetime: int
    sample: tuple[str, ...]
    complete: bool


def preview(org: str, rules: Branch, group_id: str | None, now: datetime, more: More, engine: Engine) -> Preview:
    """What the rules would do to that group, or to a new one without a lifetime.

    Raises `Invalid` for rules that could not be kept, `Unknown`, or `Conflict` for a group that is not automatic.
    """
    confirmed(rules, org, engine.catalogues)
    group = _group(org, group_id, rules, now, engine)
    over = ready(org, rules, engine)
    counts = dict.fromkeys(("matching", "joining", "leaving", "kept_by_lifetime"), 0)
    sample: list[str] = []
    complete = True
    for shard in range(SHARDS):
        for email, bought, member in joined(org, group_id, over.items, shard, engine):
            if not more():
                complete = False
                break
            living = member is not None and not member.ended(now)
            lapses_at = over.matcher.lapse(bought)
            matches, stays = now < lapses_at, decided(group, email, member, lapses_at, now) is not None
            counts["matching"] += matches
            counts["joining"] += matches and not living
            counts["leaving"] += living and not stays
            counts["kept_by_lifetime"] += stays and not matches
            if matches and len(sample) < MOST_SAMPLE:
                sample.append(email)
    return Preview(**counts, sample=tuple(sample), complete=complete)


def _group(org: str, group_id: str | None, rules: Branch, now: datetime, engine: Engine) -> Group:
    if group_id is None:
        return Group(group_id="", name="", type=GroupType.AUTOMATIC, created_at=now, rules=rules)
    group = standing(engine.groups.get(org, group_id))
    if group.type is not GroupType.AUTOMATIC:
        raise Conflict("Only an automatic group has rules.", code="not_automatic")
    return group
