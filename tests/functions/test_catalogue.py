"""The calls for the catalogue, restrictions and discounts."""

import pytest

from tests.functions.conftest import Api


@pytest.fixture
def shop(call: Api) -> Api:
    """An event of a schedule, with a sale item."""
    call("PUT /v1/schedules/summer", {"name": "Summer nights"})
    call("PUT /v1/events/gala", {"name": "Gala", "schedule_id": "summer", "capacity": 200})
    call("PUT /v1/inventory-items/standing", {"name": "Standing"})
    call("PUT /v1/sale-items/early", {"name": "Early bird", "event_id": "gala", "inventory_item_id": "standing"})
    return call


def test_an_entity_is_stored_and_returned(shop: Api):
    assert shop("GET /v1/schedules/summer").json == {"schedule_id": "summer", "name": "Summer nights"}
    assert shop("GET /v1/events/gala").json == {
        "event_id": "gala",
        "name": "Gala",
        "schedule_id": "summer",
        "capacity": 200,
        "sales": {"capacity": 200, "sold": 0, "imported": 0},
    }
    assert shop("GET /v1/inventory-items/standing").json["name"] == "Standing"
    assert shop("GET /v1/sale-items/early").json["event_id"] == "gala"


def test_a_second_put_changes_the_entity(shop: Api):
    assert shop("PUT /v1/events/gala", {"name": "Gala 2026"}).json["capacity"] is None
    assert shop("GET /v1/events/gala").json["name"] == "Gala 2026"


THINGS = {
    "schedules/summer": {"name": "Other"},
    "events/gala": {"name": "Other"},
    "inventory-items/standing": {"name": "Other"},
    "sale-items/early": {"name": "Other", "event_id": "gala"},
    "discounts/SAVE": {"percent": 50},
}


@pytest.mark.parametrize("path", THINGS)
def test_a_create_only_request_does_not_overwrite_an_existing_entity(shop: Api, path: str):
    shop("PUT /v1/discounts/save", {"percent": 10})
    before = shop(f"GET /v1/{path}").json
    refusal = shop(f"PUT /v1/{path}", THINGS[path], If_None_Match="*")
    assert (refusal.status, refusal.code) == (412, "exists")
    assert shop(f"GET /v1/{path}").json == before
    assert shop(f"PUT /v1/{path}", THINGS[path], If_None_Match='"another"').status == 200


@pytest.mark.parametrize("path", THINGS)
def test_a_create_only_request_creates_a_new_entity(shop: Api, path: str):
    fresh = f"{path.partition('/')[0]}/fresh"
    assert shop(f"PUT /v1/{fresh}", THINGS[path], If_None_Match="*").status == 200
    assert shop(f"GET /v1/{fresh}").status == 200


@pytest.mark.parametrize("path", ["schedules/x", "events/x", "inventory-items/x", "sale-items/x", "discounts/x"])
def test_an_unknown_entity_is_answered_with_404(call: Api, path: str):
    assert call(f"GET /v1/{path}").code == "not_found"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("sale-items/x", {"name": "X", "event_id": "nowhere"}, "event_id"),
        ("sale-items/x", {"name": "X"}, "event_id"),
        ("events/x", {"name": "X", "schedule_id": "nowhere"}, "schedule_id"),
        ("events/x", {"name": "X", "capacity": -1}, "capacity"),
        ("events/a%20b", {"name": "X"}, "event_id"),
        ("events/" + "x" * 129, {"name": "X"}, "event_id"),
        ("sale-items/early/restriction", {"group_ids": ["nobody"]}, "group_ids"),
        ("sale-items/early/restriction", {"group_ids": []}, "group_ids"),
        ("discounts/SAVE", {"percent": 10, "amount": 5}, "percent"),
        ("discounts/SAVE", {}, "percent"),
        ("discounts/SAVE", {"percent": 101}, "percent"),
        ("discounts/SAVE", {"amount": 1e200}, "amount"),
        ("discounts/SAVE", {"amount": 0}, "amount"),
    ],
)
@pytest.mark.behaviour(149)
def test_an_invalid_entity_is_refused_at_its_field(shop: Api, path: str, body: dict, field: str):
    answer = shop(f"PUT /v1/{path}", body)
    assert (answer.status, [fault["field"] for fault in answer.json["errors"]]) == (422, [field])


