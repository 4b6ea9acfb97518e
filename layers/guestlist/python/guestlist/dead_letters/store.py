"""The dead-letter queues: reading without removing, and replay without loss."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from guestlist.aws.clients import Functions, functions, sqs
from guestlist.aws.settings import settings
from guestlist.dead_letters.model import DeadLetter, Letters, ReplayMethod

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_AT_ONCE = 10
_LOOKING = 30
"""For this number of seconds, other readers do not see a message that was read."""


class DeadLetters:
    """All dead letters of this stage: `urls` are the dead-letter queues, `queues` those that they are replayed to."""

    def __init__(
        self, client: "SQSClient", functions: Functions, queues: Mapping[Letters, str], urls: Mapping[Letters, str]
    ) -> None:
        self._client = client
        self._functions = functions
        self._queues = queues
        self._urls = urls

    def peek(self, letters: Letters, most: int) -> list[DeadLetter]:
        """At most so many messages, which stay in the queue; an immediate second call returns others."""
        messages = [letter for _handle, letter in self._receive(letters, most)]
        return sorted(messages, key=lambda letter: letter.sent_at)

    def replay(self, letters: Letters, most: int) -> Iterator[DeadLetter]:
        """Replay at most so many messages, and return each after it was sent.

        A message is deleted after it was sent; if that fails in between it is replayed twice, which is harmless for
        all of our functions.
        """
        for handle, letter in self._receive(letters, most):
            self._send(letter)
            self._client.delete_message(QueueUrl=self._urls[letters], ReceiptHandle=handle)
            yield letter

    def _send(self, letter: DeadLetter) -> None:
        if letter.method is ReplayMethod.QUEUE:
            self._client.send_message(QueueUrl=self._queues[letter.letters], MessageBody=letter.body)
        elif letter.method is ReplayMethod.FUNCTION:
            payload = letter.payload.encode()
            self._functions.invoke(FunctionName=letter.function, InvocationType="Event", Payload=payload)

    def _receive(self, letters: Letters, most: int) -> Iterator[tuple[str, DeadLetter]]:
        remaining, received = most, set[str]()
        while remaining > 0:
            answer = self._client.receive_message(
                QueueUrl=self._urls[letters],
                MaxNumberOfMessages=min(remaining, _AT_ONCE),
                VisibilityTimeout=_LOOKING,
                MessageSystemAttributeNames=["SentTimestamp"],
                MessageAttributeNames=["TARGET_ARN"],
            )
            new = [one for one in answer.get("Messages", []) if one["MessageId"] not in received]
            if not new:
                return
            received |= {one["MessageId"] for one in new}
            remaining -= len(new)
            yield from ((one["ReceiptHandle"], _letter(letters, one)) for one in new)


def _letter(letters: Letters, message: Any) -> DeadLetter:
    target = message.get("MessageAttributes", {}).get("TARGET_ARN", {})
    return DeadLetter(
        letters=letters,
        message_id=message["MessageId"],
        sent_at=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
        body=message["Body"],
        target=target.get("StringValue", ""),
    )


@cache
def dead_letters() -> DeadLetters:
    """The dead letters of this stage."""
    configured = settings()
    urls = {letters: configured.dead_letters[letters.value] for letters in Letters}
    queues = {Letters.UPLOADS: configured.queue_url, Letters.WEBHOOKS: configured.webhook_queue_url}
    return DeadLetters(sqs(), functions(), queues, urls)
