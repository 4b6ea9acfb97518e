"""Redemptions are found by code, by address and by order, and named no more once their person is erased."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from guestlist.aws import keys
from guestlist.aws.keys import Key
from guestlist.checkout.ledger_items import redemption_item
from guestlist.checkout.redemption import Redemption, Status
from guestlist.checkout.redemption_store import Redemptions, place_of
from guestlist.checkout.redemption_view import find_redemption
from guestlist.lists.entry import Entry
from guestlist.webhooks.images import events_of
from tests.engines.tables import contents, new_table
from tests.fakes.shop import Shop
from tests.unit.checkout.build import ANNA, redemption_request

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(dynalite: str) -> Shop:
    """A list of a shared code, a personal code and an address."""
    made = Shop(new_table(dynalite))
    made.lists(
        Entry("Friends", quantity=9, category="Gold", seat="A-1"),
        Entry("SECRET", email=ANNA, quantity=3),
        Entry(email=ANNA, quantity=3),
    )
    return made


def ids(found: Iterator[Redemption]) -> list[str]:
    return [one.redemption_id for one in found]


def redeemed(shop: Shop, order_id: str, **more: str) -> str:
    shop.now += MINUTE
    return shop.take(order_id, **more).result.redemption_id


def test_a_redemption_says_of_what_entry_and_order_it_is(shop: Shop) -> None:
    redeemed(shop, "A-1", code="friends")
    (found,) = Redemptions(shop.table).of_order(shop.org, "A-1", None)
    assert (found.code, found.category, found.seat, found.email) == ("Friends", "Gold", "A-1", "")
    assert found.order_id == "A-1"


def test_the_redemptions_of_a_code_are_listed_newest_first_and_in_pages(shop: Shop) -> None:
    made = [redeemed(shop, f"A-{number}", code="FRIENDS") for number in range(7)]
    redemptions = Redemptions(shop.table)
    whole = list(redemptions.of_code(shop.org, " friends", 2, None))
    assert [one.redemption_id for one in whole] == made[::-1]
    assert ids(redemptions.of_code(shop.org, "FRIENDS", 2, place_of(whole[2]))) == made[3::-1]
    assert ids(redemptions.of_code(shop.org, "OTHER", 2, None)) == []


def test_a_redemption_that_is_given_back_stays_in_the_list_with_its_end(shop: Shop) -> None:
    made = redeemed(shop, "A-1", code="FRIENDS")
    shop.release(made)
    (found,) = Redemptions(shop.table).of_code(shop.org, "FRIENDS", 9, None)
    assert found.is_ended


@pytest.mark.parametrize("order", [{"code": "FRIENDS"}, {"code": "SECRET", "email": ANNA}])
def test_what_an_order_took_before_it_took_the_same_anew_stays_in_every_list(shop: Shop, order: dict[str, str]) -> None:
    made: list[str] = []
    for _ in range(3):
        made.insert(0, redeemed(shop, "A-1", **order))
        shop.release(made[0])
    redemptions = Redemptions(shop.table)
    assert ids(redemptions.of_order(shop.org, "A-1", None)) == made
    assert ids(redemptions.of_code(shop.org, order["code"], 2, None)) == made
    assert ids(redemptions.of_person(shop.org, ANNA, None)) == (made if "email" in order else [])
    second = find_redemption(shop.ledger, made[1], shop.now)
    assert (second.status, second.quantity, second.remaining_quantity) == (Status.RELEASED, 1, 0)
    assert second.at == shop.now - MINUTE


def test_a_hold_that_lapsed_is_told_as_lapsed_when_its_order_has_taken_anew(shop: Shop) -> None:
    held = shop.take("A-1", code="FRIENDS", hold_seconds=30).result.redemption_id
    redeemed(shop, "A-1", code="FRIENDS")
    assert find_redemption(shop.ledger, held, shop.now).status is Status.LAPSED


def test_the_redemptions_of_an_order_are_its_own(shop: Shop) -> None:
    first, second = redeemed(shop, "A-1", code="FRIENDS"), redeemed(shop, "A-1", code="SECRET", email=ANNA)
    redeemed(shop, "A-2", code="FRIENDS")
    redemptions = Redemptions(shop.table)
    assert ids(redemptions.of_order(shop.org, "A-1", None)) == [second, first]
    assert ids(redemptions.of_order("other", "A-1", None)) == []


def test_the_redemptions_of_an_address_are_those_of_its_entries(shop: Shop) -> None:
    personal = redeemed(shop, "A-1", code="SECRET", email=ANNA)
    by_address = redeemed(shop, "A-2", code=None, email=ANNA.upper())
    redeemed(shop, "A-3", code="FRIENDS", email=ANNA)
    assert ids(Redemptions(shop.table).of_person(shop.org, ANNA, None)) == [by_address, personal]


def test_an_order_of_an_earlier_version_is_answered_as_it_was(shop: Shop) -> None:
    made = redeemed(shop, "A-1", code="FRIENDS")
    request = redemption_request("A-1", code="FRIENDS")
    found = shop.ledger.redemption(request.request(b""))
    assert found is not None
    words = dict.fromkeys(("order_id", "code", "email", "category", "seat"), "")
    former = replace(found, request=request.former_request, **words)
    shop.table.put(redemption_item(shop.org, former))
    shop.table.delete(keys.redemption(shop.org, request.request(b"")))
    second = shop.take("A-1", code="FRIENDS")
    assert not second.is_new
    assert second.result.redemption_id == former.redemption_id != made
    assert shop.release(former.redemption_id).remaining == 9


@pytest.mark.parametrize("order", [{"code": "SECRET", "email": ANNA}, {"code": None, "email": ANNA}])
def test_an_erased_person_is_named_by_no_redemption_and_no_event_comes_of_it(shop: Shop, order: dict[str, str]) -> None:
    made = redeemed(shop, "A-1", **order)
    Redemptions(shop.table).forget_person(shop.org, ANNA)
    (item,) = [item for item in contents(shop.table) if keys.is_redemption(item["sk"])]
    assert ANNA not in str([item, *(one for one in contents(shop.table) if one["sk"].startswith("R#"))])
    assert events_of(shop.table.get(Key(item["pk"], item["sk"])) or {}, shop.now, b"") == []
    assert shop.release(made).remaining == 3


def test_an_erased_person_is_named_by_no_former_redemption_and_their_order_tells_no_second_event(shop: Shop) -> None:
    for _ in range(2):
        made = redeemed(shop, "A-1", code="SECRET", email=ANNA)
        shop.release(made)
    formers = [item for item in contents(shop.table) if item["sk"].startswith("FORMER#")]
    assert [events_of(item, shop.now, b"") for item in formers] == [[]]
    Redemptions(shop.table).forget_person(shop.org, ANNA)
    stored = [item for item in contents(shop.table) if "#R#" in item["pk"] or item["sk"].startswith("R#")]
    assert len(stored) == 2
    assert ANNA not in str(stored)


def test_an_event_of_a_redemption_has_its_order_and_for_whom_may_know_its_code_and_address(shop: Shop) -> None:
    redeemed(shop, "A-1", code="SECRET", email=ANNA)
    (item,) = [item for item in contents(shop.table) if keys.is_redemption(item["sk"])]
    (event,) = events_of(shop.table.get(Key(item["pk"], item["sk"])) or {}, shop.now, b"")
    assert event.ids["order_id"] == "A-1"
    assert event.personal == {"code": "SECRET", "email": ANNA}
