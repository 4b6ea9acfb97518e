"""Previews and corrections: cells of a file, several members, copies of groups, a test mail."""

import pytest
from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name, eventually
from tests.console.actions import choose_file, choose_target_group, upload
from tests.console.browser import Console
from tests.console.files import codes, unique_word
from tests.console.prepared import a_group, a_list, an_email


def test_cells_are_corrected_in_the_review_also_after_a_reload(console: Console, organiser: Api) -> None:
    name, corrected_code = a_name("Mended"), unique_word("Café")
    page = console.open("imports")
    text = codes()
    choose_file(page, text.encode("cp1252"))
    choose_target_group(page, name)
    upload(page)
    first = page.url
    page.get_by_label("Show only rows with a problem").check()
    expect(page.get_by_role("region", name="The first rows of the file").get_by_role("row")).to_have_count(4)
    page.get_by_role("button", name="Correct them here").click()
    expect(page.get_by_label("Line 7, Quantity")).to_be_visible()
    page.reload()
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    page.get_by_label("To correct them here, choose the file again").set_input_files(file)
    page.get_by_label("Line 7, Quantity").fill("4")
    page.get_by_label("Line 8, Barcode").fill(corrected_code)
    console.picture("review-mending")
    assert console.barriers() == []
    page.get_by_role("button", name="Review again with these corrections").click()
    expect(page.get_by_text("7 rows are ready, 1 has a problem.")).to_be_visible()
    assert organiser.get(f"/v1/imports/{first.rpartition('/')[2]}")["status"] == "cancelled"
    assert organiser.get(f"/v1/groups?name={name}")["items"] == []
    page.get_by_role("button", name="Import 7 rows").click()
    expect(page.get_by_role("heading", name="Some rows were not imported")).to_be_visible()
    assert organiser.post("/v1/check", {"code": corrected_code})["code"]["valid"]


def test_many_addresses_are_pasted_into_a_group_at_once(console: Console, organiser: Api) -> None:
    old, new, other = an_email(), an_email(), an_email()
    group = a_group(organiser, a_name("Patrons"), old)
    page = console.open(f"groups/{group}")
    page.locator("summary", has_text="Add many at once").click()
    addresses = page.get_by_label("E-mail addresses")
    addresses.fill(f"Vera Winter <{new}>, {old};\n{other}\n{new.upper()}\nbad@-x.example")
    expect(page.get_by_text("4 addresses found.")).to_be_visible()
    page.get_by_role("button", name="Add 4 members").click()
    expect(page.get_by_role("alert")).to_contain_text("These are not e-mail addresses.")
    expect(page.get_by_role("alert")).to_contain_text("“bad@-x.example”")
    addresses.fill(f"{new} {old} {other}")
    page.get_by_role("button", name="Add 3 members").click()
    expect(page.get_by_text("2 people are now members. 1 was already a member.")).to_be_visible()
    expect(page.get_by_role("row", name=other)).to_be_visible()


def test_an_expired_group_is_copied_as_a_new_one_with_its_members(console: Console, organiser: Api) -> None:
    name, email = a_name("Patrons"), an_email()
    group = a_group(organiser, name, email)
    organiser.call("PATCH", f"/v1/groups/{group}", {"expires_on": "2001-01-01"})
    page = console.open(f"groups/{group}")
    page.get_by_role("link", name="Copy as a new group").click()
    expect(page.get_by_label("Name")).to_have_value(f"{name} (new)")
    expect(page.get_by_role("radio", name="Manual")).to_be_checked()
    expect(page.get_by_label("With its 1 member")).to_be_checked()
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("heading", level=1, name=f"{name} (new) Active")).to_be_visible()
    expect(page.get_by_role("row", name=email)).to_be_visible()


def test_an_expired_list_is_copied_as_a_new_one_after_a_review(console: Console, organiser: Api) -> None:
    code = unique_word("A")
    name, group = a_list(organiser, f"{code},3")
    organiser.call("PATCH", f"/v1/groups/{group}", {"expires_on": "2001-01-01"})
    page = console.open(f"groups/{group}")
    page.get_by_role("link", name="Copy as a new group").click()
    page.get_by_role("button", name="Upload and review").click()
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()
    (new_group,) = organiser.get(f"/v1/groups?name={name}&deleted=hide")["items"][:1]
    assert new_group["name"] == f"{name} (new)"
    assert organiser.post("/v1/check", {"code": code})["code"]["valid"]


@pytest.mark.parametrize("is_checked", [False, True])
def test_a_welcome_mail_is_tested_without_being_switched_on(console: Console, organiser: Api, is_checked: bool) -> None:
    group, subject = a_group(organiser, a_name("Patrons")), a_name("Hello")
    page = console.open(f"groups/{group}/welcome")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Send a mail when somebody is added").set_checked(is_checked)
    page.get_by_role("button", name="Save and send only to me").click()
    expect(page.get_by_text("A test mail is on its way to")).to_be_visible()
    to = organiser.get("/v1/organiser")["notify_email"]
    eventually(lambda: any(subject in mail["subject"] for mail in organiser.wait_for_mails(to)) or None)
    mail = organiser.get(f"/v1/groups/{group}")["welcome_email"]
    assert (mail["enabled"], mail["subject"]) == (False, subject)
