"""The queue that import workers take from."""

import json
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws.clients import sqs
from guestlist.aws.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Queue:
    """One SQS queue, which also gets the bucket's events."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def resume(self, org: str, import_id: str) -> None:
        """Ask for a worker to go on with that import."""
        body = json.dumps({"resume": {"organiser_id": org, "import_id": import_id}})
        self._client.send_message(QueueUrl=self._url, MessageBody=body)


@cache
def queue() -> Queue:
    """This stage's queue."""
    return Queue(sqs(), settings().queue_url)
