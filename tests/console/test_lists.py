"""A target group's list: versions, entries, generated codes and redemptions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name
from tests.console.actions import choose_file, choose_target_group, confirm_dialog, upload
from tests.console.browser import Console
from tests.console.files import unique_word
from tests.console.prepared import a_list, an_email

STATES = ("Scheduled", "Current", "Old")


def test_former_and_scheduled_versions_are_compared_restored_and_cancelled(console: Console, organiser: Api) -> None:
    first, second = unique_word("A"), unique_word("B")
    name, group = a_list(organiser, f"{first},1")
    organiser.import_file(f"Code\n{second}\n".encode(), group=name, mode="replace")
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    organiser.import_file(f"Code\n{first}\n{second}\n".encode(), group=name, mode="replace", publish_at=later)
    page = console.open(f"groups/{group}/versions")
    scheduled_row, current_row, former_row = (page.get_by_role("row").filter(has_text=state) for state in STATES)
    expect(former_row.get_by_role("cell")).to_contain_text(["Old", "1", "1", "0", "0"])
    with page.expect_download() as download:
        current_row.get_by_role("button", name="Changes").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert first in text
    assert second in text
    scheduled_row.get_by_role("button", name="Cancel publishing").click()
    confirm_dialog(page, "Cancel publishing")
    expect(scheduled_row).to_have_count(0)
    former_row.get_by_role("button", name="Restore").click()
    confirm_dialog(page, "Restore")
    expect(page.get_by_text("This version is now the list.")).to_be_visible()
    assert [entry["code"] for entry in organiser.get(f"/v1/groups/{group}/entries")["items"]] == [first]


def test_entries_are_edited_by_hand_and_the_history_shows_it(console: Console, organiser: Api) -> None:
    code, new = unique_word("A"), unique_word("B")
    _, group = a_list(organiser, f"{code},1")
    page = console.open(f"groups/{group}")
    page.get_by_role("combobox", name="Uses").select_option("Not used yet")
    page.get_by_role("searchbox").fill(code[:-1].lower())
    expect(page.get_by_role("row", name=code)).to_be_visible()
    page.get_by_role("searchbox").fill("nothing-like-it")
    expect(page.get_by_text("No entry matches.")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these entries").click()
    assert code in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("combobox", name="Uses").select_option("All entries")
    page.locator("summary", has_text="Add an entry").click()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Add an entry").click()
    expect(page.get_by_role("alert")).to_contain_text("is in the list already")
    page.get_by_label("Code", exact=True).fill(new)
    page.get_by_role("button", name="Add an entry").press("Enter")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    row = page.get_by_role("row", name=new)
    row.get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_label("Number of uses").fill("7")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row.get_by_role("cell", name="7")).to_be_visible()
    page.get_by_role("button", name=f"Remove {code}").click()
    confirm_dialog(page, "Remove")
    expect(page.get_by_role("row", name=code)).to_have_count(0)
    page.get_by_role("link", name="History").click()
    for what in ("Entries added", "Entries changed", "Entries removed"):
        expect(page.get_by_role("row", name=what)).to_contain_text("1 entry")
    page.get_by_role("searchbox", name="Find a code or an e-mail address").fill(new.lower())
    expect(page.get_by_role("row", name="Added")).to_contain_text(new)
    expect(page.get_by_role("row", name="Changed")).to_contain_text("1 → 7")
    page.get_by_role("searchbox").fill(code)
    expect(page.get_by_role("row", name="Removed")).to_contain_text(code)
    page.get_by_role("searchbox").fill("nothing-like-it")
    expect(page.get_by_text("In the last 30 days nothing changed this entry.")).to_be_visible()


def test_the_history_of_a_list_names_its_entries(console: Console, organiser: Api) -> None:
    _, group = a_list(organiser, f"{unique_word('A')},1")
    page = console.open(f"groups/{group}/history")
    expect(page.get_by_text("No entry has been added, changed or removed by hand yet.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Versions").last.click()
    expect(page.get_by_role("row", name="Current")).to_be_visible()


def test_codes_are_generated_for_a_list(console: Console, organiser: Api) -> None:
    _, group = a_list(organiser, f"{unique_word('A')},1")
    page = console.open(f"groups/{group}")
    page.locator("summary", has_text="Create codes").click()
    page.get_by_label("How many").fill("25")
    page.get_by_label("Start of each code").fill("SPRING-")
    page.get_by_role("button", name="Create codes").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    codes = [entry["code"] for entry in organiser.get(f"/v1/groups/{group}/entries")["items"]]
    assert sum(code.startswith("SPRING-") for code in codes) == 25


def test_a_code_is_generated_for_each_person(console: Console, organiser: Api) -> None:
    _, group = a_list(organiser, f"{unique_word('A')},1")
    people = [an_email(), an_email()]
    page = console.open(f"groups/{group}")
    page.locator("summary", has_text="Create codes").click()
    page.get_by_label("One for each of these people").check()
    page.get_by_label("E-mail addresses", exact=True).fill(f"Vera <{people[0]}>; {people[1]}")
    expect(page.get_by_text("2 addresses found.")).to_be_visible()
    page.get_by_role("button", name="Create codes").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    entries = organiser.get(f"/v1/groups/{group}/entries")["items"]
    assert {entry["email"] for entry in entries} - {None} == set(people)


@pytest.mark.parametrize(("by", "field"), [("Code", "code"), ("Order", "order_id")])
def test_a_redemption_is_found_and_released(console: Console, organiser: Api, by: str, field: str) -> None:
    redemption = {"code": unique_word("A"), "order_id": unique_word("order")}
    name, _ = a_list(organiser, f"{redemption['code']},3")
    organiser.post("/v1/redemptions", {**redemption, "quantity": 3})
    page = console.open("redemptions")
    page.get_by_label("Find by").select_option(by)
    page.get_by_role("searchbox").fill(redemption[field])
    row = page.get_by_role("row", name=redemption["order_id"])
    expect(row).to_contain_text(name)
    if by == "Code":
        on_list = page.get_by_role("table", name="On your lists").get_by_role("row", name=name)
        expect(on_list.get_by_role("cell")).to_have_text([redemption["code"], "", "3", "3", "0"])
    row.get_by_role("button", name="Give back").click()
    page.get_by_role("dialog").get_by_label("How many").fill("2")
    page.get_by_role("dialog").get_by_role("button", name="Give back").click()
    expect(page.get_by_text("The uses were given back.")).to_be_visible()
    expect(row.get_by_role("cell", name="1", exact=True)).to_be_visible()
    assert organiser.get(f"/v1/redemptions?code={redemption['code']}")["items"][0]["remaining_quantity"] == 1


def test_an_uploaded_list_is_scheduled_for_an_hour_in_the_organisers_time_zone(
    console: Console, organiser: Api
) -> None:
    name = a_name("Later")
    page = console.open("imports")
    choose_file(page, f"Code\n{unique_word('A')}\n")
    choose_target_group(page, name)
    page.locator("summary", has_text="More options").click()
    page.get_by_label("The list takes effect at").fill("2099-07-01T10:00")
    upload(page)
    expect(page.get_by_text("The list becomes current at 1 Jul 2099, 10:00.")).to_be_visible()
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    (group,) = organiser.get(f"/v1/groups?name={name}")["items"]
    (version,) = organiser.get(f"/v1/groups/{group['group_id']}/versions")["items"]
    assert (version["state"], version["publish_at"]) == ("scheduled", "2099-07-01T08:00:00Z")
