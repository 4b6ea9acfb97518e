"""The organiser's console and the API reference: two pages, their scripts and styles, from the console's layer.

All URLs in a page are relative, so that it works at the root of a host and below a stage's path.
"""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

from chalice.app import Request, Response

from chalicelib.web.problems import answer_to, request_info
from guestlist.aws.bucket import bucket
from guestlist.model.errors import Unknown

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_NAME = re.compile(r"(?:console|docs|workbook)-[A-Z0-9]+\.(js|css)")
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_FOR_EVER = "public, max-age=31536000, immutable"
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "worker-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def page(request: Request) -> Response:
    """The console; below a stage's path, the URL must end in a slash."""
    path = request.context["path"]
    if not path.endswith("/"):
        return Response("", {"Location": f"{path.rpartition('/')[2]}/"}, 302)
    return _page(request, "index.html", _policy(f"'self' {bucket().address}"))


def docs(request: Request) -> Response:
    """The API reference for people, rendered by the browser from `/openapi.json`."""
    return _page(request, "docs.html", _policy("'self'"))


def _page(request: Request, name: str, policy: str) -> Response:
    """A page, which browsers revalidate each time."""
    text = _read(name)
    if text is None:
        return _nothing(request)
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers: dict[str, str | list[str]] = {
        **_SAFE,
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": policy,
    }
    if request.headers.get("if-none-match") == tag:
        return Response("", headers, 304)
    return Response(text, {**headers, "Content-Type": "text/html; charset=utf-8"})


def part(request: Request, name: str) -> Response:
    """A page's script or style, whose name changes with its content."""
    match = _NAME.fullmatch(name)
    text = _read(name) if match else None
    if match is None or text is None:
        return _nothing(request)
    return Response(text, {**_SAFE, "Content-Type": _TYPES[match[1]], "Cache-Control": _FOR_EVER})


def _nothing(request: Request) -> Response:
    return answer_to(Unknown("not_found.address"), request_info(request))


def _policy(connect: str) -> str:
    """The content security policy of a page: load only its own parts, and connect only to the hosts in `connect`."""
    allowed = {**_POLICY, "connect-src": connect}
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


@cache
def _read(name: str) -> str | None:
    try:
        return files("console").joinpath(name).read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return None
