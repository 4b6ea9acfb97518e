"""The queues that workers take from."""

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
    """The queue did not take a message."""


class Queue:
    """One SQS queue, which also gets the bucket's events."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def resume(self, org: str, import_id: str) -> None:
        """Ask for a worker to go on with that import."""
        self._send(resume={"organiser_id": org, "import_id": import_id})

    def export(self, org: str, group_id: str, export_id: str, name: str = "") -> None:
        """Ask for a worker to make, or to go on with, that export."""
        self._send(export={"organiser_id": org, "group_id": group_id, "export_id": export_id, "name": name})

    def index(self, org: str, group_id: str) -> None:
        """Ask for a worker to make the indexes of that group's lists."""
        self._send(index={"organiser_id": org, "group_id": group_id})

    def snapshot(self, org: str, event_id: str) -> None:
        """Ask for a worker to make the snapshot of that event."""
        self._send(snapshot={"organiser_id": org, "event_id": event_id})

    def erase(self, place: Key) -> None:
        """Ask for a worker to go on with the erasure that stands there."""
        self._send(erase={"organiser_id": organiser_of(place.pk), **place._asdict()})

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message that was read from the queue, or kept in its form."""
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))

    def _send(self, **wanted: dict[str, str]) -> None:
        self.send(wanted)


class WebhookQueue:
    """The queue of those who deliver to webhooks."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def wake(self, org: str, webhook_id: str, delay: int = 0, *, fresh: bool = False) -> None:
        """Have a worker deliver what is due to that webhook, in so many seconds, 900 at most.

        It is `fresh` where something was just added that the list of what is due may not have yet.
        """
        message = json.dumps({"organiser_id": org, "webhook_id": webhook_id, "fresh": fresh})
        self._client.send_message(QueueUrl=self._url, MessageBody=message, DelaySeconds=delay)


class WelcomeQueue:
    """The queue of welcome mails: a message names some that are owed."""

    MAILS = 10
    """So many mails has a message."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, mails: Sequence[Key]) -> None:
        """Have those mails sent. Raises `NotQueued` where one may not be in the queue."""
        bodies = [json.dumps({"mails": mails[at : at + self.MAILS]}) for at in range(0, len(mails), self.MAILS)]
        for at in range(0, len(bodies), _ENTRIES):
            entries = [
                {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[at : at + _ENTRIES])
            ]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
            if answer.get("Failed"):
                raise NotQueued


def mails_in(body: str) -> list[Key]:
    """The mails that a message of that queue names."""
    return [Key(*place) for place in json.loads(body)["mails"]]


@cache
def queue() -> Queue:
    """This stage's queue."""
    return Queue(sqs(), settings().queue_url)


@cache
def webhook_queue() -> WebhookQueue:
    """This stage's queue of those who deliver to webhooks."""
    return WebhookQueue(sqs(), settings().webhook_queue_url)


@cache
def welcome_queue() -> WelcomeQueue:
    """This stage's queue of welcome mails."""
    return WelcomeQueue(sqs(), settings().welcomes_url)
