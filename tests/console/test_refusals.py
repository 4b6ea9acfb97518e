"""Every error of the API is shown at its field or at the top of the form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.acceptance.client import Api, a_name, an_id
from tests.console.browser import Console
from tests.console.prepared import a_group, a_sale_item

Place = Callable[[Api], str]
REFUSAL = {
    "status": 422,
    "code": "invalid",
    "detail": "somewhere.else: is not right here",
    "errors": [{"field": "somewhere.else", "code": "a_new_word", "detail": "is not right here"}],
}
# The screen, and the button that sends its form.
FORMS: dict[str, tuple[Place, str]] = {
    "settings": (lambda _: "settings", "Save"),
    "a new event": (lambda _: "catalogue/event", "Save"),
    "a sale item": (lambda organiser: f"catalogue/sale_item/{a_sale_item(organiser)}", "Save"),
    "a restriction": (lambda organiser: f"catalogue/sale_item/{a_sale_item(organiser)}", "Save restriction"),
    "a new discount": (lambda _: "discounts/new/discount", "Save"),
    "a group's settings": (lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'))}/settings", "Save"),
    "a welcome mail": (lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'))}/welcome", "Save"),
    "a check": (lambda _: "check", "Check"),
}


def send(page: Page, button: str) -> None:
    """Send the form, whatever the browser itself thinks of what is filled in."""
    press = page.get_by_role("button", name=button, exact=True)
    press.evaluate("button => { button.form.noValidate = true }")
    press.click()


@pytest.mark.parametrize("form", FORMS)
def test_an_error_without_a_field_is_shown_at_the_top_of_the_form(console: Console, organiser: Api, form: str) -> None:
    place, button = FORMS[form]

    def refuse(route: Route) -> None:
        route.continue_() if route.request.method == "GET" else route.fulfill(status=422, json=REFUSAL)

    page = console.open(place(organiser))
    page.get_by_role("button", name=button, exact=True).wait_for()
    page.route("**/v1/**", refuse)
    send(page, button)
    alert = page.locator("form > .alert:first-child")
    expect(alert).to_have_text("A value: is not right here")
    expect(alert).to_be_in_viewport()


@pytest.mark.parametrize("kind", ["event", "sale_item", "inventory_item", "schedule"])
def test_an_invalid_id_is_refused_at_its_field(console: Console, kind: str) -> None:
    page = console.open(f"catalogue/{kind}")
    page.get_by_label("Id", exact=True).fill("not an id")
    page.get_by_label("Name").fill("Gala")
    send(page, "Save")
    field = page.get_by_label("Id", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(
        page.get_by_text("Use only letters A–Z, digits and . _ ~ - without spaces, 128 characters at most.")
    ).to_be_visible()


def test_creating_an_entity_does_not_overwrite_an_existing_one(console: Console, organiser: Api) -> None:
    existing_id = an_id("gala")
    organiser.put(f"/v1/events/{existing_id}", {"name": "Gala", "capacity": 300})
    page = console.open("catalogue/event")
    page.get_by_label("Id", exact=True).fill(existing_id)
    page.get_by_label("Name").fill("Other")
    send(page, "Save")
    expect(page.get_by_label("Id", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("This is taken already. Choose another one.")).to_have_count(1)
    assert organiser.get(f"/v1/events/{existing_id}")["name"] == "Gala"
    page.get_by_label("Id", exact=True).fill(an_id("other"))
    send(page, "Save")
    expect(page.get_by_role("heading", level=1, name="Other")).to_be_visible()


def test_creating_a_discount_does_not_overwrite_an_existing_one(console: Console, organiser: Api) -> None:
    code = an_id("TEN")
    organiser.put(f"/v1/discounts/{code}", {"percent": 10})
    page = console.open("discounts/new/discount")
    page.get_by_label("Code").fill(code.lower())
    page.get_by_role("textbox", name="Percent").fill("50")
    send(page, "Save")
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    assert organiser.get(f"/v1/discounts/{code}")["percent"] == 10


def test_a_duplicate_name_is_reported_at_its_field(console: Console, organiser: Api) -> None:
    name = a_name("Patrons")
    a_group(organiser, name)
    page = console.open(f"groups/{a_group(organiser, a_name('Press'))}/settings")
    page.get_by_label("Name").fill(name)
    send(page, "Save")
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("A group has this name already.")).to_have_count(1)


def test_a_failed_search_is_shown_at_its_field(console: Console) -> None:
    page = console.open("catalogue/sale_item")
    page.get_by_role("combobox", name="Event").wait_for()
    page.route("**/v1/catalogue*", lambda route: route.fulfill(status=500, json={"code": "internal_error"}))
    page.get_by_role("combobox", name="Event").fill("gala")
    expect(page.get_by_role("combobox", name="Event")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Something went wrong on our side")).to_be_visible()
