"""All errors with their statuses, in one table, and the format `application/problem+json`."""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from secrets import token_hex
from typing import Any

from chalice.app import Request, Response

from guestlist.aws.clients import boto_errors
from guestlist.aws.dynamodb import Refused, Unanswered
from guestlist.aws.table import Unavailable
from guestlist.model.errors import (
    ConcurrentModification,
    Conflict,
    Exists,
    Expired,
    Forbidden,
    GuestlistError,
    Invalid,
    Malformed,
    TooManyRequests,
    Unauthenticated,
    Unknown,
)

PROBLEM = "application/problem+json"
STATUS: dict[type[Exception], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    Unknown: 404,
    Conflict: 409,
    Expired: 410,
    Exists: 412,
    Invalid: 422,
    TooManyRequests: 429,
    ConcurrentModification: 503,
    Unavailable: 503,
    Refused: 503,
    Unanswered: 503,
}
# Chalice's own responses, as our code words and sentences.
_CHALICE = {
    "MethodNotAllowedError": ("method_not_allowed", "This address does not take that method."),
    "UnsupportedMediaType": ("wrong_content_type", "Bodies are application/json."),
    "BadRequest": ("not_acceptable", "The answer is of a type that the request does not accept."),
}
_FAILED = ("internal_error", "Something went wrong on our side; it was noted under the request_id.")
_LATER = ("unavailable", "Temporarily unavailable. Nothing was changed; try again.")
_SHOWN = 100

_log = logging.getLogger("guestlist.http")


def problem(status: int, code: str, detail: str, request_id: str, **more: Any) -> Response:
    """A problem as a response; `more` are additional members such as `params`, `errors` or `remaining`."""
    # Not imported above: a process that returns no problem starts faster without it.
    from http import HTTPStatus

    members = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body = {**members, "code": code, "params": {}, "request_id": request_id, **more}
    # The name of an unknown field may contain half of a surrogate pair, which cannot be encoded.
    text = json.dumps(body, ensure_ascii=False).encode(errors="replace").decode()
    return Response(text, {"Content-Type": PROBLEM}, status)


def answer_to(error: Exception, request_id: str) -> Response:
    """The response to an error; of an unexpected one, only type and location are logged, and nothing is revealed."""
    statuses = STATUS | dict.fromkeys(boto_errors(), 503)
    status = next((status for kind, status in statuses.items() if isinstance(error, kind)), None)
    if not isinstance(error, GuestlistError) or status is None:
        return _unforeseen(error, status, request_id)
    if isinstance(error, Invalid):
        faults = [asdict(fault) for fault in error.faults[:_SHOWN]]
        return problem(status, error.code, error.detail[:1000], request_id, errors=faults)
    response = problem(status, error.code, error.detail, request_id, params=error.params, **error.facts)
    response.headers.update(_headers(error))
    return response


def _headers(error: Exception) -> Mapping[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return {}


def _unforeseen(error: Exception, status: int | None, request_id: str) -> Response:
    places = [f"{place.filename}:{place.lineno}" for place in traceback.extract_tb(error.__traceback__)]
    # The message of an error may contain a code or an e-mail address.
    _log.error("request %s: %s at %s", request_id, type(error).__qualname__, " < ".join(reversed(places)))
    if status is None:
        return problem(500, *_FAILED, request_id)
    response = problem(status, *_LATER, request_id)
    response.headers["Retry-After"] = "1"
    return response


def shaped(request: Request | None, get_response: Callable[[Any], Response]) -> Response:
    """Middleware for every call, which adds a request id to each response and turns all errors into problems."""
    context: dict[str, Any] = {} if request is None else request.context
    request_id = context.get("requestId") or context.setdefault("requestId", token_hex(16))
    try:
        response = get_response(request)
    except Exception as error:  # noqa: BLE001 - the last place where it can be given a shape
        response = answer_to(error, request_id)
    if isinstance(response.body, dict) and "Code" in response.body:
        code, detail = _CHALICE.get(response.body["Code"], _FAILED)
        headers = response.headers
        response = problem(response.status_code, code, detail, request_id)
        response.headers.update(headers)
    response.headers = {"Cache-Control": "no-store", **response.headers, "X-Request-Id": request_id}
    return response
