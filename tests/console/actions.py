"""Actions of an organiser in the console: choosing, uploading, reviewing and confirming."""

from playwright.sync_api import Locator, Page, expect

ALL_IN = "Everything was imported"


def choose_file(page: Page, text: str | bytes, name: str = "list.csv") -> None:
    """Choose a file with this content."""
    data = text if isinstance(text, bytes) else text.encode()
    page.get_by_label("File to import").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def drop_file(page: Page, text: str, name: str = "list.csv") -> None:
    """Drop a file with this content onto the page."""
    make = "([text, name]) => { const all = new DataTransfer(); all.items.add(new File([text], name)); return all }"
    files = page.evaluate_handle(make, [text, name])
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": files})


def choose_target_group(page: Page, name: str) -> None:
    """Import the chosen file as the list of this target group."""
    page.get_by_role("radio", name="Target group").check()
    page.get_by_role("combobox", name="Group").fill(name)


def choose_event(page: Page, event: str) -> None:
    """Import the chosen file as tickets of this event, up to its capacity."""
    page.get_by_role("radio", name="Tickets").check()
    page.get_by_role("combobox", name="Event").press_sequentially(event[:8])
    page.get_by_role("option", name=event).click()
    page.get_by_role("radio", name="No, stop when it is full").check()


def upload(page: Page) -> None:
    """Upload the chosen file and wait for its review."""
    page.get_by_role("button", name="Upload and review").click()
    expect(page.get_by_role("heading", name="Is each column what it says?")).to_be_visible()


def column_field(page: Page, name: str) -> Locator:
    """The drop-down that maps the column with this header."""
    return page.get_by_label(f"“{name}” is")


def confirm_import(page: Page, rows: str) -> None:
    """Confirm the review of so many rows, and wait until all are imported."""
    page.get_by_role("button", name=f"Import {rows}").click()
    expect(page.get_by_role("heading", name=ALL_IN)).to_be_visible()


def press_and_confirm(page: Page, act: str) -> None:
    """Press a button and confirm its dialog."""
    page.get_by_role("button", name=act).click()
    page.get_by_role("alertdialog").get_by_role("button", name=act).click()


def confirm_dialog(page: Page, act: str) -> None:
    """Press a button of the open dialog."""
    page.get_by_role("alertdialog").get_by_role("button", name=act, exact=True).click()
