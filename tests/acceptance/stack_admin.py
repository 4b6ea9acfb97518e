"""Direct access to the resources of a stack: stops workers and timers, and leaves records as a crash does."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from guestlist.aws.boto import Boto
from guestlist.aws.table import Table
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Import, Source, Status
from guestlist.imports.store import Imports
from guestlist.model import clock
from guestlist.organisers.model import Scope, Token, hash_token
from guestlist.organisers.store import Organisers
from infra.local.deploy import STACK
from tests.acceptance.client import Api, eventually
from tests.acceptance.stacks import Stack

LONG_AGO = timedelta(hours=1)
_KINDS = ("", "NotVisible", "Delayed")


@dataclass(frozen=True)
class StackAdmin:
    """Administrator of the resources of a stack."""

    stack: Stack

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the deployed template."""
        outputs = self.stack.aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def resource_name(self, resource: str) -> str:
        """The name, or the address, of a resource of the template."""
        request = {"StackName": STACK, "LogicalResourceId": resource}
        response = self.stack.aws("cloudformation").describe_stack_resource(**request)
        return str(response["StackResourceDetail"]["PhysicalResourceId"])

    def message_counts(self, queue: str) -> Mapping[str, int]:
        """The numbers of messages in a queue: ready (""), in flight ("NotVisible") and delayed ("Delayed")."""
        name = "ApproximateNumberOfMessages"
        request = {"QueueUrl": self.resource_name(queue), "AttributeNames": [f"{name}{kind}" for kind in _KINDS]}
        attributes = self.stack.aws("sqs").get_queue_attributes(**request)["Attributes"]
        return {kind: int(attributes[f"{name}{kind}"]) for kind in _KINDS}

    @property
    def table(self) -> Table:
        """The stack's table."""
        return Table(Boto(self.stack.aws("dynamodb")), self.stack.local()["table"])

    @property
    def imports(self) -> Imports:
        """The records of imports."""
        return Imports(self.table, GroupIndexes(self.table))

    def new_organiser(self) -> str:
        """Create an organiser with the settings of `demo` but no data; its tokens are named like those of `demo`."""
        org, organisers = f"house{uuid4().hex[:10]}", Organisers(self.table)
        organisers.save_organiser(replace(organisers.get_organiser("demo"), organiser_id=org, name="New House"))
        for scope in Scope:
            token = Token(organiser_id=org, scope=scope, name=f"local {scope}", hash=hash_token(f"{org}-{scope}"))
            organisers.save_token(token)
        return org

    @contextmanager
    def without_workers(self) -> Iterator[None]:
        """Stop the workers of uploads until the end of the block."""
        functions = self.stack.aws("lambda")
        every = functions.list_event_source_mappings()["EventSourceMappings"]
        queue = self.resource_name("Uploads").rpartition("/")[2]
        (mapping,) = [one["UUID"] for one in every if one["EventSourceArn"].endswith(f":{queue}")]
        functions.update_event_source_mapping(UUID=mapping, Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping, Enabled=True)

    @contextmanager
    def without_timers(self) -> Iterator[None]:
        """Stop the schedules of all timers until the end of the block."""
        events = self.stack.aws("events")
        rules = [rule["Name"] for rule in events.list_rules()["Rules"] if "ScheduleExpression" in rule]
        for name in rules:
            events.disable_rule(Name=name)
        try:
            yield
        finally:
            for name in rules:
                events.enable_rule(Name=name)

    def intercept_upload(self, api: Api, data: bytes, kind: str, **options: Any) -> tuple[str, str]:
        """Upload the file of an import, and remove its message from the queue; returns its id and the message."""
        with self.without_workers():
            import_id = api.start_import(data, kind, **options)
            queue, sqs = self.resource_name("Uploads"), self.stack.aws("sqs")

            def poll() -> Any:
                messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
                return next((message for message in messages if import_id in message["Body"]), None)

            message = eventually(poll)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return import_id, message["Body"]

    def import_of_dead_worker(self, api: Api, data: bytes, kind: str, **options: Any) -> str:
        """Create an import whose worker died an hour ago, just after it began; returns its id."""
        import_id, body = self.intercept_upload(api, data, kind, **options)
        object_facts = json.loads(body)["Records"][0]["s3"]["object"]
        source = Source(object_facts["key"], object_facts["versionId"], object_facts["size"], datetime.now(UTC))
        self.save_overdue(import_id, status=Status.READING, source=source, worker="dead", attempts=4)
        return import_id

    def save_overdue(self, import_id: str, **facts: Any) -> Import:
        """Save the import with these values and overdue, so that the next run of the timer checks it."""
        record = self.imports.get_import("demo", import_id)
        return self.imports.save_import(replace(record, due_at=clock.now() - LONG_AGO, **facts))
