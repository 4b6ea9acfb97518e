"""Questions in the review with suggested answers, and workbooks, which are read in the page."""

from datetime import date, datetime

import pytest
from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name
from tests.console.actions import choose_event, choose_file, choose_target_group, column_field, confirm_import, upload
from tests.console.browser import Console
from tests.console.files import an_event, unique_word
from tests.console.workbooks import workbook

AGAIN = "Review again with these changes"


def test_rows_with_an_unknown_status_are_excluded_by_a_checkbox(console: Console, organiser: Api) -> None:
    event = an_event(organiser)
    paid_code, parked_code, refund_code = (unique_word("T") for _ in range(3))
    rows = f"{paid_code},Paid\n{parked_code},Parked\n{refund_code},Refunded\n{unique_word('T')},Paid\n"
    page = console.open("imports")
    choose_file(page, f"Ticket code,Status\n{rows}")
    choose_event(page, event)
    upload(page)
    expect(page.get_by_role("heading", name="One question about this file")).to_be_visible()
    expect(page.get_by_label("Leave out rows with “Refunded”")).to_be_checked()
    expect(page.get_by_label("Leave out rows with “Parked”")).not_to_be_checked()
    assert console.barriers() == []
    page.get_by_label("Leave out rows with “Parked”").check()
    page.get_by_role("button", name=AGAIN).click()
    confirm_import(page, "2 rows")
    codes = {one["code"] for one in organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"]}
    assert paid_code in codes
    assert not {parked_code, refund_code} & codes


def test_the_order_of_day_and_month_is_asked_with_day_first_preselected(console: Console, organiser: Api) -> None:
    event, code = an_event(organiser), unique_word("T")
    page = console.open("imports")
    choose_file(page, f"Ticket code,Original date\n{code},03/04/2025\n")
    choose_event(page, event)
    upload(page)
    expect(page.get_by_role("radio", name="Day first")).to_be_checked()
    page.get_by_role("radio", name="Month first").check()
    page.get_by_role("button", name=AGAIN).click()
    confirm_import(page, "1 row")
    (ticket,) = organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"]
    assert ticket["original_at"].startswith("2025-03-0")


def test_confirming_without_a_change_accepts_the_suggestions(console: Console, organiser: Api) -> None:
    group, person = a_name("Regulars"), f"{unique_word('ann')}@example.com"
    organiser.post("/v1/groups", {"name": group, "type": "manual"})
    page = console.open("imports")
    choose_file(page, f"Email,Group\n{person},{group}\n{unique_word('bo')}@example.com,Gold tier\n")
    page.get_by_role("radio", name="Customers").check()
    upload(page)
    expect(page.get_by_role("radio", name="No, ignore this column")).to_be_checked()
    page.get_by_label("The people in this file have agreed").check()
    confirm_import(page, "2 rows")
    assert organiser.get(f"/v1/customers/{person}")["groups"] == []


def test_names_of_sale_items_are_matched_in_the_page(console: Console, organiser: Api) -> None:
    event, item, order = an_event(organiser), unique_word("standing"), unique_word("#")
    organiser.put(f"/v1/sale-items/{item}", {"name": f"Standing {item}", "event_id": event})
    page = console.open("imports")
    choose_file(
        page, f"Order,Email,Sale item,Purchased at\n{order},{unique_word('ann')}@example.com,Floor,2026-01-05\n"
    )
    page.get_by_role("radio", name="Purchases").check()
    upload(page)
    page.get_by_role("combobox", name="“Floor” means").press_sequentially(item)
    page.get_by_role("option", name=item).click()
    page.get_by_role("button", name=AGAIN).click()
    confirm_import(page, "1 row")


def test_a_former_answer_for_the_same_header_is_offered_and_not_used_unasked(console: Console) -> None:
    page = console.open("imports")
    for round_ in ("first", "second"):
        choose_file(page, f"Colour,Size of it\n{unique_word('blue')},3\n")
        choose_target_group(page, a_name(f"Offered {round_}"))
        upload(page)
        expect(column_field(page, "Colour")).to_have_value("")
        if round_ == "first":
            column_field(page, "Colour").select_option("Code")
            page.get_by_role("button", name=AGAIN).click()
            confirm_import(page, "1 row")
            page.get_by_role("link", name="Import another file").click()
    page.get_by_role("button", name="Use those answers").click()
    expect(column_field(page, "Colour")).to_have_value("Code")


def test_a_workbook_is_converted_with_whole_numbers_and_iso_dates(console: Console, organiser: Api) -> None:
    event, number = an_event(organiser), 871234567890123
    rows = [
        ["Ticket code", "Name", "Original date"],
        [number, "Zoë, “the” O'Hara", date(2026, 3, 4)],
        ["00042", "=1+1", datetime(2026, 3, 4, 20, 15)],  # noqa: DTZ001 - a cell has no zone
    ]
    page = console.open("imports")
    choose_file(page, workbook({"Guests": rows, "Notes": []}), "guests.xlsx")
    choose_event(page, event)
    upload(page)
    expect(page.get_by_role("cell", name="2026-03-04T20:15:00")).to_be_visible()
    expect(page.get_by_role("cell", name="2026-03-04", exact=True)).to_be_visible()
    confirm_import(page, "2 rows")
    codes = {one["code"] for one in organiser.get(f"/v1/events/{event}/tickets?imported=true")["items"]}
    assert codes == {str(number), "00042"}
    assert any("workbook-" in answer.url for answer in console.answers)


def test_the_sheet_of_a_workbook_is_chosen_where_there_are_several(console: Console, organiser: Api) -> None:
    name, code = a_name("Sheets"), unique_word("code")
    page = console.open("imports")
    choose_file(
        page, workbook({"Guests": [["Code"], [unique_word("other")]], "Press": [["Code"], [code]]}), "lists.xlsx"
    )
    expect(page.get_by_text("Which sheet do you want to import?")).to_be_visible()
    assert console.barriers() == []
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_text("lists – Press.csv")).to_be_visible()
    choose_target_group(page, name)
    upload(page)
    confirm_import(page, "1 row")
    assert organiser.post("/v1/check", {"code": code})["code"]["valid"]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"PK\x03\x04" + bytes(256), "This workbook cannot be read."), (workbook({"Empty": []}), "has no rows")],
)
def test_a_workbook_that_gives_no_rows_says_so_before_anything_is_sent(
    console: Console, data: bytes, message: str
) -> None:
    page = console.open("imports")
    choose_file(page, data, "guests.xlsx")
    expect(page.get_by_role("alert")).to_contain_text(message)
    page.get_by_role("button", name="Choose another file").click()
    expect(page.get_by_label("File to import")).to_be_attached()


def test_the_reader_of_workbooks_is_not_loaded_for_a_csv_file(console: Console) -> None:
    page = console.open("imports")
    choose_file(page, f"Code\n{unique_word('code')}\n")
    choose_target_group(page, a_name("Plain"))
    upload(page)
    assert not any("workbook-" in answer.url for answer in console.answers)
