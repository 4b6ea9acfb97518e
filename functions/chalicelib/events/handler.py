"""How a handler that an event wakes is wrapped: a log line in JSON, a metric of cold starts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="guestlist")
metrics = Metrics(namespace="Guestlist")  # its service, which tells stages apart, comes from the environment

_SHORT_MS = 60_000

Handler = Callable[[dict[str, Any], LambdaContext], Any]


def watched(handler: Handler) -> Handler:
    """The same function, with a log line in JSON and a metric of cold starts."""
    measured: Handler = metrics.log_metrics(capture_cold_start_metric=True)(handler)
    return logger.inject_lambda_context(clear_state=True)(measured)


def event_handler(handler: Handler) -> Callable[[Any], Any]:
    """A Chalice event function from one that takes the raw event and the context, as Powertools has them."""
    logged = watched(handler)

    @wraps(handler)
    def view(event: Any) -> Any:
        return logged(event.to_dict(), event.context)

    return view


def short_of_time(context: LambdaContext) -> bool:
    """Whether this invocation has less than a minute left: what goes on must be left to another."""
    return context.get_remaining_time_in_millis() < _SHORT_MS
