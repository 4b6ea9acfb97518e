"""The calls for groups."""

import pytest

from chalicelib.events import stream
from guestlist.aws.table import Table
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import from_stored
from tests.engines.tables import contents
from tests.functions.conftest import Api

RULES = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 2}]}
FIELDS = {
    "group_id",
    "name",
    "type",
    "description",
    "status",
    "lifetime",
    "expires_on",
    "expires_in",
    "last_sync_at",
    "last_sync",
    "welcome_email",
    "members",
    "rules",
}


def a_new_group(call: Api, **fields: object) -> dict:
    """Create a group."""
    answer = call("POST /v1/groups", {"name": "Friends", "type": "manual", **fields})
    assert answer.status == 201, answer.text
    group: dict = answer.json
    return group


@pytest.mark.behaviour(118, 123, 129, 133, 236, 241, 242)
def test_a_created_group_is_returned(call: Api):
    group = a_new_group(call, lifetime={"value": 2, "unit": "weeks"}, expires_on="2030-01-31")
    assert group.keys() >= FIELDS
    assert (group["status"], group["lifetime"], group["members"]) == ("active", {"value": 2, "unit": "weeks"}, 0)
    assert group["expires_at"] == "2030-01-31T23:00:00Z"
    assert group["welcome_email"]["enabled"] is False
    assert call(f"GET /v1/groups/{group['group_id']}").json == group


def test_the_start_of_a_group_is_returned(call: Api):
    group = a_new_group(call, starts_at="2030-01-01T10:00:00+01:00")
    assert (group["starts_at"], group["status"]) == ("2030-01-01T09:00:00Z", "active")
    path = f"/v1/groups/{group['group_id']}"
    assert call(f"PATCH {path}", {"starts_at": None}).json["starts_at"] is None
    assert call(f"PATCH {path}", {"starts_at": "soon"}).json["errors"][0]["code"] == "bad_instant"
    reversed_dates = {"starts_at": "2031-01-01T00:00:00Z", "expires_on": "2030-12-30"}
    assert call(f"PATCH {path}", reversed_dates).code == "bad_instant"
    assert call("POST /v1/groups", {"name": "Never", "type": "manual", **reversed_dates}).code == "bad_instant"


@pytest.mark.behaviour(115, 120, 125, 126, 132, 141, 149)
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"type": "static"}, "type"),
        ({"type": None}, "type"),
        ({"type": "automatic"}, "rules"),
        ({"rules": RULES}, "rules"),
        ({"lifetime": {"value": 0, "unit": "days"}}, "lifetime.value"),
        ({"lifetime": {"value": -1, "unit": "days"}}, "lifetime.value"),
        ({"lifetime": {"value": 1.5, "unit": "days"}}, "lifetime.value"),
        ({"lifetime": {"value": 1, "unit": "months"}}, "lifetime.unit"),
        ({"expires_on": "31-01-2030"}, "expires_on"),
        ({"welcome_email": {"enabled": True}}, "welcome_email"),
        ({"type": "automatic", "rules": {"operator": "any", "rules": []}}, "rules.rules"),
        (
            {"type": "automatic", "rules": {"operator": "any", "rules": [{"type": "event", "id": "x", "minimum": 0}]}},
            "rules.rules.0.minimum",
        ),
        ({"type": "automatic", "rules": RULES}, "rules.rules.0.id"),
    ],
)
def test_an_invalid_group_is_refused(call: Api, fields: dict, field: str):
    answer = call("POST /v1/groups", {"name": "Friends", "type": "manual", **fields})
    assert (answer.status, [fault["field"] for fault in answer.json["errors"]]) == (422, [field])
    assert call("GET /v1/groups").json["items"] == []


@pytest.mark.behaviour(32)
def test_a_name_is_taken_in_any_case(call: Api):
    a_new_group(call)
    answer = call("POST /v1/groups", {"name": " FRIENDS ", "type": "target"})
    assert (answer.status, answer.code) == (409, "name_taken")


@pytest.mark.behaviour(33)
def test_another_organiser_may_use_the_same_name(call: Api):
    a_new_group(call)
    assert a_new_group(call.as_("other-organiser"))["name"] == "Friends"


@pytest.mark.behaviour(119)
@pytest.mark.parametrize("kind", ["automatic", "manual", "static", None])
def test_the_type_of_a_group_cannot_be_changed(call: Api, kind: str | None):
    group = a_new_group(call)
    answer = call(f"PATCH /v1/groups/{group['group_id']}", {"type": kind, "name": "Others"})
    assert (answer.status, answer.code) == (422, "immutable")
    assert [(fault["field"], fault["code"]) for fault in answer.json["errors"]] == [("type", "immutable")]
    assert call(f"GET /v1/groups/{group['group_id']}").json == group


@pytest.mark.behaviour(130, 131, 262)
def test_omitted_fields_stay_and_null_clears(call: Api):
    group = a_new_group(call, lifetime={"value": 2, "unit": "weeks"}, expires_on="2030-01-31")
    path = f"/v1/groups/{group['group_id']}"
    changed_group = call(f"PATCH {path}", {"lifetime": None, "welcome_email": {"enabled": True}}).json
    assert (changed_group["lifetime"], changed_group["expires_on"], changed_group["name"]) == (
        None,
        "2030-01-31",
        "Friends",
    )
    assert changed_group["welcome_email"]["enabled"] is True
    assert changed_group["welcome_badge"] == "green"


@pytest.mark.behaviour(116)
def test_without_the_feature_customer_groups_are_refused(call: Api):
    call("PUT /v1/organiser", {"customer_groups": False})
    answer = call("POST /v1/groups", {"name": "Friends", "type": "manual"})
    assert (answer.status, answer.code) == (403, "feature_off")
    assert a_new_group(call, type="target")["type"] == "target"


