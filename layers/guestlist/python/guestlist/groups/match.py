"""Matching of rules: whether a person's purchases fulfil them, until when, and the count of each leaf.

A leaf counts the newest purchases first and lapses when the purchase that completes its minimum leaves its
time window. `all` lapses with its first rule, `any` with its last. So one evaluation yields the instant at
which the rules lapse, and they hold at every instant before it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter

from guestlist.catalogue.model import Catalogue
from guestlist.groups.rule import Branch, Leaf, Operator, leaves
from guestlist.purchases.model import CountedPurchase

NEVER = datetime.min.replace(tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)

Step = tuple[Callable[[Sequence[datetime]], datetime], Callable[[list[datetime]], Sequence[datetime]]]
"""A branch: `min` or `max`, and the getter of the ends of its rules from the list of all ends."""

_INSTANT = attrgetter("at")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """Result of one leaf at an instant: the items and events counted, and the order ids, newest first."""

    leaf: Leaf
    count: int
    events: int
    orders: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the leaf is fulfilled."""
        return self.count >= self.leaf.minimum and self.events >= (self.leaf.distinct_events or 0)


class Matcher:
    """Rules compiled for the evaluation of many people.

    A leaf is identified by its position from the left; a branch is compiled to a step over the ends of its rules.
    """

    def __init__(self, rules: Branch, catalogue: Catalogue) -> None:
        self._leaves = tuple(leaves(rules))
        self._minima = [leaf.minimum for leaf in self._leaves]
        self._windows = [_window(leaf) for leaf in self._leaves]
        self._of_events = [position for position, leaf in enumerate(self._leaves) if leaf.distinct_events]
        self._all_never = [NEVER] * len(self._leaves)
        self._steps: list[Step] = []
        self._root = self._compile(rules, iter(range(len(self._leaves))))
        self._catalogue = catalogue
        self._sold, self._imported = (_LeafPositions(self._leaves, catalogue, imported=each) for each in (False, True))

    def lapses_at(self, purchases: Sequence[CountedPurchase]) -> datetime:
        """The first instant at which the rules no longer hold; they hold at every instant before it.

        `NEVER` when they hold at no instant, `FOR_EVER` when no time window ends them.
        """
        ends = self._ends(purchases)
        if ends is None:
            return NEVER
        if self._of_events:
            newest_first = sorted(purchases, key=_INSTANT, reverse=True)
            for position in self._of_events:
                ends[position] = min(ends[position], self._end_of_events(position, newest_first))
        for choose, below in self._steps:
            ends.append(choose(below(ends)))
        return ends[self._root]

    def _ends(self, purchases: Sequence[CountedPurchase]) -> list[datetime] | None:
        """The instant at which each leaf lapses by its item count; None when no leaf reaches its minimum."""
        # The hot loop of a full pass: no objects and no calls per purchase, and no sort of what is already sorted,
        # oldest first.
        ends: list[datetime] | None = None
        sold, imported = self._sold, self._imported
        missing, windows = self._minima.copy(), self._windows
        newer = FOR_EVER
        for at, sale_item_id, quantity, _, is_imported in reversed(purchases):
            if at > newer:
                return self._ends(sorted(purchases, key=_INSTANT))
            newer = at
            for position in (imported if is_imported else sold)[sale_item_id]:
                lacking = missing[position]
                if lacking > 0:
                    missing[position] = lacking = lacking - quantity
                    if lacking <= 0:
                        if ends is None:
                            ends = self._all_never.copy()
                        window = windows[position]
                        ends[position] = FOR_EVER if window is None else at + window
        return ends

    def _end_of_events(self, position: int, newest_first: Sequence[CountedPurchase]) -> datetime:
        """The instant at which a leaf lapses by its number of distinct events."""
        events: set[str | None] = set()
        for purchase in newest_first:
            if position in self._counted_by(purchase):
                events.add(self._catalogue.event_of(purchase.sale_item_id))
                if len(events) >= (self._leaves[position].distinct_events or 0):
                    window = self._windows[position]
                    return purchase.at + window if window else FOR_EVER
        return NEVER

    def findings(self, purchases: Sequence[CountedPurchase], now: datetime) -> list[RuleFinding]:
        """The finding of each leaf at `now`, from the left; a purchase exactly as old as the window counts."""
        newest_first = sorted(purchases, reverse=True)
        return [self._finding(position, newest_first, now) for position in range(len(self._leaves))]

    def _finding(self, position: int, newest_first: Sequence[CountedPurchase], now: datetime) -> RuleFinding:
        leaf = self._leaves[position]
        since = now - leaf.within.length if leaf.within else NEVER
        counted = [
            purchase for purchase in newest_first if purchase.at >= since and position in self._counted_by(purchase)
        ]
        return RuleFinding(
            leaf=leaf,
            count=sum(purchase.quantity for purchase in counted),
            events=len({self._catalogue.event_of(purchase.sale_item_id) for purchase in counted}),
            orders=tuple(dict.fromkeys(purchase.order_id for purchase in counted)),
        )

    def _counted_by(self, purchase: CountedPurchase) -> Sequence[int]:
        """The positions of the leaves that count this purchase."""
        if purchase.quantity <= 0:
            return ()
        return (self._imported if purchase.imported else self._sold)[purchase.sale_item_id]

    def _compile(self, rule: Branch | Leaf, positions: Iterator[int]) -> int:
        """Append the steps of this rule, and return the index of its end in the list of ends."""
        if isinstance(rule, Leaf):
            return next(positions)
        below = [self._compile(inner, positions) for inner in rule.rules]
        if len(below) == 1:
            return below[0]
        self._steps.append((max if rule.operator is Operator.ANY else min, itemgetter(*below)))
        return len(self._leaves) + len(self._steps) - 1


class _LeafPositions(dict[str, tuple[int, ...]]):
    """The positions of the leaves that count each sale item, computed on first access."""

    def __init__(self, leaves: Sequence[Leaf], catalogue: Catalogue, *, imported: bool) -> None:
        self._leaves = [
            (position, leaf) for position, leaf in enumerate(leaves) if not (imported and leaf.exclude_imported)
        ]
        self._catalogue = catalogue

    def __missing__(self, sale_item_id: str) -> tuple[int, ...]:
        entities = set(self._catalogue.counts_for(sale_item_id))
        self[sale_item_id] = tuple(position for position, leaf in self._leaves if (leaf.type, leaf.id) in entities)
        return self[sale_item_id]


def _window(leaf: Leaf) -> timedelta | None:
    # A purchase exactly as old as the window still counts, so the rule lapses one instant later.
    return leaf.within.length + timedelta(microseconds=1) if leaf.within else None
