"""Items of imported tickets in the buyer's partition; each has the codes and lines of several tickets."""

import json
from collections.abc import Iterable

from guestlist.aws.items import Item


def ticket_attributes(tickets: Iterable[tuple[str, int]]) -> Item:
    """The attributes of an item for the codes and lines of several tickets."""
    codes = dict(tickets)
    return {"code": next(iter(codes)), "quantity": len(codes), "tickets": json.dumps(list(codes.items()))}


def tickets_of(item: Item) -> list[tuple[str, int]]:
    """The codes and lines of the tickets in an item; an earlier release stored an item per ticket."""
    if "tickets" in item:
        return [(code, line) for code, line in json.loads(item["tickets"])]
    return [(item["code"], int(item["sk"].rpartition("#")[2]))]