@pytest.mark.behaviour(238, 239, 240, 246, 249, 250)
def test_a_deleted_group_is_hidden_and_can_be_restored(call: Api):
    group = a_new_group(call)
    path = f"/v1/groups/{group['group_id']}"
    deletion = call(f"DELETE {path}")
    assert (deletion.status, deletion.json["status"]) == (200, "deleted")
    counts = {how: len(call(f"GET /v1/groups?deleted={how}").json["items"]) for how in ("hide", "show", "only")}
    assert counts == {"hide": 0, "show": 1, "only": 1}
    assert call(f"POST {path}/restore").json["status"] == "active"
    assert len(call("GET /v1/groups").json["items"]) == 1


def test_a_group_whose_name_is_taken_is_restored_under_another(call: Api):
    path = f"/v1/groups/{a_new_group(call)['group_id']}"
    call(f"DELETE {path}")
    a_new_group(call)
    assert call(f"POST {path}/restore").code == "name_taken"
    assert call(f"POST {path}/restore", {"name": "Old friends"}).json["name"] == "Old friends"


def test_deleting_a_group_lists_the_items_that_close(call: Api):
    group = a_new_group(call)
    call("PUT /v1/events/gala", {"name": "Gala"})
    call("PUT /v1/sale-items/early", {"name": "Early bird", "event_id": "gala"})
    call("PUT /v1/sale-items/early/restriction", {"group_ids": [group["group_id"]]})
    assert call("GET /v1/sale-items/early").json["group_ids"] == [group["group_id"]]
    assert call(f"DELETE /v1/groups/{group['group_id']}").json["shut_sale_items"] == ["early"]


@pytest.mark.behaviour(237)
def test_groups_are_listed_newest_first_by_name_and_type(call: Api):
    for name, kind in (("Friends", "manual"), ("Fans", "target"), ("Best friends", "target")):
        a_new_group(call, name=name, type=kind)

    def names(query: str) -> list[str]:
        return [group["name"] for group in call(f"GET /v1/groups{query}").json["items"]]

    assert names("") == ["Best friends", "Fans", "Friends"]
    assert names("?name=FRIENDS") == ["Best friends", "Friends"]
    assert names("?type=target") == ["Best friends", "Fans"]
    assert names("?limit=1") == ["Best friends"]
    assert call("GET /v1/groups?deleted=never").status == 422


def test_an_unknown_placeholder_is_reported_at_its_field(call: Api):
    path = f"/v1/groups/{a_new_group(call)['group_id']}"
    refusal = call(f"PATCH {path}", {"welcome_email": {"subject": "Hi {name}", "body": "Dear {nmae}"}})
    assert refusal.status == 422
    (fault,) = refusal.json["errors"]
    assert (fault["field"], fault["code"]) == ("welcome_email.body", "unknown_placeholder")
    assert call(f"GET {path}").json["welcome_email"]["subject"] == ""


@pytest.mark.behaviour(122, 140, 229, 230, 233, 234)
def test_the_welcome_mail_is_shown_before_it_is_switched_on(call: Api):
    path = f"/v1/groups/{a_new_group(call)['group_id']}"
    call("PUT /v1/organiser", {"from_email": "box@demo.example"})
    call(f"PATCH {path}", {"welcome_email": {"subject": "Hi {name}", "body": "Welcome to <{group}>."}})
    assert call(f"GET {path}").json["welcome_email"]["enabled"] is False
    preview = call(f"GET {path}/welcome-email/preview").json
    assert preview.keys() == {"from", "subject", "header", "greeting", "body", "html"}
    assert preview["from"] == "box@demo.example"
    assert preview["subject"].startswith("Hi ")
    assert preview["body"] == "Welcome to <Friends>."
    assert "&lt;Friends&gt;" in preview["html"]


def test_changes_of_the_welcome_mail_are_shown_without_being_stored(call: Api):
    path = f"/v1/groups/{a_new_group(call)['group_id']}"
    preview = call(f"POST {path}/welcome-email/preview", {"subject": "Hi {name}"}).json
    assert preview["subject"].startswith("Hi ")
    assert call(f"GET {path}").json["welcome_email"]["subject"] == ""
    refusal = call(f"POST {path}/welcome-email/preview", {"subject": "Hi {nmae}"})
    assert (refusal.status, refusal.json["errors"][0]["code"]) == (422, "unknown_placeholder")


def test_a_test_welcome_mail_requires_a_notify_address(call: Api):
    path = f"/v1/groups/{a_new_group(call)['group_id']}"
    call("PUT /v1/organiser", {"notify_email": None})
    refusal = call(f"POST {path}/welcome-email/test")
    assert (refusal.status, refusal.json["code"]) == (409, "no_notify_email")


def test_a_test_welcome_mail_stores_no_address(call: Api, api_table: Table):
    path = f"/v1/groups/{a_new_group(call)['group_id']}"
    call("PUT /v1/organiser", {"notify_email": "ann@example.com"})
    assert call(f"POST {path}/welcome-email/test").json == {"to": "ann@example.com"}
    (stored_mail,) = [item for item in contents(api_table) if item["sk"] == "MAIL"]
    assert "ann@example.com" not in str(stored_mail)
    mail = stream._composers.__wrapped__()[MailKind.TRIAL](from_stored(stored_mail))  # noqa: SLF001 - what the stream composes it with
    assert mail
    assert mail.to == "ann@example.com"
    call("PUT /v1/organiser", {"notify_email": None})
    assert stream._composers.__wrapped__()[MailKind.TRIAL](from_stored(stored_mail)) is None  # noqa: SLF001
