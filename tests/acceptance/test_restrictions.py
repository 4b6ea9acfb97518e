"""Who sees, buys and gets a discount, from the organiser's restriction to the checkout's answer, on the whole stack."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.client import Api, a_name, an_id
from tests.acceptance.stacks import Stack, StackClock

OPEN = (True, True, [])
TEN = (10, [])


@dataclass(frozen=True)
class Shop:
    """One organiser's sale, as its organiser and its checkout see it."""

    organiser: Api
    checkout: Api

    def group(self, *emails: str, **facts: Any) -> str:
        """The id of a new manual group with these members."""
        group_id = self.organiser.post("/v1/groups", {"name": a_name("Members"), "type": "manual", **facts})["group_id"]
        if emails:
            self.organiser.post(f"/v1/groups/{group_id}/members", {"customers": [{"email": email} for email in emails]})
        return str(group_id)

    def item(self, inventory_item: str | None = None) -> str:
        """The id of a new sale item of an event of its own."""
        item_id = an_id("item")
        self.organiser.put(f"/v1/events/{item_id}", {"name": "Festival"})
        facts = {"inventory_item_id": inventory_item} if inventory_item else {}
        self.organiser.put(f"/v1/sale-items/{item_id}", {"name": "Ticket", "event_id": item_id, **facts})
        return item_id

    def inventory_item(self) -> str:
        """The id of a new inventory item."""
        item_id = an_id("stock")
        self.organiser.put(f"/v1/inventory-items/{item_id}", {"name": "Seats"})
        return item_id

    def discount(self, *groups: str) -> str:
        """A new code of ten percent, for members of these groups."""
        code = an_id("TEN")
        self.organiser.put(f"/v1/discounts/{code}", {"percent": 10, "group_ids": list(groups)})
        return code

    def restrict(self, path: str, *groups: str) -> None:
        """Let only members of these groups have it."""
        self.organiser.put(f"{path}/restriction", {"group_ids": list(groups)})

    def sees(self, item: str, email: str | None, authenticated: bool = True) -> tuple[bool, bool, list[str]]:
        """Whether the item is visible and purchasable, and the reasons if not."""
        (decision,) = self._check(email, authenticated, sale_items=[item])["items"]
        return decision["visible"], decision["purchasable"], decision["reasons"]

    def gets(self, discount: str, email: str | None, authenticated: bool = True) -> tuple[float, list[str]]:
        """The percent that the discount takes off, zero when it is refused, and why it is."""
        decision = self._check(email, authenticated, discount=discount)["discount"]
        assert decision["accepted"] is ("percent" in decision)
        return decision.get("percent", 0), decision["reasons"]

    def buys(self, item: str, code: str) -> tuple[int, str]:
        """The result of redeeming the code for the item."""
        body = {"code": code, "sale_item_id": item, "order_id": an_id("o")}
        answer = self.checkout.call("POST", "/v1/redemptions", body)
        return answer.status_code, answer.json().get("code", "")

    def _check(self, email: str | None, authenticated: bool, **fields: Any) -> Any:
        customer = {} if email is None else {"customer": {"email": email, "authenticated": authenticated}}
        return self.checkout.post("/v1/check", {**customer, **fields})


@pytest.fixture
def shop(organiser: Api, checkout: Api) -> Shop:
    """The sale of `demo`."""
    return Shop(organiser, checkout)


@pytest.fixture
def ann() -> str:
    """A member's address."""
    return f"{an_id('ann')}@example.com"


@pytest.fixture
def bob() -> str:
    """The address of somebody who is in no group."""
    return f"{an_id('bob')}@example.com"


@pytest.mark.behaviour(113, 180, 181, 182, 183, 184)
def test_a_restricted_item_is_seen_and_bought_by_members_of_one_of_its_groups_alone(
    shop: Shop, ann: str, bob: str
) -> None:
    item, beside = shop.item(), shop.item()
    shop.restrict(f"/v1/sale-items/{item}", shop.group(), shop.group(ann))
    assert shop.sees(item, ann.upper()) == OPEN
    assert shop.sees(item, bob) == (False, False, ["not_in_group"])
    assert shop.sees(item, ann, authenticated=False) == (False, False, ["login_required"])
    assert shop.sees(item, None) == (False, False, ["login_required"])
    assert shop.sees(beside, bob) == OPEN


