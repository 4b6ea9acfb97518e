"""The organiser's API tokens: list, create and revoke them."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.pagination import Listed
from guestlist.model import ids
from guestlist.organisers import tokens
from guestlist.organisers.model import Scope, Token
from guestlist.organisers.tokens import TokenRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token in a list, without its secret."""

    token_id: str
    name: str
    scope: Scope
    created_at: datetime | None
    expires_at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A new token with its secret, which no other response contains."""

    token_id: str
    token: str
    name: str
    scope: Scope
    expires_at: datetime | None


@endpoint(Scope.ORGANISER, secret=True, answer=TokenView, listed=True)
def list_tokens(call: Call) -> Listed:
    """List the valid tokens, newest first; those of an earlier release come last, by name."""
    valid = sorted(tokens.valid_tokens(call.org, call.now, adapters.organisers()), key=_sort_key)
    after = call.page.after("after", list[float | str]())
    page = call.page.of(
        (token for token in valid if _sort_key(token) > after), lambda token: {"after": _sort_key(token)}
    )
    return page.map(lambda token: _view(token, call.token))


@endpoint(
    Scope.ORGANISER,
    token_only=True,
    body=TokenRequest,
    answer=NewToken,
    status=201,
    invalid=("bad_instant",),
)
def create(call: Call, request: TokenRequest) -> NewToken:
    """Create a token; no other response shows it again.

    A session cannot create one: the console asks for the token again.
    """
    secret, token = tokens.create(call.org, request, ids.new_secret(), call.now, adapters.organisers())
    return NewToken(token_id=token.token_id, token=secret, name=token.name, scope=token.scope, expires_at=token.ends_at)


@endpoint(Scope.ORGANISER, status=204, conflicts=("last_token",))
def revoke(call: Call, token_id: str) -> Reply:
    """Revoke a token and end its sessions at once; never the last one of scope organiser."""
    tokens.revoke_by_id(call.org, token_id, call.now, adapters.organisers())
    return Reply()


def _sort_key(token: Token) -> list[float | str]:
    age = -token.created_at.timestamp() if token.created_at else 0.0
    return [age, token.name, token.token_id]


def _view(token: Token, current: Token) -> TokenView:
    return TokenView(
        token_id=token.token_id,
        name=token.name,
        scope=token.scope,
        created_at=token.created_at,
        expires_at=token.ends_at,
        current=token.hash == (current.session_of or current.hash),
    )
