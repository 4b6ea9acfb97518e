"""Pagination of lists, with signed cursors."""

import base64
import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, NamedTuple, TypeVar

from annotated_types import Interval, MaxLen

from guestlist.aws.secret_keys import signature
from guestlist.aws.table import table
from guestlist.model.errors import BadCursor

MAX_LIMIT = 200
_SIGNATURE = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The parameters of a request for a page."""

    limit: Annotated[int, Interval(ge=1, le=MAX_LIMIT)] = 50
    cursor: Annotated[str, MaxLen(4000)] | None = None


class Listed(NamedTuple):
    """The items of a page, the position after its last item (None on the last page), and possibly a message."""

    items: Sequence[Any]
    next: Mapping[str, Any] | None = None
    message: str | None = None

    def map(self, view: Callable[[Any], object]) -> "Listed":
        """The page with each item as the API shows it."""
        return self._replace(items=[view(item) for item in self.items])


class Page(NamedTuple):
    """A requested page: at most `limit` items, after the position `start`, the `next` of an earlier page."""

    limit: int
    start: Mapping[str, Any] | None = None

    @property
    def most(self) -> int:
        """The number of rows to read: one more than the page has, which tells whether there is a next page."""
        return self.limit + 1

    def after(self, name: str, first: T) -> T:
        """The value of this name in the position to start after; `first` on the first page."""
        value: T = self.start[name] if self.start else first
        return value

    def of(self, rows: Iterable[T], position: Callable[[T], Mapping[str, Any]]) -> Listed:
        """The page of these rows, which begin after `start`; `position` is the position after a row."""
        read = list(islice(rows, self.most))
        page = read[: self.limit]
        return Listed(page, position(page[-1]) if len(read) > self.limit else None)


def page(paging: Paging, *list_of: str) -> Page:
    """The requested page of the list that the texts `list_of` identify, its organiser first.

    Raises `BadCursor` for a cursor of another list.
    """
    return Page(paging.limit, None if paging.cursor is None else _position(paging.cursor, list_of))


def cursor(position: Mapping[str, Any] | None, *list_of: str) -> str | None:
    """The position in this list as opaque text, which is not valid for any other list."""
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
    except (TypeError, ValueError):  # not base64 or not JSON
        pass
    raise BadCursor.field("cursor", "bad_cursor")


def _signed(text: str, list_of: tuple[str, ...]) -> str:
    """The text after its signature, without which callers could invent positions."""
    signed = signature(table(), list_of[0], "cursors", text, *list_of)[:_SIGNATURE]
    return base64.urlsafe_b64encode(signed + text.encode()).rstrip(b"=").decode()
