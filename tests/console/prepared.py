"""Data for tests of the console, created through the API."""

from typing import Any

from tests.acceptance.client import Api, a_name, an_id


def a_buyer(organiser: Api, name: str = "Vera Winter") -> str:
    """The e-mail of somebody who bought two tickets and is a member of a group of patrons."""
    word = a_name("vera").replace(" ", ".")
    email = f"{word}@example.com"
    organiser.put(f"/v1/events/{word}", {"name": "Gala"})
    organiser.put(f"/v1/sale-items/{word}", {"name": "Balcony", "event_id": word})
    lines = [{"sale_item_id": word, "quantity": 2}]
    customer = {"email": email, "name": name}
    organiser.post("/v1/purchases", {"order_id": f"order-{word}", "customer": customer, "lines": lines})
    group = organiser.post("/v1/groups", {"name": f"Patrons {word}", "type": "manual"})["group_id"]
    organiser.post(f"/v1/groups/{group}/members", {"customers": [{"email": email}]})
    return email


def a_sale_item(organiser: Api, name: str = "Balcony") -> str:
    """The id of a new sale item, and of the event that it is sold for."""
    item_id = an_id("ware")
    organiser.put(f"/v1/events/{item_id}", {"name": "Gala", "capacity": 300})
    organiser.put(f"/v1/sale-items/{item_id}", {"name": name, "event_id": item_id})
    return item_id


def a_webhook(organiser: Api) -> str:
    """The id of a webhook that nobody answers."""
    webhook_id = "crm"
    organiser.put(
        f"/v1/webhooks/{webhook_id}", {"url": "http://127.0.0.1:9/hook", "events": ["import.ended", "code.held"]}
    )
    return webhook_id


def a_group(organiser: Api, name: str, *emails: str) -> str:
    """The id of a new manual group with these members."""
    group_id = str(organiser.post("/v1/groups", {"name": name, "type": "manual"})["group_id"])
    if emails:
        organiser.post(f"/v1/groups/{group_id}/members", {"customers": [{"email": email} for email in emails]})
    return group_id


def a_discount(organiser: Api) -> str:
    """The code of a new discount for members of one group on one sale item."""
    code, group = an_id("TEN"), a_group(organiser, a_name("Patrons"))
    organiser.put(
        f"/v1/discounts/{code}", {"percent": 12.5, "group_ids": [group], "sale_item_ids": [a_sale_item(organiser)]}
    )
    return code


def an_email() -> str:
    """An address that no other test uses."""
    return f"{an_id('vera')}@example.com"


def an_automatic_group(organiser: Api, name: str, rules: Any = None) -> str:
    """The id of a new automatic group; without rules, for who bought something new twice."""
    usual = rules or {"operator": "all", "rules": [{"type": "sale_item", "id": a_sale_item(organiser), "minimum": 2}]}
    return str(organiser.post("/v1/groups", {"name": name, "type": "automatic", "rules": usual})["group_id"])


def a_rule_tree(organiser: Api) -> Any:
    """Rules with sub-rules."""
    leaves = [
        {"type": "sale_item", "id": a_sale_item(organiser, name), "minimum": 2} for name in ("Early", "Middle", "Late")
    ]
    return {"operator": "all", "rules": [leaves[0], {"operator": "any", "rules": leaves[1:]}]}


def a_ticket_holder(organiser: Api) -> tuple[str, str]:
    """The e-mail of somebody whose ticket was imported, and the ticket's code."""
    email, code = an_email(), an_id("TICKET")
    event = an_id("gala")
    organiser.put(f"/v1/events/{event}", {"name": "Gala"})
    ticket = {"code": code, "when_full": "stop", "name": "Vera Winter", "email": email}
    organiser.post(f"/v1/events/{event}/tickets", ticket)
    return email, code


def a_list(organiser: Api, *rows: str) -> tuple[str, str]:
    """The name and the id of a new target group with these rows of codes and quantities."""
    name = a_name("List")
    record = organiser.import_file("\n".join(["Code,Quantity", *rows]).encode(), group=name)
    return name, str(record["group_id"])
