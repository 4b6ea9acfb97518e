"""The port to DynamoDB: operations by its own names, requests and answers in its own types, two ways to fail.

Two adapters stand behind it: boto3 (`boto.py`) and our own client for checks and lists (`wire/`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol


class Refused(Exception):
    """DynamoDB said no, after all tries that made sense. Its sentence is kept apart, for it may quote an item."""

    def __init__(self, operation: str, code: str, sentence: str = "", reasons: Sequence[str] = ()) -> None:
        super().__init__(f"{operation}: {code}")
        self.operation = operation
        self.code = code
        self.sentence = sentence
        self.reasons = tuple(reasons)


class Unanswered(Exception):
    """No answer came that could be trusted; a write may have been carried out all the same."""


class DynamoDB(Protocol):
    """Whoever carries requests to DynamoDB."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request, such as `GetItem`'s. Raises `Refused` and `Unanswered`."""
        ...

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """Send a request; what this answers waits for its answer, and raises what `call` would.

        Several that are begun before one is waited for are on their way at the same time.
        """
        ...


def refused(operation: str, error: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]]) -> Refused:
    """The refusal that an error's `Code` and `Message` say, and why each write of a transaction was refused."""
    words = [reason.get("Code", "") for reason in reasons]
    return Refused(operation, error.get("Code", ""), error.get("Message", ""), words)
