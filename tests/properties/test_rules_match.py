"""Rules against a naive oracle: random trees, random histories, random instants."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.catalogue.entity_type import EntityType
from guestlist.groups.match import FOR_EVER, NEVER, Matcher
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.purchases.model import CountedPurchase
from tests.properties.rule_strategies import SOLD, branches, histories, instants

MICROSECOND = timedelta(microseconds=1)


def truth(rule: Branch | Leaf, history: Sequence[CountedPurchase], now: datetime) -> bool:
    """The rule as the documents say it, word for word and without any cleverness."""
    if isinstance(rule, Branch):
        parts = [truth(inner, history, now) for inner in rule.rules]
        return any(parts) if rule.operator is Operator.ANY else all(parts)
    counted = [
        one
        for one in history
        if names(rule, one)
        and not (one.imported and rule.exclude_imported)
        and (rule.within is None or now - one.at <= timedelta(days=rule.within.days))
    ]
    events = {event_of(one) for one in counted if one.quantity > 0}
    return sum(one.quantity for one in counted) >= rule.minimum and len(events) >= (rule.distinct_events or 0)


def event_of(one: CountedPurchase) -> str:
    return one.sale_item_id.removeprefix("event:")[0]


def names(rule: Leaf, one: CountedPurchase) -> bool:
    item = SOLD.sale_items.get(one.sale_item_id)
    match rule.type:
        case EntityType.EVENT:
            return event_of(one) == rule.id
        case EntityType.SALE_ITEM:
            return one.sale_item_id == rule.id
        case EntityType.INVENTORY_ITEM:
            return item is not None and item.inventory_item_id == rule.id
        case EntityType.SCHEDULE:
            return SOLD.events[event_of(one)].schedule_id == rule.id


@settings(max_examples=800, deadline=None)
@given(branches, histories, st.lists(instants, min_size=1, max_size=5))
def test_a_rule_holds_exactly_until_its_lapse(
    rule: Branch, history: list[CountedPurchase], moments: list[datetime]
) -> None:
    lapse = Matcher(rule, SOLD).lapses_at(history)
    last = max([one.at for one in history], default=moments[0])
    for now in (max(moment, last) for moment in moments):
        assert (now < lapse) is truth(rule, history, now)


@settings(max_examples=300, deadline=None)
@given(branches, histories)
def test_the_lapse_is_the_first_time_at_which_a_rule_fails(rule: Branch, history: list[CountedPurchase]) -> None:
    lapse = Matcher(rule, SOLD).lapses_at(history)
    last = max([one.at for one in history], default=None)
    if lapse in {NEVER, FOR_EVER} or last is None or lapse <= last:
        return
    assert truth(rule, history, lapse - MICROSECOND)
    assert not truth(rule, history, lapse)


@settings(max_examples=300, deadline=None)
@given(branches, histories, instants)
def test_the_findings_of_each_leaf_equal_the_oracles(
    rule: Branch, history: list[CountedPurchase], now: datetime
) -> None:
    for finding in Matcher(rule, SOLD).findings(history, now):
        assert finding.holds is truth(finding.leaf, history, now)
