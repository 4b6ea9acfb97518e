"""Redemptions of entries with few uses, in lists with keyed counters, are in no index: the counter names them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.checkout.counting import STEP_TIMEOUT
from guestlist.checkout.ledger_items import requests_on
from guestlist.checkout.redemption import MAX_QUANTITY_WITH_STEPS, Redemption, order_digits
from guestlist.checkout.redemption_store import Redemptions, cursor_of
from guestlist.checkout.redemptions_by_hour import count_by_hour, newest_redemptions
from guestlist.checkout.response import Reason
from guestlist.lists.entry import Entry, code_key
from tests.engines.tables import keyed, new_table
from tests.fakes.shop import Shop
from tests.simulation.network import Model
from tests.unit.checkout.builders import ANNA, group

KEY = b"what digests of people are made with"
NEW, OLD = group("new-k"), group("old")
CODE = "Friends"
ORDER = keys.redemptions_of_order("demo", order_digits("A-1"))
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["model", "ministack", "dynalite"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A new list in which the code has two uses."""
    if request.param == "model":
        yield from on_model()
    else:
        yield with_lists(Shop(keyed(new_table(request.getfixturevalue(request.param)), KEY)))


@pytest.fixture
def model_shop() -> Iterator[Shop]:
    yield from on_model()


def on_model() -> Iterator[Shop]:
    model = Model()
    with model.running():
        table = model.table()
        table.digest_key = KEY
        yield with_lists(Shop(table))


def with_lists(shop: Shop) -> Shop:
    shop.lists(Entry(CODE, quantity=MAX_QUANTITY_WITH_STEPS), Entry("SECRET", ANNA), of=NEW)
    return shop


def redemptions_of(shop: Shop, code: str = "friends", limit: int = 9, before: str | None = None) -> list[Redemption]:
    return list(Redemptions(shop.table).of_code(shop.org, code, limit, before))


def ids(redemptions: list[Redemption]) -> list[str]:
    return [one.redemption_id for one in redemptions]


def count_indexed(shop: Shop) -> int:
    """Count the redemptions of the first order that are in the index."""
    return sum("g1pk" in item for item in shop.table.query_all(ORDER, begins="REDEMPTION"))


def counter(shop: Shop, code: str = CODE) -> dict[str, Any]:
    (item,) = shop.table.query_all(keys.uses(shop.org, NEW.group_id, code_key(code), KEY), begins="C#")
    return item


def requests_on_counter(shop: Shop, code: str = CODE) -> list[str]:
    """The requests that the counter of a code names."""
    return requests_on(counter(shop, code))


@pytest.mark.parametrize("hold", [None, 600])
def test_a_redemption_is_found_by_its_code_before_and_after_its_step_ends(shop: Shop, hold: int | None) -> None:
    redemption_id = shop.take("A-1", code=CODE, hold_seconds=hold).result.redemption_id
    assert (ids(redemptions_of(shop)), count_indexed(shop)) == ([redemption_id], 0)
    if hold:
        shop.confirm(redemption_id)
        assert (ids(redemptions_of(shop)), count_indexed(shop)) == ([redemption_id], 0)
    shop.now += STEP_TIMEOUT
    shop.ask(code=CODE)
    assert list(shop.ledger.uses(counter(shop)["pk"], shop.now).steps()) == []
    assert (ids(redemptions_of(shop)), count_indexed(shop)) == ([redemption_id], 0)


@pytest.mark.parametrize("after_check", [False, True])
@pytest.mark.parametrize("hold", [None, 600])
def test_a_redemption_that_returns_uses_moves_from_the_counter_to_the_index(
    shop: Shop, hold: int | None, *, after_check: bool
) -> None:
    redemption_id = shop.take("A-1", code=CODE, quantity=2, hold_seconds=hold).result.redemption_id
    if after_check:
        shop.now += STEP_TIMEOUT
        shop.ask(code=CODE)
    for outstanding in (1, 0):
        shop.release(redemption_id, quantity=1)
        assert ([one.outstanding for one in redemptions_of(shop)], count_indexed(shop), requests_on_counter(shop)) == (
            [outstanding],
            1,
            [],
        )


def test_a_lapsed_hold_is_found_before_and_after_its_uses_are_returned(model_shop: Shop) -> None:
    redemption_id = model_shop.take("A-1", code=CODE, hold_seconds=30).result.redemption_id
    model_shop.now += MINUTE
    assert ids(redemptions_of(model_shop)) == [redemption_id]
    model_shop.tidy()
    assert (ids(redemptions_of(model_shop)), count_indexed(model_shop), requests_on_counter(model_shop)) == (
        [redemption_id],
        1,
        [],
    )


