"""Whether a person's purchases fulfil rules, until when, and what was found and needed.

A leaf counts the newest purchases first: it lapses when the one that completes its minimum leaves its
window. All of several rules lapse with the first of them, any with the last. So one look at somebody's
purchases tells the instant at which the rules lapse, and they hold at every instant before it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter

from guestlist.catalogue.model import Catalogue
from guestlist.groups.rule import Branch, Leaf, Operator, leaves
from guestlist.purchases.model import Bought

NEVER = datetime.min.replace(tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)

Step = tuple[Callable[[Sequence[datetime]], datetime], Callable[[list[datetime]], Sequence[datetime]]]
"""What takes the first or the last of some ends, and what picks these from all that there are."""

_INSTANT = attrgetter("at")


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
    """Rules made ready for many people, over what the catalogue says of what they bought.

    Leaves are known by their places, from the left; each branch is a step over the ends of what is below it.
    """

    def __init__(self, rules: Branch, catalogue: Catalogue) -> None:
        self._leaves = tuple(leaves(rules))
        self._minima = [leaf.minimum for leaf in self._leaves]
        self._windows = [_window(leaf) for leaf in self._leaves]
        self._of_events = [place for place, leaf in enumerate(self._leaves) if leaf.distinct_events]
        self._never = [NEVER] * len(self._leaves)
        self._steps: list[Step] = []
        self._root = self._planned(rules, iter(range(len(self._leaves))))
        self._catalogue = catalogue
        self._sold, self._imported = (_Places(self._leaves, catalogue, imported=each) for each in (False, True))

    def lapse(self, bought: Sequence[Bought]) -> datetime:
        """The first instant at which the rules do not hold any more: they hold at every instant before it.

        `NEVER` when no instant is before it, `FOR_EVER` when no window can end it.
        """
        ends = self._ends(bought)
        if ends is None:
            return NEVER
        if self._of_events:
            newest_first = sorted(bought, key=_INSTANT, reverse=True)
            for place in self._of_events:
                ends[place] = min(ends[place], self._end_of_events(place, newest_first))
        for choose, below in self._steps:
            ends.append(choose(below(ends)))
        return ends[self._root]

    def _ends(self, bought: Sequence[Bought]) -> list[datetime] | None:
        """For each leaf when there will be too few items in its window; None when there are too few for all."""
        # Everybody of a full pass comes through this loop: it makes no objects and calls nothing for a purchase,
        # nor sorts what is in order already, the oldest first.
        ends: list[datetime] | None = None
        sold, imported = self._sold, self._imported
        missing, windows = self._minima.copy(), self._windows
        newer = FOR_EVER
        for at, sale_item_id, quantity, _, is_imported in reversed(bought):
            if at > newer:
                return self._ends(sorted(bought, key=_INSTANT))
            newer = at
            for place in (imported if is_imported else sold)[sale_item_id]:
                lacking = missing[place]
                if lacking > 0:
                    missing[place] = lacking = lacking - quantity
                    if lacking <= 0:
                        if ends is None:
                            ends = self._never.copy()
                        window = windows[place]
                        ends[place] = FOR_EVER if window is None else at + window
        return ends

    def _end_of_events(self, place: int, newest_first: Sequence[Bought]) -> datetime:
        """When there will be items of too few events in the window of a leaf."""
        events: set[str | None] = set()
        for purchase in newest_first:
            if place in self._counting(purchase):
                events.add(self._catalogue.event_of(purchase.sale_item_id))
                if len(events) >= (self._leaves[place].distinct_events or 0):
                    window = self._windows[place]
                    return purchase.at + window if window else FOR_EVER
        return NEVER

    def findings(self, bought: Sequence[Bought], now: datetime) -> list[Found]:
        """The findings of each leaf at that time, from the left; a purchase as old as its window counts."""
        newest_first = sorted(bought, reverse=True)
        return [self._finding(place, newest_first, now) for place in range(len(self._leaves))]

    def _finding(self, place: int, newest_first: Sequence[Bought], now: datetime) -> Found:
        leaf = self._leaves[place]
        since = now - leaf.within.length if leaf.within else NEVER
        counted = [purchase for purchase in newest_first if purchase.at >= since and place in self._counting(purchase)]
        return Found(
            leaf=leaf,
            count=sum(purchase.quantity for purchase in counted),
            events=len({self._catalogue.event_of(purchase.sale_item_id) for purchase in counted}),
            orders=tuple(dict.fromkeys(purchase.order_id for purchase in counted)),
        )

    def _counting(self, purchase: Bought) -> Sequence[int]:
        """The places of the leaves that count this purchase."""
        if purchase.quantity <= 0:
            return ()
        return (self._imported if purchase.imported else self._sold)[purchase.sale_item_id]

    def _planned(self, rule: Branch | Leaf, places: Iterator[int]) -> int:
        """Where the end of this rule will stand, when the steps that this plans have been taken."""
        if isinstance(rule, Leaf):
            return next(places)
        below = [self._planned(inner, places) for inner in rule.rules]
        if len(below) == 1:
            return below[0]
        self._steps.append((max if rule.operator is Operator.ANY else min, itemgetter(*below)))
        return len(self._leaves) + len(self._steps) - 1


class _Places(dict[str, tuple[int, ...]]):
    """The places of the leaves that count a sale item, looked up when it is first met."""

    def __init__(self, leaves: Sequence[Leaf], catalogue: Catalogue, *, imported: bool) -> None:
        self._leaves = [(place, leaf) for place, leaf in enumerate(leaves) if not (imported and leaf.exclude_imported)]
        self._catalogue = catalogue

    def __missing__(self, sale_item_id: str) -> tuple[int, ...]:
        entities = set(self._catalogue.counts_for(sale_item_id))
        self[sale_item_id] = tuple(place for place, leaf in self._leaves if (leaf.type, leaf.id) in entities)
        return self[sale_item_id]


def _window(leaf: Leaf) -> timedelta | None:
    # A purchase exactly as old as the window still counts, so the rule lapses one instant later.
    return leaf.within.length + timedelta(microseconds=1) if leaf.within else None
