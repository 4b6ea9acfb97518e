"""A test of a check: the organiser sees the answer of a checkout and its reasons."""

from playwright.sync_api import Page, expect

from tests.acceptance.client import Api, a_name
from tests.console.browser import Console
from tests.console.prepared import a_group, a_sale_item


def sold_to_members(organiser: Api) -> tuple[str, str]:
    """The names of a new sale item and of the group that alone may have it; its member is mia@example.com."""
    sale_item, group = a_name("Balcony"), a_name("Patrons")
    group_id = a_group(organiser, group, "mia@example.com")
    organiser.put(f"/v1/sale-items/{a_sale_item(organiser, sale_item)}/restriction", {"group_ids": [group_id]})
    return sale_item, group


def choose(page: Page, sale_item: str) -> None:
    page.get_by_role("combobox", name="Sale items").fill(sale_item)
    page.get_by_role("option", name=sale_item).click()


def ask(page: Page) -> None:
    page.get_by_role("button", name="Check", exact=True).click()


def test_a_member_is_shown_which_group_opens_the_item_and_a_stranger_why_it_stays_closed(
    console: Console, organiser: Api
) -> None:
    sale_item, group = sold_to_members(organiser)
    page = console.open("check")
    choose(page, sale_item)
    page.get_by_role("combobox", name="Customer’s e-mail").fill("mia@example.com")
    ask(page)
    row = page.get_by_role("row", name=sale_item)
    expect(row.get_by_role("link", name=group)).to_be_visible()
    expect(row.get_by_text("Yes")).to_have_count(2)
    page.get_by_role("combobox", name="Customer’s e-mail").fill("stranger@example.com")
    ask(page)
    expect(row.get_by_text("No", exact=True)).to_have_count(2)
    expect(row.get_by_role("listitem")).to_contain_text(group)


def test_a_code_is_shown_with_its_grants(console: Console, organiser: Api) -> None:
    group = a_name("Friends")
    code = group.replace(" ", "-")
    organiser.wait_until_ended(organiser.start_import(f"Code,Quantity,Seat\n{code},3,A-1\n".encode(), group=group))
    page = console.open("check")
    page.get_by_label("Code", exact=True).fill(code.lower())
    ask(page)
    expect(page.get_by_role("heading", name="Code Valid")).to_be_visible()
    row = page.get_by_role("row", name=group)
    expect(row.get_by_role("cell")).to_have_text(["any", "A-1", "3", "3"])


def test_an_unknown_code_says_so_in_the_readers_language(console: Console) -> None:
    page = console.open("check")
    page.get_by_label("Language").select_option("da")
    page.get_by_label("Kode", exact=True).fill(a_name("NOBODY"))
    page.get_by_role("button", name="Tjek", exact=True).click()
    expect(page.get_by_role("heading", name="Kode Ikke gyldig")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="koden")).to_be_visible()


def test_an_empty_check_is_refused_with_what_to_enter(console: Console) -> None:
    page = console.open("check")
    ask(page)
    expect(page.get_by_text("Enter a code, a discount or at least one sale item.")).to_be_visible()
