"""Customers: searched while typing, shown, synced and erased."""

from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name
from tests.console.browser import Console
from tests.console.prepared import a_buyer, a_ticket_holder


def test_a_customer_is_found_by_the_beginning_of_a_name_as_it_is_typed(console: Console, organiser: Api) -> None:
    surname = a_name("Wint").replace(" ", "")
    email = a_buyer(organiser, f"Vera {surname}")
    page = console.open("customers")
    page.get_by_label("Name or e-mail").press_sequentially(surname[:9].lower())
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name=email).click()
    expect(page.get_by_role("heading", level=1, name=f"Vera {surname}")).to_be_visible()


def test_a_customer_page_shows_groups_orders_and_history(console: Console, organiser: Api) -> None:
    email = a_buyer(organiser)
    word = email.partition("@")[0]
    page = console.open(f"customers/{email}")
    groups = page.get_by_role("table", name="Groups")
    expect(groups.get_by_role("row", name=f"Patrons {word}")).to_contain_text("no end")
    expect(page.get_by_role("table", name="Orders").get_by_role("row", name=f"order-{word}")).to_contain_text(
        "2 × Balcony"
    )
    expect(page.get_by_role("table", name="History").get_by_role("row").nth(1)).to_contain_text("Became a member")


def test_a_profile_shows_an_imported_ticket_and_the_rest_of_the_page(console: Console, organiser: Api) -> None:
    email, code = a_ticket_holder(organiser)
    page = console.open(f"customers/{email}")
    expect(page.get_by_role("table", name="Orders")).to_contain_text(code)
    expect(page.get_by_role("table", name="Tickets").get_by_role("row", name=code)).to_contain_text("Gala")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_a_component_that_fails_to_render_shows_an_error_and_the_rest_is_rendered(
    visitor: Console, organiser: Api
) -> None:
    email = a_buyer(organiser)
    profile = organiser.get(f"/v1/customers/{email}")
    broken = {**profile, "orders": [{**profile["orders"][0], "ordered_at": "no instant"}]}
    visitor.sign_in("demo")
    visitor.page.route("**/v1/customers/*", lambda route: route.fulfill(json=broken))
    page = visitor.open(f"customers/{email}")
    expect(page.get_by_role("alert")).to_contain_text("This part of the page cannot be shown.")
    expect(page.get_by_role("table", name="Groups")).to_be_visible()
    page.unroute("**/v1/customers/*")
    page.get_by_role("link", name="Catalogue").click()
    expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()
    assert [error.partition(":")[0] for error in visitor.wrong] == ["RangeError"]
    visitor.wrong.clear()


def test_a_resync_needs_confirmation_and_reports_its_changes(console: Console, organiser: Api) -> None:
    page = console.open(f"customers/{a_buyer(organiser)}")
    page.get_by_role("button", name="Force re-sync").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Force re-sync").click()
    expect(page.get_by_text("All automatic groups were already right.")).to_be_visible()


def test_a_person_is_erased_only_when_that_is_confirmed(console: Console, organiser: Api) -> None:
    email = a_buyer(organiser)
    page = console.open(f"customers/{email}")
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    assert organiser.get(f"/v1/customers/{email}")["email"] == email
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Erase this person").click()
    expect(page.get_by_text("The person was erased.")).to_be_visible()
    assert organiser.call("GET", f"/v1/customers/{email}").status_code == 404
