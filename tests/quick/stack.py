"""The resources of `infra/resources.yaml` on moto, and the events that AWS would make of what happens to them."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import boto3
from chalice.package import YAMLTemplateSerializer
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.events.changes import route_changes
from chalicelib.events.stream import send_mail, send_welcomes
from chalicelib.events.uploads import import_files
from chalicelib.events.webhooks import deliver_webhooks
from tests.fakes.contexts import context

REGION = "eu-west-1"
SENDER = "guestlist@guestlist.example"
RESOURCES = Path(__file__).parents[2] / "infra" / "resources.yaml"
MADE_BY_MOTO = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"}
PARAMETERS = {
    "Stage": "quick",
    "Sender": SENDER,
    "CheckClient": "boto3",
    "MailRate": "1000",
    "KeyedSince": "2020-01-01T00:00:00+00:00",
}
Handler = Callable[[dict[str, Any], Any], Any]


class InlineExecutor(Executor):
    """An executor without threads: moto's table loses writes that are made side by side."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)
        return future


@cache
def template() -> dict[str, Any]:
    """The template, its short forms written out."""
    read: dict[str, Any] = YAMLTemplateSerializer().load_template(RESOURCES.read_text(encoding="utf-8"))
    return read


class Stack:
    """One stage on moto: its environment, bucket, queue, stream and mailbox."""

    def __init__(self) -> None:
        self.environment = {**_create(), "DIGEST_KEY": "quick"}
        self.bucket = self.environment["BUCKET_NAME"]
        self._queue = self.environment["QUEUE_URL"]
        self._queues: Mapping[str, Handler] = {
            self.environment["WELCOMES_URL"]: send_welcomes,
            self.environment["WEBHOOK_QUEUE_URL"]: deliver_webhooks,
        }
        _configure_bucket(self.bucket, self._queue)
        arn = boto3.client("dynamodb").describe_table(TableName=self.environment["TABLE_NAME"])["Table"]
        self._stream: Any = boto3.client("dynamodbstreams")
        shard = self._stream.describe_stream(StreamArn=arn["LatestStreamArn"])["StreamDescription"]["Shards"][0]
        shard_address = {"StreamArn": arn["LatestStreamArn"], "ShardId": shard["ShardId"]}
        self._position = self._stream.get_shard_iterator(**shard_address, ShardIteratorType="TRIM_HORIZON")[
            "ShardIterator"
        ]
        self._readers = {"SendMail": send_mail, "RouteChanges": route_changes}

    def put(self, key: str, content: bytes, **metadata: str) -> None:
        """Store an object, and send the bucket's notification to the queue."""
        boto3.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content, Metadata=metadata)

    def run(self, *, copies: int = 1) -> None:
        """Deliver messages and stream records until there are none, each as often as `copies` says."""
        while True:
            messages, records, others = self.receive_messages(), list(self._records()), self._others()
            if not messages and not records and not others:
                return
            for message in messages * copies:
                self.deliver(message)
            for handler, event in (others + records) * copies:
                _deliver(handler, event)

    @property
    def mails(self) -> list[SimpleNamespace]:
        """The mails that SES took, oldest first."""
        messages = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return [
            SimpleNamespace(sender=one.source, to=one.destinations["ToAddresses"], subject=one.subject, text=one.body)
            for one in messages
        ]

    def deliver(self, message: dict[str, Any], worker: SimpleNamespace | None = None) -> None:
        """Give a message to a worker, perhaps one of that context."""
        _deliver(import_files, _event(message), worker)

    def receive_messages(self) -> list[dict[str, Any]]:
        """Receive and delete at most ten messages of the queue."""
        return self._received(self._queue)

    def _others(self) -> list[tuple[Handler, dict[str, Any]]]:
        return [(handler, _event(message)) for url, handler in self._queues.items() for message in self._received(url)]

    def _received(self, queue: str) -> list[dict[str, Any]]:
        client: Any = boto3.client("sqs")
        messages: list[dict[str, Any]] = client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
            "Messages", []
        )
        for message in messages:
            client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            message["Body"] = json.dumps(self._with_versions(json.loads(message["Body"])))
        return messages

    def _with_versions(self, body: dict[str, Any]) -> dict[str, Any]:
        """The message with the versions of its objects, which moto leaves out."""
        for record in body.get("Records", []):
            object_facts = record["s3"]["object"]
            key = unquote_plus(object_facts["key"])
            versions = boto3.client("s3").list_object_versions(Bucket=self.bucket, Prefix=key).get("Versions", [])
            same = [one for one in versions if (one["Key"], one["ETag"].strip('"')) == (key, object_facts["eTag"])]
            object_facts["versionId"] = same[0]["VersionId"] if same else "deleted"
        return body

    def _records(self) -> Iterator[tuple[Handler, dict[str, Any]]]:
        """The new records of the stream, for the functions whose filters in the template let them through."""
        answer = self._stream.get_records(ShardIterator=self._position)
        self._position = answer["NextShardIterator"]
        for name, handler in self._readers.items():
            source = template()["Resources"][name]["Properties"]["Events"][f"{name}DynamodbEventSource"]
            patterns = [json.loads(one["Pattern"]) for one in source["Properties"]["FilterCriteria"]["Filters"]]
            for record in answer["Records"]:
                if any(matches(pattern, record) for pattern in patterns):
                    yield handler, record


