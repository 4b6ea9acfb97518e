"""Tokens, sessions and webhooks in the console."""

from playwright.sync_api import Page, expect

from tests.acceptance.client import Api, eventually
from tests.console.browser import Console
from tests.console.files import unique_word

OWN = "demo-organiser"


def shown_secret(page: Page) -> str:
    """The secret that is shown once, after closing it."""
    secret = page.locator("section", has=page.get_by_text("This is shown only now.")).locator("code").inner_text()
    expect(page.get_by_role("button", name="Copy")).to_be_focused()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    return secret


def test_a_token_is_created_shown_once_and_revoked(console: Console, organiser: Api) -> None:
    name = unique_word("shop")
    page = console.open("settings/tokens")
    page.locator("summary").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("radio", name="Scan tickets").check()
    page.get_by_label("Valid until").fill("2099-12-31")
    page.get_by_label("Your own token").fill("nonsense")
    page.get_by_role("button", name="Create a token").click()
    expect(page.get_by_label("Your own token")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Your own token").fill(OWN)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden')); }")
    page.get_by_role("button", name="Create a token").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("The browser does not allow copying.")).to_be_visible()
    door = Api(organiser.address, shown_secret(page))
    assert door.post("/v1/scans", {"event_id": "gala", "code": "none"})["result"] == "unknown"
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("31 December 2099")
    page.get_by_role("button", name=f"Revoke {name}").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)
    assert name not in {one["name"] for one in organiser.get("/v1/tokens")["items"]}


def test_the_session_of_this_page_is_named(console: Console) -> None:
    page = console.open("settings/tokens")
    expect(page.get_by_text("(this one)")).to_be_visible()


def test_a_webhook_is_created_changed_and_deleted(console: Console, organiser: Api) -> None:
    name = unique_word("hook")
    page = console.open("settings/webhooks/new/webhook")
    page.get_by_role("textbox", name="Id").fill(name)
    page.get_by_role("textbox", name="Address").fill("http://10.0.0.1/hook")
    page.get_by_label("An import ended").check()
    page.get_by_label("Your own token").fill(OWN)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("textbox", name="Address")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/hook")
    page.get_by_role("button", name="Save").click()
    assert shown_secret(page).startswith("whsec_")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_label("The last use was redeemed").check()
    page.get_by_role("button", name="Save").click()
    eventually(lambda: organiser.get(f"/v1/webhooks/{name}")["events"] == ["import.ended", "code.used_up"])
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()
    assert name not in {one["webhook_id"] for one in organiser.get("/v1/webhooks")["items"]}


def test_a_delivery_is_shown_and_replayed(console: Console, organiser: Api) -> None:
    name = unique_word("hook")
    organiser.put(f"/v1/webhooks/{name}", {"url": "http://127.0.0.1:9/hook", "events": ["import.ended"]})
    organiser.import_file(f"Code\n{unique_word('code')}\n".encode(), group=unique_word("list"))
    eventually(lambda: organiser.get(f"/v1/webhooks/{name}/deliveries")["items"])
    page = console.open(f"settings/webhooks/{name}")
    page.get_by_role("row").filter(has_text="An import ended").first.get_by_role("button", name="Deliver again").click()
    expect(page.get_by_text("It will be delivered again.")).to_be_visible()