@pytest.mark.behaviour(183)
def test_a_code_for_another_item_does_not_open_a_restricted_one(shop: Shop) -> None:
    code, item, beside = an_id("code"), shop.item(), shop.item()
    record = shop.organiser.import_file(f"Code,Quantity\n{code},2\n".encode(), group=a_name("Presale"))
    shop.restrict(f"/v1/sale-items/{item}", shop.group())
    shop.restrict(f"/v1/sale-items/{beside}", record["group_id"])
    assert shop.buys(item, code) == (409, "not_in_group")
    assert shop.buys(beside, code) == (201, "")


@pytest.mark.behaviour(187)
def test_an_item_without_restriction_is_open_to_all(shop: Shop, ann: str, bob: str) -> None:
    item = shop.item()
    shop.group(ann)
    assert [shop.sees(item, who) for who in (ann, bob, None)] == [OPEN] * 3
    shop.restrict(f"/v1/sale-items/{item}", shop.group(ann))
    assert shop.sees(item, None) != OPEN
    assert shop.organiser.call("DELETE", f"/v1/sale-items/{item}/restriction").status_code == 200
    assert [shop.sees(item, who) for who in (ann, bob, None)] == [OPEN] * 3


@pytest.mark.behaviour(185, 186)
def test_a_restricted_inventory_item_covers_its_sale_items_of_all_events(shop: Shop, ann: str, bob: str) -> None:
    stock = shop.inventory_item()
    items = [shop.item(stock), shop.item(stock)]
    shop.restrict(f"/v1/inventory-items/{stock}", shop.group(ann))
    assert [shop.sees(item, ann) for item in items] == [OPEN] * 2
    assert [shop.sees(item, bob)[:2] for item in items] == [(False, False)] * 2
    shop.restrict(f"/v1/inventory-items/{stock}", shop.group(bob))
    assert [shop.sees(item, bob) for item in items] == [OPEN] * 2
    assert [shop.sees(item, ann)[:2] for item in items] == [(False, False)] * 2


def test_restrictions_of_sale_item_and_inventory_item_must_both_be_met(shop: Shop, ann: str, bob: str) -> None:
    stock = shop.inventory_item()
    item = shop.item(stock)
    shop.restrict(f"/v1/inventory-items/{stock}", shop.group(ann, bob))
    shop.restrict(f"/v1/sale-items/{item}", shop.group(ann))
    assert shop.sees(item, ann) == OPEN
    assert shop.sees(item, bob) == (False, False, ["not_in_group"])


@pytest.mark.behaviour(114, 188, 189, 190, 191)
def test_a_restricted_discount_is_for_members_who_are_logged_in(shop: Shop, ann: str, bob: str) -> None:
    discount = shop.discount(shop.group(), shop.group(ann))
    assert shop.gets(discount.upper(), ann) == TEN
    for email, authenticated, reason in ((ann, False, "login_required"), (bob, True, "not_in_group")):
        assert shop.gets(discount, email, authenticated) == (0, [reason])
    assert shop.gets(discount, None) == (0, ["login_required"])
    assert shop.gets(an_id("never-made"), ann) == (0, ["unknown_discount"])


@pytest.mark.behaviour(247, 248, 249, 251)
def test_a_deleted_group_opens_nothing_until_it_is_restored(shop: Shop, ann: str) -> None:
    item, group = shop.item(), shop.group(ann)
    discount = shop.discount(group)
    shop.restrict(f"/v1/sale-items/{item}", group)
    assert shop.organiser.call("DELETE", f"/v1/groups/{group}").json()["shut_sale_items"] == [item]
    assert shop.sees(item, ann) == (False, False, ["group_deleted"])
    assert shop.gets(discount, ann) == (0, ["group_deleted"])
    shop.organiser.post(f"/v1/groups/{group}/restore")
    assert shop.sees(item, ann) == OPEN
    assert shop.gets(discount, ann) == TEN


