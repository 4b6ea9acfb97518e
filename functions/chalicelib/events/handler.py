"""The wrapper of event handlers: log lines in JSON, one for each call, and metrics."""

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="guestlist")
metrics = Metrics(namespace="Guestlist")  # the service, which identifies the stage, comes from the environment

_SHORT_MS = 60_000

Handler = Callable[[dict[str, Any], LambdaContext], Any]


def watched(handler: Handler) -> Handler:
    """The same function, which also logs its duration and publishes metrics, including one of cold starts."""

    @wraps(handler)
    def timed(event: dict[str, Any], context: LambdaContext) -> Any:
        began, ended = perf_counter(), "failed"
        try:
            answer = handler(event, context)
            ended = "answered"
        finally:
            logger.info("call", ended=ended, duration_ms=round((perf_counter() - began) * 1e3, 1))
        return answer

    measured: Handler = metrics.log_metrics(capture_cold_start_metric=True)(timed)
    return logger.inject_lambda_context(clear_state=True)(measured)


def count(name: str, number: int = 1) -> None:
    """Add to a metric of this call."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)


def event_handler(handler: Handler) -> Callable[[Any], Any]:
    """A Chalice event function from one that takes the raw event and the context, as Powertools provides them."""
    logged = watched(handler)

    @wraps(handler)
    def view(event: Any) -> Any:
        return logged(event.to_dict(), event.context)

    return view


def short_of_time(context: LambdaContext) -> bool:
    """Whether this invocation has less than a minute left, so that another one must continue."""
    return context.get_remaining_time_in_millis() < _SHORT_MS
