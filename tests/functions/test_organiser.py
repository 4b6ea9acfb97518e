"""An organiser's own settings."""

from datetime import UTC, datetime

import pytest

from chalicelib.bootstrap import adapters
from guestlist.aws import keys
from guestlist.aws.table import Table
from tests.functions.conftest import Api

SETTINGS = {
    "name",
    "time_zone",
    "from_email",
    "notify_email",
    "customer_groups",
    "consent_on_drop",
    "reply_to",
    "language",
    "senders",
}


def test_settings_are_returned(call: Api):
    assert call("GET /v1/organiser").json.keys() >= SETTINGS


def test_omitted_settings_stay(call: Api):
    call("PUT /v1/organiser", {"notify_email": "me@example.com", "time_zone": "Europe/Copenhagen"})
    response = call("PUT /v1/organiser", {"customer_groups": False})
    assert response.status == 200
    assert response.json["notify_email"] == "me@example.com"
    assert response.json["time_zone"] == "Europe/Copenhagen"
    assert response.json["customer_groups"] is False
    assert call("GET /v1/organiser").json == response.json


def test_expiries_of_groups_follow_a_corrected_time_zone(call: Api):
    call("PUT /v1/organiser", {"time_zone": "Europe/Amsterdam"})
    group_id = call("POST /v1/groups", {"name": "Codes", "type": "target", "expires_on": "2026-12-31"}).json["group_id"]
    call("PUT /v1/organiser", {"time_zone": "America/New_York"})
    [entry] = [
        one for one in call(f"GET /v1/groups/{group_id}/history").json["items"] if one["what"] == "group_changed"
    ]
    assert entry["reason"] == "time_zone"
    index = adapters.groups().index("demo").groups[group_id]
    assert index.expires_at == datetime(2027, 1, 1, 5, tzinfo=UTC)


def test_an_address_is_cleared_by_null(call: Api):
    call("PUT /v1/organiser", {"notify_email": "me@example.com"})
    assert call("PUT /v1/organiser", {"notify_email": None}).json["notify_email"] == ""


@pytest.mark.parametrize("setting", ["from_email", "reply_to", "notify_email"])
def test_an_address_that_ses_cannot_take_is_refused_in_settings(call: Api, setting: str):
    answer = call("PUT /v1/organiser", {setting: "jösé@example.com"})
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(setting, "bad_mailable")]


def test_an_empty_change_of_settings_changes_nothing(call: Api):
    assert call("PUT /v1/organiser", {}).json == call("GET /v1/organiser").json


def test_returned_settings_can_be_sent_back_unchanged(call: Api):
    settings = call("GET /v1/organiser").json
    assert settings["notify_email"] == ""
    answer = call("PUT /v1/organiser", {**settings, "customer_groups": False})
    assert (answer.status, answer.json) == (200, {**settings, "customer_groups": False})


def test_the_organiser_id_in_settings_cannot_be_changed(call: Api):
    answer = call("PUT /v1/organiser", {"organiser_id": "other", "name": "Mine"})
    assert [(fault["field"], fault["code"]) for fault in answer.json["errors"]] == [("organiser_id", "immutable")]
    assert call("GET /v1/organiser").json["name"] == "Demo"


def test_one_organiser_does_not_change_another(call: Api):
    call("PUT /v1/organiser", {"name": "Mine"})
    assert call.as_("other-organiser")("GET /v1/organiser").json["name"] == "Other"


@pytest.mark.parametrize("address", ["tickets@demo.example", "Box@DEMO.example"])
def test_mails_may_come_from_any_address_of_a_granted_domain(call: Api, address: str):
    assert call("PUT /v1/organiser", {"from_email": address}).json["from_email"] == address


@pytest.mark.parametrize("address", ["tickets@other.example", "x@notdemo.example", "x@sub.demo.example"])
def test_mails_may_not_come_from_a_sender_that_is_not_granted(call: Api, address: str):
    answer = call("PUT /v1/organiser", {"from_email": address, "name": "Mine"})
    assert (answer.status, answer.code) == (422, "sender_not_granted")
    assert [(fault["field"], fault["code"]) for fault in answer.json["errors"]] == [
        ("from_email", "sender_not_granted")
    ]
    assert call("GET /v1/organiser").json["name"] == "Demo"


def test_a_stored_sender_that_is_not_granted_can_be_sent_back_and_cleared(call: Api, api_table: Table):
    api_table.update(keys.organiser("demo"), {"from_email": "old@box.example"}, remove=["senders"])
    settings = call("GET /v1/organiser").json
    assert (settings["from_email"], settings["senders"]) == ("old@box.example", [])
    assert call("PUT /v1/organiser", settings).status == 200
    assert call("PUT /v1/organiser", {"from_email": "new@box.example"}).code == "sender_not_granted"
    assert call("PUT /v1/organiser", {"from_email": None}).json["from_email"] == ""


def test_an_organiser_cannot_grant_itself_senders(call: Api):
    answer = call("PUT /v1/organiser", {"senders": ["demo.example", "other.example"]})
    assert (answer.status, answer.code) == (422, "immutable")
    assert call("GET /v1/organiser").json["senders"] == ["demo.example"]


def test_the_language_and_the_reply_address_are_settings(call: Api):
    assert (call("GET /v1/organiser").json["language"], call("GET /v1/organiser").json["reply_to"]) == ("en", "")
    settings = call("PUT /v1/organiser", {"language": "da", "reply_to": "box@anywhere.example"}).json
    assert (settings["language"], settings["reply_to"]) == ("da", "box@anywhere.example")
    assert call("PUT /v1/organiser", {"language": "fr"}).status == 422
