"""What a handler says of itself, what it is called with, and what it may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from chalicelib.web.pagination import Page
from guestlist.aws.digests import digest
from guestlist.aws.table import checkout_table
from guestlist.model import ids
from guestlist.organisers.model import Organiser, Scope, Token
from guestlist.organisers.store import Organisers

JSON = "application/json"
_BREADTH = [Scope.DOOR, Scope.CHECKOUT, Scope.READER, Scope.ORGANISER]


class Endpoint(NamedTuple):
    """A handler, and all that there is to say of it.

    `scope` is the one that the call is made for, None for a call without a token; `also` are further ones, and
    `scopes` are all that may make it. What a `secret` call answers is not for readers; a
    `token_only` one wants the token itself and no session. A handler with `lazy_auth`
    checks the token with the read that it makes anyway. `exclude_none` are fields that the answer leaves out when they
    are None. `statuses` are further ones than `status`; `forbidden`, `not_found`, `conflicts`, `expired` and
    `invalid` are code words of 403, 404, 409, 410 and 422. A `listed` endpoint answers pages of `answer`; a
    `rate_limited` one may answer 429; an `idempotent` one takes an Idempotency-Key; a `conditional` one changes
    nothing that stands when it is sent `If-None-Match: *`; a `localised` one answers in the language of
    Accept-Language. `headers` are those of its own that an answer has, with what each is. `counts` gives the numbers of
    an answer that are worth a metric, by name; where it is there, problems are counted too.
    """

    handle: Callable[..., Any]
    scope: Scope | None
    also: tuple[Scope, ...] = ()
    secret: bool = False
    token_only: bool = False
    body: Any = None
    query: Any = None
    answer: Any = None
    media_type: str = JSON
    status: int = 200
    statuses: tuple[int, ...] = ()
    exclude_none: frozenset[str] = frozenset()
    conflicts: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    listed: bool = False
    lazy_auth: bool = False
    rate_limited: bool = False
    idempotent: bool = False
    conditional: bool = False
    localised: bool = False
    counts: "Callable[[Reply], Mapping[str, int]] | None" = None
    headers: Mapping[str, str] = MappingProxyType({})

    def takes_no_fields(self, method: str) -> bool:
        """Whether such a request may send an empty object at most; what has no token may come as a form."""
        return self.body is None and self.scope is not None and method in {"POST", "PUT", "PATCH"}

    def scopes(self, method: str) -> tuple[Scope, ...]:
        """The scopes of which a token needs one, the organiser's last; none for a call without a token."""
        if self.scope is None:
            return ()
        reader = [Scope.READER] if method == "GET" and not self.secret else []
        return tuple(sorted({self.scope, *self.also, *reader, Scope.ORGANISER}, key=_BREADTH.index))


def endpoint(scope: Scope | None, **metadata: Any) -> Callable[[Callable[..., Any]], Endpoint]:
    """Declare a handler; it is called with the `Call`, its body if it takes one, and what its path names."""
    exclude_none = frozenset(metadata.pop("exclude_none", ()))
    return lambda handle: Endpoint(handle=handle, scope=scope, exclude_none=exclude_none, **metadata)


class Reply(NamedTuple):
    """An answer of another status than the usual one, or with headers."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request as its handler sees it.

    `request` stands for it wherever it may be made again, None when it has no Idempotency-Key; then
    `began_at` is when it was made first. A handler with `lazy_auth` that asks for `token` has it read at once.
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
    def new(self) -> bool:
        """Whether what is put must be new: `If-None-Match: *`."""
        return self.headers.get("if-none-match", "").strip() == "*"

    @property
    def org(self) -> str:
        """The organiser whom the caller speaks for."""
        return self.token.organiser_id

    @cached_property
    def organiser(self) -> Organiser:
        """The organiser's settings."""
        return Organisers(checkout_table()).get_organiser(self.org)

    def new_id(self) -> str:
        """An id for what this request makes: the same when the request is made again."""
        if self.request is None:
            return ids.new_id(self.now)
        return ids.timed_id(self.began_at, int(digest(self.request)[:20], 16))