@pytest.mark.behaviour(148)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"summer", "gala", "standing", "early"}),
        ("ga", {"gala"}),
        ("NIGHT", {"summer"}),
        ("early", {"early"}),
        ("s", {"summer", "standing"}),
        ("xyz", set()),
    ],
)
def test_entities_are_found_while_typing(shop: Api, query: str, expected: set[str]):
    items = shop(f"GET /v1/catalogue?q={query}").json["items"]
    assert {item["id"] for item in items} == expected
    assert all(item.keys() == {"type", "id", "name", "event_id"} for item in items)


def test_a_search_for_one_type_is_paged_over_that_type_alone(shop: Api):
    first = shop("GET /v1/catalogue?type=sale_item&limit=1").json
    following = f"&cursor={first['next']}" if first["next"] else ""
    rest = shop(f"GET /v1/catalogue?type=sale_item{following}").json
    assert {one["type"] for one in first["items"] + rest["items"]} == {"sale_item"}
    assert shop("GET /v1/catalogue?type=seat").status == 422


def test_a_search_is_paged(shop: Api):
    first = shop("GET /v1/catalogue?q=&limit=3").json
    second = shop(f"GET /v1/catalogue?q=&limit=3&cursor={first['next']}").json
    assert len(first["items"]) == 3
    assert [len(second["items"]), second["next"]] == [1, None]


def test_a_discount_is_stored_and_found_in_any_case(shop: Api):
    response = shop("PUT /v1/discounts/Save-10", {"percent": 10, "sale_item_ids": ["early"]})
    assert response.json == {
        "code": "Save-10",
        "percent": 10,
        "amount": None,
        "group_ids": None,
        "sale_item_ids": ["early"],
    }
    assert shop("GET /v1/discounts/SAVE-10").json == response.json
    assert shop("DELETE /v1/discounts/save-10").status == 200
    assert shop("GET /v1/discounts/Save-10").status == 404


def test_discounts_are_listed_by_their_codes_in_pages(shop: Api):
    for code in ("winter", "EARLY", "Late"):
        shop(f"PUT /v1/discounts/{code}", {"percent": 10})
    first = shop("GET /v1/discounts?limit=2").json
    second = shop(f"GET /v1/discounts?limit=2&cursor={first['next']}").json
    assert [one["code"] for one in first["items"] + second["items"]] == ["EARLY", "Late", "winter"]
    assert second["next"] is None
    assert shop.as_("other-organiser")("GET /v1/discounts").json["items"] == []


def test_discounts_are_found_by_the_beginning_of_their_codes_in_any_case_in_pages(shop: Api):
    for code in ("winter", "EARLY-1", "Early-2", "late-early"):
        shop(f"PUT /v1/discounts/{code}", {"percent": 10})
    first = shop("GET /v1/discounts?q=%20eARLY&limit=1").json
    second = shop(f"GET /v1/discounts?q=%20eARLY&limit=1&cursor={first['next']}").json
    assert [one["code"] for one in first["items"] + second["items"]] == ["EARLY-1", "Early-2"]
    assert second["next"] is None
    assert shop("GET /v1/discounts?q=nothing").json["items"] == []


@pytest.mark.behaviour(117)
def test_another_organisers_entities_are_unknown(shop: Api):
    other = shop.as_("other-organiser")
    assert other("GET /v1/events/gala").status == 404
    assert other("GET /v1/catalogue?q=ga").json["items"] == []
    assert other("PUT /v1/sale-items/mine", {"name": "Mine", "event_id": "gala"}).status == 422
