"""States of a list: loading, failed, empty, offline, and with an expired token."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.console.browser import Console

NO_LONGER = {"status": 401, "code": "unauthenticated", "detail": "No."}
# Each list, and what it says when there is nothing in it.
LISTS = {
    "imports": "Nothing has been imported yet.",
    "groups": "There are no groups yet.",
    "catalogue": "There is nothing for sale yet.",
    "discounts": "There are no discounts yet.",
    "customers": "There are no customers yet.",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_its_loading_error_empty_and_offline_states(console: Console, name: str) -> None:
    page, url = console.page, re.compile(rf"/v1/{name}(\?|$)")
    routes: list[Route] = []
    page.route(url, lambda route: routes.append(route))  # noqa: PLW0108 - the handler is marked
    with page.expect_request(url):
        console.open(name)
    waiting = page.get_by_role("status").filter(has_text="One moment…")
    expect(waiting).to_be_visible()
    routes[0].fulfill(status=500, json={"code": "internal_error"})
    failure = page.get_by_role("alert").filter(has_text="Something went wrong on our side")
    expect(failure).to_be_visible()
    expect(waiting).to_be_hidden()
    console.picture(f"{name}-failed")
    page.unroute(url)
    page.route(url, lambda route: route.fulfill(json={"items": [], "next": None}))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(LISTS[name])).to_be_visible()
    expect(failure).to_be_hidden()
    console.picture(f"{name}-empty")
    assert console.barriers() == []
    page.unroute(url)
    page.context.set_offline(True)
    console.open("settings")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    console.open(name)
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.context.set_offline(False)
    page.route(url, lambda route: route.fulfill(status=401, json=NO_LONGER))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("You are no longer signed in.")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    ["imports/never", "groups/never", "catalogue/event/never", "discounts/never", "customers/never@example.com"],
)
def test_a_page_of_something_unknown_says_that_it_does_not_exist(console: Console, path: str) -> None:
    expect(console.open(path).get_by_text("This does not exist, or no longer exists.")).to_be_visible()
