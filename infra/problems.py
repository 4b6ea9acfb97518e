"""The problems of a call in the OpenAPI document: statuses, and the code words of each."""

from http import HTTPStatus
from typing import Any

from chalicelib.api import Route
from chalicelib.web.endpoint import Endpoint
from chalicelib.web.problems import PROBLEM
from infra import codes
from infra.annotations import Schema
from infra.gateway import BY_TYPE

_OF_ANY_CALL = {"internal_error", "unavailable", "method_not_allowed", "not_acceptable"}
_PARAMS: Schema = {
    "type": "object",
    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
}
_REF = {"$ref": "#/components/schemas/Problem"}


def problems(route: Route) -> dict[int, tuple[str, ...]]:
    """The errors of a call by status, with their code words."""
    endpoint = route.endpoint
    codes: dict[int, tuple[str, ...]] = {}
    reads_body = endpoint.body is not None or endpoint.takes_no_fields(route.method)
    if reads_body:
        codes[400] = ("malformed_json",)
    if route.requires_json:
        codes[415] = ("wrong_content_type",)
    if endpoint.scope:
        codes[401] = ("unauthenticated",)
        codes[403] = ("wrong_scope", *_of_sessions(route), *endpoint.forbidden)
    if "{" in route.path or endpoint.not_found:
        codes[404] = endpoint.not_found or ("not_found",)
    if endpoint.conflicts or endpoint.idempotent:
        codes[409] = _conflicts(endpoint)
    rare = {410: endpoint.expired, 412: ("exists",) if endpoint.conditional else ()}
    codes |= {status: words for status, words in rare.items() if words}
    if reads_body or endpoint.query or endpoint.listed or endpoint.idempotent or route.method == "PUT":
        codes[422] = ("invalid", *(("bad_cursor",) if endpoint.listed else ()), *endpoint.invalid)
    if endpoint.rate_limited:
        codes[429] = ("too_many_requests",)
    return dict(sorted(codes.items()))


def _of_sessions(route: Route) -> tuple[str, ...]:
    """The problems of calls with a session cookie."""
    forged = () if route.method == "GET" else ("forged_request",)
    return (*forged, "token_required") if route.endpoint.token_only else forged


def _conflicts(endpoint: Endpoint) -> tuple[str, ...]:
    words = dict.fromkeys(endpoint.conflicts)
    if endpoint.idempotent:
        words |= dict.fromkeys(("idempotency_conflict", "still_running"))
    return (*words, "busy") if "busy" not in words else tuple(words)


def response(status: int, words: tuple[str, ...]) -> dict[str, Any]:
    """The response with this status and one of these code words."""
    code = {
        "type": "string",
        "enum": list(words),
        "description": "The code word of the problem.",
        "examples": [words[0]],
    }
    schema = {"allOf": [_REF, {"type": "object", "properties": {"code": code}}]}
    description = f"{HTTPStatus(status).phrase}: {', '.join(words)}"
    return {"description": description, "content": {PROBLEM: {"schema": schema}}}


def schemas(all_routes: list[Route]) -> dict[str, Schema]:
    """The schemas of `Problem` and `FieldProblem`, with the code words of all calls and the gateway."""
    words = {word for route in all_routes for each in problems(route).values() for word in each}
    words |= _OF_ANY_CALL | {one.code for one in BY_TYPE.values()}
    text: Schema = {"type": "string"}
    problem: dict[str, Schema] = {
        "type": text,
        "title": text,
        "status": {"type": "integer"},
        "detail": text,
        "code": _one_of(sorted(words)),
        "params": _PARAMS,
        "request_id": text,
        "remaining": {"type": "integer"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}, "maxItems": 100},
    }
    fault: dict[str, Schema] = {
        "field": text,
        "code": _one_of(codes.of_fields()),
        "detail": text,
        "params": _PARAMS,
    }
    return {
        "Problem": _object(problem, ["type", "title", "status", "detail", "code", "params", "request_id"]),
        "FieldProblem": _object(fault, list(fault)),
    }


def _one_of(words: list[str]) -> Schema:
    return {"type": "string", "enum": words}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required}
