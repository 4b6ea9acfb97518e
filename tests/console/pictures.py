"""Takes the pictures of the documents: `python -m tests.console.pictures`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from tests.acceptance.client import Api
from tests.acceptance.stacks import ROOT, running_stack
from tests.console.browser import CHROMIUM, FLAGS, open_console

SHELF = ROOT / "layers" / "console" / "pictures"
SIZE = {"width": 1120, "height": 760}
FRIENDS = """Barcode;Quantity;Section;Remark
SPRING-4417;2;Balcony;Ann
SPRING-8823;2;Balcony;
SPRING-1190;two;Stalls;
SPRING-5541;1;Stalls;Bob
;1;Stalls;
SPRING-4417;2;Balcony;Ann
"""


def main() -> None:
    """Take all pictures."""
    SHELF.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, page_of(Path(folder)) as (page, organiser, address):
        for name, prepare in (("review", review), ("groups", groups), ("rules", rules)):
            page.set_viewport_size(SIZE)  # type: ignore[arg-type]
            page.goto(f"{address}/#/{prepare(organiser)}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.locator(".waiting")).to_have_count(0)
            # What sticks to the window's foot belongs at the end of the page.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({**SIZE, "height": height})  # type: ignore[typeddict-item]
            page.screenshot(path=SHELF / f"{name}.png")
            print(SHELF.relative_to(ROOT) / f"{name}.png")  # noqa: T201 - a command


@contextmanager
def page_of(folder: Path) -> Iterator[tuple[Page, Api, str]]:
    """A page with `demo` signed in, the API to prepare it with, and the address of both."""
    with running_stack(folder, "--no-samples") as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with open_console(browser, stack.address, stack.local()["aws_endpoint"], viewport=SIZE) as console:
            console.sign_in("demo")
            yield console.page, Api(stack.address, "demo-organiser"), stack.address
        browser.close()


def review(organiser: Api) -> str:
    """An import that awaits its review."""
    import_id = organiser.start_import(FRIENDS.encode(), group="Friends of the house", review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    return f"imports/{import_id}"


def groups(organiser: Api) -> str:
    """Groups of all types."""
    organiser.wait_until_ended(organiser.start_import(FRIENDS.encode(), group="Presale codes"))
    patrons = a_new_group(organiser, name="Patrons", type="manual", lifetime={"value": 52, "unit": "weeks"})
    mail = {"welcome_email": {"enabled": True}}
    organiser.call("PATCH", f"/v1/groups/{patrons}", mail)
    people = [{"email": f"{name}@example.com", "name": name.title()} for name in ("ann", "bob", "carla")]
    organiser.post(f"/v1/groups/{patrons}/members", {"customers": people})
    a_new_group(organiser, name="Press", type="manual", expires_on="2099-12-31")
    rules(organiser)
    return "groups"


def rules(organiser: Api) -> str:
    """Rules with sub-rules, and buyers that they find."""
    for sale_item, name in (("opening", "Opening night"), ("gala", "Winter gala"), ("ball", "Spring ball")):
        organiser.put(f"/v1/events/{sale_item}", {"name": name})
        organiser.put(f"/v1/sale-items/{sale_item}", {"name": f"{name}, any seat", "event_id": sale_item})
    for number, person in enumerate(("ann", "bob", "carla", "dora")):
        lines = [{"sale_item_id": sale_item, "quantity": 2} for sale_item in ("opening", "gala", "ball")[: number + 1]]
        order = {"order_id": f"order-{person}", "customer": {"email": f"{person}@example.com"}, "lines": lines}
        organiser.post("/v1/purchases", order)
    within = {"value": 26, "unit": "weeks"}
    later = [{"type": "event", "id": sale_item, "minimum": 2, "within": within} for sale_item in ("gala", "ball")]
    tree = {
        "operator": "all",
        "rules": [{"type": "event", "id": "opening", "minimum": 1}, {"operator": "any", "rules": later}],
    }
    items = organiser.get("/v1/groups?name=Regulars")["items"]
    group = items[0]["group_id"] if items else a_new_group(organiser, name="Regulars", type="automatic", rules=tree)
    return f"groups/{group}/rules"


def a_new_group(organiser: Api, **group: Any) -> str:
    """The id of a new group."""
    return str(organiser.post("/v1/groups", group)["group_id"])


if __name__ == "__main__":
    main()
