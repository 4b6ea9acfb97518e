"""The session cookie of the console, and what keeps other pages from using it."""

import hmac
import re
from collections.abc import Mapping
from typing import NamedTuple

from guestlist.model.errors import Forbidden
from guestlist.organisers.sessions import csrf_token

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
_SAFE = {"GET", "HEAD"}


class Host(NamedTuple):
    """Where this API is reached: the host's name and port, as the browser has them."""

    name: str
    port: str
    local: bool

    @property
    def origin(self) -> str:
        """The origin of the API's own page."""
        default = "80" if self.local else "443"
        port = "" if self.port == default else f":{self.port}"
        return f"{'http' if self.local else 'https'}://{self.name}{port}"

    @property
    def cookie(self) -> str:
        """The name of its cookie: browsers do not tell the ports of one host apart."""
        return f"guestlist-session-{self.port}"


def host_of(headers: Mapping[str, str]) -> Host:
    """The host of a request."""
    host = headers.get("host", "")
    name, _, port = host.rpartition(":")
    if not port.isdecimal():
        name, port = host, ""
    local = name.lower() in _LOOPBACK
    return Host(name.lower(), port or ("80" if local else "443"), local)


def set_cookie(headers: Mapping[str, str], value: str, seconds: int) -> Mapping[str, str]:
    """The header that has the browser keep the session, or with no `seconds` forget it."""
    host = host_of(headers)
    secure = "" if host.local else "; Secure"
    return {"Set-Cookie": f"{host.cookie}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"}


def session_of(headers: Mapping[str, str], method: str) -> str | None:
    """What the session cookie holds; None without one.

    Raises `Forbidden` where a request that changes something does not come from the API's own page.
    """
    host = host_of(headers)
    match = re.search(rf"(?:^|;\s*){re.escape(host.cookie)}=([^;\s]+)", headers.get("cookie", ""))
    if match is None:
        return None
    if method not in _SAFE:
        own = headers.get("origin", "") == host.origin
        if not own or not hmac.compare_digest(headers.get("x-csrf-token", "").encode(), csrf_token(match[1]).encode()):
            raise Forbidden("This request does not come from the console's own page.", code="forged_request")
    return match[1]
