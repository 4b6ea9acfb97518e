"""The console without a mouse: what is done there is done with Tab, the arrows, Space and Enter alone."""

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.client import Api, a_name, an_id
from tests.console.browser import Console
from tests.console.files import codes
from tests.console.prepared import a_group, a_sale_item, an_automatic_group, an_email

MAX_TABS = 80


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    expect(target).to_be_visible()
    for _ in range(MAX_TABS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by {MAX_TABS} presses of Tab")


def press(page: Page, name: str) -> None:
    """Go to the button of that name and press it."""
    reach(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def test_a_file_is_chosen_reviewed_and_imported_with_the_keyboard(console: Console) -> None:
    # From its first listener on the browser tells of a chooser, but not at once.
    console.page.on("filechooser", lambda _chooser: None)
    page = console.open("imports")
    reach(page, page.get_by_label("File to import"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "list.csv", "mimeType": "text/csv", "buffer": codes().encode()})
    expect(page.get_by_role("radio", name="Target group")).to_be_focused()
    page.keyboard.press("Space")
    reach(page, page.get_by_role("combobox", name="Group"))
    page.keyboard.type(a_name("Typed"))
    press(page, "Upload and review")
    expect(page.get_by_role("heading", name="Is each column what it says?")).to_be_visible()
    reach(page, page.get_by_label("“Remark” is"))
    press(page, "Import 5 rows")
    expect(page.get_by_role("heading", name="Some rows were not imported")).to_be_visible()
    press(page, "Correct and send again")
    expect(page.get_by_label("Line 7, Quantity")).to_be_focused()


def test_a_member_is_added_and_removed_with_the_keyboard(console: Console, organiser: Api) -> None:
    email = an_email()
    a_group(organiser, a_name("Others"), email)
    page = console.open(f"groups/{a_group(organiser, a_name('Patrons'))}")
    reach(page, page.locator("summary", has_text="Add a member"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("combobox", name="Name or e-mail"))
    page.keyboard.type(email[:12])
    expect(page.get_by_role("option", name=email)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Name or e-mail")).to_have_value(email)
    press(page, "Add a member")
    expect(page.get_by_role("row", name=email)).to_be_visible()
    press(page, f"Remove {email}")
    question = page.get_by_role("alertdialog", name="Remove")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody is in this group.")).to_be_visible()


def test_a_rule_is_added_changed_and_saved_with_the_keyboard(console: Console, organiser: Api) -> None:
    early, late = a_name("Early"), a_name("Late")
    first = {"type": "sale_item", "id": a_sale_item(organiser, early), "minimum": 1}
    late_item = a_sale_item(organiser, late)
    group = an_automatic_group(organiser, a_name("Regulars"), {"operator": "all", "rules": [first]})
    page = console.open(f"groups/{group}/rules")
    press(page, "+ Add rule")
    writing = page.get_by_role("group", name="Rule", exact=True)
    expect(writing.get_by_label("Counts purchases of")).to_be_focused()
    page.keyboard.type("Sale")
    reach(page, writing.get_by_role("combobox", name="Which one"))
    page.keyboard.type(late)
    expect(page.get_by_role("option", name=late)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    press(page, "Confirm rule")
    expect(page.get_by_role("button", name=f"Edit rule: at least 1 × {late}")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, writing.get_by_role("spinbutton", name="At least"))
    page.keyboard.press("ArrowUp")
    press(page, "Confirm rule")
    press(page, "Save rules")
    expect(page.get_by_text("The rules were saved.")).to_be_visible()
    saved_rules = organiser.get(f"/v1/groups/{group}")["rules"]["rules"]
    assert [(rule["id"], rule["minimum"]) for rule in saved_rules] == [(first["id"], 1), (late_item, 2)]


def test_while_a_search_is_pending_only_suggestions_that_match_the_text_are_offered(
    console: Console, organiser: Api
) -> None:
    word = an_id("gala")
    early, late = f"{word} early", f"{word} late"
    for name in (early, late):
        a_sale_item(organiser, name)
    page = console.open(f"groups/{an_automatic_group(organiser, a_name('Regulars'))}/rules")
    press(page, "+ Add rule")
    expect(page.get_by_label("Counts purchases of")).to_be_focused()
    page.keyboard.type("Sale")
    which = page.get_by_role("combobox", name="Which one")
    reach(page, which)
    page.keyboard.type(word)
    for name in (early, late):
        expect(page.get_by_role("option", name=name)).to_be_visible()
    page.route("**/v1/catalogue?*", lambda _route: None)
    page.keyboard.type(" late")
    expect(page.get_by_role("option", name=early)).to_be_hidden()
    expect(page.get_by_role("option", name=late)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(which).to_have_value(late)


def test_the_focus_stays_near_a_removed_row_and_returns_to_a_button_that_was_disabled(
    console: Console, organiser: Api
) -> None:
    email, other_email = an_email(), an_email()
    group = a_group(organiser, a_name("Patrons"), email, other_email)
    page = console.open(f"groups/{group}")
    press(page, f"Remove {email}")
    expect(page.get_by_role("alertdialog").get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=email)).to_have_count(0)
    expect(page.get_by_role("table", name="Members")).to_be_focused()
    console.open(f"groups/{group}/settings")
    press(page, "Save")
    expect(page.get_by_text("The group was saved.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    people = [{"email": f"{number}{other_email}"} for number in range(100)]
    organiser.post(f"/v1/groups/{group}/members", {"customers": people})
    console.open(f"groups/{group}/history")
    page.get_by_role("button", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_count(100)
    expect(page.get_by_role("button", name="Show more")).to_be_focused()
