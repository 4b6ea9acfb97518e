"""Lists, a page at a time."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from annotated_types import Interval, MaxLen

from guestlist.aws.secret_keys import signature
from guestlist.aws.table import table
from guestlist.model.errors import BadCursor

MOST = 200
_SIGNATURE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """What a caller says of the page that it wants."""

    limit: Annotated[int, Interval(ge=1, le=MOST)] = 50
    cursor: Annotated[str, MaxLen(4000)] | None = None


class Page(NamedTuple):
    """The page that is wanted: so many items, from behind `start`, which is as the list's own flow gave it."""

    limit: int
    start: Mapping[str, Any] | None = None


class Listed(NamedTuple):
    """The items of one page, where the next one begins (None at the end), and a sentence where one is due."""

    items: Sequence[Any]
    next: Mapping[str, Any] | None = None
    message: str | None = None


def page(paging: Paging, *list_of: str) -> Page:
    """The page that was asked for, of the list that these words name, its organiser first.

    Raises `BadCursor` for a cursor that this list did not give.
    """
    return Page(paging.limit, None if paging.cursor is None else _position(paging.cursor, list_of))


def cursor(position: Mapping[str, Any] | None, *list_of: str) -> str | None:
    """The place in that list as text that means nothing to the caller, and nothing in any other list."""
    if position is None:
        return None
    return _signed(json.dumps(position, separators=(",", ":"), sort_keys=True), list_of)


def _position(cursor_text: str, list_of: tuple[str, ...]) -> Mapping[str, Any]:
    try:
        content = base64.b64decode(cursor_text + "=" * (-len(cursor_text) % 4), altchars=b"-_", validate=True)
        text = content[_SIGNATURE:].decode()
        if hmac.compare_digest(_signed(text, list_of), cursor_text):
            position: Mapping[str, Any] = json.loads(text)
            return position
    except (TypeError, ValueError):  # of letters that no cursor has
        pass
    raise BadCursor.field("cursor", "bad_cursor", "is not one that this list gave")


def _signed(text: str, list_of: tuple[str, ...]) -> str:
    """The text behind a signature that only this program can make, so that no position is ever made up."""
    signed = signature(table(), list_of[0], "cursors", text, *list_of)[:_SIGNATURE]
    return base64.urlsafe_b64encode(signed + text.encode()).rstrip(b"=").decode()
