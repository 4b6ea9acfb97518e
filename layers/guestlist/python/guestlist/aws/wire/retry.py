"""Which failures are transient, and how long to wait before a retry."""

from random import uniform
from time import sleep

from guestlist.aws.dynamodb import RequestRefused

TRIES = 5
RETRY_SECONDS = 3.0  # Seconds after which no retry starts: the last one must end within the API function's ten.
CLOCK = {"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "AuthFailure"}
TOKEN = {"ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId"}
_TRANSIENT = {
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
_SERVER_ERRORS = {500, 502, 503, 504}
MAX_PAUSE = 1.0
_FIRST_PAUSE = 0.05


def is_transient(status: int, refusal: RequestRefused) -> bool:
    """Whether the same request may succeed in a moment."""
    return status in _SERVER_ERRORS or refusal.code in _TRANSIENT


def pause(attempt: int) -> None:
    """Wait before the retry after this attempt, counted from 0: a random part of a time that doubles."""
    sleep(uniform(0, min(MAX_PAUSE, _FIRST_PAUSE * 2**attempt)))  # noqa: S311 - jitter, not a secret
