"""Uses of lists under keyed digests of people, beside lists of an earlier version, whose counters have plain ones."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.aws.digests import digest
from guestlist.aws.items import unmarshal_item
from guestlist.checkout.ledger import FIRST_HOLDS, MAX_COUNTERS_PER_QUERY
from guestlist.checkout.redemption import Status
from guestlist.groups.index import IndexedGroup
from guestlist.lists.entry import Entry
from guestlist.lists.usage_store import Uses
from guestlist.model.errors import Conflict
from tests.engines.tables import keyed
from tests.fakes.shop import Shop
from tests.simulation.network import Model
from tests.unit.checkout.builders import ANNA, DAY, NOW, group, item, typed

MANY = MAX_COUNTERS_PER_QUERY + FIRST_HOLDS
KEY = b"what digests of people are made with"
OLD = group("old", created_at=NOW - 9 * DAY)
NEW, NEWER = (group(f"new{number}-k", created_at=NOW - (9 - number) * DAY) for number in (1, 2))
PLAIN = {
    digest("", f"of {ANNA}", ""),
    digest(ANNA),
    digest(f"@{ANNA}"),
    *(digest("", seat, ANNA) for seat in ("", "A-1")),
}


@pytest.fixture
def model() -> Iterator[Model]:
    new_model = Model()
    with new_model.running():
        yield new_model


@pytest.fixture
def shop(model: Model) -> Shop:
    return Shop(keyed(model.table(), KEY))


def count_queries(model: Model, act: Callable[[], Any]) -> Counter[str]:
    """Count the queries of each partition of uses."""
    read: Counter[str] = Counter()
    call = model.engine.call

    def noting(operation: str, request: Any) -> Any:
        if operation == "Query":
            read[request["ExpressionAttributeValues"][":pk"]["S"]] += 1
        return call(operation, request)

    model.engine.call = noting  # type: ignore[method-assign]
    act()
    model.engine.call = call  # type: ignore[method-assign]
    return read


def remaining(shop: Shop, *groups: IndexedGroup) -> int | None:
    """The number of times that the person may redeem in these groups."""
    shop.sells({"seats": item(*(one.group_id for one in groups))})
    return shop.ask("seats", customer=typed(ANNA)).items[0].remaining


def buy(shop: Shop, order: str, **more: Any) -> Any:
    return shop.take(order, code=None, email=ANNA, **more).result


def items(model: Model) -> list[dict[str, Any]]:
    return [unmarshal_item(one) for one in model.engine.everything()]


@pytest.mark.parametrize(
    "entry",
    [Entry(email=ANNA), Entry("K1", ANNA), Entry("K1", ANNA, seat="A-1"), Entry(ANNA), Entry("K1", seat=f"of {ANNA}")],
)
def test_uses_of_a_new_list_are_stored_under_keyed_digests_alone(model: Model, shop: Shop, entry: Entry) -> None:
    shop.lists(entry, of=NEW)
    shop.take("order", code=entry.code or None, email=ANNA, hold_seconds=60)
    # A redemption has its code, and is listed by it, until the person is erased.
    content = str([{**item, "g1pk": ""} for item in items(model)])
    assert [one for one in PLAIN if one in content] == []
    other = Shop(keyed(shop.table, KEY), "other")
    other.lists(entry, of=NEW)
    other.take("order", code=entry.code or None, email=ANNA)
    counters = [(one["pk"].partition("#U#")[2], one["sk"]) for one in items(model) if "taken" in one]
    assert len(set(counters)) == len(counters) == 2, "two organisers' counters have nothing in common"


def test_without_the_key_no_new_counter_is_written(shop: Shop) -> None:
    shop.lists(Entry(email=ANNA), of=NEW)
    buy(shop, "order")
    with pytest.raises(LookupError):
        buy(Shop(keyed(shop.table, b"")), "another")


def test_uses_counted_by_an_earlier_version_stay_counted(model: Model, shop: Shop) -> None:
    earlier = Shop(keyed(shop.table, b""))
    earlier.lists(Entry(email=ANNA, quantity=3), of=OLD)
    earlier.take("first", code=None, email=ANNA)
    hold = earlier.take("held", code=None, email=ANNA, hold_seconds=60).result
    assert any(one in str(items(model)) for one in PLAIN)
    assert remaining(shop, OLD) == 1
    buy(shop, "second")
    with pytest.raises(Conflict):
        buy(shop, "third")
    shop.release(hold.redemption_id)
    assert buy(shop, "third").remaining == 0
    assert len([one for one in items(model) if "taken" in one]) == 1


def test_a_list_of_each_kind_is_counted_exactly_at_the_same_time(shop: Shop) -> None:
    for one in (OLD, NEW):
        shop.lists(Entry(email=ANNA), of=one)
    for groups in permutations((OLD, NEW)):
        assert [remaining(shop, one) for one in groups] == [1, 1]
    first, second = buy(shop, "first", hold_seconds=60), buy(shop, "second", hold_seconds=60)
    assert {first.group_id, second.group_id} == {OLD.group_id, NEW.group_id}
    assert buy(shop, "first", hold_seconds=60).redemption_id == first.redemption_id
    with pytest.raises(Conflict) as error:
        buy(shop, "third")
    assert error.value.code == "held_by_others"
    assert shop.release(first.redemption_id).remaining == 1
    assert shop.confirm(second.redemption_id).status is Status.REDEEMED
    assert buy(shop, "third").group_id == first.group_id
    with pytest.raises(Conflict) as error:
        buy(shop, "fourth")
    assert error.value.code == "used_up"
    assert [remaining(shop, one) for one in (OLD, NEW)] == [0, 0]


@pytest.mark.parametrize("seats", [[""], ["", "A-1"]], ids=["few rows", "more rows"])
def test_a_warm_process_counts_each_kind_too(shop: Shop, seats: list[str]) -> None:
    for one in (OLD, NEW):
        shop.lists(*(Entry(email=ANNA, seat=seat) for seat in seats), of=one)
        for seat in seats:
            buy(shop, one.group_id, group_id=one.group_id, seat=seat or None)
    assert remaining(shop, OLD, NEW) == 0
    answers = [shop.ask("seats", customer=typed(ANNA)).items[0] for _ in range(2)]
    assert [(one.remaining, one.reasons) for one in answers] == [(0, ("used_up",))] * 2


def test_many_holds_under_one_kind_of_digest_hide_no_uses_under_the_other(shop: Shop) -> None:
    shop.lists(Entry(email=ANNA, quantity=MANY), of=OLD)
    shop.lists(Entry(email=ANNA, quantity=3), of=NEW)
    buy(shop, "all", group_id=NEW.group_id, quantity=3)
    for number in range(MANY):
        buy(shop, f"held-{number}", group_id=OLD.group_id, hold_seconds=60)
    assert remaining(shop, OLD, NEW) == 0
    with pytest.raises(Conflict) as error:
        buy(shop, "late", quantity=MANY)
    assert (error.value.code, error.value.facts["remaining"]) == ("held_by_others", 0)


def test_lapsed_holds_under_each_kind_of_digest_are_released(shop: Shop) -> None:
    for one in (OLD, NEW):
        shop.lists(Entry(email=ANNA, quantity=9), of=one)
    for number, one in enumerate((OLD, NEW)):
        buy(shop, f"held-{number}", group_id=one.group_id, quantity=9, hold_seconds=60)
    with pytest.raises(Conflict):
        buy(shop, "early", quantity=9)
    shop.now += timedelta(minutes=1)
    assert [buy(shop, f"late-{number}", quantity=9).remaining for number in range(2)] == [0, 0]


def test_entries_in_use_are_returned_for_each_kind(shop: Shop) -> None:
    entry = Entry(email=ANNA)
    for one in (OLD, NEW):
        shop.lists(entry, of=one)
        assert Uses(shop.table).used_identities(shop.org, one.group_id, [entry]) == set()
        buy(shop, one.group_id, group_id=one.group_id)
        assert Uses(shop.table).used_identities(shop.org, one.group_id, [entry]) == {entry.identity}


def test_only_an_address_in_lists_of_both_kinds_costs_another_query(model: Model, shop: Shop) -> None:
    def requested_uses(**more: Any) -> int:
        checks = Shop(keyed(model.table(), KEY))
        return sum(count_queries(model, lambda: checks.ask("seats", **more)).values())

    for one in (OLD, NEW, NEWER):
        shop.lists(Entry(email=ANNA), Entry("K1", ANNA), of=one)
    for groups, queries in (((NEW, NEWER), 1), ((OLD,), 1), ((OLD, NEW, NEWER), 2)):
        shop.sells({"seats": item(*(one.group_id for one in groups))})
        assert requested_uses(customer=typed(ANNA)) == queries
    shop.sells({"seats": item()})
    assert requested_uses(code="K1", customer=typed(ANNA)) == 1


def test_the_id_of_a_list_decides_whether_people_are_counted_under_keyed_digests() -> None:
    of_code, identity = Entry("K1", seat="A-1").identity, Entry(email=ANNA).identity
    assert keys.counter("demo", "new-k", of_code, KEY) == keys.counter("demo", "new-k", of_code, b"")
    assert keys.counter("demo", "old", identity, KEY) == keys.counter("demo", "old", identity, b"")
    assert keys.counter("demo", "new-k", identity, KEY) != keys.counter("demo", "new-k", identity, b"another")
