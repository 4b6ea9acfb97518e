"""Endpoints: a handler's metadata, its call, and its reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.web.pagination import Page
from guestlist.aws.digests import digest
from guestlist.aws.table import checkout_table
from guestlist.model import ids
from guestlist.organisers.model import Organiser, Scope, Token
from guestlist.organisers.store import Organisers

if TYPE_CHECKING:
    from guestlist.messages.language import Language

JSON = "application/json"
_NARROWEST_FIRST = [Scope.DOOR, Scope.CHECKOUT, Scope.READER, Scope.ORGANISER]


class Endpoint(NamedTuple):
    """A handler and its metadata.

    `scope` is the main scope of the call, None for a call without a token; `further_scopes` may make it too. A `secret`
    call is not for tokens of scope reader; a `token_only` one accepts no session. A handler with `lazy_auth`
    checks the token together with its own read. `exclude_none` are fields that the response omits if they are
    None. `statuses` are alternatives of `status`; `forbidden`, `not_found`, `conflicts`, `expired` and `invalid`
    are codes of problems with 403, 404, 409, 410 and 422. A `listed` endpoint returns pages of `answer`; a
    `rate_limited` one may return 429; an `idempotent` one takes an Idempotency-Key; a `conditional` one only
    creates when sent `If-None-Match: *`; a `localised` one uses Accept-Language. `headers` are its own response
    headers with their descriptions. `counts` returns metrics of a reply by name; with it, problems are counted too.
    """

    handle: Callable[..., Any]
    scope: Scope | None
    further_scopes: tuple[Scope, ...] = ()
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
        """Whether the body must be missing or an empty object; calls without a token may send a form."""
        return self.body is None and self.scope is not None and method in {"POST", "PUT", "PATCH"}

    def scopes(self, method: str) -> tuple[Scope, ...]:
        """The scopes that may make the call, the organiser's last; none for a call without a token."""
        if self.scope is None:
            return ()
        reader = [Scope.READER] if method == "GET" and not self.secret else []
        return tuple(sorted({self.scope, *self.further_scopes, *reader, Scope.ORGANISER}, key=_NARROWEST_FIRST.index))


def endpoint(scope: Scope | None, **metadata: Any) -> Callable[[Callable[..., Any]], Endpoint]:
    """Declare a handler, which is called with the `Call`, its body if it takes one, and its path parameters."""
    exclude_none = frozenset(metadata.pop("exclude_none", ()))
    return lambda handle: Endpoint(handle=handle, scope=scope, exclude_none=exclude_none, **metadata)


class Reply(NamedTuple):
    """A reply with a status or headers of its own."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request as its handler sees it.

    `request` is a digest of its Idempotency-Key, the same for every retry, or None without a key; `began_at` is
    when it was first made. `checked_token` is the token if it is checked already; else `token` reads and checks it.
    """

    now: datetime
    began_at: datetime
    headers: Mapping[str, str] = field(repr=False)
    page: Page
    list_of: tuple[str, ...] = ()
    query: Any = None
    bearer: str = field(default="", repr=False)
    checked_token: Token | None = None
    request: str | None = None

    @property
    def token(self) -> Token:
        """The caller's token. Raises `Unauthenticated`."""
        return self.checked_token or Organisers(checkout_table()).authorise(self.bearer, self.now)

    @property
    def new(self) -> bool:
        """Whether a PUT must create: `If-None-Match: *`."""
        return self.headers.get("if-none-match", "").strip() == "*"

    @property
    def org(self) -> str:
        """The id of the caller's organiser."""
        return self.token.organiser_id

    @cached_property
    def organiser(self) -> Organiser:
        """The organiser's settings."""
        return Organisers(checkout_table()).get_organiser(self.org)

    @cached_property
    def language(self) -> "Language":
        """The language of the sentences in the response, by Accept-Language."""
        from guestlist.messages.language import language_of

        return language_of(self.headers.get("accept-language", ""))

    def new_id(self) -> str:
        """Create an id; a retry with the same Idempotency-Key gets the same one."""
        if self.request is None:
            return ids.new_id(self.now)
        return ids.timed_id(self.began_at, int(digest(self.request)[:20], 16))
