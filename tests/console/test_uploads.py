"""Confirmations of uploads: of their mode, of leaving the page, and of a list that loses many entries."""

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.acceptance.client import Api, a_name
from tests.console.actions import choose_file, choose_target_group
from tests.console.browser import Console
from tests.console.files import codes, unique_word
from tests.console.prepared import a_group, an_automatic_group

UPLOAD = "Upload and review"


def a_list(organiser: Api, rows: int) -> tuple[str, list[str]]:
    """The name of a new target group and the codes on its list."""
    name, words = a_name("Standing"), [unique_word("old") for _ in range(rows)]
    organiser.import_file("\n".join(["Code", *words]).encode(), group=name)
    return name, words


def on_its_way(page: Page, store: str) -> list[Route]:
    """Choose a file and send it; what is held back is the request that sends it."""
    routes: list[Route] = []
    page.route(lambda url: url.startswith(store), lambda route: routes.append(route))  # noqa: PLW0108 - the handler is marked
    choose_file(page, codes())
    choose_target_group(page, a_name("Slow"))
    with page.expect_request(lambda request: request.url.startswith(store)):
        page.get_by_role("button", name=UPLOAD).click()
    return routes


def test_a_list_that_exists_is_neither_replaced_nor_added_to_by_default(console: Console, organiser: Api) -> None:
    name, _ = a_list(organiser, 1)
    page = console.open("imports")
    choose_file(page, f"Code\n{unique_word('new')}\n")
    choose_target_group(page, name)
    expect(page.get_by_text("This group already exists.")).to_be_visible()
    for choice in ("Replace it", "Add to it", "Remove from it"):
        expect(page.get_by_role("radio", name=choice)).not_to_be_checked()
    page.get_by_role("button", name=UPLOAD).click()
    assert page.get_by_role("radio", name="Replace it").evaluate("radio => radio.validity.valueMissing")
    assert not any(answer.url.endswith("/v1/imports") for answer in console.answers if answer.request.method == "POST")


def test_removing_more_than_a_tenth_of_a_list_requires_a_checkbox(console: Console, organiser: Api) -> None:
    name, words = a_list(organiser, 10)
    import_ids = {
        rows: organiser.start_import(
            "\n".join(["Code", *words[:rows]]).encode(), group=name, mode="replace", review=True
        )
        for rows in (8, 9)
    }
    for import_id in import_ids.values():
        organiser.wait_for_status(import_id, {"awaiting_review"})
    page = console.open(f"imports/{import_ids[9]}")
    expect(page.get_by_role("button", name="Import 9 rows")).to_be_enabled()
    expect(page.locator(".alert.bad")).to_have_count(0)
    console.open(f"imports/{import_ids[8]}")
    alert = page.locator(".alert.bad")
    expect(alert).to_contain_text(f"2 of 10 entries will be removed from the list of “{name}”")
    expect(page.get_by_role("button", name="Import 8 rows")).to_be_disabled()
    alert.get_by_label("Yes, remove 2 entries").check()
    page.get_by_role("button", name="Import 8 rows").click()
    expect(page.get_by_role("heading", name="Everything was imported")).to_be_visible()


def test_the_name_of_a_group_of_another_type_is_refused_with_what_to_do(console: Console, organiser: Api) -> None:
    by_hand, by_rules = a_name("Patrons"), a_name("Regulars")
    a_group(organiser, by_hand)
    an_automatic_group(organiser, by_rules)
    page = console.open("imports")
    choose_file(page, "Email,Customer groups\n")
    choose_target_group(page, by_rules)
    expect(page.get_by_text("is filled by rules, so it has no list")).to_be_visible()
    page.get_by_role("combobox", name="Group").fill(by_hand.upper())
    expect(page.get_by_text("is a group whose members you choose yourself")).to_be_visible()
    page.get_by_role("button", name=UPLOAD).click()
    expect(page.get_by_text("is a group whose members you choose yourself")).to_be_visible()
    page.get_by_role("button", name="Import as customers instead").click()
    expect(page.get_by_role("radio", name="Customers")).to_be_checked()


def test_stopping_an_upload_keeps_the_form(console: Console, store: str) -> None:
    page = console.open("imports")
    on_its_way(page, store)
    with page.expect_response(lambda answer: answer.url.endswith("/cancel")) as response:
        page.get_by_role("button", name="Stop the upload").click()
    assert response.value.json()["status"] == "cancelled"
    expect(page.get_by_text("The upload was stopped.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Group")).not_to_have_value("")
    expect(page.get_by_role("button", name=UPLOAD)).to_be_enabled()


@pytest.mark.parametrize("leaves_page", [False, True])
def test_leaving_during_an_upload_needs_confirmation(console: Console, store: str, leaves_page: bool) -> None:
    page = console.open("imports")
    routes = on_its_way(page, store)
    page.get_by_role("link", name="Groups").click()
    prompt = page.get_by_role("alertdialog", name="Leave this page?")
    if leaves_page:
        prompt.get_by_role("button", name="Stop and leave").click()
        expect(page.get_by_role("heading", level=1, name="Groups")).to_be_visible()
    else:
        prompt.get_by_role("button", name="Cancel").click()
        routes[0].continue_()
        expect(page.get_by_role("heading", name="Is each column what it says?")).to_be_visible()


def test_closing_the_tab_during_an_upload_warns(console: Console, store: str) -> None:
    page, dialogs = console.open("imports"), list[Dialog]()

    def stay(dialog: Dialog) -> None:
        dialogs.append(dialog)
        dialog.dismiss()

    page.on("dialog", stay)
    on_its_way(page, store)
    page.evaluate("setTimeout(() => location.reload())")
    page.get_by_role("button", name="Stop the upload").click()
    assert [dialog.type for dialog in dialogs] == ["beforeunload"]
