"""Imports in the console: from a dropped file to its result and the actions on it."""

import pytest
from playwright.sync_api import Route, expect

from tests.acceptance.client import Api, a_name, eventually
from tests.console.actions import choose_file, choose_target_group, column_field, drop_file, press_and_confirm, upload
from tests.console.browser import Console
from tests.console.files import (
    a_ticket_import,
    an_ended_import,
    an_event,
    an_import_in_review,
    codes,
    tickets,
    unique_word,
)

# A file


@pytest.mark.behaviour(1, 12, 13, 15, 22, 26, 27, 28, 34)
def test_a_dropped_file_is_reviewed_confirmed_and_imported(console: Console, organiser: Api) -> None:
    name = a_name("Early birds")
    page = console.open("imports")
    drop_file(page, codes())
    choose_target_group(page, name)
    upload(page)
    expect(column_field(page, "Barcode")).to_have_value("Code")
    expect(column_field(page, "Quantity")).to_have_value("Quantity")
    expect(column_field(page, "Remark")).to_have_value("")
    expect(page.get_by_label("Separator")).to_have_value(";")
    expect(page.locator("td.wrong").filter(has_text="none")).to_contain_text("Not a whole number of 1 or more")
    expect(page.get_by_text("5 rows are ready, 3 have a problem.")).to_be_visible()
    expect(page.get_by_text("5 entries are added to the list.")).to_be_visible()
    assert organiser.get(f"/v1/groups?name={name}")["items"] == []
    page.get_by_role("button", name="Import 5 rows").click()
    expect(page.get_by_role("heading", name="Some rows were not imported")).to_be_visible()
    expect(page.get_by_text("5 of 8")).to_be_visible()
    (group,) = organiser.get(f"/v1/groups?name={name}")["items"]
    assert group["members"] == 5


def test_an_upload_shows_its_progress(console: Console, store: str) -> None:
    page = console.open("imports")
    choose_file(page, codes())
    choose_target_group(page, a_name("Slow"))
    routes: list[Route] = []
    page.route(lambda url: url.startswith(store), lambda route: routes.append(route))  # noqa: PLW0108 - the handler is marked
    page.get_by_role("button", name="Upload and review").click()
    expect(page.get_by_role("progressbar", name="Uploading")).to_be_visible()
    console.picture("import-uploading")
    eventually(lambda: page.evaluate("true") and routes)  # Playwright tells of a request only while it is called
    routes[0].continue_()
    expect(page.get_by_role("heading", name="Is each column what it says?")).to_be_visible()


@pytest.mark.behaviour(9, 10, 18)
def test_columns_and_header_rows_are_corrected_and_reviewed_again(console: Console, organiser: Api) -> None:
    right, wrong = unique_word("right"), unique_word("wrong")
    page = console.open("imports")
    choose_file(page, f"Code,Number\n{wrong},{right}\n")
    choose_target_group(page, a_name("Corrected"))
    upload(page)
    column_field(page, "Number").select_option("Code")
    expect(column_field(page, "Code")).to_have_value("")
    expect(page.get_by_role("button", name="Import 1 row")).to_be_disabled()
    page.get_by_label("Header rows to skip").fill("0")
    page.get_by_role("button", name="Review again with these changes").click()
    expect(page.get_by_text("The file has 2 rows.")).to_be_visible()
    expect(page.get_by_label("Header rows to skip")).to_have_value("0")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    is_valid = organiser.post("/v1/check", {"code": right})["code"]["valid"]
    assert (is_valid, organiser.post("/v1/check", {"code": wrong})["code"]["valid"]) == (True, False)


@pytest.mark.behaviour(7)
def test_unknown_columns_wait_for_a_mapping(console: Console) -> None:
    page = console.open("imports")
    choose_file(page, f"Colour,Size\n{unique_word('blue')},3\n")
    choose_target_group(page, a_name("Told"))
    upload(page)
    expect(page.get_by_text("None of the columns was recognised")).to_be_visible()
    column_field(page, "Colour").select_option("Code")
    page.get_by_role("button", name="Review again with these changes").click()
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()


