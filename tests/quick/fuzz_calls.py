"""Requests made from the examples of the OpenAPI document and changed beyond its types."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from app import app
from infra.openapi import DOCUMENT
from tests.fakes.contexts import context
from tests.functions.document import assert_documented
from tests.quick.fuzzing import mutate, odd_text

WHOLE: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
TOKENS = ["demo-organiser"] * 6 + ["other-organiser"] * 3 + ["demo-checkout", "other-checkout", "demo-nobody", ""]
HEADERS = {
    "Idempotency-Key": ["one", "two", "", "x" * 300, "\x7f"],
    "If-None-Match": ["*", '"1"', ""],
    "If-Match": ["1", '"1"', "x"],
    "Accept-Language": ["nl", "da;q=0.9, en", "*", ";;;", "x" * 5_000],
    "Content-Type": ["application/json; charset=utf-16", "text/plain", "", "application/json"],
    "Content-Encoding": ["gzip"],
    "Expect": ["100-continue"],
}
_LEARNT = 40


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    document: Mapping[str, Any]


def operations() -> list[Operation]:
    """All operations."""
    return [
        Operation(method.upper(), path, item[method])
        for path, item in sorted(WHOLE["paths"].items())
        for method in METHODS
        if method in item
    ]


def example(schema: Mapping[str, Any]) -> Any:
    """A value that the document shows for this schema, or one that it allows."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example(WHOLE["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example(schema[choice][0])
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        return {name: example(one) for name, one in schema["properties"].items()}
    return {"array": [], "object": {}, "integer": 1, "number": 1, "boolean": True}.get(schema.get("type", ""), "x")


@dataclass(frozen=True, slots=True)
class GeneratedRequest:
    """A generated request as an event of API Gateway, and its organiser."""

    operation: Operation
    event: Mapping[str, Any]
    organiser: str

    def __str__(self) -> str:
        event = self.event
        return (
            f"{event['httpMethod']} {event['path']} {event['multiValueQueryStringParameters']} {event['body']!r:.2000}"
        )


@dataclass(slots=True)
class Requests:
    """Generates requests, some with ids of earlier responses, of any organiser.

    What holds one of `marks` tells whose it is, and so is never sent by another.
    """

    marks: tuple[str, ...] = ()
    known_values: deque[str] = field(default_factory=lambda: deque(maxlen=_LEARNT))

    def generate(self, dice: Random) -> GeneratedRequest:
        """Generate a request."""
        operation = dice.choice(operations())
        names, query = self._parameters(operation, dice)
        token = dice.choice(TOKENS)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for name in dice.sample(sorted(HEADERS), k=dice.choice([0, 0, 1, 2])):
            headers[name] = dice.choice(HEADERS[name])
        event = _event(operation, names, query, headers, self._body(operation, dice))
        return GeneratedRequest(operation, event, token.partition("-")[0])

    def remember(self, answer: Any) -> None:
        """Remember ids, codes and cursors of a response."""
        self.known_values.extend(text for text in _ids(answer) if not any(mark in text for mark in self.marks))

    def _parameters(self, operation: Operation, dice: Random) -> tuple[dict[str, str], dict[str, str]]:
        names, query = {}, {}
        for parameter in operation.document.get("parameters", []):
            value = str(parameter.get("example", example(parameter.get("schema", {}))))
            if self.known_values and dice.random() < 0.3:
                value = dice.choice(self.known_values)
            elif dice.random() < 0.3:
                value = odd_text(dice)
            if parameter["in"] == "path":
                names[parameter["name"]] = value or "x"
            elif parameter["in"] == "query" and dice.random() < 0.5:
                query[parameter["name"]] = value
        if dice.random() < 0.05:
            query[odd_text(dice)] = odd_text(dice)
        return names, query

    def _body(self, operation: Operation, dice: Random) -> str | None:
        if "requestBody" not in operation.document:
            return odd_text(dice) if dice.random() < 0.05 else None
        body = example(operation.document["requestBody"]["content"]["application/json"]["schema"])
        if self.known_values and isinstance(body, dict) and body and dice.random() < 0.3:
            body = {**body, dice.choice(sorted(body)): dice.choice(self.known_values)}
        for _ in range(dice.choice([0, 1, 1, 2, 4])):
            body = mutate(body, dice)
        text = json.dumps(body)
        if dice.random() < 0.08:
            at = dice.randrange(len(text) + 1)
            text = dice.choice(
                [text[:at], text + text, text[:at] + "\\u" + text[at:], "NaN", "[" * 100_000, f"[{text}]"]
            )
        return text


def _ids(answer: Any) -> Iterator[str]:
    if isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, str) and (name.endswith(("_id", "cursor")) or name in {"id", "code", "email", "name"}):
                yield value
            yield from _ids(value)
    elif isinstance(answer, list):
        for value in answer[:3]:
            yield from _ids(value)


def _event(
    operation: Operation,
    names: Mapping[str, str],
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: str | None,
) -> dict[str, Any]:
    quoted = {name: quote(value.encode(errors="replace"), safe="") for name, value in names.items()}
    address = operation.path.format_map(quoted)
    return {
        "resource": operation.path,
        "path": address,
        "httpMethod": operation.method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": quoted or None,
        "body": body,
        "isBase64Encoded": False,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": operation.path,
            "httpMethod": operation.method,
            "path": f"/api{address}",
            "requestId": "request-1",
            "identity": {"sourceIp": "192.0.2.1"},
        },
    }


def send(request: GeneratedRequest) -> tuple[int, str]:
    """The response of the function, which must be documented and no failure."""
    response = app(dict(request.event), context("api"))
    status, text = response["statusCode"], response["body"]
    media_type = response["multiValueHeaders"].get("Content-Type", [response["headers"].get("Content-Type", "")])[0]
    assert status < 500, (status, text)
    if status not in {400, 415}:
        assert_documented(request.operation.method, request.event["path"], status, media_type, text)
    return status, text
