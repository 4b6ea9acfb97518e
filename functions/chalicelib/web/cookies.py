"""The console's session cookie, and the protection against its use by other pages."""

import hmac
import re
from collections.abc import Mapping
from typing import NamedTuple

from guestlist.model.errors import Forbidden
from guestlist.organisers.sessions import csrf_token

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
_SAFE = {"GET", "HEAD"}


class Host(NamedTuple):
    """The host of this API: name and port, as the browser sees them."""

    name: str
    port: str
    local: bool

    @property
    def origin(self) -> str:
        """The origin of the API's own pages."""
        default = "80" if self.local else "443"
        port = "" if self.port == default else f":{self.port}"
        return f"{'http' if self.local else 'https'}://{self.name}{port}"

    @property
    def cookie(self) -> str:
        """The name of the cookie, which contains the port because browsers share cookies between ports."""
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
    """The Set-Cookie header that stores the session, or deletes it if `seconds` is zero."""
    host = host_of(headers)
    secure = "" if host.local else "; Secure"
    return {"Set-Cookie": f"{host.cookie}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"}


def session_of(headers: Mapping[str, str], method: str) -> str | None:
    """The value of the session cookie; None without one.

    Raises `Forbidden` if a request that changes something does not come from the API's own page.
    """
    host = host_of(headers)
    match = re.search(rf"(?:^|;\s*){re.escape(host.cookie)}=([^;\s]+)", headers.get("cookie", ""))
    if match is None:
        return None
    if method not in _SAFE:
        own = headers.get("origin", "") == host.origin
        if not own or not hmac.compare_digest(headers.get("x-csrf-token", "").encode(), csrf_token(match[1]).encode()):
            raise Forbidden("forged_request")
    return match[1]
