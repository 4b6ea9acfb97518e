"""Who or what made a member, when and why, on the whole stack."""

from typing import Any

from tests.acceptance.client import Api, a_name, eventually


def history(organiser: Api, path: str, *names: str) -> list[tuple[Any, ...]]:
    """These fields of all audit entries, newest first."""
    return [tuple(audit_entry[name] for name in names) for audit_entry in organiser.get(f"{path}/history")["items"]]


def test_a_membership_from_a_file_names_the_import_and_its_line(organiser: Api) -> None:
    name, email = a_name("Members"), f"{a_name('ann').replace(' ', '.')}@example.com"
    group_id = organiser.post("/v1/groups", {"name": name, "type": "manual"})["group_id"]
    content = f"Email,Customer groups\nother.{email},{name}\n{email},{name}\n"
    record = organiser.import_file(content.encode(), "customers", consent=True)
    fields = ("what", "group", "source", "import_id", "line", "reason")
    assert history(organiser, f"/v1/customers/{email}", *fields) == [
        ("added", name, "import", record["import_id"], 3, "line 3 of list.csv")
    ]
    organiser.post(f"/v1/imports/{record['import_id']}/undo")

    def both() -> list[tuple[Any, ...]] | None:
        audit_entries = history(organiser, f"/v1/groups/{group_id}", "what", "import_id")
        return audit_entries if audit_entries.count(("removed", record["import_id"])) == 2 else None

    assert eventually(both)[2:] == [("added", record["import_id"])] * 2 + [("group_created", None)]


def test_a_membership_by_rules_names_the_rule_and_the_orders(organiser: Api, checkout: Api) -> None:
    word = a_name("gala").replace(" ", "-")
    email = f"{word}@example.com"
    organiser.put(f"/v1/events/{word}", {"name": "Gala"})
    organiser.put(f"/v1/sale-items/{word}", {"name": "Early", "event_id": word})
    rules = {"operator": "any", "rules": [{"type": "event", "id": word, "minimum": 2}]}
    group_id = organiser.post("/v1/groups", {"name": a_name("Fans"), "type": "automatic", "rules": rules})["group_id"]
    organiser.post(f"/v1/groups/{group_id}/resync")
    order = {"customer": {"email": email}, "lines": [{"sale_item_id": word, "quantity": 2}]}
    checkout.post("/v1/purchases", {"order_id": word, **order})
    fields = ("what", "email", "source", "by", "reason", "because")

    def poll() -> list[tuple[Any, ...]] | None:
        return history(organiser, f"/v1/groups/{group_id}", *fields)[:-1] or None

    ((what, whose, source, by, reason, because),) = eventually(poll)
    assert (what, whose, source, by) == ("added", email, "rule", "purchase")
    assert reason == f"meets the rules, by order “{word}”"
    assert because["params"] == {"n": 1, "orders": [word], "findings": [f"event:{word} 2/2"]}
