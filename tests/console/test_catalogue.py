"""The catalogue, restrictions and discounts."""

from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name, an_id
from tests.console.browser import Console
from tests.console.prepared import a_group, a_sale_item


def test_an_event_is_created_found_and_changed(console: Console, organiser: Api) -> None:
    event_id, name = an_id("gala"), a_name("Gala")
    page = console.open("catalogue")
    page.get_by_role("link", name="+ Event").click()
    page.get_by_label("Id", exact=True).fill(event_id)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Capacity").fill("300")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_text("of which imported")).to_be_visible()
    page.get_by_label("Capacity").fill("250")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("of 250")).to_be_visible()
    assert organiser.get(f"/v1/events/{event_id}")["capacity"] == 250
    page.get_by_role("link", name="← Catalogue").click()
    page.get_by_label("Name or id").fill(event_id)
    expect(page.get_by_role("row", name=name)).to_be_visible()


def test_a_sale_item_of_an_unknown_event_is_refused_beside_the_field(console: Console) -> None:
    page = console.open("catalogue/sale_item")
    page.get_by_label("Id", exact=True).fill(an_id("ticket"))
    page.get_by_label("Name").fill("Ticket")
    page.get_by_role("combobox", name="Event").fill("never-made")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("combobox", name="Event")).to_have_attribute("aria-invalid", "true")


def test_a_sale_item_is_restricted_to_a_group_and_opened_again(console: Console, organiser: Api) -> None:
    sale_item, group = a_sale_item(organiser), a_name("Patrons")
    group_id = a_group(organiser, group)
    page = console.open(f"catalogue/sale_item/{sale_item}")
    choice = page.get_by_role("combobox", name="Only members of")
    choice.fill(group)
    page.get_by_role("button", name="Save restriction").click()
    expect(choice).to_be_focused()
    unsound = "one => one.validationMessage"
    assert choice.evaluate(unsound) == "Choose from the suggestions, or clear this field."
    page.get_by_role("option", name=group).click()
    page.get_by_role("button", name="Save restriction").press("Enter")
    expect(page.get_by_text("Only members of these groups can see it and buy it.")).to_be_visible()
    expect(page.get_by_role("button", name="Save restriction")).to_be_focused()
    assert organiser.get(f"/v1/sale-items/{sale_item}")["group_ids"] == [group_id]
    page.get_by_role("button", name=f"Leave out {group}").click()
    page.get_by_role("button", name="Save restriction").click()
    expect(page.get_by_text("Everybody can buy it.")).to_be_visible()
    assert organiser.get(f"/v1/sale-items/{sale_item}")["group_ids"] is None


def test_a_discount_is_made_for_members_and_removed(console: Console, organiser: Api) -> None:
    code, group = an_id("TEN"), a_name("Patrons")
    group_id = a_group(organiser, group)
    page = console.open("discounts")
    page.get_by_role("link", name="New discount").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("textbox", name="Percent").fill("12,5")
    page.get_by_role("combobox", name="For members of").fill(group)
    page.get_by_role("option", name=group).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=code).get_by_role("cell").first).to_have_text("12.5%")
    assert organiser.get(f"/v1/discounts/{code}")["group_ids"] == [group_id]
    page.get_by_role("link", name=code).click()
    expect(page.get_by_role("textbox", name="Percent")).to_have_value("12.5")
    page.get_by_role("button", name="Delete discount").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete discount").click()
    expect(page.get_by_text("The discount was deleted.")).to_be_visible()
    assert organiser.call("GET", f"/v1/discounts/{code}").status_code == 404


def test_an_id_is_suggested_from_the_name_until_another_one_is_typed(console: Console) -> None:
    page = console.open("catalogue/event")
    page.get_by_label("Name").fill("Søndag på Café “Ærø” 2026!")
    expect(page.get_by_label("Id", exact=True)).to_have_value("soendag-pa-cafe-aeroe-2026")
    page.get_by_label("Id", exact=True).fill("sunday")
    page.get_by_label("Name").fill("Sunday")
    expect(page.get_by_label("Id", exact=True)).to_have_value("sunday")
