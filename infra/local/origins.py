"""Protection of loopback servers against other sites: a browser may resolve any name to 127.0.0.1 (DNS rebinding)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

Scope = dict[str, Any]
Send = Callable[[Scope], Awaitable[None]]
ASGI = Callable[[Scope, Any, Send], Awaitable[None]]

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_ALLOWED = b"access-control-allow-origin"


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine, and not a name that was rebound to it."""
    name = _host_name(f"//{host}")
    return name in _LOOPBACK or name.endswith(".localhost")


def is_local_origin(origin: str) -> bool:
    """Whether an Origin header names a page served by this machine."""
    return origin.startswith(("http://", "https://")) and is_loopback(origin.partition("//")[2])


def is_same_origin(origins: Sequence[str], host: str) -> bool:
    """Whether a request comes from no page, or from a page with the same host and port."""
    return all(origin == f"http://{host}" for origin in origins)


def _host_name(address: str) -> str:
    try:
        parts = urlsplit(address)
        # Reading an invalid port raises.
        return (parts.hostname or "") if parts.netloc == address[2:] and parts.port != 0 else ""
    except ValueError:
        return ""


def local_only(inner: ASGI) -> ASGI:
    """An ASGI app that accepts only this machine's callers and pages instead of all origins."""

    async def app(scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        hosts = _values(scope["headers"], b"host")
        origins = _values(scope["headers"], b"origin")
        if all(map(is_loopback, hosts)) and all(map(is_local_origin, origins)):
            await inner(scope, receive, _with_origin(send, origins))
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})

    return app


def _with_origin(send: Send, origins: Sequence[str]) -> Send:
    """Allow the caller's own origin where the app allows every one."""
    allowed = [(_ALLOWED, origin.encode("latin-1")) for origin in origins[:1]]

    async def sent(message: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = [(name.lower(), value) for name, value in message.get("headers", [])]
            others = [one for one in headers if one != (_ALLOWED, b"*")]
            message = {**message, "headers": [*others, *(allowed if len(others) < len(headers) else [])]}
        await send(message)

    return sent


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key.lower() == name]
