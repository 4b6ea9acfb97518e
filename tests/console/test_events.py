"""The pages of an event and of a list during an event."""

import re

from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name
from tests.console import files
from tests.console.browser import Console
from tests.console.prepared import a_sale_item, an_email


def test_an_events_page_shows_attendance_and_links_to_the_entrance_list(
    console: Console, organiser: Api, checkout: Api
) -> None:
    event, email, code = a_sale_item(organiser), an_email(), files.unique_word("DOOR")
    text = f"Ticket code,Name,Email\n{code}1,Ann Berg,{email}\n{code}2,Åse Dahl,{an_email()}\n"
    import_id = organiser.start_import(text.encode(), kind="tickets", event_id=event, when_full="continue")
    assert organiser.wait_until_ended(import_id)["status"] == "complete"
    order = files.unique_word("order")
    lines = [{"sale_item_id": event, "quantity": 3}]
    checkout.post("/v1/purchases", {"order_id": order, "customer": {"email": email}, "lines": lines})
    checkout.post("/v1/scans", {"event_id": event, "code": f"{code}1"})
    page = console.open(f"catalogue/event/{event}")
    attendance = page.get_by_role("region", name="Scanned at the door")
    expect(attendance).to_contain_text("1 of 2 imported tickets")
    expect(attendance.get_by_role("table", name="Scans by the hour").get_by_role("row")).to_have_count(1)
    expect(page.get_by_role("region", name="Orders")).to_contain_text(order)
    tickets = page.get_by_role("region", name="Tickets")
    tickets.get_by_role("searchbox").fill(f"{code}2")
    expect(tickets.get_by_role("rowheader")).to_have_text([f"{code}2"])
    tickets.get_by_role("link", name="List for the door").click()
    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.get_by_role("searchbox").fill("ase")
    expect(page).to_have_url(re.compile(r"door\?q=ase$"))
    expect(page.get_by_role("rowheader")).to_have_text(["Åse Dahl"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert content.count("\n") == 4
    assert f"Ann Berg,{email},{code}1" in content


def test_a_list_is_searched_by_code_and_use_and_shows_its_uses_over_time(
    console: Console, organiser: Api, checkout: Api
) -> None:
    word = files.unique_word("NIGHT")
    text = f"Code,Quantity\n{word}-1,2\n{word}-2,2\n"
    group = organiser.import_file(text.encode(), group=a_name("Late"))["group_id"]
    checkout.post("/v1/redemptions", {"code": f"{word}-1", "order_id": files.unique_word("order"), "quantity": 2})
    page = console.open(f"groups/{group}")
    uses = page.get_by_role("region", name="Uses over time")
    expect(uses.get_by_role("row")).to_have_count(1)
    expect(uses.get_by_role("row")).to_contain_text("2")
    rows = page.get_by_role("table", name="Entries").get_by_role("rowheader")
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="Uses").select_option(label="Used up")
    expect(rows).to_have_text([f"{word}-1"])
    page.get_by_label("Search codes and e-mail addresses").fill(f"{word}-2")
    expect(page.get_by_text("No entry matches")).to_be_visible()
