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


def instrument(handler: Handler) -> Handler:
    """Decorate a handler, so that it logs its duration and publishes metrics, including one of cold starts."""

    @wraps(handler)
    def timed(event: dict[str, Any], context: LambdaContext) -> Any:
        began, outcome = perf_counter(), "failed"
        try:
            result = handler(event, context)
            outcome = "answered"
        finally:
            logger.info("call", ended=outcome, duration_ms=round((perf_counter() - began) * 1e3, 1))
        return result

    measured: Handler = metrics.log_metrics(capture_cold_start_metric=True)(timed)
    return logger.inject_lambda_context(clear_state=True)(measured)


def count(name: str, number: int = 1) -> None:
    """Add to a metric of this call."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)


def event_handler(handler: Handler) -> Callable[[Any], Any]:
    """Make a Chalice event function of a handler that takes the raw event and the context, as in Powertools."""
    instrumented = instrument(handler)

    @wraps(handler)
    def view(event: Any) -> Any:
        return instrumented(event.to_dict(), event.context)

    return view


def short_of_time(context: LambdaContext) -> bool:
    """Whether this invocation has less than a minute left, so that it must leave the rest to another one."""
    return context.get_remaining_time_in_millis() < _SHORT_MS
