"""Items of imported tickets in the buyer's partition, with the codes and lines of several tickets in each."""

import json
from collections.abc import Iterable

from guestlist.aws.items import Item


def note_tickets(tickets: Iterable[tuple[str, int]]) -> Item:
    """Attributes of an item for the codes and lines of several tickets."""
    codes = dict(tickets)
    return {"code": next(iter(codes)), "quantity": len(codes), "tickets": json.dumps(list(codes.items()))}


def tickets_of(note: Item) -> list[tuple[str, int]]:
    """The codes and lines of the tickets in an item; an earlier release stored an item per ticket."""
    if "tickets" in note:
        return [(code, line) for code, line in json.loads(note["tickets"])]
    return [(note["code"], int(note["sk"].rpartition("#")[2]))]
