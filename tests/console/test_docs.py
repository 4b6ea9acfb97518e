"""The API's reference for people: every call is there, from this host alone, and no breach of the page's policy."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, expect

from chalicelib.api import CALLS
from tests.acceptance.stacks import Stack
from tests.console.browser import Console, open_console


@pytest.fixture
def reference(browser: Browser, stack: Stack) -> Iterator[Console]:
    """The reference, with every call of the API to be seen; no other host was asked and no policy broken."""
    with open_console(browser, stack.address, stack.address) as console:
        console.page.goto(f"{stack.address}/docs")
        expect(console.page.locator(".opblock")).to_have_count(len(CALLS))
        yield console
        assert console.wrong == []


def test_the_reference_shows_every_call_with_its_method_and_path(reference: Console) -> None:
    headings = reference.page.locator(".opblock-summary").all()
    calls = {
        f"{one.locator('.opblock-summary-method').inner_text()} {one.locator('[data-path]').get_attribute('data-path')}"
        for one in headings
    }
    assert calls == set(CALLS)


def test_a_call_is_tried_from_the_reference(reference: Console) -> None:
    page = reference.page
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".auth-container")
    dialog.locator("input").fill("demo-organiser")
    dialog.get_by_role("button", name="Apply credentials").click()
    dialog.get_by_role("button", name="Close").click()
    page.locator("[data-path='/v1/organiser']").first.click()
    page.get_by_role("button", name="Try it out").click()
    with page.expect_response("**/v1/organiser") as answer:
        page.get_by_role("button", name="Execute").click()
    assert answer.value.status == 200
    expect(page.locator(".live-responses-table tbody .response-col_status")).to_contain_text("200")


def test_the_viewer_is_loaded_for_the_reference_alone(console: Console) -> None:
    page = console.open("settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert [answer.url for answer in console.answers if "docs" in answer.url] == []


def test_the_policy_of_the_reference_allows_its_own_parts_and_the_api_alone(stack: Stack) -> None:
    page = requests.get(f"{stack.address}/docs", timeout=30)
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "worker-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    for name in re.findall(r"console/[\w.-]+", page.text):
        assert "immutable" in requests.get(f"{stack.address}/{name}", timeout=30).headers["Cache-Control"]


def test_the_reference_works_under_a_stage_path(browser: Browser, stack: Stack, store: str) -> None:
    (gateway,) = [one["id"] for one in stack.aws("apigateway").get_rest_apis()["items"]]
    address = f"{store}/restapis/{gateway}/api/_user_request_"
    with open_console(browser, address, store) as console:
        console.page.goto(f"{address}/docs")
        expect(console.page.locator(".opblock")).to_have_count(len(CALLS))
        expect(console.page.locator(".servers option")).to_have_text(f"{address}")
        assert console.wrong == []
