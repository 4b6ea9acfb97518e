"""The gateway's own responses to requests that reach no function, in the format of the API's problems.

The same table generates API Gateway's responses and those of the local server.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from guestlist.messages.problems import sentence_of
from guestlist.model.errors import GuestlistError, Params

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class GatewayProblem:
    """A response of the gateway: its status, code word and message, in English."""

    status: HTTPStatus
    code: str
    detail: str
    retry_after: int | None = None
    params: Params = field(default_factory=dict)

    def body(self, request_id: str) -> str:
        """The problem as JSON text."""
        return json.dumps(
            {
                "type": "about:blank",
                "title": self.status.phrase,
                "status": self.status.value,
                "detail": self.detail,
                "code": self.code,
                "params": self.params,
                "request_id": request_id,
            }
        )


def _problem(status: HTTPStatus, message: str, retry_after: int | None = None) -> GatewayProblem:
    """The response with this message of the catalogue."""
    error = GuestlistError(message)
    return GatewayProblem(status, error.code, sentence_of(error), retry_after, error.params)


NO_ROUTE = _problem(HTTPStatus.NOT_FOUND, "not_found.address")
NO_METHOD = _problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed")
BAD_REQUEST = _problem(HTTPStatus.BAD_REQUEST, "bad_request")
FORBIDDEN = _problem(HTTPStatus.FORBIDDEN, "forbidden")
FAILED = _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error.gateway")
TOO_LATE = _problem(HTTPStatus.GATEWAY_TIMEOUT, "timeout")
TOO_MANY = _problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", 1)
TOO_LARGE = _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
WRONG_TYPE = _problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type")

# API Gateway's response types; those that cannot occur here (API keys, authorisers) use the defaults.
BY_TYPE = {
    "DEFAULT_4XX": BAD_REQUEST,
    "DEFAULT_5XX": FAILED,
    "ACCESS_DENIED": FORBIDDEN,
    "BAD_REQUEST_BODY": BAD_REQUEST,
    "BAD_REQUEST_PARAMETERS": BAD_REQUEST,
    "INTEGRATION_FAILURE": FAILED,
    "INTEGRATION_TIMEOUT": TOO_LATE,
    "INVALID_SIGNATURE": NO_ROUTE,
    "MISSING_AUTHENTICATION_TOKEN": NO_ROUTE,
    "REQUEST_TOO_LARGE": TOO_LARGE,
    "RESOURCE_NOT_FOUND": NO_ROUTE,
    "THROTTLED": TOO_MANY,
    "UNSUPPORTED_MEDIA_TYPE": WRONG_TYPE,
    "WAF_FILTERED": FORBIDDEN,
}


def gateway_responses() -> dict[str, object]:
    """The `GatewayResponses` property of a SAM API."""
    return {name: _response(problem) for name, problem in BY_TYPE.items()}


def _response(problem: GatewayProblem) -> dict[str, object]:
    headers = {"Content-Type": f"'{PROBLEM}'"}
    headers |= {"Retry-After": f"'{problem.retry_after}'"} if problem.retry_after else {}
    return {
        "StatusCode": problem.status.value,
        "ResponseTemplates": {"application/json": problem.body("$context.requestId")},
        "ResponseParameters": {"Headers": headers},
    }


ANY_METHOD = "x-amazon-apigateway-any-method"
REMAPPED = {"WWW-Authenticate": "x-amzn-Remapped-WWW-Authenticate"}
"""Headers of a function's response that API Gateway renames, and the names that it gives them."""


def allowed(methods: Iterable[str]) -> str:
    """The value of the header `Allow`."""
    return ", ".join(sorted(method.upper() for method in methods))


def other_methods(methods: Iterable[str]) -> dict[str, object]:
    """The operation that answers all other methods of a path without a function; API Gateway would answer 404."""
    values = {"Allow": f"'{allowed(methods)}'", "Content-Type": f"'{PROBLEM}'"}
    answer = {
        "statusCode": str(NO_METHOD.status.value),
        "responseTemplates": {"application/json": NO_METHOD.body("$context.requestId")},
        "responseParameters": {f"method.response.header.{name}": value for name, value in values.items()},
    }
    headers = {name: {"type": "string"} for name in values}
    return {
        "responses": {answer["statusCode"]: {"description": NO_METHOD.detail, "headers": headers}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "never",  # a body of another type is 415: its content must not select the response
            "requestTemplates": {"application/json": json.dumps({"statusCode": NO_METHOD.status.value})},
            "responses": {"default": answer},
        },
    }
