"""No call shows or changes another organiser's data."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.api import Route, routes
from guestlist.aws.table import Table
from tests.contract.bodies import BODIES
from tests.engines.tables import contents
from tests.functions.conftest import Api

# A person who is no customer may still stand in a list: whom one erases is not looked up before.
ERASING = "DELETE /v1/customers/{email}"
IN_PATHS = [route for route in routes() if "{" in route.path]
# What makes something of one's own under another's id comes last, and what then tells of an erasure before it.
# A link in a mail is its reader's, whatever organiser they are or are not.
NAMING = sorted(
    (route for route in IN_PATHS if route.endpoint.scope is not None),
    key=lambda route: (route.method == "PUT", f"{route.method} {route.path}" == ERASING),
)
LISTS = [route for route in routes() if route.endpoint.listed and "{" not in route.path]
# What a list must be asked by.
QUERIES = {"GET /v1/redemptions": "?order_id=1"}
# Every organiser has tokens of their own, and their sessions.
ACCESS = {"GET /v1/tokens": "token_id", "GET /v1/sessions": "session_id"}


def items_of(api_table: Table, org: str) -> list[dict[str, Any]]:
    """All that the table holds of one organiser."""
    return [item for item in contents(api_table) if item["pk"].split("#")[:2] == ["O", org]]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def allowed_statuses(route: Route) -> set[int]:
    """The statuses that may be answered for what is another's: put under an id of one's own, it is another thing."""
    if name_of(route) == ERASING:
        return {202}
    return {200, 404, 422} if route.method == "PUT" else {404}


@pytest.mark.behaviour(117)
def test_another_organisers_data_is_not_found_and_not_changed(call: Api, demo_ids: Mapping[str, str], api_table: Table):
    before, other = items_of(api_table, "demo"), call.as_("other-organiser")
    assert before
    for route in NAMING:
        request = f"{route.method} {route.path.format_map(demo_ids)}"
        answer = other(request, BODIES.get(name_of(route), [None])[0])
        assert answer.status in allowed_statuses(route), (request, answer.status, answer.text)
    assert items_of(api_table, "demo") == before


@pytest.mark.behaviour(117)
@pytest.mark.parametrize("route", [route for route in LISTS if name_of(route) not in ACCESS], ids=name_of)
def test_another_organisers_lists_are_empty(call: Api, demo_ids: Mapping[str, str], route: Route):
    assert demo_ids
    path = route.path.format_map(demo_ids) + QUERIES.get(name_of(route), "")
    assert call(f"GET {path}").json["items"]
    assert call.as_("other-organiser")(f"GET {path}").json["items"] == []


@pytest.mark.parametrize("listing", ACCESS)
def test_another_organisers_tokens_and_sessions_are_not_listed(call: Api, demo_ids: Mapping[str, str], listing: str):
    other = call.as_("other-organiser")
    other("POST /v1/session")
    own, others = ({one[ACCESS[listing]] for one in api(listing).json["items"]} for api in (call, other))
    assert demo_ids[ACCESS[listing]] in own
    assert others
    assert not own & others


def test_every_call_with_a_path_parameter_is_tried(demo_ids: Mapping[str, str]):
    for route in NAMING:
        assert "{" not in route.path.format_map(demo_ids), route.path


def test_path_parameters_at_the_same_place_have_the_same_name():
    names_by_place: dict[str, set[str]] = {}
    for route in routes():
        parts = route.path.split("/")
        for at, part in enumerate(parts):
            if part.startswith("{"):
                names_by_place.setdefault("/".join(parts[:at]), set()).add(part)
    assert {before: names for before, names in names_by_place.items() if len(names) > 1} == {}


@pytest.mark.parametrize("route", IN_PATHS, ids=name_of)
def test_an_unknown_id_is_answered_with_404(call: Api, route: Route):
    ids = dict.fromkeys(["email"], "nobody@example.com")
    path = route.path
    for part in set(route.path.split("{")[1:]):
        name = part.partition("}")[0]
        path = path.replace(f"{{{name}}}", ids.get(name, "none"))
    answer = call(f"{route.method} {path}", BODIES.get(name_of(route), [None])[0])
    assert answer.status in allowed_statuses(route), answer.text
