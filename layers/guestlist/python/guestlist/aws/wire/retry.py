"""Which failures may pass, and how long to wait before the next try."""

from random import uniform
from time import sleep

from guestlist.aws.dynamodb import Refused

TRIES = 5
PATIENCE = 3.0  # seconds after which no new try is begun: the last must end within the ten of the API's function
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
    """Whether the same request may be answered otherwise in a moment."""
    return status in _BROKEN or refusal.code in _PASSING


def pause(attempt: int) -> None:
    """Wait before the try after that one, the first being 0: a chance part of a time that doubles."""
    sleep(uniform(0, min(LONGEST, _FIRST * 2**attempt)))  # noqa: S311 - jitter, not a secret
