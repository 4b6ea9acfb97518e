"""The API's Lambda function, called as API Gateway calls it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app import app
from chalicelib.api import routes
from tests.fakes.contexts import context
from tests.functions.document import assert_documented

_STATUSES = {f"{route.method} {route.path}": {route.endpoint.status, *route.endpoint.statuses} for route in routes()}


@dataclass(frozen=True)
class ApiResponse:
    """The response of the function."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Api:
    """The API for the bearer of a token; every call must succeed and answer as the OpenAPI document says."""

    token: str = "demo-organiser"

    def __call__(
        self, call: str, body: Any = None, query: Mapping[str, str] | None = None, **names: str
    ) -> ApiResponse:
        """Make the call of that route, `names` being what its path names."""
        method, path = call.split(" ")
        response = app(event(method, path, self.token, body, query or {}, names), context("api"))
        answer = ApiResponse(response["statusCode"], response["headers"], response["body"])
        assert answer.status in _STATUSES.get(call, {200}), (call, answer.status, answer.text)
        media_type = response["multiValueHeaders"].get("Content-Type", [answer.headers.get("Content-Type", "")])[0]
        assert_documented(method, path.format_map(names), answer.status, media_type, answer.text)
        return answer


def event(
    method: str, path: str, token: str, body: Any, query: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    """A call as API Gateway hands it over."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = path.format_map({name: quote(value, safe="") for name, value in names.items()})
    return {
        "resource": path,
        "path": address,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": dict(names) or None,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": path,
            "httpMethod": method,
            "path": f"/api{address}",
            "requestId": "request-1",
            "identity": {"sourceIp": "192.0.2.1"},
        },
    }
