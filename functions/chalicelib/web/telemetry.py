"""One log line in JSON for each call of the API, with its metrics, and without anything that the caller sent.

The line contains the route, never the path. Metrics are in the same line, in CloudWatch's embedded format, since a
second line would cost a check as much again.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count
from logging import INFO, StreamHandler, getLogger
from time import perf_counter, time_ns
from typing import Any

import orjson
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from chalice.app import Request, Response

from chalicelib.web.problems import PROBLEM
from guestlist.model import clock

NAMESPACE = "Guestlist"
COUNTS = "counts"
"""The key of a handler's counts in the request's context."""
UNANSWERED = "Unanswered"
"""The metric of calls that got 503 because the table or the bucket did not respond."""
_UNAVAILABLE = 503


# The service, which identifies the stage, comes from the environment.
LOGGER = Logger()
_logger = getLogger(LOGGER.name)
_handler = next(handler for handler in LOGGER.handlers if isinstance(handler, StreamHandler))
SERVICE = EphemeralMetrics(namespace=NAMESPACE).service
_MANY = 256
_calls = count()


def middleware(request: Request | None, get_response: Callable[[Any], Response]) -> Response:
    """Log each call when its response is ready."""
    began = perf_counter()
    response = get_response(request)
    context: Mapping[str, Any] = {} if request is None else request.context
    line = {
        "level": "INFO",
        "message": "call",
        "timestamp": clock.machine().isoformat(timespec="milliseconds"),
        "service": SERVICE,
        "request_id": context.get("requestId"),
        "route": f"{context.get('httpMethod')} {context.get('resourcePath')}",
        "status": response.status_code,
        "duration_ms": round((perf_counter() - began) * 1e3, 1),
        "cold_start": next(_calls) == 0,
    }
    problem = _problem(response)
    if problem:
        line["problem"] = problem
    line |= _embedded(_numbers(context.get(COUNTS), response.status_code, problem))
    _log(line)
    return response


def _log(line: Mapping[str, Any]) -> None:
    """Write the line where the logger writes, without a record and its formatter, which would take twice as long."""
    if _logger.isEnabledFor(INFO):
        _handler.stream.write(orjson.dumps(line).decode() + _handler.terminator)
        _handler.flush()


def _numbers(counts: Mapping[str, int] | None, status: int, problem: str | None) -> Mapping[str, int]:
    """The metrics of a call: the handler's counts, its problem, and whether it got 503."""
    numbers = dict(counts or ())
    if problem and counts is not None:
        numbers[f"Refusals.{problem}"] = 1
    if status == _UNAVAILABLE:
        numbers[UNANSWERED] = 1
    return numbers


def _problem(response: Response) -> str | None:
    """The code word of the problem in the response."""
    if response.headers.get("Content-Type") != PROBLEM:
        return None
    code: str = orjson.loads(response.body)["code"]
    return code


def _embedded(counts: Mapping[str, int]) -> dict[str, Any]:
    """The metrics in CloudWatch's embedded format; empty if there are none."""
    if not counts:
        return {}
    form = _form(tuple(counts))
    values = {name: [float(number)] for name, number in counts.items()}
    return {**form, "_aws": {**form["_aws"], "Timestamp": time_ns() // 1_000_000}, **values}


@lru_cache(_MANY)
def _form(names: tuple[str, ...]) -> Mapping[str, Any]:
    """Powertools' output for metrics with these names, in which only values and time differ between calls."""
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for name in names:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=0)
    return dict(metrics.serialize_metric_set())
