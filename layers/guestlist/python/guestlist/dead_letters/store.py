"""The dead-letter queues: reading without removing, and replay without loss."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from guestlist.aws.clients import Functions, functions, sqs
from guestlist.aws.settings import settings
from guestlist.dead_letters.model import DeadLetter, DeadLetterQueue, ReplayMethod

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MAX_MESSAGES_PER_CALL = 10
_VISIBILITY_TIMEOUT_SECONDS = 30


class DeadLetters:
    """All dead letters of this stage: `urls` are the dead-letter queues, `queues` those that they are replayed to."""

    def __init__(
        self,
        client: "SQSClient",
        functions: Functions,
        queues: Mapping[DeadLetterQueue, str],
        urls: Mapping[DeadLetterQueue, str],
    ) -> None:
        self._client = client
        self._functions = functions
        self._queues = queues
        self._urls = urls

    def peek(self, queue: DeadLetterQueue, limit: int) -> list[DeadLetter]:
        """At most `limit` messages, which stay in the queue but are invisible to further calls for half a minute."""
        messages = [letter for _handle, letter in self._receive(queue, limit)]
        return sorted(messages, key=lambda letter: letter.sent_at)

    def replay(self, queue: DeadLetterQueue, limit: int) -> Iterator[DeadLetter]:
        """Replay at most `limit` messages, and yield each after it was sent.

        A message is deleted after it was sent; if that fails in between it is replayed twice, which is harmless for
        all of our functions.
        """
        for handle, letter in self._receive(queue, limit):
            self._send(letter)
            self._client.delete_message(QueueUrl=self._urls[queue], ReceiptHandle=handle)
            yield letter

    def _send(self, letter: DeadLetter) -> None:
        if letter.method is ReplayMethod.QUEUE:
            self._client.send_message(QueueUrl=self._queues[letter.queue], MessageBody=letter.body)
        elif letter.method is ReplayMethod.FUNCTION:
            payload = letter.payload.encode()
            self._functions.invoke(FunctionName=letter.function, InvocationType="Event", Payload=payload)

    def _receive(self, queue: DeadLetterQueue, limit: int) -> Iterator[tuple[str, DeadLetter]]:
        remaining, received = limit, set[str]()
        while remaining > 0:
            response = self._client.receive_message(
                QueueUrl=self._urls[queue],
                MaxNumberOfMessages=min(remaining, _MAX_MESSAGES_PER_CALL),
                VisibilityTimeout=_VISIBILITY_TIMEOUT_SECONDS,
                MessageSystemAttributeNames=["SentTimestamp"],
                MessageAttributeNames=["TARGET_ARN"],
            )
            new = [message for message in response.get("Messages", []) if message["MessageId"] not in received]
            if not new:
                return
            received |= {message["MessageId"] for message in new}
            remaining -= len(new)
            yield from ((message["ReceiptHandle"], _dead_letter(queue, message)) for message in new)


def _dead_letter(queue: DeadLetterQueue, message: Any) -> DeadLetter:
    target = message.get("MessageAttributes", {}).get("TARGET_ARN", {})
    return DeadLetter(
        queue=queue,
        message_id=message["MessageId"],
        sent_at=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
        body=message["Body"],
        target=target.get("StringValue", ""),
    )


@cache
def dead_letters() -> DeadLetters:
    """The dead letters of this stage."""
    configured = settings()
    urls = {queue: configured.dead_letters[queue.value] for queue in DeadLetterQueue}
    queues = {DeadLetterQueue.UPLOADS: configured.queue_url, DeadLetterQueue.WEBHOOKS: configured.webhook_queue_url}
    return DeadLetters(sqs(), functions(), queues, urls)