@pytest.mark.behaviour(56)
def test_addresses_are_only_imported_once_consent_is_stated(console: Console) -> None:
    page = console.open("imports")
    choose_file(page, f"Email\n{unique_word('ann')}@example.com\n")
    choose_target_group(page, a_name("Consented"))
    upload(page)
    expect(page.get_by_text("Confirm below that these people have agreed.")).to_be_visible()
    expect(page.get_by_role("button", name="Import 1 row")).to_be_disabled()
    page.get_by_label("The people in this file have agreed").check()
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()


def test_an_existing_group_asks_how_to_change_its_list(console: Console, organiser: Api) -> None:
    name = a_name("Standing")
    organiser.import_file(f"Code\n{unique_word('old')}\n".encode(), group=name)
    page = console.open("imports")
    choose_file(page, f"Code\n{unique_word('new')}\n{unique_word('new')}\n")
    page.get_by_role("radio", name="Target group").check()
    page.get_by_role("combobox", name="Group").press_sequentially(name[:12].lower())
    page.get_by_role("option", name=name).click()
    page.get_by_role("radio", name="Add to it").check()
    upload(page)
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    (group,) = organiser.get(f"/v1/groups?name={name}")["items"]
    assert group["members"] == 3


@pytest.mark.behaviour(65, 66)
def test_tickets_ask_for_an_event_and_what_to_do_when_it_is_full(console: Console, organiser: Api) -> None:
    event = an_event(organiser, capacity=2)
    page = console.open("imports")
    choose_file(page, tickets())
    page.get_by_role("radio", name="Tickets").check()
    page.get_by_role("combobox", name="Event").press_sequentially(event[:8])
    page.get_by_role("option", name=event).click()
    page.get_by_role("button", name="Upload and review").click()
    expect(page.get_by_role("radio", name="Yes, import all tickets")).to_be_focused()
    page.get_by_role("radio", name="No, stop when it is full").check()
    upload(page)
    expect(page.get_by_text("There is no place left for 2 rows.")).to_be_visible()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("heading", name="Some rows were not imported")).to_be_visible()
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 2


@pytest.mark.behaviour(2)
def test_a_file_that_is_no_csv_says_what_to_do(console: Console) -> None:
    page = console.open("imports")
    choose_file(page, b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 8, "guests.xls")
    expect(page.get_by_text("This does not look like a CSV file.")).to_be_visible()
    choose_target_group(page, a_name("Workbook"))
    page.get_by_role("button", name="Upload and review").click()
    expect(page.get_by_role("heading", name="Nothing was imported")).to_be_visible()
    expect(page.get_by_text("This is not a CSV file.")).to_be_visible()


@pytest.mark.behaviour(23)
def test_a_sample_of_each_kind_is_downloaded(console: Console) -> None:
    page = console.open("imports")
    page.get_by_text("Sample files").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tickets").click()
    assert download.value.suggested_filename == "tickets.csv"
    assert download.value.path().read_text(encoding="utf-8").startswith("Ticket code,Name,Email")


# What can be done about it


def test_an_import_under_review_can_be_cancelled(console: Console, organiser: Api) -> None:
    import_id = an_import_in_review(organiser)
    page = console.open(f"imports/{import_id}")
    press_and_confirm(page, "Cancel import")
    expect(page.get_by_role("heading", name="This import was cancelled")).to_be_visible()
    assert organiser.get(f"/v1/imports/{import_id}")["status"] == "cancelled"


