"""Sessions of the console: exchange a token for a cookie that scripts cannot read."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.bootstrap import adapters
from chalicelib.web import cookies
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.pagination import Listed
from guestlist.model import ids
from guestlist.model.errors import Unknown
from guestlist.organisers import sessions
from guestlist.organisers.model import Scope, Token

_CURRENT = "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session. Only the one of the call itself has a `csrf_token`."""

    session_id: str
    token_id: str
    name: str
    created_at: datetime | None
    expires_at: datetime | None
    current: bool
    csrf_token: str | None


@endpoint(Scope.ORGANISER, token_only=True, answer=SessionView, status=201, exclude_none=("csrf_token",))
def create(call: Call) -> Reply:
    """Create a session of twelve hours: the response sets a cookie that authenticates as the token does.

    With the cookie, a call that changes something needs the Origin of the API's own page and the header X-CSRF-Token.
    """
    secret, session = sessions.start_session(call.token, ids.new_secret(), call.now, adapters.organisers())
    lasts = int((session.ends_at - call.now).total_seconds()) if session.ends_at else 0
    return Reply(_view(session, session, secret), headers=cookies.set_cookie(call.headers, secret, lasts))


@endpoint(Scope.ORGANISER, secret=True, answer=SessionView, listed=True, exclude_none=("csrf_token",))
def list_sessions(call: Call) -> Listed:
    """List the valid sessions, newest first."""
    start = call.page.after("behind", 0)
    rest = sessions.valid_sessions(call.org, call.now, adapters.organisers())[start:]
    page = call.page.of(rest, lambda _: {"behind": start + call.page.limit})
    return page.map(lambda session: _view(session, call.token, call.bearer))


@endpoint(Scope.ORGANISER, secret=True, answer=SessionView, exclude_none=("csrf_token",))
def show(call: Call, session_id: str) -> SessionView:
    """Get a session; `current` is the one of the call itself."""
    return _view(_session_of(call, session_id), call.token, call.bearer)


@endpoint(Scope.ORGANISER, status=204)
def end(call: Call, session_id: str) -> Reply:
    """End a session at once; `current` is the one of the call itself, whose cookie is deleted."""
    session = _session_of(call, session_id)
    adapters.organisers().delete_token(session)
    own = session.hash == call.token.hash
    return Reply(headers=cookies.set_cookie(call.headers, "", 0) if own else {})


def _session_of(call: Call, session_id: str) -> Token:
    if session_id != _CURRENT:
        return sessions.get_session(call.org, session_id, call.now, adapters.organisers())
    if not call.token.session_of:
        raise Unknown("not_found.own_session")
    return call.token


def _view(session: Token, current: Token, secret: str) -> SessionView:
    own = session.hash == current.hash
    return SessionView(
        session_id=session.token_id,
        token_id=session.session_of[:16],
        name=session.name,
        created_at=session.created_at,
        expires_at=session.ends_at,
        current=own,
        csrf_token=sessions.csrf_token(secret) if own else None,
    )