def _event(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"}


def matches(pattern: Any, value: Any) -> bool:
    """Whether an event filter matches a value: an object by all of its names, a list by any of its values."""
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(matches(one, value.get(name)) for name, one in pattern.items())
    return any(_fits(one, value) for one in pattern)


def _fits(one: Any, value: Any) -> bool:
    """Whether a filter's value equals that value, is its prefix, or only requires one to exist."""
    if not isinstance(one, Mapping):
        return bool(one == value)
    if "prefix" in one:
        return isinstance(value, str) and value.startswith(one["prefix"])
    return one == {"exists": value is not None}


def _create() -> dict[str, str]:
    """Create the table, the bucket and the queues by CloudFormation; answers the environment of the functions."""
    whole = template()
    variables = dict(whole["Globals"]["Function"]["Environment"]["Variables"])
    # moto's CloudFormation has neither of these
    del variables["CONFIGURATION_SET"], variables["DIGEST_KEY"]
    resources = {name: one for name, one in whole["Resources"].items() if one.get("Type") in MADE_BY_MOTO}
    bucket = {name: value for name, value in resources["Bucket"].items() if name != "DependsOn"}
    body = {
        "Parameters": whole["Parameters"],
        "Resources": {**resources, "Bucket": bucket},
        "Outputs": {name: {"Value": value} for name, value in variables.items()},
    }
    client: Any = boto3.client("cloudformation")
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()]
    client.create_stack(StackName="guestlist", TemplateBody=json.dumps(body), Parameters=parameters)
    outputs = client.describe_stacks(StackName="guestlist")["Stacks"][0]["Outputs"]
    return {one["OutputKey"]: one["OutputValue"] for one in outputs}


def _configure_bucket(bucket: str, queue: str) -> None:
    """Make the bucket keep versions and tell the queue of objects, which moto's CloudFormation leaves out."""
    properties = template()["Resources"]["Bucket"]["Properties"]
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    configurations = [
        {
            "QueueArn": attributes["QueueArn"],
            "Events": [one["Event"]],
            "Filter": {"Key": {"FilterRules": one["Filter"]["S3Key"]["Rules"]}},
        }
        for one in properties["NotificationConfiguration"]["QueueConfigurations"]
    ]
    client: Any = boto3.client("s3")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=properties["VersioningConfiguration"])
    client.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": configurations}
    )


def _deliver(handler: Handler, record: dict[str, Any], worker: SimpleNamespace | None = None) -> None:
    answer = handler({"Records": [record]}, worker or context("event"))
    assert answer in (None, {"batchItemFailures": []}), record
