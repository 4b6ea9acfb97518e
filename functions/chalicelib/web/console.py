"""The organiser's console: one page, its script and its style, from the layer that holds them.

Every address in the page is relative, so that it works at the root of a host and below a stage's name.
"""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

from chalice.app import Request, Response

from chalicelib.web.problems import answer_to
from guestlist.aws.bucket import bucket
from guestlist.model.errors import Unknown

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_NAME = re.compile(r"console-[A-Z0-9]+\.(js|css)")
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_FOR_EVER = "public, max-age=31536000, immutable"
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def page(request: Request) -> Response:
    """The page itself, which a browser asks for anew each time and fetches only when it has changed."""
    path = request.context["path"]
    if not path.endswith("/"):
        return Response("", {"Location": f"{path.rpartition('/')[2]}/"}, 302)
    text = _read("index.html")
    if text is None:
        return _nothing(request)
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers: dict[str, str | list[str]] = {
        **_SAFE,
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": _policy(),
    }
    if request.headers.get("if-none-match") == tag:
        return Response("", headers, 304)
    return Response(text, {**headers, "Content-Type": "text/html; charset=utf-8"})


def part(request: Request, name: str) -> Response:
    """The page's script or style, whose name changes with its content."""
    known = _NAME.fullmatch(name)
    text = _read(name) if known else None
    if known is None or text is None:
        return _nothing(request)
    return Response(text, {**_SAFE, "Content-Type": _TYPES[known[1]], "Cache-Control": _FOR_EVER})


def _nothing(request: Request) -> Response:
    return answer_to(Unknown("There is nothing at this address."), request.context["requestId"])


@cache
def _policy() -> str:
    """What the page may do: no more than load its own parts, and speak with the API and this one bucket."""
    allowed = {**_POLICY, "connect-src": f"'self' {bucket().address}"}
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


@cache
def _read(name: str) -> str | None:
    try:
        return files("console").joinpath(name).read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return None
