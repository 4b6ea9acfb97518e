"""The port to DynamoDB: its own operations, request and response formats, and two exceptions.

It has two adapters: boto3 (`boto.py`) and our own client for checks and imports (`wire/`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol


class RequestRefused(Exception):
    """DynamoDB refused the request, after any retries. Its message is a separate field, since it may quote an item."""

    def __init__(self, operation: str, code: str, sentence: str = "", reasons: Sequence[str] = ()) -> None:
        super().__init__(f"{operation}: {code}")
        self.operation = operation
        self.code = code
        self.sentence = sentence
        self.reasons = tuple(reasons)


class NoResponse(Exception):
    """There was no valid response; a write may nevertheless have been carried out."""


class DynamoDB(Protocol):
    """A client that sends requests to DynamoDB."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request such as `GetItem` and return the response. Raises `RequestRefused` and `NoResponse`."""
        ...

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """Send a request without waiting; the function returned waits for the response and raises what `call` would.

        Requests that are begun before any is waited for run in parallel.
        """
        ...


def refusal_of(operation: str, error: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]]) -> RequestRefused:
    """The exception for an error's `Code` and `Message`, with the reason for each write of a transaction."""
    reason_codes = [reason.get("Code", "") for reason in reasons]
    return RequestRefused(operation, error.get("Code", ""), error.get("Message", ""), reason_codes)
