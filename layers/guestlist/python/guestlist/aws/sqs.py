"""The SQS queues of the workers."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from guestlist.aws.clients import sqs
from guestlist.aws.keys import Key, organiser_of
from guestlist.aws.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


_ENTRIES = 10


class NotQueued(Exception):
    """The queue did not accept a message."""


class Queue:
    """The queue of the import workers, which also receives the bucket's events."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def resume(self, org: str, import_id: str) -> None:
        """Queue an import to be resumed."""
        self._send(resume={"organiser_id": org, "import_id": import_id})

    def export(self, org: str, group_id: str, export_id: str, name: str = "") -> None:
        """Queue an export to be started or resumed."""
        self._send(export={"organiser_id": org, "group_id": group_id, "export_id": export_id, "name": name})

    def index(self, org: str, group_id: str) -> None:
        """Queue a group whose search indexes are to be built."""
        self._send(index={"organiser_id": org, "group_id": group_id})

    def snapshot(self, org: str, event_id: str) -> None:
        """Queue an event whose snapshot is to be built."""
        self._send(snapshot={"organiser_id": org, "event_id": event_id})

    def erase(self, key: Key) -> None:
        """Queue the erasure of this key to be resumed."""
        self._send(erase={"organiser_id": organiser_of(key.pk), **key._asdict()})

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message that was read from the queue or stored in the same form."""
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))

    def _send(self, **message: dict[str, str]) -> None:
        self.send(message)


class WebhookQueue:
    """The queue of the webhook workers."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def wake(self, org: str, webhook_id: str, delay: int = 0, *, fresh: bool = False) -> None:
        """Have a worker deliver what is due to the webhook, after `delay` seconds, at most 900.

        `fresh` says that a delivery was just added, which the eventually consistent due index may not have yet.
        """
        message = json.dumps({"organiser_id": org, "webhook_id": webhook_id, "fresh": fresh})
        self._client.send_message(QueueUrl=self._url, MessageBody=message, DelaySeconds=delay)


class WelcomeQueue:
    """The queue of welcome mails; a message contains the keys of several."""

    MAILS = 10
    """The number of mails per message."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, mails: Sequence[Key]) -> None:
        """Queue these mails to be sent. Raises `NotQueued` if the queue rejected a message."""
        bodies = [json.dumps({"mails": mails[at : at + self.MAILS]}) for at in range(0, len(mails), self.MAILS)]
        for at in range(0, len(bodies), _ENTRIES):
            entries = [
                {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[at : at + _ENTRIES])
            ]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
            if answer.get("Failed"):
                raise NotQueued


def mails_in(body: str) -> list[Key]:
    """The keys of the mails in a message."""
    return [Key(*place) for place in json.loads(body)["mails"]]


@cache
def queue() -> Queue:
    """The import workers' queue of this stage."""
    return Queue(sqs(), settings().queue_url)


@cache
def webhook_queue() -> WebhookQueue:
    """The webhook workers' queue of this stage."""
    return WebhookQueue(sqs(), settings().webhook_queue_url)


@cache
def welcome_queue() -> WelcomeQueue:
    """The queue of welcome mails of this stage."""
    return WelcomeQueue(sqs(), settings().welcomes_url)
