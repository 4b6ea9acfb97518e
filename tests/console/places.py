"""Every screen of the console, each where it has data of every kind to show, with long names among them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.acceptance.client import Api, a_name, eventually
from tests.console import files
from tests.console.prepared import (
    a_buyer,
    a_discount,
    a_group,
    a_rule_tree,
    a_sale_item,
    a_ticket_holder,
    a_webhook,
    an_automatic_group,
    an_email,
)

Prepared = Callable[[Api], str]
DOMAIN = "bücher.example"
LONG = f"Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselbund{'x' * 30} of the Friends of the Opera"
ENDS = "2099-12-31"


# What several screens show is made once, since imports take their time.
an_import_in_review, an_ended_import, a_ticket_import = (
    cache(files.an_import_in_review),
    cache(files.an_ended_import),
    cache(files.a_ticket_import),
)


def an_address() -> str:
    """An e-mail address of which the domain has letters beyond ASCII, which the API does not show."""
    return f"{files.unique_word('bo')}@{DOMAIN}"


def imports(organiser: Api) -> str:
    """Imports in every state, of files and by hand."""
    for make in (an_import_in_review, an_ended_import, a_ticket_import, failed_import, undone_import, a_list):
        make(organiser)
    organiser.post("/v1/imports", {"kind": "customers", "file_name": f"{'x' * 90}.csv"})
    import_id = organiser.start_import(b"Code\nA\n", group=a_name("Waiting"), review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    organiser.post(f"/v1/imports/{import_id}/cancel")
    return "imports"


def questions(organiser: Api) -> str:
    """An import of tickets that asks about a date, a status and a column, for an event that is nearly full."""
    event, codes = files.an_event(organiser, capacity=1), [files.unique_word("T") for _ in range(3)]
    states = ("Paid", "Odd", "Refunded")
    rows = "".join(f"{code},{state},03/04/2025\n" for code, state in zip(codes, states, strict=True))
    text = f"Ticket code,Status,Original date\n{rows}".encode()
    import_id = organiser.start_import(text, "tickets", event_id=event, when_full="stop", review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    return f"imports/{import_id}"


def losses(organiser: Api) -> str:
    """An import of customers that ends a membership, and names a group that is not there."""
    email, keeps = an_address(), an_email()
    group = a_name("Patrons")
    a_group(organiser, group, email, keeps)
    text = (
        f"Email,Name,Customer groups,Removal date\n{email},Vera,,\n{keeps},Bo,{group},{ENDS}\n{an_email()},,Nothing,\n"
    )
    import_id = organiser.start_import(text.encode(), "customers", consent=True, review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    return f"imports/{import_id}"


@cache
def failed_import(organiser: Api) -> str:
    """An import of a file in which no row is good."""
    record = organiser.import_file(b"Code,Quantity\n,1\n", group=a_name("Nothing"))
    assert record["status"] == "failed"
    return f"imports/{record['import_id']}"


@cache
def undone_import(organiser: Api) -> str:
    """An import that was undone except for codes used since."""
    code = files.unique_word("USED")
    import_id = organiser.import_file(f"Code\n{code}\n".encode(), group=a_name("Early birds"))["import_id"]
    organiser.post("/v1/redemptions", {"code": code, "order_id": files.unique_word("order")})
    organiser.post(f"/v1/imports/{import_id}/undo")
    return f"imports/{import_id}"


def groups(organiser: Api) -> str:
    """Groups of every type and in every state."""
    a_group(organiser, f"{a_name('Patrons')} {LONG}", an_email())
    an_automatic_group(organiser, a_name("Regulars"))
    organiser.post("/v1/groups", {"name": a_name("Past"), "type": "manual", "expires_on": "2001-01-01"})
    organiser.post("/v1/groups", {"name": a_name("Later"), "type": "manual", "starts_at": f"{ENDS}T00:00:00Z"})
    organiser.call("DELETE", f"/v1/groups/{a_group(organiser, a_name('Gone'))}")
    return "groups?deleted=show"


def members(organiser: Api) -> str:
    """A group with somebody in it for good and somebody for a time."""
    email = an_address()
    group = a_group(organiser, a_name("Patrons"), email, f"{'x' * 40}.{an_email()}")
    organiser.call("PATCH", f"/v1/groups/{group}/members/{email}", {"removal_date": ENDS})
    return f"groups/{group}"


def automatic_group(organiser: Api) -> str:
    """An automatic group with a member and a lifetime."""
    sale_item, email = a_sale_item(organiser), an_address()
    rules = {"operator": "all", "rules": [{"type": "sale_item", "id": sale_item, "minimum": 1}]}
    request = {
        "name": a_name("Regulars"),
        "type": "automatic",
        "rules": rules,
        "lifetime": {"value": 3, "unit": "weeks"},
    }
    group = organiser.post("/v1/groups", request)["group_id"]
    lines = [{"sale_item_id": sale_item, "quantity": 2}]
    organiser.post(
        "/v1/purchases", {"order_id": files.unique_word("order"), "customer": {"email": email}, "lines": lines}
    )
    organiser.post(f"/v1/groups/{group}/resync")
    eventually(lambda: organiser.get(f"/v1/groups/{group}/members")["items"])
    return f"groups/{group}"


def changed_group(organiser: Api) -> str:
    """A group in which everything has been changed by hand."""
    email = an_address()
    group = a_group(organiser, a_name("Patrons"), email)
    organiser.call("PATCH", f"/v1/groups/{group}", {"lifetime": {"value": 2, "unit": "days"}, "expires_on": ENDS})
    organiser.call("PATCH", f"/v1/groups/{group}/members/{email}", {"removal_date": ENDS})
    organiser.post(f"/v1/groups/{group}/members/remove", {"emails": [email]})
    organiser.call("DELETE", f"/v1/groups/{group}")
    organiser.post(f"/v1/groups/{group}/restore")
    return f"groups/{group}/history"


@cache
def a_list(organiser: Api) -> str:
    """The id of a list with entries of every kind, used and held, changed by hand."""
    code, name = files.unique_word("USED"), f"{a_name('Early birds')} {LONG}"
    rows = f"Code,Email,Category,Seat,Quantity\n{code},,,,3\n,{an_address()},Balcony,Row 1,2\n{'x' * 120},,,,1\n"
    group = str(organiser.import_file(rows.encode(), group=name, consent=True)["group_id"])
    for hold in (None, 600):
        organiser.post("/v1/redemptions", {"code": code, "order_id": files.unique_word("order"), "hold_seconds": hold})
    organiser.post(f"/v1/groups/{group}/entries", {"entries": [{"code": files.unique_word("ADDED")}]})
    organiser.post(f"/v1/groups/{group}/entries/change", {"entries": [{"code": code, "quantity": 5}]})
    return group


def versions(organiser: Api) -> str:
    """A list with former, current and scheduled versions."""
    group = a_list(organiser)
    name = organiser.get(f"/v1/groups/{group}")["name"]
    later = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    organiser.import_file(b"Code\nLATER\n", group=name, mode="replace", publish_at=later)
    return f"groups/{group}/versions"


def redemptions(organiser: Api) -> str:
    """Redemptions of a code in each state."""
    code = files.unique_word("LATE")
    organiser.import_file(f"Code,Quantity\n{code},9\n".encode(), group=a_name("Late birds"))
    for quantity, hold in ((1, None), (1, 600), (2, None)):
        order = files.unique_word("order")
        redemption = organiser.post(
            "/v1/redemptions", {"code": code, "order_id": order, "quantity": quantity, "hold_seconds": hold}
        )
    organiser.post(f"/v1/redemptions/{redemption['redemption_id']}/release")
    return f"redemptions?q={code}"


def catalogue(organiser: Api) -> str:
    """Entities of every type."""
    a_sale_item(organiser, LONG)
    for folder in ("schedules", "inventory-items"):
        organiser.put(f"/v1/{folder}/{files.unique_word('series')}", {"name": "Winter"})
    return "catalogue"


@cache
def an_evening(organiser: Api) -> str:
    """The id of an event with tickets of a file, one of them scanned and one without a buyer, and with an order."""
    event = files.an_event(organiser, capacity=6)
    codes = [files.unique_word("T") for _ in range(2)]
    rows = f"{codes[0]},{LONG},{an_address()},#1001,Early bird\n{codes[1]},,,,\n"
    text = f"Ticket code,Name,Email,Order,Ticket type\n{rows}".encode()
    organiser.import_file(text, "tickets", event_id=event, when_full="continue")
    organiser.post("/v1/scans", {"event_id": event, "code": codes[0]})
    organiser.put(f"/v1/sale-items/{event}", {"name": "Balcony", "event_id": event})
    request = {"order_id": files.unique_word("order"), "customer": {"email": an_address(), "name": "Bo"}}
    organiser.post("/v1/purchases", {**request, "lines": [{"sale_item_id": event, "quantity": 2}]})
    return event


def restricted_item(organiser: Api) -> str:
    """A sale item that only members of two groups can buy."""
    sale_item = a_sale_item(organiser)
    only = [a_group(organiser, a_name(name)) for name in ("Patrons", "Press")]
    organiser.put(f"/v1/sale-items/{sale_item}/restriction", {"group_ids": only})
    return f"catalogue/sale_item/{sale_item}"


def discounts(organiser: Api) -> str:
    """Discounts by percent and by amount, for members and for everybody."""
    a_discount(organiser)
    organiser.put(f"/v1/discounts/{files.unique_word('FIVE')}", {"amount": 5})
    return "discounts"


def customers(organiser: Api) -> str:
    """Customers with and without a name."""
    a_buyer(organiser, LONG)
    return "customers"


def ticket_holder(organiser: Api) -> str:
    """A customer with imported tickets, of a file that named the order and alone, whose membership was changed."""
    email, _ = a_ticket_holder(organiser)
    event, group = files.an_event(organiser), a_group(organiser, a_name("Patrons"), email)
    text = f"Ticket code,Email,Order\n{files.unique_word('T')},{email},#1001\n".encode()
    organiser.import_file(text, "tickets", event_id=event, when_full="stop")
    organiser.call("PATCH", f"/v1/groups/{group}/members/{email}", {"removal_date": ENDS})
    return f"customers/{email}"


def refunded_customer(organiser: Api) -> str:
    """A customer who got one of two tickets refunded."""
    email = a_buyer(organiser)
    (order,) = organiser.get(f"/v1/customers/{email}")["orders"]
    lines = [{"sale_item_id": order["lines"][0]["sale_item_id"], "quantity": 1}]
    organiser.post(f"/v1/purchases/{order['order_id']}/refund", {"lines": lines})
    return f"customers/{email}"


def webhooks(organiser: Api) -> str:
    """A webhook."""
    a_webhook(organiser)
    return "settings/webhooks"


def webhook_with_deliveries(organiser: Api) -> str:
    """A webhook with a failed delivery."""
    webhook, code = a_webhook(organiser), files.unique_word("HELD")
    organiser.import_file(f"Code\n{code}\n".encode(), group=a_name("Held"))
    organiser.post("/v1/redemptions", {"code": code, "order_id": files.unique_word("order"), "hold_seconds": 600})
    eventually(lambda: organiser.get(f"/v1/webhooks/{webhook}/deliveries")["items"])
    return f"settings/webhooks/{webhook}"


# The name of each screen's pictures, and what makes the place where it has something to show.
SCREENS: dict[str, Prepared] = {
    "imports": imports,
    "import-review": lambda organiser: f"imports/{an_import_in_review(organiser)}",
    "import-questions": questions,
    "import-losses": losses,
    "import-outcome": lambda organiser: f"imports/{an_ended_import(organiser)}",
    "import-failed": failed_import,
    "import-undone": undone_import,
    "import-tickets": lambda organiser: f"imports/{a_ticket_import(organiser)}/tickets",
    "import-contacts": lambda organiser: f"imports/{a_ticket_import(organiser)}/contacts",
    "one-ticket": lambda _: "imports/ticket",
    "groups": groups,
    "new-group": lambda _: "groups/new",
    "members": members,
    "automatic-group": automatic_group,
    "rules": lambda organiser: (
        f"groups/{an_automatic_group(organiser, a_name('Regulars'), a_rule_tree(organiser))}/rules"
    ),
    "welcome": lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'))}/welcome",
    "group-settings": lambda organiser: f"groups/{a_group(organiser, a_name('Patrons'))}/settings",
    "group-history": changed_group,
    "list": lambda organiser: f"groups/{a_list(organiser)}",
    "list-history": lambda organiser: f"groups/{a_list(organiser)}/history",
    "versions": versions,
    "redemptions": redemptions,
    "catalogue": catalogue,
    "event": lambda organiser: f"catalogue/event/{an_evening(organiser)}",
    "door": lambda organiser: f"catalogue/event/{an_evening(organiser)}/door",
    "sale-item": restricted_item,
    "new-sale-item": lambda _: "catalogue/sale_item",
    "discounts": discounts,
    "discount": lambda organiser: f"discounts/{a_discount(organiser)}",
    "customers": customers,
    "customer": refunded_customer,
    "ticket-holder": ticket_holder,
    "check": lambda _: "check",
    "settings": lambda _: "settings",
    "tokens": lambda _: "settings/tokens",
    "webhooks": webhooks,
    "new-webhook": lambda _: "settings/webhooks/new/webhook",
    "webhook": webhook_with_deliveries,
}
