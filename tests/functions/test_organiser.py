"""An organiser's own settings."""

from tests.functions.conftest import Api

SETTINGS = {"name", "time_zone", "from_email", "notify_email", "customer_groups", "consent_on_drop"}


def test_settings_are_answered(call: Api):
    assert call("GET /v1/organiser").json.keys() >= SETTINGS


def test_what_is_not_said_stays(call: Api):
    call("PUT /v1/organiser", {"notify_email": "me@example.com", "time_zone": "Europe/Copenhagen"})
    changed = call("PUT /v1/organiser", {"customer_groups": False})
    assert changed.status == 200
    assert changed.json["notify_email"] == "me@example.com"
    assert changed.json["time_zone"] == "Europe/Copenhagen"
    assert changed.json["customer_groups"] is False
    assert call("GET /v1/organiser").json == changed.json


def test_an_address_is_cleared_by_null(call: Api):
    call("PUT /v1/organiser", {"notify_email": "me@example.com"})
    assert call("PUT /v1/organiser", {"notify_email": None}).json["notify_email"] == ""


def test_nothing_to_change_is_no_change(call: Api):
    assert call("PUT /v1/organiser", {}).json == call("GET /v1/organiser").json


def test_settings_can_be_sent_back_as_they_were_answered(call: Api):
    settings = call("GET /v1/organiser").json
    assert settings["notify_email"] == ""
    answer = call("PUT /v1/organiser", {**settings, "customer_groups": False})
    assert (answer.status, answer.json) == (200, {**settings, "customer_groups": False})


def test_settings_of_another_organiser_are_not_taken_for_ones_own(call: Api):
    answer = call("PUT /v1/organiser", {"organiser_id": "other", "name": "Mine"})
    assert [(fault["field"], fault["code"]) for fault in answer.json["errors"]] == [("organiser_id", "immutable")]
    assert call("GET /v1/organiser").json["name"] == "Demo"


def test_one_organiser_does_not_change_another(call: Api):
    call("PUT /v1/organiser", {"name": "Mine"})
    assert call.as_("other-organiser")("GET /v1/organiser").json["name"] == "Other"