def test_refused_rows_are_downloaded(console: Console, organiser: Api) -> None:
    page = console.open(f"imports/{an_ended_import(organiser)}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    header, *rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("Barcode;Quantity;Section;Remark;refused_line")
    assert len(rows) == 3


def test_refused_rows_are_corrected_in_the_page_and_imported(console: Console, organiser: Api) -> None:
    import_id = an_ended_import(organiser)
    group = organiser.get(f"/v1/imports/{import_id}")["group_id"]
    page = console.open(f"imports/{import_id}")
    page.get_by_role("button", name="Correct and send again").click()
    page.get_by_label("Line 7, Quantity").fill("4")
    page.get_by_label("Line 8, Barcode").fill(unique_word("found"))
    page.get_by_role("button", name="Leave out line 9").click()
    console.picture("import-mending")
    assert console.barriers() == []
    page.get_by_role("button", name="Send 2 rows").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    assert import_id not in page.url
    assert organiser.get(f"/v1/groups/{group}")["members"] == 7


def test_an_import_is_undone_after_a_prompt(console: Console, organiser: Api) -> None:
    import_id = an_ended_import(organiser)
    page = console.open(f"imports/{import_id}")
    page.get_by_role("button", name="Undo import").click()
    prompt = page.get_by_role("alertdialog", name="Undo this import?")
    prompt.get_by_role("button", name="Cancel").click()
    expect(prompt).to_be_hidden()
    assert organiser.get(f"/v1/imports/{import_id}")["undone"] is None
    press_and_confirm(page, "Undo import")
    expect(page.get_by_text("Undone on")).to_be_visible()
    assert organiser.get(f"/v1/imports/{import_id}")["undone"]


# Previous imports


@pytest.mark.behaviour(94, 96, 97, 98, 99)
def test_previous_imports_show_their_status_and_lead_to_their_tickets_and_contacts(
    console: Console, organiser: Api
) -> None:
    import_id = a_ticket_import(organiser)
    page = console.open("imports")
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='#/imports/{import_id}']"))
    expect(row).to_contain_text("Partly imported")
    expect(row.get_by_role("link", name="4 of 5")).to_have_attribute("href", f"#/imports/{import_id}/tickets")
    row.get_by_role("link", name="3 of 3").click()
    expect(page.get_by_role("heading", name="Contacts of this import")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)
    page.get_by_label("Beginning of the buyer’s e-mail").fill("BO-")
    expect(page.get_by_role("row")).to_have_count(2)
    page.go_back()
    row.get_by_role("link", name="4 of 5").click()
    expect(page.get_by_role("heading", name="Imported tickets")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(5)
    page.get_by_label("Ticket code").fill("nobody-has-this")
    expect(page.get_by_text("No ticket of this import has this code.")).to_be_visible()


@pytest.mark.behaviour(100)
def test_fewer_contacts_than_buyers_are_explained(console: Console, organiser: Api) -> None:
    known_email, event = f"{unique_word('known')}@example.com", an_event(organiser)
    first = f"Ticket code,Email\n{unique_word('T')},{known_email}\n"
    organiser.import_file(first.encode(), "tickets", event_id=event, when_full="stop")
    second = (
        f"Ticket code,Email\n{unique_word('T')},{known_email}\n{unique_word('T')},{unique_word('new')}@example.com\n"
    )
    record = organiser.import_file(second.encode(), "tickets", event_id=event, when_full="stop")
    page = console.open(f"imports/{record['import_id']}")
    expect(page.get_by_text("1 contact already existed and stays as it was")).to_be_visible()


# One ticket


@pytest.mark.behaviour(87, 88, 89, 92, 93)
def test_one_ticket_is_tried_imported_and_listed_for_its_event(console: Console, organiser: Api) -> None:
    event, code = an_event(organiser, capacity=1), f" *{unique_word('T')}* "
    page = console.open("imports/ticket")
    page.get_by_role("combobox", name="Event").press_sequentially(event[:8])
    page.get_by_role("option", name=event).click()
    page.get_by_label("Ticket code").fill(code)
    page.get_by_role("button", name="Try at the door").click()
    expect(page.get_by_text("This code is not known.")).to_be_visible()
    page.get_by_role("button", name="Import ticket").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("This code is not known.")).to_have_count(0)
    page.get_by_role("button", name="Import ticket").click()
    expect(page.get_by_text(f"This code is already a ticket for {event} Night.")).to_be_visible()
    page.get_by_role("button", name="Try at the door").click()
    expect(page.get_by_text("this ticket would be let in")).to_be_visible()
    page.get_by_label("Ticket code").fill(unique_word("T"))
    page.get_by_role("button", name="Import ticket").click()
    expect(page.get_by_text("The event is full.")).to_be_visible()
    page.get_by_role("radio", name="Add the ticket anyway").check()
    page.get_by_role("button", name="Import ticket").click()
    expect(page.get_by_role("row")).to_have_count(3)
    assert organiser.get(f"/v1/events/{event}")["sales"]["sold"] == 2
