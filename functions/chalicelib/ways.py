"""What a handler says of itself, what it is called with, and what it may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from chalicelib.paging import Page
from guestlist import ids
from guestlist.aws.keys import digest
from guestlist.aws.organisers import Organisers
from guestlist.aws.table import checkout_table
from guestlist.organiser import Organiser, Scope, Token

JSON = "application/json"


class Way(NamedTuple):
    """A handler, and all that there is to say of it.

    `scope` is the least that a token must have, None for a call without one. A `lean` handler checks the
    token with the read that it makes anyway. `sometimes` are fields that the answer leaves out when they
    have nothing to say. `also` are statuses beside the usual one; `forbidden`, `missing` and `conflicts`
    are code words of its 403, 404 and 409. A `listed` way answers pages of `answer`; a `limited` one may
    answer 429; a `repeatable` one takes an Idempotency-Key.
    """

    handle: Callable[..., Any]
    scope: Scope | None
    body: Any = None
    query: Any = None
    answer: Any = None
    media_type: str = JSON
    status: int = 200
    also: tuple[int, ...] = ()
    sometimes: frozenset[str] = frozenset()
    conflicts: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    listed: bool = False
    lean: bool = False
    limited: bool = False
    repeatable: bool = False


def way(scope: Scope | None, **said: Any) -> Callable[[Callable[..., Any]], Way]:
    """Declare a handler; it is called with the `Call`, its body if it takes one, and what its path names."""
    sometimes = frozenset(said.pop("sometimes", ()))
    return lambda handle: Way(handle=handle, scope=scope, sometimes=sometimes, **said)


class Reply(NamedTuple):
    """An answer of another status than the usual one, or with headers."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request as its handler sees it.

    `request` stands for it wherever it may be made again, None when it has no Idempotency-Key; then
    `began_at` is when it was made first. A lean handler that asks for `token` has it read at once.
    """

    now: datetime
    began_at: datetime
    headers: Mapping[str, str] = field(repr=False)
    page: Page
    list_of: tuple[str, ...] = ()
    query: Any = None
    bearer: str = field(default="", repr=False)
    known: Token | None = None
    request: str | None = None

    @property
    def token(self) -> Token:
        """Whom the caller speaks for."""
        return self.known or Organisers(checkout_table()).authorise(self.bearer, self.now)

    @property
    def org(self) -> str:
        """The organiser whom the caller speaks for."""
        return self.token.organiser_id

    @cached_property
    def organiser(self) -> Organiser:
        """The organiser's settings."""
        return Organisers(checkout_table()).get(self.org)

    def new_id(self) -> str:
        """An id for what this request makes: the same when the request is made again."""
        if self.request is None:
            return ids.new_id(self.now)
        return ids.timed_id(self.began_at, int(digest(self.request)[:20], 16))
