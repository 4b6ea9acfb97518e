"""Redemptions of entries with few uses, in lists with keyed counters, are in no index: the counter names them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.checkout.counting import PATIENCE
from guestlist.checkout.ledger_items import requests_on
from guestlist.checkout.redemption import LEFT_STEPS, Redemption, order_digits
from guestlist.checkout.redemption_store import Redemptions, place_of
from guestlist.checkout.response import Reason
from guestlist.checkout.uses_in_time import by_hour, redeemed
from guestlist.lists.entry import Entry, code_key
from tests.engines.tables import keyed, new_table
from tests.fakes.shop import Shop
from tests.simulation.network import Model
from tests.unit.checkout.build import ANNA, group

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
        yield opened(Shop(keyed(new_table(request.getfixturevalue(request.param)), KEY)))


@pytest.fixture
def modelled() -> Iterator[Shop]:
    yield from on_model()


def on_model() -> Iterator[Shop]:
    model = Model()
    with model.running():
        table = model.table()
        table.digest_key = KEY
        yield opened(Shop(table))


def opened(shop: Shop) -> Shop:
    shop.lists(Entry(CODE, quantity=LEFT_STEPS), Entry("SECRET", ANNA), of=NEW)
    return shop


def found(shop: Shop, code: str = "friends", limit: int = 9, before: str | None = None) -> list[Redemption]:
    return list(Redemptions(shop.table).of_code(shop.org, code, limit, before))


def ids(redemptions: list[Redemption]) -> list[str]:
    return [one.redemption_id for one in redemptions]


def indexed(shop: Shop) -> int:
    """How many redemptions of the first order are in the index."""
    return sum("g1pk" in item for item in shop.table.query_all(ORDER, begins="REDEMPTION"))


def counter(shop: Shop, code: str = CODE) -> dict[str, Any]:
    (item,) = shop.table.query_all(keys.uses(shop.org, NEW.group_id, code_key(code), KEY), begins="C#")
    return item


def named(shop: Shop, code: str = CODE) -> list[str]:
    """The requests that the counter of the code names."""
    return requests_on(counter(shop, code))


@pytest.mark.parametrize("hold", [None, 600])
def test_it_is_found_by_its_code_before_and_after_its_step_ends(shop: Shop, hold: int | None) -> None:
    made = shop.take("A-1", code=CODE, hold_seconds=hold).result.redemption_id
    assert (ids(found(shop)), indexed(shop)) == ([made], 0)
    if hold:
        shop.confirm(made)
        assert (ids(found(shop)), indexed(shop)) == ([made], 0)
    shop.now += PATIENCE
    shop.ask(code=CODE)
    assert list(shop.ledger.uses(counter(shop)["pk"], shop.now).steps()) == []
    assert (ids(found(shop)), indexed(shop)) == ([made], 0)


@pytest.mark.parametrize("met", [False, True])
@pytest.mark.parametrize("hold", [None, 600])
def test_once_it_returns_uses_it_is_in_the_index_and_the_counter_names_it_no_more(
    shop: Shop, hold: int | None, *, met: bool
) -> None:
    made = shop.take("A-1", code=CODE, quantity=2, hold_seconds=hold).result.redemption_id
    if met:
        shop.now += PATIENCE
        shop.ask(code=CODE)
    for left in (1, 0):
        shop.release(made, quantity=1)
        assert ([one.outstanding for one in found(shop)], indexed(shop), named(shop)) == ([left], 1, [])


def test_a_lapsed_hold_is_found_before_and_after_its_uses_are_returned(modelled: Shop) -> None:
    made = modelled.take("A-1", code=CODE, hold_seconds=30).result.redemption_id
    modelled.now += MINUTE
    assert ids(found(modelled)) == [made]
    modelled.tidy()
    assert (ids(found(modelled)), indexed(modelled), named(modelled)) == ([made], 1, [])


def test_what_an_order_takes_anew_is_found_beside_what_it_took_before(modelled: Shop) -> None:
    made = []
    for _ in range(2):
        modelled.now += MINUTE
        made.insert(0, modelled.take("A-1", code=CODE).result.redemption_id)
        if len(made) == 1:
            modelled.release(made[0])
    assert ids(found(modelled)) == made


def test_pages_have_redemptions_of_all_lists_newest_first_and_each_once(modelled: Shop) -> None:
    modelled.lists(Entry(CODE, quantity=9), of=OLD)
    made = []
    for number, owner in enumerate((OLD, NEW, OLD, NEW, OLD)):
        modelled.now += MINUTE
        order = f"A-{number}"
        made.insert(0, modelled.take(order, code=CODE, group_id=owner.group_id).result.redemption_id)
    whole = found(modelled, limit=2)
    assert ids(whole) == made
    assert [ids(found(modelled, limit=2, before=place_of(one))) for one in whole] == [made[at + 1 :] for at in range(5)]


def test_one_that_an_earlier_release_changed_is_in_the_index_and_found_once(modelled: Shop) -> None:
    made = modelled.take("A-1", code=CODE).result.redemption_id
    (request,) = named(modelled)
    current = modelled.ledger.redemption(request)
    assert current is not None
    assert modelled.ledger.revise(replace(current, by_counter=False))
    assert (ids(found(modelled)), indexed(modelled)) == ([made], 1)


def test_of_a_hold_that_is_confirmed_a_check_says_at_once_that_it_is_used(modelled: Shop) -> None:
    modelled.lists(Entry("ONCE"), of=NEW)
    made = modelled.take("A-1", code="ONCE", hold_seconds=600).result.redemption_id
    assert modelled.ask(code="ONCE").code.reasons == (Reason.HELD_BY_OTHERS,)
    modelled.confirm(made)
    assert modelled.ask(code="ONCE").code.reasons == (Reason.USED_UP,)


@pytest.mark.parametrize(("owner", "quantity"), [(NEW, LEFT_STEPS + 1), (OLD, 1)])
def test_those_of_entries_with_many_uses_and_of_earlier_lists_are_in_the_index(
    modelled: Shop, owner: Any, quantity: int
) -> None:
    modelled.lists(Entry("OTHER", quantity=quantity), of=owner)
    made = modelled.take("A-1", code="OTHER").result.redemption_id
    assert (ids(found(modelled, "other")), indexed(modelled)) == ([made], 1)
    modelled.now += PATIENCE
    modelled.ask(code="OTHER")
    assert named(modelled, "OTHER") == []


def test_of_an_erased_person_nothing_is_found_by_a_code_that_named_them(modelled: Shop) -> None:
    made = modelled.take("A-1", code="SECRET", email=ANNA).result.redemption_id
    Redemptions(modelled.table).forget_code(modelled.org, "SECRET", lambda _name, text: text in {"SECRET", ANNA})
    (item,) = modelled.table.query_all(ORDER, begins="REDEMPTION")
    assert (found(modelled, "SECRET"), "SECRET" in str(item)) == ([], False)
    assert modelled.release(made).remaining == 1


def test_uses_by_the_hour_count_it_once(modelled: Shop) -> None:
    modelled.take("A-1", code=CODE)
    hours = by_hour(redeemed(modelled.table, modelled.org, [(CODE, None)]), NEW.group_id)
    assert list(hours.values()) == [1]


@pytest.mark.parametrize("digest_key", [KEY, b""])
def test_a_code_that_looks_like_an_address_is_found_where_its_uses_are_counted(
    modelled: Shop, digest_key: bytes
) -> None:
    modelled.lists(Entry(ANNA), of=NEW)
    made = modelled.take("A-1", code=ANNA).result.redemption_id
    modelled.table.digest_key = digest_key
    assert ids(found(modelled, ANNA)) == ([made] if digest_key else [])


def test_a_counter_of_an_entry_with_few_uses_stays_small_however_often_they_are_returned(modelled: Shop) -> None:
    for number in range(12):
        modelled.now += 2 * MINUTE
        made = modelled.take(f"A-{number}", code=CODE).result.redemption_id
        if number < 10:
            modelled.release(made)
    modelled.now += 2 * MINUTE
    modelled.ask(code=CODE)
    assert len(named(modelled)) == LEFT_STEPS
