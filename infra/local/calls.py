"""A log of the calls that each function makes, written while the engine enforces policies: one line per kind of call.

Only the engine's own process loads this module; it is not part of what is packaged.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_LEADING = "dynamodb:LeadingKeys"
_PARAMETER = re.compile(r"'(\w+)': \?")
_WORD = re.compile(r"[A-Z]+")
# The key of a file begins with its organiser; the folder of the bucket is enough.
_FILE = re.compile(r"(arn:aws:s3:::[^/]+/[^/]+)/.+")
# A function's session has the function's name; others that assume its role use another name.
_FUNCTION = re.compile(r"arn:aws:sts::\d+:assumed-role/([^/]+)/guestlist-.+")


def log_calls(path: Path) -> None:
    """From now on, have this process's engine append every kind of call that functions make to the file."""
    from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-untyped]

    iam_actions.dynamodb_service_context = _with_leading_keys(iam_actions.dynamodb_service_context)
    iam_evaluator.enforce = _logged(iam_evaluator.enforce, iam_evaluator.resolve_caller_identity, path)


def _with_leading_keys(context_of: Callable[[bytes], dict[str, Any]]) -> Callable[[bytes], dict[str, Any]]:
    """Add the partition keys in a request, which the engine omits, but which AWS lets a policy compare."""

    def context(body: bytes) -> dict[str, Any]:
        keys = sorted(set(leading_keys(json.loads(body or b"{}"))))
        return context_of(body) | ({_LEADING: keys} if keys else {})

    return context


def _logged(enforce: Callable[..., Any], caller: Callable[[str], Any], path: Path) -> Callable[..., Any]:
    recorded: set[str] = set()

    def enforced(access_key_id: str, action: str, *resources: Any, **more: Any) -> Any:
        denied = enforce(access_key_id, action, *resources, **more)
        function = _FUNCTION.fullmatch((caller(access_key_id) or {}).get("userArn", ""))
        if function:
            line = _line(function[1], action, **more)
            if line not in recorded:
                recorded.add(line)
                with path.open("a", encoding="utf-8") as file:
                    file.write(line)
        return denied

    return enforced


def _line(role: str, action: str, *, resource_arn: str = "*", service_context: Mapping[str, Any] | None = None) -> str:
    keys = sorted({kind_of_key(key) for key in (service_context or {}).get(_LEADING, [])})
    resource = _FILE.sub(r"\1/*", resource_arn)
    call = {"role": role, "action": action, "resource": resource, "keys": keys}
    return json.dumps(call) + "\n"


def leading_keys(request: Any) -> Iterator[str]:
    """The partition keys in a request to the table, wherever they are in it."""
    if isinstance(request, list):
        for value in request:
            yield from leading_keys(value)
    elif isinstance(request, Mapping):
        if "Statement" in request:
            names = _PARAMETER.findall(request["Statement"])
            yield from (value["S"] for name, value in zip(names, request["Parameters"], strict=True) if name == "pk")
        for name, value in request.items():
            if name in {"pk", ":pk"}:
                yield value["S"]
            else:
                yield from leading_keys(value)


def kind_of_key(key: str) -> str:
    """The key with a star for each part that differs between items, such as `O#*#MAIL#*`."""
    parts = (part if _WORD.fullmatch(part) else "*" for part in key.split("#"))
    return re.sub(r"(#\*)+$", "#*", "#".join(parts))
