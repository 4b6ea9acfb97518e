"""Groups: listed, created, filled, expired, deleted and restored."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.acceptance.client import Api, a_name, an_id, eventually
from tests.console.actions import confirm_dialog
from tests.console.browser import Console
from tests.console.prepared import a_group, a_sale_item, an_automatic_group, an_email


def synced_group(organiser: Api, group: str) -> dict[str, Any] | None:
    """The group once a sync of it is done."""
    record: dict[str, Any] = organiser.get(f"/v1/groups/{group}")
    return record if record["last_sync_at"] else None


@pytest.mark.behaviour(236, 237, 241, 242, 243, 244, 245)
def test_a_search_for_groups_shows_their_type_sync_expiry_and_mail(console: Console, organiser: Api) -> None:
    word = a_name("Season").replace(" ", "")
    by_hand = organiser.post("/v1/groups", {"name": f"{word} patrons", "type": "manual", "expires_on": "2099-12-31"})
    mail = {"welcome_email": {"enabled": True}}
    organiser.call("PATCH", f"/v1/groups/{by_hand['group_id']}", mail)
    an_automatic_group(organiser, f"{word} regulars")
    page = console.open("groups")
    page.get_by_label("Find by name").fill(word)
    expect(page.get_by_role("row")).to_have_count(3)
    patrons = page.get_by_role("row", name=f"{word} patrons")
    expect(patrons).to_contain_text("You choose the members.")
    expect(patrons).to_contain_text("31 December 2099")
    expect(patrons.get_by_text(re.compile(r"in \d+ years"))).to_be_visible()
    expect(patrons.locator(".badge.good", has_text="Mail on")).to_be_visible()
    regulars = page.get_by_role("row", name=f"{word} regulars")
    expect(regulars).to_contain_text("Rules about purchases choose the members.")
    expect(regulars.locator(".badge.bad", has_text="Mail off")).to_be_visible()


@pytest.mark.behaviour(168, 243)
def test_a_finished_sync_is_shown_as_now(console: Console, organiser: Api) -> None:
    group = an_automatic_group(organiser, a_name("Regulars"))
    path = f"/v1/groups/{group}"
    organiser.post(f"{path}/resync")
    eventually(lambda: organiser.get(path)["last_sync_at"])
    page = console.open(f"groups/{group}")
    expect(page.get_by_role("definition").get_by_text("now")).to_be_visible()


@pytest.mark.behaviour(168, 243)
def test_the_end_of_a_sync_is_shown_without_a_reload(console: Console, organiser: Api) -> None:
    sale_item, email, order = a_sale_item(organiser), an_email(), an_id("order")
    purchase = {"order_id": order, "customer": {"email": email}, "lines": [{"sale_item_id": sale_item, "quantity": 1}]}
    organiser.post("/v1/purchases", purchase)
    rules = {"operator": "all", "rules": [{"type": "sale_item", "id": sale_item, "minimum": 1}]}
    group = an_automatic_group(organiser, a_name("Regulars"), rules)
    organiser.post(f"/v1/groups/{group}/resync")
    before = eventually(lambda: synced_group(organiser, group)) | {"last_sync_at": None, "members": 0}
    page, url = console.page, re.compile(rf"/v1/groups/{group}(/members)?$")
    page.route(url, lambda route: route.fulfill(json=before | {"items": [], "next": None}))
    console.open(f"groups/{group}")
    expect(page.get_by_role("definition").get_by_text("not yet")).to_be_visible()
    expect(page.get_by_text("Nobody is in this group.")).to_be_visible()
    page.unroute(url)
    expect(page.get_by_role("definition").get_by_text("now")).to_be_visible()
    expect(page.get_by_role("row", name=email)).to_be_visible()


def test_an_organiser_without_customer_groups_can_only_create_target_groups(console: Console, organiser: Api) -> None:
    group = a_group(organiser, a_name("Patrons"), an_email())
    off = organiser.get("/v1/organiser") | {"customer_groups": False}
    console.page.route("**/v1/organiser", lambda route: route.fulfill(json=off))
    page = console.open("groups")
    notice = page.get_by_text("Customer groups are switched off in your settings")
    expect(notice).to_be_visible()
    console.picture("groups-off")
    page.get_by_role("link", name="New group").click()
    expect(page.get_by_role("radio")).to_have_count(3)
    expect(page.get_by_role("radio", name="Target group")).to_be_visible()
    expect(page.get_by_role("radio", name="Manual")).to_have_count(0)
    console.open(f"groups/{group}")
    expect(notice).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    expect(page.locator("summary")).to_have_count(0)


@pytest.mark.behaviour(118, 119, 120, 127, 128, 129, 131)
def test_a_group_is_created_with_a_fixed_type_and_a_lifetime_in_any_unit(console: Console, organiser: Api) -> None:
    name = a_name("Patrons")
    page = console.open("groups/new")
    page.get_by_label("Name").fill(name)
    expect(page.get_by_role("button", name="Create group")).to_be_disabled()
    page.get_by_role("radio", name="Manual").check()
    page.get_by_role("spinbutton", name="Lifetime").fill("3")
    page.get_by_text("weeks", exact=True).click()
    assert organiser.get(f"/v1/groups?name={name}")["items"] == []
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    (new_group,) = organiser.get(f"/v1/groups?name={name}")["items"]
    assert (new_group["type"], new_group["lifetime"]) == ("manual", {"value": 3, "unit": "weeks"})
    page.get_by_role("link", name="Settings").last.click()
    expect(page.get_by_role("spinbutton", name="Lifetime")).to_have_value("3")
    expect(page.get_by_role("radio", name="Manual")).to_have_count(0)


@pytest.mark.behaviour(192, 193, 194, 195, 196, 200)
def test_a_member_is_added_from_suggestions_or_by_a_new_address_for_the_usual_lifetime(
    console: Console, organiser: Api
) -> None:
    surname = a_name("Winter").replace(" ", "")
    known_email, new_email = an_email(), an_email()
    organiser.post(
        f"/v1/groups/{a_group(organiser, a_name('Others'))}/members",
        {"customers": [{"email": known_email, "name": f"Vera {surname}"}]},
    )
    lifetime = {"value": 30, "unit": "days"}
    group = organiser.post("/v1/groups", {"name": a_name("Patrons"), "type": "manual", "lifetime": lifetime})[
        "group_id"
    ]
    page = console.open(f"groups/{group}")
    page.locator("summary", has_text="Add a member").click()
    expect(page.get_by_role("spinbutton", name="For a time")).to_have_value("30")
    page.get_by_role("combobox", name="Name or e-mail").press_sequentially(surname[:10].lower())
    suggestion = page.get_by_role("option", name=known_email)
    expect(suggestion).to_contain_text(f"Vera {surname}")
    suggestion.click()
    page.get_by_role("button", name="Add a member").click()
    expect(page.get_by_role("row", name=known_email)).to_be_visible()
    page.get_by_role("combobox", name="Name or e-mail").fill(new_email)
    page.get_by_label("Name", exact=True).fill("Nora New")
    page.get_by_role("radio", name="No end").check()
    page.get_by_role("button", name="Add a member").click()
    expect(page.get_by_role("row", name=new_email)).to_contain_text("no end")
    assert organiser.get(f"/v1/customers/{new_email}")["name"] == "Nora New"
    members = {one["email"]: one["removal_date"] for one in organiser.get(f"/v1/groups/{group}/members")["items"]}
    assert members[known_email] is not None
    assert members[new_email] is None


@pytest.mark.behaviour(197, 207, 208, 209)
def test_a_lifetime_is_set_as_a_date_and_refreshed_as_a_duration(console: Console, organiser: Api) -> None:
    email = an_email()
    group = a_group(organiser, a_name("Patrons"), email)
    page = console.open(f"groups/{group}")
    row = page.get_by_role("row", name=email)
    row.get_by_role("button", name="Set lifetime date").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Until a date").check()
    dialog.get_by_label("Until a date").last.fill("2099-12-31")
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("31 December 2099")
    row.get_by_role("button", name="Refresh lifetime").click()
    dialog.get_by_role("radio", name="For a time").check()
    dialog.get_by_role("spinbutton").fill("2")
    dialog.get_by_text("weeks", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    expect(row).not_to_contain_text("31 December 2099")


@pytest.mark.behaviour(206)
def test_a_member_is_removed_only_when_that_is_confirmed(console: Console, organiser: Api) -> None:
    email = an_email()
    group = a_group(organiser, a_name("Patrons"), email)
    page = console.open(f"groups/{group}")
    page.get_by_role("button", name=f"Remove {email}").click()
    confirm_dialog(page, "Cancel")
    expect(page.get_by_role("row", name=email)).to_be_visible()
    page.get_by_role("button", name=f"Remove {email}").click()
    confirm_dialog(page, "Remove")
    expect(page.get_by_text("Nobody is in this group.")).to_be_visible()


@pytest.mark.behaviour(171)
def test_a_resync_begins_only_when_it_is_confirmed(console: Console, organiser: Api) -> None:
    group = an_automatic_group(organiser, a_name("Regulars"))
    page = console.open(f"groups/{group}")
    page.get_by_role("button", name="Re-sync").click()
    confirm_dialog(page, "Cancel")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    assert not any(answer.url.endswith("/resync") for answer in console.answers)
    page.get_by_role("button", name="Re-sync").click()
    confirm_dialog(page, "Re-sync")
    expect(page.get_by_text("The sync has started.")).to_be_visible()


@pytest.mark.behaviour(238, 239, 240, 246, 249, 250)
def test_deleted_groups_are_hidden_included_or_shown_alone_and_can_be_restored(
    console: Console, organiser: Api
) -> None:
    name = a_name("Patrons")
    group = a_group(organiser, name)
    page = console.open(f"groups/{group}")
    page.get_by_role("button", name="Delete").click()
    confirm_dialog(page, "Delete")
    expect(page.get_by_text("This group is deleted")).to_be_visible()
    page.get_by_role("link", name="← Groups").click()
    page.get_by_label("Find by name").fill(name)
    expect(page.get_by_text("No group matches.")).to_be_visible()
    for choice in ("Only deleted ones", "Show"):
        page.get_by_label("Deleted groups").select_option(choice)
        expect(page.get_by_role("row", name=name)).to_contain_text("Deleted")
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="Restore").click()
    confirm_dialog(page, "Restore")
    expect(page.get_by_role("heading", level=1, name=f"{name} Active")).to_be_visible()


def test_a_group_whose_name_is_taken_is_restored_under_another(console: Console, organiser: Api) -> None:
    name, other = a_name("Patrons"), a_name("Former patrons")
    group = a_group(organiser, name)
    organiser.call("DELETE", f"/v1/groups/{group}")
    a_group(organiser, name)
    page = console.open(f"groups/{group}")
    page.get_by_role("button", name="Restore").click()
    confirm_dialog(page, "Restore")
    expect(page.get_by_role("alertdialog")).to_contain_text("A group has this name already.")
    page.get_by_role("alertdialog").get_by_label("Name").fill(other)
    confirm_dialog(page, "Restore")
    expect(page.get_by_role("heading", level=1, name=f"{other} Active")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).not_to_be_focused()


def test_an_expired_group_says_so_and_takes_no_members(console: Console, organiser: Api) -> None:
    group = organiser.post("/v1/groups", {"name": a_name("Past"), "type": "manual", "expires_on": "2001-01-01"})
    page = console.open(f"groups/{group['group_id']}")
    expect(page.get_by_text("This group has expired")).to_be_visible()
    expect(page.locator("summary")).to_have_count(0)
    page.get_by_role("link", name="Settings").last.click()
    expect(page.get_by_label("Expiry date")).to_be_disabled()


@pytest.mark.behaviour(215)
def test_a_group_is_exported_under_its_name(console: Console, organiser: Api) -> None:
    name, email = a_name("Patrons"), an_email()
    page = console.open(f"groups/{a_group(organiser, name, email)}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == f"{name}.csv"
    assert email in Path(download.value.path()).read_text(encoding="utf-8")


def test_a_target_group_shows_its_entries_with_what_is_used(console: Console, organiser: Api, checkout: Api) -> None:
    name = a_name("Friends")
    code = name.replace(" ", "-")
    organiser.wait_until_ended(organiser.start_import(f"Code,Quantity\n{code},3\n".encode(), group=name))
    checkout.post("/v1/redemptions", {"code": code, "quantity": 2, "order_id": "order-1"})
    (group,) = organiser.get(f"/v1/groups?name={name}")["items"]
    page = console.open(f"groups/{group['group_id']}")
    expect(page.get_by_role("row", name=code).get_by_role("cell")).to_contain_text(["any", "any", "any", "3", "2", "0"])


def test_the_history_of_a_group_is_filtered_by_person(console: Console, organiser: Api) -> None:
    email = an_email()
    page = console.open(f"groups/{a_group(organiser, a_name('Patrons'), email, an_email())}/history")
    rows = page.get_by_role("row", name="Became a member")
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="Person").fill(email)
    page.get_by_role("option", name=email).click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(email)


def test_changing_the_language_keeps_typed_text_and_explains_the_date(console: Console) -> None:
    page = console.open("groups/new")
    page.get_by_label("Starts at").fill("2099-07-01T10:00")
    expect(page.get_by_text("Wednesday, 1 July 2099 at 10:00")).to_be_visible()
    page.locator(".languages select").select_option("nl")
    starts = page.get_by_label("Begint op")
    expect(starts).to_have_accessible_description(re.compile("^woensdag 1 juli 2099 om 10:00"))
    expect(starts).to_have_value("2099-07-01T10:00")


def test_a_group_starts_at_an_hour_in_the_organisers_time_zone(console: Console, organiser: Api) -> None:
    group = a_group(organiser, a_name("Presale"))
    page = console.open(f"groups/{group}/settings")
    page.get_by_label("Starts at").fill("2099-07-01T10:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not started")
    expect(page.get_by_role("definition").get_by_text("1 Jul 2099, 10:00")).to_be_visible()
    assert organiser.get(f"/v1/groups/{group}")["starts_at"] == "2099-07-01T08:00:00Z"
    expect(page.get_by_label("Starts at")).to_have_value("2099-07-01T10:00")
