"""Generates `functions/chalicelib/openapi.json` from the table of calls and the handlers' metadata."""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
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
from guestlist.model.ids import Id, Token
from infra import codes
from infra.annotations import Annotations, Schema
from infra.problems import problems, response
from infra.problems import schemas as problem_schemas
from infra.schemas import Schemas

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "functions" / "chalicelib" / "openapi.json"
_REDIRECT = 302
_NOT_MODIFIED = 304
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
_ABOUT = """Check who may see, buy, discount and enter. Errors are RFC 9457 problems, whose sentences
are in the language of Accept-Language: English, Dutch or Danish. Instants are RFC 3339 in UTC.

A token has one scope: `checkout` may make the calls of a checkout, `door` those of the scanners at an entrance,
`reader` every call that changes nothing but for tokens, webhooks and sessions, `organiser` all. The `security` of a
call lists the scopes of which a token needs one."""


class Writer:
    """Writes the document and collects the schemas in it."""

    def __init__(self) -> None:
        self.annotations = Annotations()
        self._bodies = Schemas(self.annotations, answers=False)
        self._answers = Schemas(self.annotations, answers=True)
        self._pages: dict[str, Schema] = {}

    def document(self) -> dict[str, Any]:
        """The complete document."""
        paths: dict[str, dict[str, Any]] = {}
        for route in routes():
            paths.setdefault(route.path, {})[route.method.lower()] = self._operation(route)
        version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        schemas = problem_schemas(list(routes())) | self._bodies.named | self._answers.named | self._pages
        for (name, each), words in _WORDS.items():
            schemas[name]["properties"][each] = {"type": "string", "enum": words()}
        return {
            "openapi": "3.1.0",
            "info": {"title": "Guestlist", "version": version, "description": _ABOUT},
            "servers": _SERVERS,
            "tags": self.annotations.tags(),
            "paths": paths,
            "components": {
                "securitySchemes": {"token": _TOKEN},
                "schemas": self.annotations.described(schemas),
                "responses": {"Problem": {"description": "A problem", "content": _content(_ref("Problem"), PROBLEM)}},
            },
        }

    def _operation(self, route: Route) -> dict[str, Any]:
        endpoint, annotation = route.endpoint, self.annotations.operation(f"{route.method} {route.path}")
        summary, _, more = (getdoc(endpoint.handle) or "").partition("\n\n")
        operation: dict[str, Any] = {
            "operationId": annotation.id,
            "tags": [annotation.tag],
            "summary": " ".join(summary.split()),
            "parameters": list(self._parameters(route)),
            "responses": self._responses(route),
            "security": [{"token": [scope.value]} for scope in endpoint.scopes(route.method)],
        }
        operation |= {"description": " ".join(more.split())} if more else {}
        if endpoint.body is not None:
            schema = self._bodies.of(endpoint.body)
            needed = bool(self._bodies.named[schema["$ref"].rpartition("/")[2]]["required"])
            operation["requestBody"] = {"required": needed, "content": _content(schema, JSON)}
        return operation

    def _parameters(self, route: Route) -> Iterator[dict[str, Any]]:
        operation_id = self.annotations.operation(f"{route.method} {route.path}").id
        for name, place, required, schema in self._placed(route):
            annotation = self.annotations.parameter(operation_id, name)
            yield {"name": name, "in": place, "required": required, **annotation, "schema": schema}

    def _placed(self, route: Route) -> Iterator[tuple[str, str, bool, Schema]]:
        endpoint = route.endpoint
        for name in re.findall(r"{(\w+)}", route.path):
            kind = {"email": Email, "unsubscribe_token": Token}.get(name, Id)
            yield name, "path", True, self._bodies.of(kind)
        for source in [endpoint.query] * bool(endpoint.query) + [Paging] * endpoint.listed:
            for one in fields(source):
                schema = _present(self._bodies.of(get_type_hints(source, include_extras=True)[one.name]))
                yield one.name, "query", one.default is MISSING, schema
        if endpoint.idempotent:
            yield "Idempotency-Key", "header", False, _text(minLength=1, maxLength=255)
        if endpoint.conditional:
            yield "If-None-Match", "header", False, _text(enum=["*"])
        if _NOT_MODIFIED in endpoint.statuses:
            yield "If-None-Match", "header", False, _text()
        if endpoint.localised:
            yield "Accept-Language", "header", False, _text()

    def _responses(self, route: Route) -> dict[str, Any]:
        endpoint, answers = route.endpoint, {}
        for status in (endpoint.status, *endpoint.statuses):
            answers[str(status)] = {"description": HTTPStatus(status).phrase} | self._body(endpoint, status)
        answers |= {str(status): response(status, words) for status, words in problems(route).items()}
        if endpoint.rate_limited:
            answers[str(endpoint.status)]["headers"] = _headers(
                "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
            )
            answers["429"]["headers"] = _headers("Retry-After")
        return answers | {"default": {"$ref": "#/components/responses/Problem"}}

    def _body(self, endpoint: Endpoint, status: int) -> dict[str, Any]:
        if status == _REDIRECT:
            return {"headers": {"Location": {"schema": {"type": "string", "format": "uri"}}, **_texts(endpoint)}}
        if status == _NOT_MODIFIED:
            return {"headers": _texts(endpoint)}
        if endpoint.media_type != JSON:
            return {"content": _content({"type": "string"}, endpoint.media_type)}
        if endpoint.answer is None:
            return {"headers": _headers("Retry-After")}
        schema = self._answers.of(endpoint.answer, endpoint.exclude_none)
        return {"content": _content(self._page(schema) if endpoint.listed else schema, JSON)}

    def _page(self, item: Schema) -> Schema:
        name = f"{item['$ref'].rpartition('/')[2]}Page"
        text = {"anyOf": [{"type": "string"}, {"type": "null"}]}
        properties = {"items": {"type": "array", "items": item}, "next": text, "message": {"type": "string"}}
        self._pages[name] = {"type": "object", "properties": properties, "required": ["items", "next"]}
        return _ref(name)


def _present(schema: Schema) -> Schema:
    """The schema of a parameter, which may be absent but not null."""
    present = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    return present[0] if len(present) == 1 else schema


def _headers(*names: str) -> dict[str, Any]:
    """Integer headers; `Retry-After` and `RateLimit-Reset` are in seconds."""
    return {name: {"schema": {"type": "integer"}} for name in names}


def _texts(endpoint: Endpoint) -> dict[str, Any]:
    """The endpoint's own headers, as text."""
    return {name: {"description": what, "schema": {"type": "string"}} for name, what in endpoint.headers.items()}


def _content(schema: Schema, media_type: str) -> dict[str, Any]:
    return {media_type: {"schema": schema}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _text(**more: Any) -> Schema:
    return {"type": "string", **more}


_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "`Authorization: Bearer …`, with a token of one of the scopes that the call lists.",
}
# Code words of properties that are typed as plain text in the code.
_WORDS: dict[tuple[str, str], Callable[[], list[str]]] = {
    ("RowProblem", "code"): codes.of_rows,
    ("Suppression", "why"): lambda: codes.SUPPRESSIONS,
    ("Group", "welcome_badge"): lambda: codes.BADGES,
    ("DeletedGroup", "welcome_badge"): lambda: codes.BADGES,
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
