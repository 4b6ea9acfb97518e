"""Examples of the body of every call that has one, the first with every field, and their invalid variants."""

import copy
from collections.abc import Iterator
from typing import Any

from chalicelib.web.validation import read
from guestlist.model.errors import Invalid

WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1,
    1.5,
    10**7,
    "",
    "x",
    "\u00e9 / %",
    "x" * 20_000,
    [],
    ["x"],
    [0] * 1001,
    {},
)

WITH_FURTHER_RULES = {
    "RedemptionRequest": "a code or an e-mail is needed",
    "CodesRequest": "a count or addresses are needed",
    "Settings": "a time zone must exist",
}

RULES = {
    "operator": "any",
    "rules": [
        {"type": "event", "id": "gala", "minimum": 2, "within": {"value": 2, "unit": "weeks"}},
        {"operator": "all", "rules": [{"type": "schedule", "id": "summer", "minimum": 3, "distinct_events": 2}]},
    ],
}

BODIES: dict[str, list[Any]] = {
    "PUT /v1/organiser": [
        {
            "name": "Demo",
            "time_zone": "Europe/Amsterdam",
            "from_email": "tickets@demo.example",
            "reply_to": "box@example.com",
            "notify_email": None,
            "language": "nl",
            "senders": ["demo.example"],
            "customer_groups": True,
            "consent_on_drop": False,
        },
        {},
    ],
    "POST /v1/scans/batch": [
        {
            "scans": [
                {"event_id": "gala", "code": "1", "scanned_at": "2026-12-01T19:42:10.5+01:00", "device": "gate-3"},
                {"event_id": "gala", "code": "2", "scanned_at": "2026-12-01T19:42:10Z", "device": "gate 4"},
            ]
        },
    ],
    "POST /v1/tokens": [
        {"name": "Web shop", "scope": "checkout", "expires_at": "2027-06-30T22:00:00Z"},
        {"name": "Door", "scope": "door", "expires_at": None},
    ],
    "PUT /v1/webhooks/{webhook_id}": [
        {
            "url": "https://crm.example.com/hooks",
            "events": ["code.redeemed", "import.ended"],
            "enabled": True,
            "include_personal": False,
        },
        {"url": "https://crm.example.com/hooks", "events": ["code.held"]},
    ],
    "PATCH /v1/customers/{email}": [{"name": "Anna Berg"}],
    "POST /v1/imports": [
        {
            "kind": "target_group",
            "file_name": "list.csv",
            "group": "Friends",
            "mode": "append",
            "review": True,
            "notify": "me@example.com",
            "consent": True,
            "on_error": "abort",
            "raw": False,
            "header_rows": 1,
            "delimiter": ";",
            "encoding": "utf-8",
            "mapping": {"code": 0, "email": "Mail"},
        },
        {
            "kind": "tickets",
            "file_name": "tickets.csv",
            "event_id": "gala",
            "when_full": "stop",
            "order_grouping": "row",
        },
        {"kind": "customers", "file_name": "people.csv", "create_missing": False, "suppress_welcome": True},
    ],
    "POST /v1/imports/{import_id}/confirm": [
        {
            "mapping": {"code": 1},
            "header_rows": 0,
            "delimiter": ",",
            "encoding": "cp1252",
            "consent": True,
            "confirm_removals": True,
        },
        {},
    ],
    "PUT /v1/schedules/{schedule_id}": [{"name": "Summer"}],
    "PUT /v1/events/{event_id}": [{"name": "Gala", "schedule_id": "summer", "capacity": 200}, {"name": "Open air"}],
    "PUT /v1/inventory-items/{inventory_item_id}": [{"name": "Standing"}],
    "PUT /v1/sale-items/{sale_item_id}": [
        {"name": "Early bird", "event_id": "gala", "inventory_item_id": "standing", "category": "Floor"},
        {"name": "Regular", "event_id": "gala"},
    ],
    "PUT /v1/sale-items/{sale_item_id}/restriction": [{"group_ids": ["friends", "members"]}],
    "PUT /v1/inventory-items/{inventory_item_id}/restriction": [{"group_ids": ["friends"]}],
    "PUT /v1/discounts/{code}": [
        {"percent": 12.5, "group_ids": ["friends"], "sale_item_ids": ["early-bird"]},
        {"amount": 5},
    ],
    "POST /v1/groups/{group_id}/welcome-email/preview": [
        {"enabled": True, "subject": "Hi {name}", "header": "Welcome", "greeting": "Dear {name},", "body": "Come in."},
        {},
    ],
    "POST /v1/groups": [
        {
            "name": "Regulars",
            "type": "automatic",
            "lifetime": {"value": 30, "unit": "days"},
            "expires_on": "2027-01-31",
            "rules": RULES,
        },
        {"name": "Friends", "type": "manual", "lifetime": None, "expires_on": None, "rules": None},
    ],
    "PATCH /v1/groups/{group_id}": [
        {
            "name": "Regulars",
            "lifetime": {"value": 2, "unit": "weeks"},
            "expires_on": None,
            "rules": RULES,
            "welcome_email": {
                "enabled": True,
                "subject": "Hi",
                "header": "Hello",
                "greeting": "Dear",
                "body": "Welcome",
            },
        },
        {},
    ],
    "POST /v1/groups/{group_id}/restore": [{"name": "Friends again"}, {}],
    "POST /v1/check": [
        {
            "customer": {"email": "anna@example.com", "authenticated": True},
            "code": "FRIENDS",
            "sale_items": ["early", "regular"],
            "category": "Floor",
            "seats": ["North-1"],
            "quantity": 2,
            "discount": "SAVE",
            "explain": True,
        },
        {},
    ],
    "POST /v1/redemptions": [
        {
            "order_id": "1",
            "code": "FRIENDS",
            "email": "anna@example.com",
            "group_id": "friends",
            "sale_item_id": "early",
            "category": "Floor",
            "seat": "North-1",
            "quantity": 2,
            "hold_seconds": 600,
        },
        {"order_id": "1", "code": "FRIENDS"},
    ],
    "POST /v1/redemptions/{redemption_id}/release": [{"quantity": 1}, {}],
    "POST /v1/scans": [{"event_id": "gala", "code": " *123* ", "dry_run": True}],
    "POST /v1/groups/{group_id}/members": [
        {
            "customers": [
                {"email": "anna@example.com", "name": "Anna", "removal_date": "2027-01-31"},
                {"email": "bo@example.com", "removal_date": None},
                {"email": "cy@example.com", "remove_after": {"value": 2, "unit": "weeks"}},
            ]
        }
    ],
    "POST /v1/groups/{group_id}/codes": [
        {"count": 500, "prefix": "SUMMER-", "length": 10, "quantity": 1, "category": "Floor", "seat": None},
        {"emails": ["anna@example.com"]},
    ],
    "POST /v1/groups/{group_id}/entries": [
        {"entries": [{"code": "FRIENDS", "email": None, "category": "Floor", "seat": "A-12", "quantity": 4}]},
        {"entries": [{"email": "anna@example.com"}]},
    ],
    "POST /v1/groups/{group_id}/entries/change": [{"entries": [{"code": "FRIENDS", "quantity": 9}]}],
    "POST /v1/groups/{group_id}/entries/remove": [{"entries": [{"code": "FRIENDS", "seat": "A-12"}]}],
    "POST /v1/groups/{group_id}/members/remove": [{"emails": ["anna@example.com"]}],
    "PATCH /v1/groups/{group_id}/members/{email}": [
        {"removal_date": "2027-01-31T12:00:00Z"},
        {"removal_date": None},
        {"remove_after": {"value": 2, "unit": "weeks"}},
    ],
    "POST /v1/events/{event_id}/tickets": [
        {"code": " *123* ", "when_full": "stop", "name": "Anna", "email": "anna@example.com"},
        {"code": "123", "when_full": "continue"},
    ],
    "POST /v1/purchases": [
        {
            "order_id": "1",
            "customer": {"email": "anna@example.com", "name": "Anna"},
            "purchased_at": "2026-11-01T20:00:00Z",
            "lines": [{"sale_item_id": "early", "quantity": 2}],
        },
        {
            "order_id": "2",
            "customer": {"email": "anna@example.com"},
            "purchased_at": "2026-11-01",
            "lines": [{"sale_item_id": "early", "quantity": 1}],
        },
    ],
    "POST /v1/purchases/refund": [
        {"order_id": "#1001", "lines": [{"sale_item_id": "early", "quantity": 1}]},
        {"order_id": "1/2 ø", "lines": None},
    ],
    "POST /v1/purchases/{order_id}/refund": [{"lines": [{"sale_item_id": "early", "quantity": 1}]}, {"lines": None}],
    "POST /v1/rules/preview": [{"rules": RULES, "group_id": "regulars"}, {"rules": RULES}],
}


def json_positions(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every position in a JSON value, as its container and its key."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(inner):
        yield value, key
        yield from json_positions(part)


def body_variants(body: Any) -> Iterator[Any]:
    """The body, and it with each part in turn removed, replaced, or given an unknown property."""
    yield body
    for at, _ in enumerate(list(json_positions(body))):
        for other in (*WRONG, body_variants):
            variant = copy.deepcopy(body)
            holder, key = list(json_positions(variant))[at]
            if other is body_variants:
                del holder[key]
            else:
                holder[key] = other
            yield variant
    for at, (holder, key) in enumerate(list(json_positions({"": body}))):
        if isinstance(holder[key], dict):
            variant = {"": copy.deepcopy(body)}
            inside, name = list(json_positions(variant))[at]
            inside[name]["unknown"] = 1
            yield variant[""]


def is_valid_body(kind: Any, body: Any) -> bool:
    try:
        read(kind, body)
    except Invalid:
        return False
    return True
