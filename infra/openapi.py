"""`functions/chalicelib/openapi.json`, made from the page of calls and what handlers say of themselves."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from http import HTTPStatus
from inspect import getdoc
from pathlib import Path
from typing import Any, get_type_hints

from chalicelib.api import Route, routes
from chalicelib.web.endpoint import JSON, Endpoint
from chalicelib.web.pagination import Paging
from chalicelib.web.problems import PROBLEM
from guestlist.model.email_address import Email
from guestlist.model.ids import Id
from guestlist.organisers.model import Scope
from infra.annotations import Annotations, Schema
from infra.schemas import Schemas

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "functions" / "chalicelib" / "openapi.json"
_REDIRECT = 302
_SERVERS = [
    {
        "url": "http://127.0.0.1:{port}",
        "description": "The local stack that `make run` starts.",
        "variables": {"port": {"default": "8000"}},
    },
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        "description": "An installation on AWS, at the address that `make deploy` prints.",
        "variables": {"api": {"default": "api"}, "region": {"default": "eu-west-1"}, "stage": {"default": "api"}},
    },
]
_ABOUT = """Check who may see, buy, discount and enter. Errors are RFC 9457 problems; instants are RFC 3339 in UTC.

A token has one scope: `checkout` may make the calls of a checkout, `organiser` may make all. The `security` of a call
lists the scopes of which a token needs one."""


class Writer:
    """Writes the document, and collects the schemas that it names."""

    def __init__(self) -> None:
        self.annotations = Annotations()
        self._bodies = Schemas(self.annotations, answers=False)
        self._answers = Schemas(self.annotations, answers=True)

    def document(self) -> dict[str, Any]:
        """The whole document."""
        paths: dict[str, dict[str, Any]] = {}
        for route in routes():
            paths.setdefault(route.path, {})[route.method.lower()] = self._operation(route)
        version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        own = {name: self.annotations.described(name, schema) for name, schema in _OWN.items()}
        return {
            "openapi": "3.1.0",
            "info": {"title": "Guestlist", "version": version, "description": _ABOUT},
            "servers": _SERVERS,
            "tags": self.annotations.tags(),
            "paths": paths,
            "components": {
                "securitySchemes": {"token": _TOKEN},
                "schemas": {**own, **self._bodies.named, **self._answers.named},
                "responses": {"Problem": {"description": "A problem", "content": _content(_ref("Problem"), PROBLEM)}},
            },
        }

    def _operation(self, route: Route) -> dict[str, Any]:
        endpoint, named = route.endpoint, self.annotations.operation(f"{route.method} {route.path}")
        summary, _, more = (getdoc(endpoint.handle) or "").partition("\n\n")
        operation: dict[str, Any] = {
            "operationId": named.id,
            "tags": [named.tag],
            "summary": " ".join(summary.split()),
            "parameters": list(self._parameters(route)),
            "responses": self._responses(route),
            "security": [{"token": [scope.value]} for scope in _scopes(endpoint)],
        }
        operation |= {"description": " ".join(more.split())} if more else {}
        if endpoint.body is not None:
            schema = self._bodies.of(endpoint.body)
            needed = bool(self._bodies.named[schema["$ref"].rpartition("/")[2]]["required"])
            operation["requestBody"] = {"required": needed, "content": _content(schema, JSON)}
        return operation

    def _parameters(self, route: Route) -> Iterator[dict[str, Any]]:
        for name in re.findall(r"{(\w+)}", route.path):
            kind = Email if name == "email" else Id
            yield {"name": name, "in": "path", "required": True, "schema": self._bodies.of(kind)}
        for said in [route.endpoint.query] * bool(route.endpoint.query) + [Paging] * route.endpoint.listed:
            for one in fields(said):
                schema = _present(self._bodies.of(get_type_hints(said, include_extras=True)[one.name]))
                yield {"name": one.name, "in": "query", "required": one.default is MISSING, "schema": schema}
        if route.endpoint.idempotent:
            yield _header(
                "Idempotency-Key",
                "A key of your own for this request: when it is sent again, it is answered as at first, and done once.",
                {"type": "string", "minLength": 1, "maxLength": 255},
            )
        if route.endpoint.conditional:
            yield _header(
                "If-None-Match",
                "With `*` nothing that stands is changed: 412 `exists`.",
                {"type": "string", "enum": ["*"]},
            )
        if route.endpoint.localised:
            yield _header(
                "Accept-Language",
                "The languages of sentences for customers, in the order of preference: `en`, `nl` or `da`.",
                {"type": "string", "default": "en", "examples": ["nl, en;q=0.8"]},
            )

    def _responses(self, route: Route) -> dict[str, Any]:
        endpoint, answers = route.endpoint, {}
        for status in (endpoint.status, *endpoint.statuses):
            answers[str(status)] = {"description": HTTPStatus(status).phrase} | self._body(endpoint, status)
        for status, words in _problems(route).items():
            told = f": {', '.join(words)}" if words else ""
            content = _content(_ref("Problem"), PROBLEM)
            answers[str(status)] = {"description": f"{HTTPStatus(status).phrase}{told}", "content": content}
        if endpoint.rate_limited:
            answers[str(endpoint.status)]["headers"] = _headers(
                "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
            )
            answers["429"]["headers"] = _headers("Retry-After")
        return answers | {"default": {"$ref": "#/components/responses/Problem"}}

    def _body(self, endpoint: Endpoint, status: int) -> dict[str, Any]:
        if status == _REDIRECT:
            return {"headers": {"Location": {"schema": {"type": "string", "format": "uri"}}}}
        if endpoint.media_type != JSON:
            return {"content": _content({"type": "string"}, endpoint.media_type)}
        if endpoint.answer is None:
            return {"headers": _headers("Retry-After")}
        schema = self._answers.of(endpoint.answer, endpoint.exclude_none)
        return {"content": _content(_page(schema) if endpoint.listed else schema, JSON)}


def _problems(route: Route) -> dict[int, tuple[str, ...]]:
    """The errors of a call by status, with the code words that are worth knowing."""
    endpoint = route.endpoint
    found: dict[int, tuple[str, ...]] = {}
    if endpoint.body is not None:
        found[400] = ("malformed_json",)
    if route.sends:
        found[415] = ("wrong_content_type",)
    if endpoint.scope:
        found[401] = ("unauthenticated",)
    if endpoint.scope is Scope.ORGANISER:
        found[403] = ("wrong_scope", *endpoint.forbidden)
    if "{" in route.path or endpoint.not_found:
        found[404] = endpoint.not_found or ("not_found",)
    rare = {410: endpoint.expired, 412: ("exists",) if endpoint.conditional else ()}
    found |= {status: words for status, words in rare.items() if words}
    if endpoint.conflicts or endpoint.idempotent:
        found[409] = (*endpoint.conflicts, *(("idempotency_conflict",) if endpoint.idempotent else ()))
    if endpoint.body is not None or endpoint.query or endpoint.listed or endpoint.idempotent or route.method == "PUT":
        found[422] = ("invalid",)
    if endpoint.rate_limited:
        found[429] = ("too_many_requests",)
    return dict(sorted(found.items()))


def _scopes(endpoint: Endpoint) -> list[Scope]:
    """The scopes of which a token needs one; none for a call without a token."""
    either = {Scope.CHECKOUT: [Scope.CHECKOUT, Scope.ORGANISER], Scope.ORGANISER: [Scope.ORGANISER]}
    return either[endpoint.scope] if endpoint.scope else []


def _header(name: str, description: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _present(schema: Schema) -> Schema:
    """The schema of a parameter: what is not there is not null."""
    kept = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    return kept[0] if len(kept) == 1 else schema


def _page(schema: Schema) -> Schema:
    text = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    properties = {"items": {"type": "array", "items": schema}, "next": text, "message": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": ["items", "next"]}


def _headers(*names: str) -> dict[str, Any]:
    """Headers that are whole numbers; `Retry-After` and `RateLimit-Reset` are seconds."""
    return {name: {"schema": {"type": "integer"}} for name in names}


def _content(schema: Schema, media_type: str) -> dict[str, Any]:
    return {media_type: {"schema": schema}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _text(**more: Any) -> Schema:
    return {"type": "string", **more}


_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "`Authorization: Bearer …`, with a token of the scope `checkout` or `organiser`.",
}
_PROBLEM = {
    "type": _text(),
    "title": _text(),
    "status": {"type": "integer"},
    "detail": _text(),
    "code": _text(),
    "request_id": _text(),
    "remaining": {"type": "integer"},
    "errors": {"type": "array", "items": _ref("FieldProblem")},
}
_FAULT = {"field": _text(), "code": _text(), "detail": _text()}
_OWN: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "properties": _PROBLEM,
        "required": ["type", "title", "status", "detail", "code", "request_id"],
    },
    "FieldProblem": {"type": "object", "properties": _FAULT, "required": list(_FAULT)},
}


def text() -> str:
    """The document as it is stored."""
    return json.dumps(Writer().document(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(text(), encoding="utf-8")
    print(DOCUMENT.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
