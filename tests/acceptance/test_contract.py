"""Every documented call on the running stack gets a documented response."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from infra import openapi
from tests.acceptance.client import Api, a_name

PROBLEM = "application/problem+json"
# Chalice's own, before any handler: another method, or a body that is not JSON.
SHAPED = {405, 406}
CONFIG = SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
SCHEMA = schemathesis.openapi.from_path(openapi.DOCUMENT, config=CONFIG)
FEW = settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
ONE = settings(FEW, max_examples=1)


def status_is_documented(_ctx: Any, response: Any, case: Case) -> None:
    """The status stands in the document by its number; `default` is for what comes before any handler."""
    statuses = case.operation.responses.status_codes
    if str(response.status_code) not in statuses and response.status_code not in SHAPED:
        raise Failure(operation=case.operation.label, title="Undocumented status", message=str(response.status_code))


def a_problem(_ctx: Any, response: Any, case: Case) -> None:
    """An error is a problem with its status, a code word and the request's id, and nothing else is one."""
    media_type = response.headers.get("content-type", [""])[0]
    wrong = (response.status_code >= 400) is not (media_type == PROBLEM)
    if not wrong and response.status_code >= 400:
        body = response.json()
        wrong = body["status"] != response.status_code or not body["code"] or not body["request_id"]
    if wrong:
        raise Failure(operation=case.operation.label, title="Not a problem", message=f"{response.status_code}")


CHECKS = [not_a_server_error, status_is_documented, a_problem, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def other_ids(stack: Any) -> Iterator[dict[str, str]]:
    """The ids of the other organiser's data by path parameter; its settings are restored at the end."""
    organiser, checkout = Api(stack.address, "other-organiser"), Api(stack.address, "other-checkout")
    before = organiser.get("/v1/organiser")
    word = a_name("contract").replace(" ", "-")
    email = f"{word}@example.com"
    ids = dict.fromkeys(("schedule_id", "event_id", "inventory_item_id", "sale_item_id", "order_id", "code"), word)
    record = organiser.import_file(f"Code,Quantity\n{word},1000\n{word}-2,none\n".encode(), group=a_name("Contract"))
    organiser.put(f"/v1/schedules/{word}", {"name": "Season"})
    organiser.put(f"/v1/events/{word}", {"name": "Opening", "schedule_id": word, "capacity": 100})
    organiser.put(f"/v1/inventory-items/{word}", {"name": "Seat"})
    organiser.put(f"/v1/sale-items/{word}", {"name": "Ticket", "event_id": word, "inventory_item_id": word})
    organiser.put(f"/v1/discounts/{word}", {"percent": 10})
    lines = [{"sale_item_id": word, "quantity": 1}]
    checkout.post("/v1/purchases", {"order_id": word, "customer": {"email": email}, "lines": lines})
    hold = checkout.post("/v1/redemptions", {"code": word, "order_id": word, "quantity": 900, "hold_seconds": 60})
    yield ids | {
        "email": email,
        "group_id": record["group_id"],
        "import_id": record["import_id"],
        "redemption_id": hold["redemption_id"],
    }
    organiser.put("/v1/organiser", {name: value for name, value in before.items() if name != "organiser_id"})


def test_the_stack_serves_the_committed_openapi_document(address: str) -> None:
    response = requests.get(f"{address}/openapi.json", timeout=10)
    assert response.text == openapi.DOCUMENT.read_text(encoding="utf-8")


@SCHEMA.parametrize()
@FEW
def test_every_response_is_one_that_the_document_describes(case: Case, address: str, other_ids: dict[str, str]) -> None:
    send_and_validate(case, address, "other-organiser")
    if case.path_parameters:
        case.path_parameters = {name: other_ids.get(name, value) for name, value in case.path_parameters.items()}
        send_and_validate(case, address, "other-organiser")


@SCHEMA.parametrize()
@ONE
@pytest.mark.parametrize("token", ["other-checkout", "nobody"])
def test_a_call_with_an_insufficient_token_is_answered_as_documented(case: Case, address: str, token: str) -> None:
    send_and_validate(case, address, token)


def send_and_validate(case: Case, address: str, token: str) -> None:
    """Send the case with that token, and judge the answer."""
    headers = {"Authorization": f"Bearer {token}"}
    response = case.call(base_url=address, headers=headers, allow_redirects=False, timeout=30)
    case.validate_response(response, checks=CHECKS, headers=headers)
