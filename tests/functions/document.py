"""Checks every response in tests against `/openapi.json`."""

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from infra.openapi import DOCUMENT

_WHOLE: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
_OF_ANY_CALL = {405, 429, 500, 503}


def assert_documented(method: str, path: str, status: int, media_type: str, text: str) -> None:
    """Check that the document has this status and schema for the call."""
    operation = _operation(method, path.partition("?")[0])
    if operation is None or status in _OF_ANY_CALL:
        return
    answers = operation["responses"]
    assert str(status) in answers, f"{method} {path} answered {status}, which is not in the document: {text}"
    content = answers[str(status)].get("content", {})
    if not content:
        assert not text
        return
    assert media_type in content, (media_type, content)
    if media_type.endswith("json"):
        _judge(json.dumps(content[media_type]["schema"])).validate(json.loads(text))


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, item in sorted(_WHOLE["paths"].items(), key=lambda one: one[0].count("{")):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in item:
            operation: dict[str, Any] = item[method.lower()]
            return operation
    return None


@cache
def _judge(schema: str) -> Draft202012Validator:
    whole = {**json.loads(schema), "components": _WHOLE["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
