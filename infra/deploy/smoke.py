"""A smoke test of a stage: a few calls that change nothing."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

_TRIES = 6
_PROBLEM = "application/problem+json"
_NOBODY = "Bearer nobody"
# The event that EventBridge sends to a timer.
_FIRED = {
    "version": "0",
    "id": "smoke-test",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "",
    "time": "",
    "region": "",
    "resources": [],
    "detail": {},
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The response of a call."""

    status: int
    media_type: str
    body: bytes

    @property
    def code(self) -> str:
        """The code word of a problem; empty for other responses."""
        return str(json.loads(self.body).get("code", "")) if self.media_type == _PROBLEM else ""


Check = Callable[[], str]


def smoke(address: str, functions: Any, watchdog: str, pause: float = 5.0) -> Iterator[tuple[str, str]]:
    """The checks made of the API at this address and of the timer's function, each with the error or an empty text.

    A new stage does not respond at once, so each is tried several times, `pause` seconds apart.
    """
    tried: dict[str, Check] = {
        "the API serves its OpenAPI document": lambda: _offers(address),
        "a check without a token is refused": lambda: _refused(address, {}),
        "a check with a token that the table does not know is refused": lambda: _refused(
            address, {"Authorization": _NOBODY}
        ),
        "the watchdog runs": lambda: _fired(functions, watchdog),
    }
    for name, check in tried.items():
        yield name, _in_time(check, pause)


def _in_time(check: Check, pause: float) -> str:
    for _ in range(_TRIES - 1):
        if not check():
            return ""
        time.sleep(pause)
    return check()


def _offers(address: str) -> str:
    answer = _call(f"{address}/openapi.json")
    if isinstance(answer, str):
        return answer
    if answer.status != HTTPStatus.OK or b'"openapi"' not in answer.body:
        return f"GET /openapi.json answered {answer.status}"
    return ""


def _refused(address: str, headers: dict[str, str]) -> str:
    answer = _call(f"{address}/v1/check", {"Content-Type": "application/json", **headers}, b'{"code": "SMOKE"}')
    if isinstance(answer, str):
        return answer
    if (answer.status, answer.code) != (HTTPStatus.UNAUTHORIZED, "unauthenticated"):
        return f"POST /v1/check answered {answer.status} {answer.code}".rstrip()
    return ""


def _fired(functions: Any, name: str) -> str:
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(_FIRED).encode())
    return answer["Payload"].read().decode() if answer.get("FunctionError") else ""


def _call(address: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer | str:
    """The response, whatever its status, or why there was none."""
    request = urllib.request.Request(address, body, headers or {})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return Answer(answer.status, answer.headers.get_content_type(), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers.get_content_type(), error.read())
    except OSError as error:
        return f"no answer from {address}: {error}"