def test_a_second_redemption_of_an_order_is_listed_beside_the_first(model_shop: Shop) -> None:
    redemption_ids = []
    for _ in range(2):
        model_shop.now += MINUTE
        redemption_ids.insert(0, model_shop.take("A-1", code=CODE).result.redemption_id)
        if len(redemption_ids) == 1:
            model_shop.release(redemption_ids[0])
    assert ids(redemptions_of(model_shop)) == redemption_ids


def test_pages_have_redemptions_of_all_lists_newest_first_and_each_once(model_shop: Shop) -> None:
    model_shop.lists(Entry(CODE, quantity=9), of=OLD)
    redemption_ids = []
    for number, owner in enumerate((OLD, NEW, OLD, NEW, OLD)):
        model_shop.now += MINUTE
        order = f"A-{number}"
        redemption_ids.insert(0, model_shop.take(order, code=CODE, group_id=owner.group_id).result.redemption_id)
    whole = redemptions_of(model_shop, limit=2)
    assert ids(whole) == redemption_ids
    assert [ids(redemptions_of(model_shop, limit=2, before=cursor_of(one))) for one in whole] == [
        redemption_ids[at + 1 :] for at in range(5)
    ]


def test_a_redemption_changed_by_an_earlier_release_is_in_the_index_and_found_once(model_shop: Shop) -> None:
    redemption_id = model_shop.take("A-1", code=CODE).result.redemption_id
    (request,) = requests_on_counter(model_shop)
    current = model_shop.ledger.redemption(request)
    assert current is not None
    assert model_shop.ledger.update_redemption(replace(current, by_counter=False))
    assert (ids(redemptions_of(model_shop)), count_indexed(model_shop)) == ([redemption_id], 1)


def test_a_confirmed_hold_counts_as_used_at_once(model_shop: Shop) -> None:
    model_shop.lists(Entry("ONCE"), of=NEW)
    redemption_id = model_shop.take("A-1", code="ONCE", hold_seconds=600).result.redemption_id
    assert model_shop.ask(code="ONCE").code.reasons == (Reason.HELD_BY_OTHERS,)
    model_shop.confirm(redemption_id)
    assert model_shop.ask(code="ONCE").code.reasons == (Reason.USED_UP,)


@pytest.mark.parametrize(("owner", "quantity"), [(NEW, MAX_QUANTITY_WITH_STEPS + 1), (OLD, 1)])
def test_redemptions_of_entries_with_many_uses_and_of_earlier_lists_are_in_the_index(
    model_shop: Shop, owner: Any, quantity: int
) -> None:
    model_shop.lists(Entry("OTHER", quantity=quantity), of=owner)
    redemption_id = model_shop.take("A-1", code="OTHER").result.redemption_id
    assert (ids(redemptions_of(model_shop, "other")), count_indexed(model_shop)) == ([redemption_id], 1)
    model_shop.now += STEP_TIMEOUT
    model_shop.ask(code="OTHER")
    assert requests_on_counter(model_shop, "OTHER") == []


def test_no_redemption_is_found_by_a_code_that_named_an_erased_person(model_shop: Shop) -> None:
    redemption_id = model_shop.take("A-1", code="SECRET", email=ANNA).result.redemption_id
    Redemptions(model_shop.table).redact_code(model_shop.org, "SECRET", lambda _name, text: text in {"SECRET", ANNA})
    (item,) = model_shop.table.query_all(ORDER, begins="REDEMPTION")
    assert (redemptions_of(model_shop, "SECRET"), "SECRET" in str(item)) == ([], False)
    assert model_shop.release(redemption_id).remaining == 1


def test_uses_by_the_hour_count_a_redemption_once(model_shop: Shop) -> None:
    model_shop.take("A-1", code=CODE)
    hours = count_by_hour(newest_redemptions(model_shop.table, model_shop.org, [(CODE, None)]), NEW.group_id)
    assert list(hours.values()) == [1]


@pytest.mark.parametrize("digest_key", [KEY, b""])
def test_a_code_that_looks_like_an_address_is_found_where_its_uses_are_counted(
    model_shop: Shop, digest_key: bytes
) -> None:
    model_shop.lists(Entry(ANNA), of=NEW)
    redemption_id = model_shop.take("A-1", code=ANNA).result.redemption_id
    model_shop.table.digest_key = digest_key
    assert ids(redemptions_of(model_shop, ANNA)) == ([redemption_id] if digest_key else [])


def test_a_counter_of_an_entry_with_few_uses_stays_small_however_often_they_are_returned(model_shop: Shop) -> None:
    for number in range(12):
        model_shop.now += 2 * MINUTE
        redemption_id = model_shop.take(f"A-{number}", code=CODE).result.redemption_id
        if number < 10:
            model_shop.release(redemption_id)
    model_shop.now += 2 * MINUTE
    model_shop.ask(code=CODE)
    assert len(requests_on_counter(model_shop)) == MAX_QUANTITY_WITH_STEPS
