"""DynamoDB by boto3: the adapter for all but checks and lists, and for these too where the setting says so."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from guestlist.aws.dynamodb import Unanswered, refused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Boto:
    """boto3's client, with its errors as the port has them."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.client = client

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """As the port says."""
        try:
            answer: dict[str, Any] = getattr(self.client, xform_name(operation))(**request)
        except ClientError as error:
            said: Any = error.response
            raise refused(operation, said.get("Error", {}), said.get("CancellationReasons", [])) from error
        except BotoCoreError as error:
            raise Unanswered(operation) from error
        return answer

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        """As the port says."""
        return self._pool.submit(self.call, operation, request).result

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=16, thread_name_prefix="dynamodb")
