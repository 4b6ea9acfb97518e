"""Notes of several imported tickets on their buyer's page: the codes and lines that one item holds."""

import json
from collections.abc import Iterable

from guestlist.aws.items import Item


def note_tickets(tickets: Iterable[tuple[str, int]]) -> Item:
    """The attributes for the codes and lines of several tickets."""
    codes = dict(tickets)
    return {"code": next(iter(codes)), "quantity": len(codes), "tickets": json.dumps(list(codes.items()))}


def tickets_of(note: Item) -> list[tuple[str, int]]:
    """The codes and lines of the tickets in a note; an earlier version stored one note per ticket."""
    if "tickets" in note:
        return [(code, line) for code, line in json.loads(note["tickets"])]
    return [(note["code"], int(note["sk"].rpartition("#")[2]))]
