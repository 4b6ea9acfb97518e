"""Create, rotate and revoke tokens. A token is shown once, in the response that creates it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

from annotated_types import MaxLen, MinLen

from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import BadInstant, Conflict, Unknown
from guestlist.organisers.model import Scope, Token, new_token

_NO_END = datetime.max.replace(tzinfo=UTC)


class Tokens(Protocol):
    """The store of tokens."""

    def tokens(self, org: str) -> Sequence[Token]:
        """The organiser's tokens, possibly including expired ones."""

    def save_token(self, token: Token) -> None:
        """Save a token, replacing its former end."""

    def delete_token(self, token: Token, other_token: Token | None = None) -> None:
        """Delete a token, which revokes it.

        Raises `ConcurrentModification` if `other_token` no longer exists.
        """

    def delete_sessions(self, token: Token) -> None:
        """Delete the sessions that were started with a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """A token to be created. Without `expires_at` it is valid until it is revoked."""

    name: Annotated[str, MinLen(1), MaxLen(200)]
    scope: Scope
    expires_at: datetime | None = None


def create(org: str, request: TokenRequest, secret: str, now: datetime, tokens: Tokens) -> tuple[str, Token]:
    """Create a token; returns it as its bearer sends it, and as it is stored.

    Several may have the same name, as in a rotation. Raises `BadInstant` for an end in the past.
    """
    if request.expires_at is not None and request.expires_at <= now:
        raise BadInstant.field("expires_at", "bad_instant.past")
    bearer, token = new_token(org, request.scope, request.name, secret, now)
    token = replace(token, ends_at=request.expires_at)
    tokens.save_token(token)
    return bearer, token


def valid_tokens(org: str, now: datetime, tokens: Tokens) -> Sequence[Token]:
    """The tokens that are valid now, sorted by name."""
    return [token for token in tokens.tokens(org) if not token.has_ended(now)]


def revoke_by_id(org: str, token_id: str, now: datetime, tokens: Tokens) -> Token:
    """Revoke the token with this id at once, and return it.

    Raises `Unknown`, and `Conflict` for the last valid token of scope organiser.
    """

    def attempt() -> Token:
        valid = {token.token_id: token for token in valid_tokens(org, now, tokens)}
        token = valid.get(token_id)
        if token is None:
            raise Unknown("not_found.token")
        other_token = _other_organiser_token(token, valid.values()) if token.scope is Scope.ORGANISER else None
        tokens.delete_token(token, other_token)
        tokens.delete_sessions(token)
        return token

    return retry_on_conflict(attempt)


def _other_organiser_token(token: Token, valid: Iterable[Token]) -> Token:
    """Another valid token that may create tokens; of several, the one that is valid longest. Raises `Conflict`."""
    others = [other for other in valid if other.scope is Scope.ORGANISER and other != token]
    if not others:
        raise Conflict("last_token")
    return max(others, key=lambda other: (other.ends_at is None, other.ends_at or _NO_END))


def rotate(org: str, name: str, secret: str, now: datetime, overlap: timedelta, tokens: Tokens) -> str:
    """Create a token with this name and the scope of the former one, which ends after the overlap.

    Without an overlap it ends at once. Raises `Unknown`, and `Conflict` for a name with several scopes.
    """
    former_tokens = _valid_tokens_named(org, name, now, tokens)
    if len({token.scope for token in former_tokens}) > 1:
        raise Conflict("conflict.several_scopes", name=name)
    bearer = _save_new(org, former_tokens[0].scope, name, secret, now, tokens)
    for token in former_tokens:
        _end(token, now, overlap, tokens)
    return bearer


def revoke_by_name(org: str, name: str, now: datetime, tokens: Tokens) -> int:
    """Revoke every token with this name at once, and return their number. Raises `Unknown`."""
    former_tokens = _valid_tokens_named(org, name, now, tokens)
    for token in former_tokens:
        tokens.delete_token(token)
        tokens.delete_sessions(token)
    return len(former_tokens)


def _save_new(org: str, scope: Scope, name: str, secret: str, now: datetime, tokens: Tokens) -> str:
    bearer, token = new_token(org, scope, name, secret, now)
    tokens.save_token(token)
    return bearer


def _end(token: Token, now: datetime, overlap: timedelta, tokens: Tokens) -> None:
    if not overlap:
        tokens.delete_token(token)
    elif token.ends_at is None or token.ends_at > now + overlap:
        tokens.save_token(replace(token, ends_at=now + overlap))
    tokens.delete_sessions(token)


def _valid_tokens_named(org: str, name: str, now: datetime, tokens: Tokens) -> Sequence[Token]:
    matches = [token for token in valid_tokens(org, now, tokens) if token.name == name]
    if not matches:
        raise Unknown("not_found.named_token", organiser=org, name=name)
    return matches
