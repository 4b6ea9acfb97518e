"""Dispatch a request: authentication, validation, the handler, and the response."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, get_args, get_type_hints
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib.web.endpoint import JSON, Call, Endpoint, Reply
from chalicelib.web.fields import MAX_FAULTS, UNKNOWN_FIELD, shortened
from chalicelib.web.pagination import Listed, Page, Paging, cursor, page
from chalicelib.web.problems import answer_to, request_info
from chalicelib.web.serialization import to_json
from chalicelib.web.telemetry import COUNTS
from chalicelib.web.validation import OBJECT_NEEDED, read
from guestlist.aws.table import checkout_table
from guestlist.model import clock
from guestlist.model.email_address import resembles_email
from guestlist.model.errors import FieldFault, Invalid, Malformed, Unauthenticated, Unknown
from guestlist.model.ids import is_id, is_token
from guestlist.organisers.model import Token
from guestlist.organisers.sessions import token_required
from guestlist.organisers.store import Organisers

_MAX_UNAUTHENTICATED_BYTES = 100_000
"""The largest body that `lazy_auth` parses before the token is checked; bodies of checks are smaller."""


def respond(endpoint: Endpoint, request: Request, params: Mapping[str, str]) -> Response:
    """Respond to a request; errors become problems."""
    if endpoint.counts:
        request.context[COUNTS] = {}
    try:
        return _respond(endpoint, request, params)
    except Exception as error:  # noqa: BLE001 - the table of problems has a row for each
        return answer_to(error, request_info(request))


def _respond(endpoint: Endpoint, request: Request, params: Mapping[str, str]) -> Response:
    bearer = _credential(request) if endpoint.scope else ""
    key = _key(request.headers) if endpoint.idempotent else None
    checks_first = key or not endpoint.lazy_auth or len(request.raw_body) > _MAX_UNAUTHENTICATED_BYTES
    token = _authorised(endpoint, request, bearer) if endpoint.scope and checks_first else None
    if token and token.session_of and endpoint.token_only:
        raise token_required()
    try:
        names = _path_params(params, request.method)
        call = _call(endpoint, request, bearer, token)
        content = None if endpoint.body is None else _json(request)
        bodies = [] if endpoint.body is None else [read(endpoint.body, content)]
        if endpoint.takes_no_fields(request.method):
            _refuse_fields(_json(request))
    except (Invalid, Malformed):
        if endpoint.scope and token is None:
            _authorised(endpoint, request, bearer)
        raise

    def run_handler(call: Call) -> Response:
        try:
            result = endpoint.handle(call, *bodies, **names)
            reply = result if isinstance(result, Reply) else Reply(result)
            if endpoint.counts:
                request.context[COUNTS] = endpoint.counts(reply)
            return _reply(endpoint, call, reply)
        except Exception as error:  # noqa: BLE001 - as above
            return answer_to(error, request_info(request))

    if key is None:
        return run_handler(call)
    from chalicelib.web import idempotency

    return idempotency.once(call, key, [request.method, request.path, names, content], run_handler)


def _key(headers: Mapping[str, str]) -> str | None:
    from chalicelib.web import idempotency

    return idempotency.key_of(headers)


def _credential(request: Request) -> str:
    """The bearer token of the request, else the session in its cookie."""
    authorization = request.headers.get("authorization")
    if authorization is None and "cookie" in request.headers:
        from chalicelib.web import cookies

        session = cookies.session_of(request.headers, request.method)
        if session is not None:
            return session
    return _bearer(authorization or "")


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("unauthenticated.no_token")
    return token.strip()


def _authorised(endpoint: Endpoint, request: Request, bearer: str) -> Token:
    token = Organisers(checkout_table()).authorise(bearer, clock.now())
    token.require(endpoint.scopes(request.method))
    return token


_VALID: Mapping[str, Callable[[str], bool]] = {"email": resembles_email, "unsubscribe_token": is_token}


def _path_params(params: Mapping[str, str], method: str) -> dict[str, str]:
    """Decode path parameters. An invalid id raises `Unknown`, or `Invalid` for a PUT."""
    names = {name: unquote(text) for name, text in params.items()}
    for name, text in names.items():
        valid = _VALID.get(name, is_id)(text)
        if not valid and method == "PUT":
            raise Invalid.field(name, "bad_id")
        if not valid:
            raise Unknown("not_found.name")
    return names


def _call(endpoint: Endpoint, request: Request, bearer: str, token: Token | None) -> Call:
    now = clock.now()
    query_params = dict(request.query_params or {})
    list_of = _list_of(request, token, query_params) if endpoint.listed else ()
    return Call(
        now=now,
        began_at=now,
        headers=request.headers,
        page=page(_query_of(Paging, query_params), *list_of) if endpoint.listed else Page(0),
        list_of=list_of,
        query=_query_of(endpoint.query, query_params) if endpoint.query else None,
        bearer=bearer,
        checked_token=token,
    )


def _query_of(kind: Any, query_params: Mapping[str, str]) -> Any:
    """Validate the parameters of a query string that are fields of `kind`; others are ignored."""
    hints = get_type_hints(kind, include_extras=True)
    return read(kind, {name: query_value(text, hints[name]) for name, text in query_params.items() if name in hints})


def query_value(text: str, kind: Any) -> Any:
    """Parse a text of a query string: `true` and `7` become a boolean and a number if the type allows."""
    kinds = set(get_args(kind) or (kind,))
    if bool in kinds and text in {"true", "false"}:
        return text == "true"
    if int in kinds and re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        return int(text)
    return text


def _list_of(request: Request, token: Token | None, query_params: Mapping[str, str]) -> tuple[str, ...]:
    """The identity of a list, to which its cursors are bound: organiser, path and filters."""
    org = token.organiser_id if token else ""
    path_params = request.uri_params or {}
    filters = [
        f"{name}={query_params[name]}" for name in sorted(query_params) if name not in Paging.__dataclass_fields__
    ]
    return org, request.path, *(f"{name}={path_params[name]}" for name in sorted(path_params)), *filters


def _json(request: Request) -> Any:
    """Parse the body; a missing one is an empty object. Raises `Malformed`."""
    body = request.raw_body
    if not body:
        return {}
    try:
        return _DECODER.decode(body if isinstance(body, str) else _text(body))
    except (ValueError, RecursionError) as error:
        raise Malformed("malformed_json") from error


def _refuse_fields(content: Any) -> None:
    """Raises `Invalid` for a body that is not an empty object."""
    if not isinstance(content, dict):
        raise Invalid([OBJECT_NEEDED])
    if content:
        raise Invalid([FieldFault(shortened(name), UNKNOWN_FIELD) for name in islice(content, MAX_FAULTS)])


def _text(body: bytes) -> str:
    return body.decode(json.detect_encoding(body), "surrogatepass")


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which `json` accepts and JSON lacks."""
    raise ValueError(name)


# Created once: `json.loads` with this option creates a decoder for each call.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _reply(endpoint: Endpoint, call: Call, reply: Reply) -> Response:
    status = reply.status or endpoint.status
    if reply.body is None:
        return Response("", dict(reply.headers), status)
    text = to_json(_listed(reply.body, call), endpoint.exclude_none) if endpoint.media_type == JSON else reply.body
    return Response(text, {"Content-Type": endpoint.media_type, **reply.headers}, status)


def _listed(body: Any, call: Call) -> Any:
    if not isinstance(body, Listed):
        return body
    message = {"message": body.message} if body.message else {}
    return {"items": body.items, "next": cursor(body.next, *call.list_of), **message}
