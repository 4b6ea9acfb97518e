"""Random rules and histories over one small catalogue."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Catalogue, Event, SaleItem
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.model.duration import Duration, Unit
from guestlist.purchases.model import CountedPurchase

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

SOLD = Catalogue(
    {
        name: Event(event_id=name, name=name, schedule_id=within)
        for name, within in zip("abc", ("s", "s", None), strict=True)
    },
    {
        f"{event}{number}": SaleItem(
            sale_item_id=f"{event}{number}", name="N", event_id=event, inventory_item_id="i" if number else None
        )
        for event in "abc"
        for number in range(2)
    },
)
NAMES = {
    EntityType.EVENT: ["a", "b", "c"],
    EntityType.SALE_ITEM: sorted(SOLD.sale_items),
    EntityType.INVENTORY_ITEM: ["i"],
    EntityType.SCHEDULE: ["s"],
}

# Instants on a coarse grid, so that purchases often stand exactly at the edge of a window.
instants = st.integers(0, 120).map(lambda hours: EPOCH + timedelta(hours=12 * hours))
durations = st.builds(Duration, st.integers(1, 4), st.sampled_from(Unit))


@st.composite
def leaf(draw: st.DrawFn) -> Leaf:
    entity_type = draw(st.sampled_from(EntityType))
    several = entity_type in {EntityType.SCHEDULE, EntityType.INVENTORY_ITEM}
    return Leaf(
        type=entity_type,
        id=draw(st.sampled_from(NAMES[entity_type])),
        minimum=draw(st.integers(1, 4)),
        within=draw(st.none() | durations),
        distinct_events=draw(st.none() | st.integers(1, 3)) if several else None,
        exclude_imported=draw(st.booleans()),
    )


def depth(rule: Branch | Leaf) -> int:
    return 0 if isinstance(rule, Leaf) else 1 + max(map(depth, rule.rules))


branches = st.recursive(
    st.builds(Branch, st.sampled_from(Operator), st.lists(leaf(), min_size=1, max_size=3).map(tuple)),
    lambda inner: st.builds(
        Branch, st.sampled_from(Operator), st.lists(leaf() | inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=6,
).filter(lambda rule: depth(rule) <= 5)

purchases = st.one_of(
    st.builds(CountedPurchase, instants, st.sampled_from(sorted(SOLD.sale_items)), st.integers(0, 3), st.just("o")),
    st.builds(
        CountedPurchase, instants, st.sampled_from(["event:a", "event:c"]), st.just(1), st.just("o"), st.just(True)
    ),
)
histories = st.lists(purchases, max_size=8)
