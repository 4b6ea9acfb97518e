"""Whether a person's purchases fulfil rules, until when, and what was found and needed.

A leaf counts the newest purchases first: it lapses when the one that completes its minimum leaves its
window. All of several rules lapse with the first of them, any with the last. So one look at somebody's
purchases tells the instant at which the rules lapse, and they hold at every instant before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from guestlist.catalogue import Catalogue
from guestlist.purchase import Bought
from guestlist.rule import Branch, Leaf, Operator, leaves

NEVER = datetime.min.replace(tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one leaf found at an instant: so many items, of so many events, in these orders, newest first."""

    leaf: Leaf
    count: int
    events: int
    orders: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether that is enough."""
        return self.count >= self.leaf.minimum and self.events >= (self.leaf.distinct_events or 0)


class Matcher:
    """Rules made ready for many people, over what the catalogue says of what they bought."""

    def __init__(self, rules: Branch, catalogue: Catalogue) -> None:
        self._rules = rules
        self._catalogue = catalogue
        self._leaves = tuple(leaves(rules))
        self._counted: dict[str, tuple[int, ...]] = {}

    def lapse(self, bought: Sequence[Bought]) -> datetime:
        """The first instant at which the rules do not hold any more: they hold at every instant before it.

        `NEVER` when no instant is before it, `FOR_EVER` when no window can end it.
        """
        lapses = [NEVER] * len(self._leaves)
        counts = [0] * len(self._leaves)
        events: list[set[str | None]] = [set() for _ in self._leaves]
        for one in sorted(bought, key=lambda one: one.at, reverse=True):
            for place in self._counting(one):
                leaf = self._leaves[place]
                counts[place] += one.quantity
                events[place].add(self._catalogue.event_of(one.sale_item_id))
                enough = counts[place] >= leaf.minimum and len(events[place]) >= (leaf.distinct_events or 0)
                if enough and lapses[place] == NEVER:
                    lapses[place] = _end(leaf, one.at)
        return _combined(self._rules, iter(lapses))

    def found(self, bought: Sequence[Bought], now: datetime) -> list[Found]:
        """What each leaf finds at that instant, from the left; a purchase as old as its window counts."""
        newest_first = sorted(bought, key=lambda one: one.at, reverse=True)
        return [self._found(place, newest_first, now) for place in range(len(self._leaves))]

    def _found(self, place: int, newest_first: Sequence[Bought], now: datetime) -> Found:
        leaf = self._leaves[place]
        since = now - leaf.within.length if leaf.within else NEVER
        counted = [one for one in newest_first if one.at >= since and place in self._counting(one)]
        return Found(
            leaf=leaf,
            count=sum(one.quantity for one in counted),
            events=len({self._catalogue.event_of(one.sale_item_id) for one in counted}),
            orders=tuple(dict.fromkeys(one.order_id for one in counted)),
        )

    def _counting(self, one: Bought) -> Sequence[int]:
        """The places of the leaves that count this purchase."""
        if one.quantity <= 0:
            return ()
        places = self._counted.get(one.sale_item_id)
        if places is None:
            named = set(self._catalogue.counts_for(one.sale_item_id))
            places = tuple(place for place, leaf in enumerate(self._leaves) if (leaf.type, leaf.id) in named)
            self._counted[one.sale_item_id] = places
        if one.imported:
            return [place for place in places if not self._leaves[place].exclude_imported]
        return places


def _end(leaf: Leaf, at: datetime) -> datetime:
    # A purchase exactly as old as the window still counts, so the rule lapses one instant later.
    return at + leaf.within.length + _INSTANT if leaf.within else FOR_EVER


def _combined(rule: Branch | Leaf, lapses: Iterator[datetime]) -> datetime:
    if isinstance(rule, Leaf):
        return next(lapses)
    choose = max if rule.operator is Operator.ANY else min
    return choose([_combined(inner, lapses) for inner in rule.rules])
