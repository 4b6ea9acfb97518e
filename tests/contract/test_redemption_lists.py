"""Redemptions are found by code, address and order, and name nobody after an erasure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from guestlist.aws import keys
from guestlist.aws.keys import Key
from guestlist.checkout.ledger_items import redemption_item
from guestlist.checkout.redemption import Redemption, Status
from guestlist.checkout.redemption_store import Redemptions, cursor_of
from guestlist.checkout.redemption_view import find_redemption
from guestlist.lists.entry import Entry
from guestlist.webhooks.stream_events import events_of
from tests.engines.tables import contents, new_table
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import ANNA, redemption_request

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(dynalite: str) -> Shop:
    """A list of a shared code, a personal code and an address."""
    new_shop = Shop(new_table(dynalite))
    new_shop.lists(
        Entry("Friends", quantity=9, category="Gold", seat="A-1"),
        Entry("SECRET", email=ANNA, quantity=3),
        Entry(email=ANNA, quantity=3),
    )
    return new_shop


def ids(redemptions: Iterator[Redemption]) -> list[str]:
    return [one.redemption_id for one in redemptions]


def redeem(shop: Shop, order_id: str, **more: str) -> str:
    shop.now += MINUTE
    return shop.take(order_id, **more).result.redemption_id


def test_a_redemption_names_its_entry_and_order(shop: Shop) -> None:
    redeem(shop, "A-1", code="friends")
    (redemption,) = Redemptions(shop.table).of_order(shop.org, "A-1", None)
    assert (redemption.code, redemption.category, redemption.seat, redemption.email) == ("Friends", "Gold", "A-1", "")
    assert redemption.order_id == "A-1"


def test_the_redemptions_of_a_code_are_listed_newest_first_and_in_pages(shop: Shop) -> None:
    redemption_ids = [redeem(shop, f"A-{number}", code="FRIENDS") for number in range(7)]
    redemptions = Redemptions(shop.table)
    whole = list(redemptions.of_code(shop.org, " friends", 2, None))
    assert [one.redemption_id for one in whole] == redemption_ids[::-1]
    assert ids(redemptions.of_code(shop.org, "FRIENDS", 2, cursor_of(whole[2]))) == redemption_ids[3::-1]
    assert ids(redemptions.of_code(shop.org, "OTHER", 2, None)) == []


def test_a_released_redemption_stays_in_the_list(shop: Shop) -> None:
    redemption_id = redeem(shop, "A-1", code="FRIENDS")
    shop.release(redemption_id)
    (redemption,) = Redemptions(shop.table).of_code(shop.org, "FRIENDS", 9, None)
    assert redemption.is_ended


@pytest.mark.parametrize("order", [{"code": "FRIENDS"}, {"code": "SECRET", "email": ANNA}])
def test_a_released_redemption_stays_listed_when_its_order_redeems_again(shop: Shop, order: dict[str, str]) -> None:
    redemption_ids: list[str] = []
    for _ in range(3):
        redemption_ids.insert(0, redeem(shop, "A-1", **order))
        shop.release(redemption_ids[0])
    redemptions = Redemptions(shop.table)
    assert ids(redemptions.of_order(shop.org, "A-1", None)) == redemption_ids
    assert ids(redemptions.of_code(shop.org, order["code"], 2, None)) == redemption_ids
    assert ids(redemptions.of_person(shop.org, ANNA, None)) == (redemption_ids if "email" in order else [])
    second = find_redemption(shop.ledger, redemption_ids[1], shop.now)
    assert (second.status, second.quantity, second.remaining_quantity) == (Status.RELEASED, 1, 0)
    assert second.at == shop.now - MINUTE


def test_a_lapsed_hold_stays_lapsed_when_its_order_redeems_again(shop: Shop) -> None:
    hold_id = shop.take("A-1", code="FRIENDS", hold_seconds=30).result.redemption_id
    redeem(shop, "A-1", code="FRIENDS")
    assert find_redemption(shop.ledger, hold_id, shop.now).status is Status.LAPSED


def test_the_redemptions_of_an_order_are_its_own(shop: Shop) -> None:
    first, second = redeem(shop, "A-1", code="FRIENDS"), redeem(shop, "A-1", code="SECRET", email=ANNA)
    redeem(shop, "A-2", code="FRIENDS")
    redemptions = Redemptions(shop.table)
    assert ids(redemptions.of_order(shop.org, "A-1", None)) == [second, first]
    assert ids(redemptions.of_order("other", "A-1", None)) == []


def test_the_redemptions_of_an_address_are_those_of_its_entries(shop: Shop) -> None:
    personal = redeem(shop, "A-1", code="SECRET", email=ANNA)
    by_address = redeem(shop, "A-2", code=None, email=ANNA.upper())
    redeem(shop, "A-3", code="FRIENDS", email=ANNA)
    assert ids(Redemptions(shop.table).of_person(shop.org, ANNA, None)) == [by_address, personal]


def test_an_order_redeemed_by_an_earlier_version_is_answered_as_before(shop: Shop) -> None:
    redemption_id = redeem(shop, "A-1", code="FRIENDS")
    request = redemption_request("A-1", code="FRIENDS")
    redemption = shop.ledger.redemption(request.request(b""))
    assert redemption is not None
    words = dict.fromkeys(("order_id", "code", "email", "category", "seat"), "")
    former = replace(redemption, request=request.former_request, **words)
    shop.table.put(redemption_item(shop.org, former))
    shop.table.delete(keys.redemption(shop.org, request.request(b"")))
    second = shop.take("A-1", code="FRIENDS")
    assert not second.is_new
    assert second.result.redemption_id == former.redemption_id != redemption_id
    assert shop.release(former.redemption_id).remaining == 9


@pytest.mark.parametrize("order", [{"code": "SECRET", "email": ANNA}, {"code": None, "email": ANNA}])
def test_an_erasure_removes_the_person_from_redemptions_without_an_event(shop: Shop, order: dict[str, str]) -> None:
    redemption_id = redeem(shop, "A-1", **order)
    Redemptions(shop.table).redact_person(shop.org, ANNA)
    (item,) = [item for item in contents(shop.table) if keys.is_redemption(item["sk"])]
    assert ANNA not in str([item, *(one for one in contents(shop.table) if one["sk"].startswith("R#"))])
    assert events_of(shop.table.get(Key(item["pk"], item["sk"])) or {}, shop.now, b"") == []
    assert shop.release(redemption_id).remaining == 3


def test_an_erasure_removes_the_person_from_former_redemptions_without_a_second_event(shop: Shop) -> None:
    for _ in range(2):
        redemption_id = redeem(shop, "A-1", code="SECRET", email=ANNA)
        shop.release(redemption_id)
    formers = [item for item in contents(shop.table) if item["sk"].startswith("FORMER#")]
    assert [events_of(item, shop.now, b"") for item in formers] == [[]]
    Redemptions(shop.table).redact_person(shop.org, ANNA)
    items = [item for item in contents(shop.table) if "#R#" in item["pk"] or item["sk"].startswith("R#")]
    assert len(items) == 2
    assert ANNA not in str(items)


def test_a_redemption_event_has_the_order_and_with_personal_data_the_code_and_address(shop: Shop) -> None:
    redeem(shop, "A-1", code="SECRET", email=ANNA)
    (item,) = [item for item in contents(shop.table) if keys.is_redemption(item["sk"])]
    (event,) = events_of(shop.table.get(Key(item["pk"], item["sk"])) or {}, shop.now, b"")
    assert event.ids["order_id"] == "A-1"
    assert event.personal == {"code": "SECRET", "email": ANNA}
