"""What a test does to a stack behind its API's back: workers kept off their queue, records as a crash leaves them."""

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
class Hands:
    """One who may do anything to the stack's resources."""

    stack: Stack

    @property
    def outputs(self) -> Mapping[str, str]:
        """What the deployed template says of itself."""
        found = self.stack.aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        return {one["OutputKey"]: one["OutputValue"] for one in found}

    def named(self, resource: str) -> str:
        """The name, or the address, of a resource of the template."""
        asked = {"StackName": STACK, "LogicalResourceId": resource}
        found = self.stack.aws("cloudformation").describe_stack_resource(**asked)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def waiting(self, queue: str) -> Mapping[str, int]:
        """How many messages that queue has: ready (""), taken ("NotVisible") and for later ("Delayed")."""
        name = "ApproximateNumberOfMessages"
        asked = {"QueueUrl": self.named(queue), "AttributeNames": [f"{name}{kind}" for kind in _KINDS]}
        found = self.stack.aws("sqs").get_queue_attributes(**asked)["Attributes"]
        return {kind: int(found[f"{name}{kind}"]) for kind in _KINDS}

    @property
    def table(self) -> Table:
        """The stack's table."""
        return Table(Boto(self.stack.aws("dynamodb")), self.stack.local()["table"])

    @property
    def imports(self) -> Imports:
        """The records of imports."""
        return Imports(self.table, GroupIndexes(self.table))

    def new_organiser(self) -> str:
        """An organiser like `demo` who has nothing yet; the tokens are named like those of `demo`."""
        org, organisers = f"house{uuid4().hex[:10]}", Organisers(self.table)
        organisers.save_organiser(replace(organisers.get_organiser("demo"), organiser_id=org, name="New House"))
        for scope in Scope:
            token = Token(organiser_id=org, scope=scope, name=f"local {scope}", hash=hash_token(f"{org}-{scope}"))
            organisers.save_token(token)
        return org

    @contextmanager
    def without_workers(self) -> Iterator[None]:
        """Until the end of the block nobody takes messages of uploads."""
        functions = self.stack.aws("lambda")
        every = functions.list_event_source_mappings()["EventSourceMappings"]
        queue = self.named("Uploads").rpartition("/")[2]
        (mapping,) = [one["UUID"] for one in every if one["EventSourceArn"].endswith(f":{queue}")]
        functions.update_event_source_mapping(UUID=mapping, Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=mapping, Enabled=True)

    @contextmanager
    def without_timers(self) -> Iterator[None]:
        """Until the end of the block no timer is fired by its schedule."""
        events = self.stack.aws("events")
        rules = [rule["Name"] for rule in events.list_rules()["Rules"] if "ScheduleExpression" in rule]
        for name in rules:
            events.disable_rule(Name=name)
        try:
            yield
        finally:
            for name in rules:
                events.enable_rule(Name=name)

    def intercepted(self, api: Api, data: bytes, kind: str, **options: Any) -> tuple[str, str]:
        """The id of an import whose file has come, and the message that says so, which is in no queue any more."""
        with self.without_workers():
            import_id = api.opened(data, kind, **options)
            queue, sqs = self.named("Uploads"), self.stack.aws("sqs")

            def look() -> Any:
                found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
                return next((one for one in found if import_id in one["Body"]), None)

            message = eventually(look)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return import_id, message["Body"]

    def left_by_its_worker(self, api: Api, data: bytes, kind: str, **options: Any) -> str:
        """The id of an import whose worker died as soon as it had begun, an hour ago."""
        import_id, body = self.intercepted(api, data, kind, **options)
        stored = json.loads(body)["Records"][0]["s3"]["object"]
        source = Source(stored["key"], stored["versionId"], stored["size"], datetime.now(UTC))
        self.change(import_id, status=Status.READING, source=source, worker="dead", attempts=4)
        return import_id

    def change(self, import_id: str, **facts: Any) -> Import:
        """The import as some crash left it: to be looked at by the next timer."""
        record = self.imports.get_import("demo", import_id)
        return self.imports.save_import(replace(record, due_at=clock.now() - LONG_AGO, **facts))
