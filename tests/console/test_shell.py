"""The frame of every screen: signing in and out, languages, offline, and the content policy."""

import gzip
import re
import sys

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.client import Api
from tests.acceptance.stacks import Stack
from tests.console.browser import Console, open_console

MAX_REQUESTS, MAX_BYTES = 4, 120_000


def enter(page: Page, token: str) -> None:
    page.get_by_label("Organiser’s token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_keeps_the_token_out_of_the_url_and_of_lasting_storage(visitor: Console) -> None:
    page = visitor.open()
    expect(page.get_by_label("Organiser’s token")).to_be_focused()
    page.keyboard.type("demo-organiser")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Demo Hall")).to_be_visible()
    assert "demo-organiser" not in page.url
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    page.reload()
    expect(page.get_by_text("Demo Hall")).to_be_visible()
    assert "demo-organiser" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Organiser’s token")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Organiser’s token")).to_be_visible()


def test_a_second_tab_is_signed_in_and_out_with_the_first(visitor: Console) -> None:
    first = visitor.open()
    enter(first, "demo-organiser")
    expect(first.get_by_text("Demo Hall")).to_be_visible()
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.get_by_text("Demo Hall")).to_be_visible()
    second.get_by_role("button", name="Sign out").click()
    expect(first.get_by_label("Organiser’s token")).to_be_visible()
    enter(first, "other-organiser")
    expect(second.get_by_text("Other Stage")).to_be_visible()


@pytest.mark.parametrize(
    ("token", "sentence"),
    [("nobody-knows", "This token is not valid"), ("demo-checkout", "This token is for a checkout")],
)
def test_a_token_that_is_not_an_organisers_is_refused_with_a_sentence(
    visitor: Console, token: str, sentence: str
) -> None:
    page = visitor.open()
    enter(page, token)
    expect(page.get_by_text(sentence)).to_be_visible()


def test_a_token_that_is_no_longer_valid_leads_back_to_the_sign_in_and_then_to_the_same_place(
    console: Console,
) -> None:
    page = console.open("settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    refusal = {"status": 401, "json": {"status": 401, "code": "unauthenticated", "detail": "No."}}
    page.route("**/v1/organiser", lambda route: route.fulfill(**refusal))  # type: ignore[arg-type]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You are no longer signed in")).to_be_visible()
    page.unroute("**/v1/organiser")
    enter(page, "demo-organiser")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_a_failed_load_shows_an_error_with_a_button_to_retry(console: Console) -> None:
    console.page.route("**/v1/organiser", lambda route: route.fulfill(status=500, json={"code": "internal_error"}))
    page = console.open("settings")
    expect(page.get_by_text("Something went wrong on our side")).to_be_visible()
    page.unroute("**/v1/organiser")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_a_banner_shows_while_the_browser_is_offline(console: Console) -> None:
    page = console.open("settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "title"), [("en-GB", "Settings"), ("nl-NL", "Instellingen"), ("da-DK", "Indstillinger")]
)
def test_the_page_is_in_the_language_of_the_browser(
    browser: Browser, stack: Stack, store: str, locale: str, title: str
) -> None:
    with open_console(browser, stack.address, store, locale=locale) as console:
        console.sign_in("demo")
        page = console.open("settings")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert page.locator("html").get_attribute("lang") == locale[:2]
        assert console.wrong == []


def test_the_language_can_be_chosen(console: Console) -> None:
    page = console.open("settings")
    page.get_by_label("Language").select_option("da")
    expect(page.get_by_role("heading", name="Indstillinger")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Indstillinger")).to_be_visible()


def test_settings_are_changed_and_errors_shown_at_their_fields(console: Console, organiser: Api) -> None:
    page = console.open("settings")
    page.get_by_label("Time zone").fill("Europe/Nowhere")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[aria-invalid]")).to_have_value("Europe/Nowhere")
    page.get_by_label("Time zone").fill("Europe/Amsterdam")
    page.get_by_label("Results of imports go to").fill("office@demo.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings were saved")).to_be_visible()
    assert organiser.get("/v1/organiser")["notify_email"] == "office@demo.example"


def test_an_unknown_url_shows_not_found(console: Console) -> None:
    page = console.open("nothing/here")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()


def test_the_page_is_small_and_makes_few_requests(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    page = console.open("settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    answers = [answer for answer in console.answers if not answer.url.startswith("data:")]
    bodies = [answer.body() for answer in answers]
    size, gzip_size = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
    with capsys.disabled():
        sys.stdout.write(
            f"\nthe console: {len(answers)} requests, {size:,} bytes, {gzip_size:,} as the gateway compresses them\n"
        )
    assert len(answers) <= MAX_REQUESTS
    assert gzip_size <= MAX_BYTES


def test_the_policy_allows_nothing_but_the_pages_own_parts_the_api_and_the_bucket(stack: Stack, store: str) -> None:
    page = requests.get(f"{stack.address}/", timeout=30)
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "worker-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' {store}/{stack.local()['bucket']}",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_the_page_is_revalidated_and_its_parts_are_cached(stack: Stack) -> None:
    page = requests.get(f"{stack.address}/", timeout=30)
    second = requests.get(f"{stack.address}/", headers={"If-None-Match": page.headers["ETag"]}, timeout=30)
    assert (page.headers["Cache-Control"], second.status_code, second.text) == ("no-cache", 304, "")
    for name in re.findall(r"console/[\w.-]+", page.text):
        part = requests.get(f"{stack.address}/{name}", timeout=30)
        assert "immutable" in part.headers["Cache-Control"]
        assert part.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_works_under_a_stage_path(browser: Browser, stack: Stack, store: str) -> None:
    (gateway,) = [one["id"] for one in stack.aws("apigateway").get_rest_apis()["items"]]
    address = f"{store}/restapis/{gateway}/api/_user_request_"
    with open_console(browser, address, store) as console:
        console.sign_in("demo")
        page = console.open("settings")
        expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        assert console.wrong == []
