"""Dead letters on a queue service: listed, and replayed without losing one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import boto3
import pytest

from guestlist.dead_letters.model import DeadLetterQueue, ReplayMethod
from guestlist.dead_letters.store import DeadLetters

ARN = "arn:aws:lambda:eu-west-1:000000000000:function:"
BOUNCE = {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "…"}}]}
RESUME = {"resume": {"organiser_id": "demo", "import_id": "imp-1"}}
EXPORT = {"export": {"organiser_id": "demo", "group_id": "g1", "export_id": "x1"}}
ERASE = {"erase": {"organiser_id": "demo", "pk": "O#demo#ERASURE#0", "sk": "ERASURE"}}
TIMER_EVENT = {"detail-type": "Scheduled Event", "resources": []}
FAILURE = {
    "requestContext": {"functionArn": f"{ARN}bounces", "condition": "RetriesExhausted"},
    "requestPayload": BOUNCE,
}
STREAM = {"requestContext": {"functionArn": f"{ARN}mail"}, "DDBStreamBatchInfo": {"shardId": "1"}}


def an_upload(key: str) -> Mapping[str, Any]:
    return {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": key}}}]}


@dataclass
class FakeFunctions:
    """Functions that record their calls, or that cannot be called: `unavailable`."""

    unavailable: bool = False
    calls: list[tuple[str, str, Any]] = field(default_factory=list)

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> Any:  # noqa: N803 - AWS's names
        if self.unavailable:
            raise ConnectionError
        self.calls.append((FunctionName, InvocationType, json.loads(Payload)))


@dataclass
class Post:
    """The queues of dead letters, those of uploads and of webhooks, and the functions."""

    sqs: Any
    urls: Mapping[DeadLetterQueue, str]
    uploads: str
    webhooks: str
    functions: FakeFunctions

    @property
    def queues(self) -> Mapping[DeadLetterQueue, str]:
        return {DeadLetterQueue.UPLOADS: self.uploads, DeadLetterQueue.WEBHOOKS: self.webhooks}

    @property
    def letters(self) -> DeadLetters:
        return DeadLetters(self.sqs, self.functions, self.queues, self.urls)

    def lay(self, letters: DeadLetterQueue, body: Any, **attributes: str) -> None:
        message_attributes = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        self.sqs.send_message(
            QueueUrl=self.urls[letters], MessageBody=json.dumps(body), MessageAttributes=message_attributes
        )

    def waiting(self, url: str) -> int:
        """The number of messages in a queue, received ones included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def take_uploads(self) -> list[Any]:
        messages = self.sqs.receive_message(QueueUrl=self.uploads, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(one["Body"]) for one in messages]


