"""One log line in JSON for each call of the API, and metrics of what it did, both without anything that a caller sent.

The line names the route as the API has it, never the path. Metrics are in the same line, in CloudWatch's embedded
format: writing a second one would cost a check as much again.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from logging import LogRecord
from threading import Lock
from time import perf_counter
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from chalice.app import Request, Response

from chalicelib.web.problems import PROBLEM

NAMESPACE = "Guestlist"
COUNTS = "counts"
"""Where a handler's numbers wait in the request's context."""
UNANSWERED = "Unanswered"
"""Calls of any kind that had no answer because the table or the bucket gave none."""
_UNAVAILABLE = 503


class CallFormatter(LambdaPowertoolsFormatter):
    """Writes the line of a call as it is, in half of the time that Powertools takes to look for keys."""

    def format(self, record: LogRecord) -> str:
        """The record as a line in JSON."""
        call = vars(record).get("call")
        if call is None:
            return super().format(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"level": record.levelname, "message": record.msg, "timestamp": at, **call})


# The environment names their service, which tells stages apart.
LOGGER = Logger(logger_formatter=CallFormatter())
METRICS = EphemeralMetrics(namespace=NAMESPACE)
_alone = Lock()
_calls = count()


def observed(request: Request | None, get_response: Callable[[Any], Response]) -> Response:
    """The middleware around every call, which logs it when it is answered."""
    began = perf_counter()
    response = get_response(request)
    context: Mapping[str, Any] = {} if request is None else request.context
    line = {
        "service": METRICS.service,
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
    LOGGER.info("call", extra={"call": line})
    return response


def _numbers(counts: Mapping[str, int] | None, status: int, problem: str | None) -> Mapping[str, int]:
    """What is counted of a call: what its handler counts, its refusal, and that it had no answer."""
    found = dict(counts or ())
    if problem and counts is not None:
        found[f"Refusals.{problem}"] = 1
    if status == _UNAVAILABLE:
        found[UNANSWERED] = 1
    return found


def _problem(response: Response) -> str | None:
    """The code word of the problem that is answered."""
    if response.headers.get("Content-Type") != PROBLEM:
        return None
    code: str = json.loads(response.body)["code"]
    return code


def _embedded(counts: Mapping[str, int]) -> dict[str, Any]:
    """The numbers in CloudWatch's embedded format; none where there is nothing to count."""
    with _alone:
        for name, number in counts.items():
            METRICS.add_metric(name=name, unit=MetricUnit.Count, value=number)
        embedded: dict[str, Any] = dict(METRICS.serialize_metric_set()) if counts else {}
        METRICS.clear_metrics()
    return embedded
