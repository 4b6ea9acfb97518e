"""Sessions of the console: a token is exchanged for a secret in a cookie that scripts cannot read."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from guestlist.model.errors import Forbidden, Unknown
from guestlist.organisers.model import Token, new_token

LIFETIME = timedelta(hours=12)


class Sessions(Protocol):
    """The store of sessions, which are tokens that refer to the one that started them."""

    def sessions(self, org: str) -> Sequence[Token]:
        """The organiser's sessions, possibly including expired ones."""

    def save_session(self, session: Token) -> None:
        """Save a session. Raises `Unauthenticated` if its token no longer exists."""

    def delete_token(self, token: Token) -> None:
        """Delete a session, which ends it."""


def start_session(token: Token, secret: str, now: datetime, sessions: Sessions) -> tuple[str, Token]:
    """Start a session with the token; returns it as the browser sends it, and as it is stored.

    It ends after twelve hours, with its token, or on request. Raises `Unauthenticated`.
    """
    bearer, session = new_token(token.organiser_id, token.scope, token.name, secret, now)
    ends_at = now + LIFETIME if token.ends_at is None else min(now + LIFETIME, token.ends_at)
    session = replace(session, ends_at=ends_at, session_of=token.hash)
    sessions.save_session(session)
    return bearer, session


def valid_sessions(org: str, now: datetime, sessions: Sessions) -> Sequence[Token]:
    """The sessions that are valid now, newest first."""
    current = [session for session in sessions.sessions(org) if not session.has_ended(now)]
    return sorted(current, key=lambda session: (session.created_at or now, session.hash), reverse=True)


def get_session(org: str, session_id: str, now: datetime, sessions: Sessions) -> Token:
    """The session with this id. Raises `Unknown`."""
    by_id = {session.token_id: session for session in valid_sessions(org, now, sessions)}
    session = by_id.get(session_id)
    if session is None:
        raise Unknown("not_found.session")
    return session


def token_required() -> Forbidden:
    """The error for calls that require a token, because they reveal something that is shown only once."""
    return Forbidden("token_required")


def csrf_token(bearer: str) -> str:
    """The token that proves that a page was served to the holder of the session."""
    return hashlib.blake2b(bearer.encode(), digest_size=16, person=b"csrf").hexdigest()
