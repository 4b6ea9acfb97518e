"""Tokens given out, exchanged and taken back. A token is shown once, to whoever asked for it, and never again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from guestlist.model.errors import Conflict, Unknown
from guestlist.organisers.model import Scope, Token, new_token


class Tokens(Protocol):
    """Where tokens are kept."""

    def tokens(self, org: str) -> Sequence[Token]:
        """The organiser's tokens, those that have ended perhaps too."""

    def save_token(self, token: Token) -> None:
        """Keep a token, in place of the same with another end."""

    def forget_token(self, token: Token) -> None:
        """Let a token be nobody's from now on."""


def create(org: str, scope: Scope, name: str, secret: str, now: datetime, tokens: Tokens) -> str:
    """A new token, as its bearer sends it. Raises `Conflict` when a token of that name is in use."""
    if _named(org, name, now, tokens):
        raise Conflict(f"There is a token {name} already: rotate it, or choose another name.", code="token_exists")
    return _kept(org, scope, name, secret, tokens)


def rotate(org: str, name: str, secret: str, now: datetime, overlap: timedelta, tokens: Tokens) -> str:
    """A new token of that name and the scope of the former one, which ends when the overlap is over.

    An overlap of nothing ends it at once. Raises `Unknown`.
    """
    former = _in_use(org, name, now, tokens)
    shown = _kept(org, former[0].scope, name, secret, tokens)
    for token in former:
        _end(token, now, overlap, tokens)
    return shown


def revoke(org: str, name: str, now: datetime, tokens: Tokens) -> int:
    """End every token of that name at once; answers how many there were. Raises `Unknown`."""
    former = _in_use(org, name, now, tokens)
    for token in former:
        tokens.forget_token(token)
    return len(former)


def _kept(org: str, scope: Scope, name: str, secret: str, tokens: Tokens) -> str:
    shown, token = new_token(org, scope, name, secret)
    tokens.save_token(token)
    return shown


def _end(token: Token, now: datetime, overlap: timedelta, tokens: Tokens) -> None:
    if not overlap:
        tokens.forget_token(token)
    elif token.ends_at is None or token.ends_at > now + overlap:
        tokens.save_token(replace(token, ends_at=now + overlap))


def _in_use(org: str, name: str, now: datetime, tokens: Tokens) -> Sequence[Token]:
    found = _named(org, name, now, tokens)
    if not found:
        raise Unknown(f"The organiser {org} has no token {name}.")
    return found


def _named(org: str, name: str, now: datetime, tokens: Tokens) -> Sequence[Token]:
    return [token for token in tokens.tokens(org) if token.name == name and not token.ended(now)]
