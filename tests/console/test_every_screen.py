"""Every screen as people meet it: nothing in the way of anybody, on any width, in light and in dark."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.client import Api, a_name
from tests.acceptance.stacks import Stack
from tests.console import files
from tests.console.browser import Console, opened
from tests.console.prepared import (
    a_buyer,
    a_discount,
    a_group,
    a_ticket_holder,
    a_tree,
    a_ware,
    a_webhook,
    an_automatic_group,
    an_email,
)

Prepared = Callable[[Api], str]


# Words of the API, instants as it writes them, and what a programming language calls nothing.
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\bcp\d{3,4}\b|\d{4}-\d\d-\d\d[T ]\d\d:|\bnull\b|\bundefined\b|\bNaN\b|\{\w+\}")
FILLED_IN = ("{name}", "{group}", "{organiser}")


def raw_words(page: Page) -> list[str]:
    """What stands on the page in English, Dutch or Danish that only developers know."""
    found = []
    for language in ("nl", "da", "en"):
        page.locator(".languages select").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        ready(page)
        shown = RAW.findall(page.locator("main").inner_text())
        found += [f"{language}: {word}" for word in shown if word not in FILLED_IN]
    return found


def ready(page: Page) -> None:
    """Wait until the screen has all that it shows."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)


def groups(organiser: Api) -> str:
    a_group(organiser, a_name("Patrons"), an_email())
    an_automatic_group(organiser, a_name("Regulars"))
    return "groups"


def catalogue(organiser: Api) -> str:
    a_ware(organiser)
    return "catalogue"


def restricted(organiser: Api) -> str:
    ware = a_ware(organiser)
    groups = [a_group(organiser, a_name(name)) for name in ("Patrons", "Press")]
    organiser.put(f"/v1/sale-items/{ware}/restriction", {"group_ids": groups})
    return f"catalogue/sale_item/{ware}"


def discounts(organiser: Api) -> str:
    a_discount(organiser)
    return "discounts"


def customers(organiser: Api) -> str:
    a_buyer(organiser)
    return "customers"


def listed(organiser: Api) -> str:
    for make in (files.ended, files.with_tickets, files.reviewed):
        make(organiser)
    return "imports"


def a_list(organiser: Api) -> str:
    return str(organiser.imported(files.codes().encode(), group=a_name("Early birds"))["group_id"])


def at_the_door(organiser: Api) -> str:
    imported = organiser.get(f"/v1/imports/{files.with_tickets(organiser)}")
    return f"catalogue/event/{imported['event_id']}/door"


def redemptions(organiser: Api) -> str:
    code = files.a_word("LATE")
    organiser.imported(f"Code,Quantity\n{code},2\n".encode(), group=a_name("Late birds"))
    for quantity, hold in ((1, None), (1, 600)):
        order = files.a_word("order")
        organiser.post("/v1/redemptions", {"code": code, "order_id": order, "quantity": quantity, "hold_seconds": hold})
    return f"redemptions?q={code}"


def webhooks(organiser: Api) -> str:
    a_webhook(organiser)
    return "settings/webhooks"


# The name of each screen's pictures, and what makes the place where it has something to show.
SCREENS: dict[str, Prepared] = {
    "imports": listed,
    "import-review": lambda organiser: f"imports/{files.reviewed(organiser)}",
    "import-outcome": lambda organiser: f"imports/{files.ended(organiser)}",
    "import-tickets": lambda organiser: f"imports/{files.with_tickets(organiser)}/tickets",
    "import-contacts": lambda organiser: f"imports/{files.with_tickets(organiser)}/contacts",
    "one-ticket": lambda _: "imports/ticket",
    "groups": groups,
    "new-group": lambda _: "groups/new",
    "members": lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'), an_email(), an_email())}",
    "rules": lambda organiser: f"groups/{an_automatic_group(organiser, a_name('Regulars'), a_tree(organiser))}/rules",
    "welcome": lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'))}/welcome",
    "group-settings": lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'))}/settings",
    "group-history": lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'), an_email())}/history",
    "list": lambda organiser: f"groups/{a_list(organiser)}",
    "versions": lambda organiser: f"groups/{a_list(organiser)}/versions",
    "redemptions": redemptions,
    "catalogue": catalogue,
    "event": lambda organiser: f"catalogue/event/{a_ware(organiser)}",
    "door": at_the_door,
    "sale-item": restricted,
    "new-sale-item": lambda _: "catalogue/sale_item",
    "discounts": discounts,
    "discount": lambda organiser: f"discounts/{a_discount(organiser)}",
    "customers": customers,
    "customer": lambda organiser: f"customers/{a_buyer(organiser)}",
    "ticket-holder": lambda organiser: f"customers/{a_ticket_holder(organiser)[0]}",
    "check": lambda _: "check",
    "settings": lambda _: "settings",
    "tokens": lambda _: "settings/tokens",
    "webhooks": webhooks,
    "new-webhook": lambda _: "settings/webhooks/new/webhook",
    "webhook": lambda organiser: f"settings/webhooks/{a_webhook(organiser)}",
}


@pytest.fixture(scope="module")
def kept(browser: Browser, stack: Stack, store: str) -> Iterator[Console]:
    """One page for all screens: they are gone to one after the other, as people do."""
    with opened(browser, stack.address, store) as console:
        console.sign_in("demo")
        yield console


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_has_no_barriers_and_fits_every_width(kept: Console, organiser: Api, name: str) -> None:
    path = SCREENS[name](organiser)
    page = kept.open(path)
    expect(page.locator(f"[data-place='{path.partition('?')[0]}']")).to_be_visible()
    ready(page)
    kept.picture(name)
    assert kept.barriers() == []
    assert kept.overflow() <= 0
    assert raw_words(page) == []
    assert kept.wrong == []


def test_the_sign_in_has_no_barriers_and_fits_every_width(visitor: Console) -> None:
    ready(visitor.open())
    visitor.picture("sign-in")
    assert visitor.barriers() == []
    assert visitor.overflow() <= 0
