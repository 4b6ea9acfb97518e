"""Which failures are transient, and how long to wait before a retry."""

from random import uniform
from time import sleep

from guestlist.aws.dynamodb import Refused

TRIES = 5
RETRY_SECONDS = 3.0  # Seconds after which no retry starts: the last one must end within the API function's ten.
CLOCK = {"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "AuthFailure"}
TOKEN = {"ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId"}
_PASSING = {
    "InternalServerError",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}
_BROKEN = {500, 502, 503, 504}
LONGEST = 1.0
_FIRST = 0.05


def passing(status: int, refusal: Refused) -> bool:
    """Whether the same request may succeed in a moment."""
    return status in _BROKEN or refusal.code in _PASSING


def pause(attempt: int) -> None:
    """Wait before the retry after this attempt, counted from 0: a random part of a time that doubles."""
    sleep(uniform(0, min(LONGEST, _FIRST * 2**attempt)))  # noqa: S311 - jitter, not a secret
