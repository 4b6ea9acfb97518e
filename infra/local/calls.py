"""What each function asked of the engine, written down while it enforces their policies: a line a kind of call.

Only the engine's own process loads this and hooks it into itself; nothing that is packaged knows of it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_LEADING = "dynamodb:LeadingKeys"
_PARAMETER = re.compile(r"'(\w+)': \?")
_WORD = re.compile(r"[A-Z]+")
# A file has its organiser's name for it; which folder of the bucket it lies in is enough.
_FILE = re.compile(r"(arn:aws:s3:::[^/]+/[^/]+)/.+")
# A function's session bears its name; who else borrows its role takes another.
_FUNCTION = re.compile(r"arn:aws:sts::\d+:assumed-role/([^/]+)/guestlist-.+")


def write_down(path: Path) -> None:
    """From now on, have the engine of this process add to that file every kind of call that a function makes."""
    from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-untyped]

    iam_actions.dynamodb_service_context = _with_leading_keys(iam_actions.dynamodb_service_context)
    iam_evaluator.enforce = _noted(iam_evaluator.enforce, iam_evaluator.resolve_caller_identity, path)


def _with_leading_keys(context_of: Callable[[bytes], dict[str, Any]]) -> Callable[[bytes], dict[str, Any]]:
    """The engine leaves out the partition keys that a request names, which AWS lets a policy compare."""

    def context(body: bytes) -> dict[str, Any]:
        keys = sorted(set(leading_keys(json.loads(body or b"{}"))))
        return context_of(body) | ({_LEADING: keys} if keys else {})

    return context


def _noted(enforce: Callable[..., Any], caller: Callable[[str], Any], path: Path) -> Callable[..., Any]:
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
    """The partition keys that a request to the table names, wherever they stand in it."""
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
    """The key with a star in place of whatever tells one item from another, such as `O#*#MAIL#*`."""
    parts = (part if _WORD.fullmatch(part) else "*" for part in key.split("#"))
    return re.sub(r"(#\*)+$", "#*", "#".join(parts))
