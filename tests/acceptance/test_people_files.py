"""Customers and purchases from files, on the whole stack."""

from typing import Any

import pytest

from tests.acceptance.client import Api, a_name


@pytest.fixture
def groups(organiser: Api) -> dict[str, str]:
    """Two manual groups by name: their ids."""
    names = [a_name("Members"), a_name("Press")]
    return {name: organiser.post("/v1/groups", {"name": name, "type": "manual"})["group_id"] for name in names}


def an_email(word: str) -> str:
    return f"{a_name(word).replace(' ', '.')}@example.com"


def groups_of(organiser: Api, email: str) -> set[str]:
    """The names of the groups that the person is in."""
    memberships = organiser.call("GET", f"/v1/memberships?email={email}").json()
    return {group["name"] for group in memberships["groups"]}


def customers(organiser: Api, text: str, **options: Any) -> dict[str, Any]:
    return organiser.import_file(text.encode(), "customers", consent=True, **options)


@pytest.mark.behaviour(217, 218, 219, 222, 223)
def test_the_groups_of_a_row_replace_all_that_the_person_was_in(organiser: Api, groups: dict[str, str]) -> None:
    members, press = groups
    ann, bob = an_email("ann"), an_email("bob")
    record = customers(organiser, f"Email;Customer groups\n{ann};{members}|{press}\n{bob};{members}\n")
    assert (record["status"], record["effect"]["memberships_added"]) == ("complete", 3)
    customers(organiser, f"Email,Customer groups\n{ann},{press}\n")
    assert groups_of(organiser, ann) == {press}
    assert groups_of(organiser, bob) == {members}


@pytest.mark.behaviour(220)
def test_an_empty_groups_cell_ends_all_memberships_and_a_missing_column_ends_none(
    organiser: Api, groups: dict[str, str]
) -> None:
    members, _ = groups
    ann = an_email("ann")
    customers(organiser, f"Email,Customer groups\n{ann},{members}\n")
    customers(organiser, f"Email,Name\n{ann},Ann\n")
    assert groups_of(organiser, ann) == {members}
    customers(organiser, f"Email,Customer groups\n{ann},\n")
    assert groups_of(organiser, ann) == set()


@pytest.mark.behaviour(221)
def test_an_unknown_group_refuses_the_row_and_changes_nothing(organiser: Api, groups: dict[str, str]) -> None:
    members, press = groups
    ann = an_email("ann")
    customers(organiser, f"Email,Customer groups\n{ann},{members}\n")
    record = customers(organiser, f"Email,Customer groups\n{ann},{press}|Nowhere\n{an_email('c')},{press}\n")
    assert [problem["code"] for problem in record["problems"]] == ["unknown_group"]
    assert groups_of(organiser, ann) == {members}


def test_a_person_twice_in_a_file_is_refused_the_second_time(organiser: Api, groups: dict[str, str]) -> None:
    members, press = groups
    ann = an_email("ann")
    record = customers(organiser, f"Email,Customer groups\n{ann},{members}\n{ann.upper()},{press}\n")
    assert [(problem["line"], problem["code"]) for problem in record["problems"]] == [(3, "duplicate_in_file")]
    assert groups_of(organiser, ann) == {members}


def test_a_customer_import_is_undone(organiser: Api, groups: dict[str, str]) -> None:
    members, press = groups
    ann, bob = an_email("ann"), an_email("bob")
    customers(organiser, f"Email,Customer groups\n{ann},{members}\n")
    record = customers(organiser, f"Email,Customer groups\n{ann},{press}\n{bob},{press}\n")
    assert organiser.post(f"/v1/imports/{record['import_id']}/undo")["undone"]["kept"] == []
    assert (groups_of(organiser, ann), groups_of(organiser, bob)) == ({members}, set())


@pytest.fixture
def sale_item(organiser: Api) -> str:
    """The id of a sale item."""
    event, item = (a_name(word).replace(" ", "-") for word in ("event", "item"))
    organiser.put(f"/v1/events/{event}", {"name": "Festival"})
    organiser.put(f"/v1/sale-items/{item}", {"name": "Ticket", "event_id": event})
    return item


def post_purchase(checkout: Api, order: str, email: str, item: str, quantity: int, **more: Any) -> int:
    """The status for a checkout that records this order: 200 if it is known unchanged, 201 if it is new."""
    lines = [{"sale_item_id": item, "quantity": quantity}]
    body = {"order_id": order, "customer": {"email": email, **more.pop("customer", {})}, "lines": lines, **more}
    return checkout.call("POST", "/v1/purchases", body).status_code


def test_purchases_from_a_file_are_stored_like_those_of_a_checkout(
    organiser: Api, checkout: Api, sale_item: str
) -> None:
    ann, order = an_email("ann"), a_name("o").replace(" ", "-")
    text = f"Order,Email,Name,Sale item,Quantity,Purchased at\n{order},{ann},Ann,{sale_item},2,2026-01-31T12:00:00Z\n"
    record = organiser.import_file(text.encode(), "purchases")
    assert (record["status"], record["effect"]) == ("complete", {"orders_added": 1, "orders_existing": 0})
    at = "2026-01-31T12:00:00Z"
    assert post_purchase(checkout, order, ann, sale_item, 2, customer={"name": "Ann"}, purchased_at=at) == 200
    second = organiser.import_file(text.encode(), "purchases")
    assert (second["status"], second["effect"]) == ("complete", {"orders_added": 0, "orders_existing": 1})


def test_an_order_with_a_bad_row_is_left_out_whole(organiser: Api, checkout: Api, sale_item: str) -> None:
    ann, good, bad = an_email("ann"), a_name("g").replace(" ", "-"), a_name("b").replace(" ", "-")
    text = (
        "Order,Email,Sale item,Quantity\n"
        f"{bad},{ann},{sale_item},1\n{good},{ann},{sale_item},1\n{bad},{ann},nothing,1\n"
    )
    record = organiser.import_file(text.encode(), "purchases")
    problems = [(problem["line"], problem["code"]) for problem in record["problems"]]
    assert problems == [(2, "order_incomplete"), (4, "unknown_item")]
    assert [post_purchase(checkout, order, ann, sale_item, 1) for order in (good, bad)] == [200, 201]
