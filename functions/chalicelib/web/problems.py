"""All errors with their statuses, in one table, and the format `application/problem+json`."""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from secrets import token_hex
from typing import Any, NamedTuple

from chalice.app import Request, Response

from guestlist.aws.clients import boto_errors
from guestlist.aws.dynamodb import NoResponse, RequestRefused
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
    RequestRefused: 503,
    NoResponse: 503,
}
# Our code words for Chalice's own errors.
_CHALICE = {
    "MethodNotAllowedError": "method_not_allowed",
    "UnsupportedMediaType": "wrong_content_type",
    "BadRequest": "not_acceptable",
}
_FAILED = "internal_error"
_UNAVAILABLE = "unavailable"
_MAX_FAULTS_SHOWN = 100
_MAX_DETAIL_LENGTH = 1000

_log = logging.getLogger("guestlist.http")


class RequestInfo(NamedTuple):
    """The id of a request, and its Accept-Language, the languages of the sentences in its response."""

    request_id: str
    languages: str = ""


def request_info(request: Request) -> RequestInfo:
    """The data of a request that its problem contains."""
    return RequestInfo(request.context["requestId"], request.headers.get("accept-language", ""))


def answer_to(error: Exception, info: RequestInfo) -> Response:
    """The response to an error; of an unexpected one, only type and location are logged, and nothing is revealed."""
    statuses = STATUS | dict.fromkeys(boto_errors(), 503)
    status = next((status for kind, status in statuses.items() if isinstance(error, kind)), None)
    if not isinstance(error, GuestlistError) or status is None:
        return _unexpected(error, status, info)
    # Imported here and below: a process that returns no problem starts faster without the catalogue.
    from guestlist.messages.language import language_of
    from guestlist.messages.problems import fault_sentence, sentence_of

    language = language_of(info.languages)
    detail = sentence_of(error, language)
    if isinstance(error, Invalid):
        faults = [
            {**asdict(fault), "detail": fault_sentence(fault, language)} for fault in error.faults[:_MAX_FAULTS_SHOWN]
        ]
        return _problem(status, error.code, detail[:_MAX_DETAIL_LENGTH], info, errors=faults)
    response = _problem(status, error.code, detail, info, params=error.params, **error.facts)
    response.headers.update(_headers(error))
    return response


def _plain(status: int, code: str, info: RequestInfo) -> Response:
    """A problem without parameters."""
    from guestlist.messages.language import language_of
    from guestlist.messages.problems import problem_sentence

    return _problem(status, code, problem_sentence(code, {}, language_of(info.languages)), info)


def _problem(status: int, code: str, detail: str, info: RequestInfo, **more: Any) -> Response:
    """A problem as a response; `more` are additional members such as `params`, `errors` or `remaining`."""
    from http import HTTPStatus

    members = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body = {**members, "code": code, "params": {}, "request_id": info.request_id, **more}
    # The name of an unknown field may contain half of a surrogate pair, which cannot be encoded.
    text = json.dumps(body, ensure_ascii=False).encode(errors="replace").decode()
    return Response(text, {"Content-Type": PROBLEM}, status)


def _headers(error: Exception) -> Mapping[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return {}


def _unexpected(error: Exception, status: int | None, info: RequestInfo) -> Response:
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    # The message of an error may contain a code or an e-mail address.
    _log.error("request %s: %s at %s", info.request_id, type(error).__qualname__, " < ".join(reversed(frames)))
    if status is None:
        return _plain(500, _FAILED, info)
    response = _plain(status, _UNAVAILABLE, info)
    response.headers["Retry-After"] = "1"
    return response


def middleware(request: Request | None, get_response: Callable[[Any], Response]) -> Response:
    """Add a request id to each response, and turn all errors into problems."""
    context: dict[str, Any] = {} if request is None else request.context
    request_id = context.get("requestId") or context.setdefault("requestId", token_hex(16))
    info = RequestInfo(request_id) if request is None else request_info(request)
    try:
        response = get_response(request)
    except Exception as error:  # noqa: BLE001 - nothing outside would turn it into a problem
        response = answer_to(error, info)
    if isinstance(response.body, dict) and "Code" in response.body:
        headers = response.headers
        response = _plain(response.status_code, _CHALICE.get(response.body["Code"], _FAILED), info)
        response.headers.update(headers)
    response.headers = {"Cache-Control": "no-store", **response.headers, "X-Request-Id": request_id}
    return response
