"""What a network and a busy DynamoDB do to single requests, made by hooks of botocore."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from guestlist.aws.table import Table

WRITES = ("UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem")
THROTTLED = "ProvisionedThroughputExceededException"
UNANSWERED = "unanswered"


class Weather:
    """The weather over one table: requests for writes meet the fate that `strike` names for their number.

    `UNANSWERED` is carried out, and its answer is lost; any other word is the error that DynamoDB answers.
    """

    def __init__(self, table: Table, operations: tuple[str, ...] = WRITES) -> None:
        self.requests = 0
        self._fates: Mapping[int, str] = {}
        self._session = URLLib3Session()
        for operation in operations:
            table._client.meta.events.register(f"before-send.dynamodb.{operation}", self._send)  # noqa: SLF001

    def strike(self, fates: Mapping[int, str]) -> None:
        """From now on, counting from 0, these requests meet these fates."""
        self.requests, self._fates = 0, fates

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        fate = self._fates.get(self.requests)
        self.requests += 1
        if fate == UNANSWERED:
            self._session.send(request)
            raise ReadTimeoutError(endpoint_url=request.url)
        return None if fate is None else _refusal(request.url, fate)


def _refusal(url: str, code: str) -> AWSResponse:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "busy"}
    return AWSResponse(url, 400, {"content-type": "application/x-amz-json-1.0"}, _Body(json.dumps(body).encode()))


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content
