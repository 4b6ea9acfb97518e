"""The queues of dead letters: looked into without taking anything, and replayed without losing anything."""

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
"""For how many seconds others do not see a message that somebody looks at."""


class DeadLetters:
    """All dead letters of this stage: `queues` are those that they go back to, `urls` those where they lie."""

    def __init__(
        self, client: "SQSClient", functions: Functions, queues: Mapping[Letters, str], urls: Mapping[Letters, str]
    ) -> None:
        self._client = client
        self._functions = functions
        self._queues = queues
        self._urls = urls

    def look(self, letters: Letters, most: int) -> list[DeadLetter]:
        """What lies there, at most so many, each left where it is; who looks again at once sees others."""
        found = [letter for _handle, letter in self._taken(letters, most)]
        return sorted(found, key=lambda letter: letter.sent_at)

    def replay(self, letters: Letters, most: int) -> Iterator[DeadLetter]:
        """Try what lies there once more, at most so many, and return each when it is on its way.

        One is taken away only after it was sent: broken off between the two, it is tried twice, which does no
        harm to any of our functions.
        """
        for handle, letter in self._taken(letters, most):
            self._send(letter)
            self._client.delete_message(QueueUrl=self._urls[letters], ReceiptHandle=handle)
            yield letter

    def _send(self, letter: DeadLetter) -> None:
        if letter.way is ReplayMethod.QUEUE:
            self._client.send_message(QueueUrl=self._queues[letter.letters], MessageBody=letter.body)
        elif letter.way is ReplayMethod.FUNCTION:
            payload = letter.payload.encode()
            self._functions.invoke(FunctionName=letter.function, InvocationType="Event", Payload=payload)

    def _taken(self, letters: Letters, most: int) -> Iterator[tuple[str, DeadLetter]]:
        left, known = most, set[str]()
        while left > 0:
            answer = self._client.receive_message(
                QueueUrl=self._urls[letters],
                MaxNumberOfMessages=min(left, _AT_ONCE),
                VisibilityTimeout=_LOOKING,
                MessageSystemAttributeNames=["SentTimestamp"],
                MessageAttributeNames=["TARGET_ARN"],
            )
            new = [one for one in answer.get("Messages", []) if one["MessageId"] not in known]
            if not new:
                return
            known |= {one["MessageId"] for one in new}
            left -= len(new)
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
    """This stage's dead letters."""
    found = settings()
    urls = {letters: found.dead_letters[letters.value] for letters in Letters}
    queues = {Letters.UPLOADS: found.queue_url, Letters.WEBHOOKS: found.webhook_queue_url}
    return DeadLetters(sqs(), functions(), queues, urls)