@pytest.fixture
def post(ministack: str) -> Post:
    sqs = boto3.client(
        "sqs",
        endpoint_url=ministack,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    name = uuid4().hex

    def create_queue(word: str) -> str:
        return sqs.create_queue(QueueName=f"{name}-{word}")["QueueUrl"]

    return Post(
        sqs,
        {letters: create_queue(letters) for letters in DeadLetterQueue},
        create_queue("queue"),
        create_queue("hooks"),
        FakeFunctions(),
    )


def test_looking_at_dead_letters_removes_none(post: Post) -> None:
    post.lay(DeadLetterQueue.UPLOADS, an_upload("drop/demo/customers/a%20b.csv"))
    for message in (RESUME, EXPORT, ERASE):
        post.lay(DeadLetterQueue.UPLOADS, message)
    letters = post.letters.peek(DeadLetterQueue.UPLOADS, 10)
    assert {one.about for one in letters} == {
        ("file drop/demo/customers/a b.csv",),
        ("import demo/imp-1",),
        ("export of demo/g1",),
        ("an erasure of demo",),
    }
    assert post.waiting(post.urls[DeadLetterQueue.UPLOADS]) == 4


def test_a_webhooks_dead_letter_returns_to_its_queue_and_one_of_the_stream_is_not_replayed(post: Post) -> None:
    wake_up = {"organiser_id": "demo", "webhook_id": "crm", "fresh": True}
    for body in (wake_up, STREAM):
        post.lay(DeadLetterQueue.WEBHOOKS, body)
    letters = {one.method: one.about for one in post.letters.replay(DeadLetterQueue.WEBHOOKS, 10)}
    assert letters == {
        ReplayMethod.QUEUE: ("webhook demo/crm",),
        ReplayMethod.NOWHERE: ("a piece of the table's stream",),
    }
    messages = post.sqs.receive_message(QueueUrl=post.webhooks, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(one["Body"]) for one in messages] == [wake_up]
    assert post.take_uploads() == []


def test_an_uploads_dead_letter_returns_to_its_queue(post: Post) -> None:
    post.lay(DeadLetterQueue.UPLOADS, RESUME)
    assert [one.method for one in post.letters.replay(DeadLetterQueue.UPLOADS, 10)] == [ReplayMethod.QUEUE]
    assert (post.take_uploads(), post.waiting(post.urls[DeadLetterQueue.UPLOADS])) == ([RESUME], 0)


def test_no_more_dead_letters_are_replayed_than_requested(post: Post) -> None:
    for number in range(15):
        post.lay(DeadLetterQueue.UPLOADS, {"resume": {"organiser_id": "demo", "import_id": f"imp-{number}"}})
    assert len(list(post.letters.replay(DeadLetterQueue.UPLOADS, 12))) == 12
    assert (post.waiting(post.uploads), post.waiting(post.urls[DeadLetterQueue.UPLOADS])) == (12, 3)


def test_a_failed_event_is_replayed_to_its_function(post: Post) -> None:
    post.lay(DeadLetterQueue.MAIL, FAILURE)
    assert [one.method for one in post.letters.replay(DeadLetterQueue.MAIL, 10)] == [ReplayMethod.FUNCTION]
    assert post.functions.calls == [(f"{ARN}bounces", "Event", BOUNCE)]


def test_a_timer_that_reached_no_function_goes_to_the_one_it_was_for(post: Post) -> None:
    post.lay(DeadLetterQueue.TIMERS, TIMER_EVENT, TARGET_ARN=f"{ARN}resync")
    assert [one.about for one in post.letters.replay(DeadLetterQueue.TIMERS, 10)] == [("resync",)]
    assert post.functions.calls == [(f"{ARN}resync", "Event", TIMER_EVENT)]


def test_a_dead_letter_of_the_stream_is_deleted_since_its_mails_are_still_due(post: Post) -> None:
    post.lay(DeadLetterQueue.MAIL, STREAM)
    assert [one.method for one in post.letters.replay(DeadLetterQueue.MAIL, 10)] == [ReplayMethod.WATCHDOG]
    assert (post.functions.calls, post.waiting(post.urls[DeadLetterQueue.MAIL])) == ([], 0)


def test_a_dead_letter_that_cannot_be_replayed_is_kept(post: Post) -> None:
    post.functions.unavailable = True
    post.lay(DeadLetterQueue.MAIL, FAILURE)
    with pytest.raises(ConnectionError):
        list(post.letters.replay(DeadLetterQueue.MAIL, 10))
    assert post.waiting(post.urls[DeadLetterQueue.MAIL]) == 1


@pytest.mark.parametrize(
    ("body", "concerned"),
    [
        pytest.param(an_upload("drop/demo/customers/x.csv"), True, id="a dropped file"),
        pytest.param(an_upload("uploads/demo/imp-1"), True, id="a file that was asked for"),
        pytest.param(an_upload("uploads/other/demo"), False, id="another's file"),
        pytest.param(RESUME, True, id="an import to be resumed"),
        pytest.param(EXPORT, True, id="an export"),
        pytest.param(ERASE, True, id="an erasure"),
        pytest.param("not an object", False, id="what nobody understands"),
    ],
)
def test_a_dead_letter_belongs_to_the_organiser_of_its_file(post: Post, body: Any, *, concerned: bool) -> None:
    post.lay(DeadLetterQueue.UPLOADS, body)
    assert [one.concerns("demo") for one in post.letters.peek(DeadLetterQueue.UPLOADS, 10)] == [concerned]
