"""The console's sessions: a token is exchanged for a secret that the browser keeps from scripts."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from guestlist.model.errors import Forbidden, Unknown
from guestlist.organisers.model import Token, new_token

LASTS = timedelta(hours=12)


class Sessions(Protocol):
    """Where sessions are kept: as tokens that name the one that they were begun with."""

    def sessions(self, org: str) -> Sequence[Token]:
        """The organiser's sessions, those that have ended perhaps too."""

    def save_session(self, session: Token) -> None:
        """Keep a session. Raises `Unauthenticated` when its token is not there any more."""

    def forget_token(self, token: Token) -> None:
        """Delete a session, which is not valid from then on."""


def begin(token: Token, secret: str, now: datetime, sessions: Sessions) -> tuple[str, Token]:
    """Begin a session of the token, and return it as the browser sends it, and as it is stored.

    It ends after twelve hours, with its token, or when it is ended. Raises `Unauthenticated`.
    """
    shown, session = new_token(token.organiser_id, token.scope, token.name, secret, now)
    ends_at = now + LASTS if token.ends_at is None else min(now + LASTS, token.ends_at)
    session = replace(session, ends_at=ends_at, session_of=token.hash)
    sessions.save_session(session)
    return shown, session


def valid(org: str, now: datetime, sessions: Sessions) -> Sequence[Token]:
    """The sessions that are valid now, the newest first."""
    current = [one for one in sessions.sessions(org) if not one.ended(now)]
    return sorted(current, key=lambda one: (one.created_at or now, one.hash), reverse=True)


def get(org: str, session_id: str, now: datetime, sessions: Sessions) -> Token:
    """The session with this id. Raises `Unknown`."""
    session = next((one for one in valid(org, now, sessions) if one.token_id == session_id), None)
    if session is None:
        raise Unknown("There is no such session.")
    return session


def token_required() -> Forbidden:
    """The refusal of what only a token may do, since it tells something that is told once."""
    return Forbidden("Enter the token again: this call is not made with a session.", code="token_required")


def csrf_token(shown: str) -> str:
    """What a page proves with that it is the one that began, or could read, the session."""
    return hashlib.blake2b(shown.encode(), digest_size=16, person=b"csrf").hexdigest()