@pytest.mark.behaviour(253, 254)
def test_an_expired_group_opens_nothing(shop: Shop, ann: str, stack_clock: StackClock) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    item, group = shop.item(), shop.group(ann, expires_on=tomorrow.isoformat())
    discount = shop.discount(group)
    shop.restrict(f"/v1/sale-items/{item}", group)
    assert (shop.sees(item, ann), shop.gets(discount, ann)) == (OPEN, TEN)
    stack_clock.advance(1, "weeks")
    assert shop.sees(item, ann) == (False, False, ["group_expired"])
    assert shop.gets(discount, ann) == (0, ["group_expired"])


@pytest.mark.behaviour(117)
def test_another_organiser_knows_nothing_of_groups_items_codes_and_discounts(
    shop: Shop, ann: str, other: Api, other_checkout: Api
) -> None:
    theirs = Shop(other, other_checkout)
    item, group, code = shop.item(), shop.group(ann), an_id("code")
    discount = shop.discount(group)
    shop.organiser.import_file(f"Code\n{code}\n".encode(), group=a_name("Mine"))
    assert theirs.sees(item, ann) == (False, False, ["unknown_item"])
    assert theirs.gets(discount, ann) == (0, ["unknown_discount"])
    request = {"code": code, "customer": {"email": ann, "authenticated": True}}
    assert other_checkout.post("/v1/check", request)["code"]["reasons"] == ["unknown_code"]
    assert other.call("GET", f"/v1/groups/{group}").status_code == 404
    assert other.call("GET", f"/v1/customers/{ann}").status_code == 404
    assert other.call("PUT", f"/v1/discounts/{an_id('D')}", {"percent": 5, "group_ids": [group]}).status_code == 422
    own = theirs.item()
    answer = other.call("PUT", f"/v1/sale-items/{own}/restriction", {"group_ids": [group]})
    assert answer.status_code in {404, 422}


@pytest.mark.behaviour(44, 46)
def test_a_list_of_addresses_opens_a_discount_to_its_people(shop: Shop, ann: str, bob: str) -> None:
    text = f"Email,Quantity\n{ann},1\n"
    record = shop.organiser.import_file(text.encode(), group=a_name("Last year"), consent=True)
    discount = shop.discount(record["group_id"])
    assert shop.gets(discount, ann) == TEN
    assert shop.gets(discount, bob) == (0, ["not_in_group"])


@pytest.mark.behaviour(53, 54)
def test_an_entry_without_category_and_seat_opens_all_of_them(shop: Shop) -> None:
    code = an_id("free")
    record = shop.organiser.import_file(f"Code,Quantity\n{code},9\n".encode(), group=a_name("Free"))
    item = shop.item()
    shop.restrict(f"/v1/sale-items/{item}", record["group_id"])
    for more in ({}, {"category": "Section2"}, {"seats": ["North-1"]}, {"category": "Section3", "seats": ["South-3"]}):
        (decision,) = shop.checkout.post("/v1/check", {"code": code, "sale_items": [item], **more})["items"]
        assert (decision["purchasable"], decision["categories"], decision["seats"]) == (True, None, None)


@pytest.mark.behaviour(57)
def test_buyers_of_a_former_event_are_a_group_without_a_file(shop: Shop, stack: Stack, ann: str, bob: str) -> None:
    past, item = shop.item(), shop.item()
    lines = [{"sale_item_id": past, "quantity": 1}]
    shop.checkout.post("/v1/purchases", {"order_id": an_id("o"), "customer": {"email": ann}, "lines": lines})
    rules = {"operator": "any", "rules": [{"type": "event", "id": past, "minimum": 1}]}
    name = a_name("Came before")
    group = shop.organiser.post("/v1/groups", {"name": name, "type": "automatic", "rules": rules})["group_id"]
    shop.restrict(f"/v1/sale-items/{item}", group)
    assert shop.organiser.call("POST", f"/v1/groups/{group}/resync").status_code == 202
    stack.local("/schedules/resync/run", {})
    assert shop.sees(item, ann) == OPEN
    assert shop.sees(item, bob) == (False, False, ["not_in_group"])
