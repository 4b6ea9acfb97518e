"""No dead ends: errors appear before they cost work, and filters survive in the URL."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name
from tests.console.actions import confirm_dialog
from tests.console.browser import Console
from tests.console.files import codes, unique_word
from tests.console.prepared import a_group, a_sale_item, an_email


def test_a_wrong_encoding_chosen_in_the_review_keeps_the_upload_and_the_form(console: Console, organiser: Api) -> None:
    code = unique_word("Café")
    import_id = organiser.start_import(f"Code\n{code}\n".encode("cp1252"), group=a_name("Letters"), review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    page = console.open(f"imports/{import_id}")
    expect(page.get_by_text("The text was read as Windows (1252).")).to_be_visible()
    page.get_by_label("Encoding").select_option("UTF-8")
    page.get_by_role("button", name="Review again with these changes").click()
    expect(page.get_by_text("The file cannot be read that way")).to_be_visible()
    expect(page.get_by_label("Encoding")).to_have_value("cp1252")
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    assert organiser.post("/v1/check", {"code": code})["code"]["valid"]


def test_deleting_a_group_warns_of_items_that_would_close(console: Console, organiser: Api) -> None:
    group, sale_item = a_group(organiser, a_name("Patrons"), an_email()), a_sale_item(organiser, a_name("Box"))
    organiser.put(f"/v1/sale-items/{sale_item}/restriction", {"group_ids": [group]})
    page = console.open(f"groups/{group}")
    page.get_by_role("button", name="Delete").click()
    confirm_dialog(page, "Delete")
    shut = page.get_by_role("alert").filter(has_text="Nobody can buy these any more")
    expect(shut.get_by_role("link")).to_have_text(organiser.get(f"/v1/sale-items/{sale_item}")["name"])
    page.get_by_role("button", name="Restore").click()
    confirm_dialog(page, "Restore")
    expect(shut).to_have_count(0)


def test_an_import_that_waits_does_not_say_that_rows_are_imported(console: Console, organiser: Api) -> None:
    import_id = organiser.start_import(codes().encode(), group=a_name("Waiting"), review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    page = console.open("imports")
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='#/imports/{import_id}']"))
    expect(row.get_by_role("cell", name="5 rows are ready")).to_be_visible()


@pytest.mark.parametrize(
    ("place", "field", "address"),
    [
        ("groups", "Find by name", "name"),
        ("customers", "Name or e-mail", "q"),
        ("catalogue", "Name or id", "q"),
    ],
)
def test_the_search_of_a_list_is_in_the_url(console: Console, place: str, field: str, address: str) -> None:
    page, word = console.open(place), "a/b & c?"
    page.get_by_label(field).fill(word)
    expect(page).to_have_url(f"{console.address}/#/{place}?{address}=a%2Fb+%26+c%3F")
    page.get_by_role("link", name="Settings").click()
    page.go_back()
    expect(page.get_by_label(field)).to_have_value(word)


def test_a_url_opened_in_a_second_tab_has_the_same_filters(console: Console) -> None:
    page = console.open("groups")
    page.get_by_label("Deleted groups").select_option("Only deleted ones")
    page.get_by_label("Type").select_option("Manual")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Deleted groups")).to_have_value("only")
    expect(other.get_by_label("Type")).to_have_value("manual")
