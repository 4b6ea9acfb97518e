"""DynamoDB through boto3: the adapter for everything except checks and imports, and for these too if so configured."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from guestlist.aws.dynamodb import NoResponse, refusal_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Boto:
    """An adapter of boto3's client that raises the port's errors."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.client = client

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request and return the response. Raises `RequestRefused` and `NoResponse`."""
        try:
            response: dict[str, Any] = getattr(self.client, xform_name(operation))(**request)
        except ClientError as error:
            refusal: Any = error.response
            raise refusal_of(operation, refusal.get("Error", {}), refusal.get("CancellationReasons", [])) from error
        except BotoCoreError as error:
            raise NoResponse(operation) from error
        return response

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """Send a request without waiting; the function returned waits for the response."""
        return self._pool.submit(self.call, operation, request).result

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=16, thread_name_prefix="dynamodb")
