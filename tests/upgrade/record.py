"""Write what a stage of version 0.1.0 holds into `state_0_1_0.json`, by that version's own code; see the README.

PYTHONPATH=OLD/layers/guestlist/python:OLD/functions:OLD python tests/upgrade/record.py OLD/infra/resources.yaml
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from boto3.s3 import transfer
from chalice.package import YAMLTemplateSerializer
from moto import mock_aws

STATE = Path(__file__).with_name("state_0_1_0.json")
BUCKET = "upgrade"
REGION: Any = "eu-west-1"
ANNA, BEN, ERASED_EMAIL = "anna@example.com", "ben@example.com", "gone@example.com"
RULES = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 1}]}
MEMBERS = {"customers": [{"email": ANNA, "name": "Anna"}, {"email": BEN, "name": "Ben"}]}


class InlineExecutor(Executor):
    """An executor without threads."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)
        return future


class OldStage:
    """Version 0.1.0 on moto."""

    def __init__(self, resources: Path) -> None:
        template: Any = YAMLTemplateSerializer().load_template(resources.read_text(encoding="utf-8"))
        table_properties = template["Resources"]["Table"]["Properties"]
        names = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
        self.s3: Any = boto3.client("s3")
        self.sqs: Any = boto3.client("sqs")
        self.dynamodb: Any = boto3.client("dynamodb")
        self.dynamodb.create_table(TableName="guestlist", **{name: table_properties[name] for name in names})
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self.url = self.sqs.create_queue(QueueName="uploads")["QueueUrl"]
        os.environ |= {"TABLE_NAME": "guestlist", "BUCKET_NAME": BUCKET, "QUEUE_URL": self.url}
        os.environ |= {"SENDER": "guestlist@guestlist.example", "DYNAMODB_CLIENT": "boto3"}
        self._prepare()

    def _prepare(self) -> None:
        from guestlist.aws.inserting import insert_each

        from guestlist.aws.boto import Boto
        from guestlist.aws.table import Table, table
        from infra.local.seed import seed

        for one in (Table, Boto):
            one._pool = InlineExecutor()  # type: ignore[assignment]  # noqa: SLF001 - moto loses writes of threads
        Table.insert_many = insert_each  # type: ignore[method-assign,assignment]  # moto's PartiQL takes no parameters
        transfer.TransferConfig = partial(transfer.TransferConfig, use_threads=False)  # type: ignore[misc,assignment]
        seed(table(), boto3.client("sesv2"))

    def api(self, call: str, body: Any = None, scope: str = "organiser", key: str = "", **names: str) -> Any:
        from app import app
        from tests.fakes.contexts import context

        method, path = call.split(" ")
        address = path.format_map({name: quote(value, safe="") for name, value in names.items()})
        headers = {"Authorization": f"Bearer demo-{scope}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        event = {
            "resource": path,
            "path": address,
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "multiValueQueryStringParameters": None,
            "pathParameters": names or None,
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
            "stageVariables": None,
            "requestContext": {"resourcePath": path, "httpMethod": method, "path": f"/api{address}", "requestId": "r"},
        }
        answer: Any = app(event, context("api"))
        if answer["statusCode"] >= 400:
            raise SystemExit(f"{call}: {answer['body']}")
        return json.loads(answer["body"]) if answer["body"].startswith("{") else answer

    def put(self, key: str, text: str) -> None:
        answer = self.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
        object_facts = {"key": quote(key), "versionId": answer["VersionId"], "size": len(text), "sequencer": "1"}
        self.deliver({"Records": [{"eventTime": "2026-11-29T07:33:00Z", "s3": {"object": object_facts}}]})
        self.run()

    def run(self) -> None:
        while messages := self.sqs.receive_message(QueueUrl=self.url).get("Messages"):
            for message in messages:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
                self.deliver(json.loads(message["Body"]))

    def deliver(self, body: Any) -> None:
        from chalicelib.events.uploads import import_files
        from tests.fakes.contexts import context

        import_files(
            {"Records": [{"messageId": "m", "body": json.dumps(body), "eventSource": "aws:sqs"}]}, context("import")
        )

    def state(self) -> dict[str, Any]:
        """All items, and all versions of objects, oldest first."""
        items = [item for page in self._pages("scan", TableName="guestlist") for item in page["Items"]]
        versions = self.s3.list_object_versions(Bucket=BUCKET).get("Versions", [])
        objects = []
        for one in reversed(versions):
            response = self.s3.get_object(Bucket=BUCKET, Key=one["Key"], VersionId=one["VersionId"])
            body, metadata = response["Body"].read().decode("latin-1"), response["Metadata"]
            objects.append({"key": one["Key"], "version": one["VersionId"], "body": body, "metadata": metadata})
        return {"items": sorted(items, key=str), "objects": objects}

    def _pages(self, call: str, **options: Any) -> Any:
        return self.dynamodb.get_paginator(call).paginate(**options)


def fill(stage: OldStage) -> dict[str, Any]:
    """Store something of every kind, and return the names that a test needs."""
    names: dict[str, Any] = {}
    _catalogue(stage)
    _groups(stage, names)
    _files(stage, names)
    for number, (hold, quantity) in enumerate([(600, 2), (600, 1), (None, 1)], 1):
        redemption = {"code": "FRIENDS", "order_id": f"h{number}", "quantity": quantity}
        redemption |= {"hold_seconds": hold} if hold else {}
        names[f"redemption_{number}"] = stage.api("POST /v1/redemptions", redemption, "checkout")["redemption_id"]
    line = {"sale_item_id": "early", "quantity": 2}
    for order, email in (("o1", ANNA), ("o2", BEN)):
        purchase = {"order_id": order, "customer": {"email": email, "name": "N"}, "lines": [line]}
        stage.api("POST /v1/purchases", purchase, key=f"key-{order}")
    stage.api("POST /v1/purchases/{order_id}/refund", order_id="o2")
    from guestlist.aws.table import table
    from guestlist.mail.suppressions import Suppressions
    from guestlist.model import clock

    Suppressions(table()).add_suppression("demo", BEN, "bounce", clock.now())
    stage.api("DELETE /v1/customers/{email}", email=ERASED_EMAIL)
    stage.run()
    stage.api("DELETE /v1/customers/{email}", email="waits@example.com")
    return {**names, "at": clock.now().isoformat()}


def _catalogue(stage: OldStage) -> None:
    stage.api("PUT /v1/schedules/{schedule_id}", {"name": "Summer"}, schedule_id="summer")
    gala = {"name": "Gala", "schedule_id": "summer", "capacity": 90}
    stage.api("PUT /v1/events/{event_id}", gala, event_id="gala")
    stage.api("PUT /v1/inventory-items/{inventory_item_id}", {"name": "Standing"}, inventory_item_id="standing")
    for name in ("early", "members-only"):
        item = {"name": name, "event_id": "gala", "inventory_item_id": "standing"}
        stage.api("PUT /v1/sale-items/{sale_item_id}", item, sale_item_id=name)
    stage.api("PUT /v1/discounts/{code}", {"percent": 10}, code="SAVE")


def _groups(stage: OldStage, names: dict[str, Any]) -> None:
    names["friends"] = stage.api("POST /v1/groups", {"name": "Friends", "type": "manual"})["group_id"]
    welcome = {"welcome_email": {"enabled": True}}
    stage.api("PATCH /v1/groups/{group_id}", welcome, group_id=names["friends"])
    stage.api("POST /v1/groups/{group_id}/members", MEMBERS, key="members", group_id=names["friends"])
    fans = {"name": "Fans", "type": "automatic", "rules": RULES}
    names["fans"] = stage.api("POST /v1/groups", fans)["group_id"]
    only = {"group_ids": [names["friends"]]}
    stage.api("PUT /v1/sale-items/{sale_item_id}/restriction", only, sale_item_id="members-only")
    names["deleted"] = stage.api("POST /v1/groups", {"name": "Deleted", "type": "manual"})["group_id"]
    stage.api("DELETE /v1/groups/{group_id}", group_id=names["deleted"])


def _files(stage: OldStage, names: dict[str, Any]) -> None:
    rows = "".join(f"C{number},{1 + number % 3},\n" for number in range(300))
    stage.put("drop/demo/target-groups/Codes/codes.csv", f"Code,Quantity,Email\nFRIENDS,9,\n{rows},1,{ANNA}\n")
    stage.put("drop/demo/target-groups/Bad/bad.csv", f"Code,Quantity\nGOOD,1\n{'x' * 500},1\nBAD,minus\n")
    stage.put("drop/demo/customers/c.csv", f"Email,Name\n{ERASED_EMAIL},Gone\ncarl@example.com,Carl\n")
    stage.put("drop/demo/tickets/gala/continue/t.csv", "Code,Name,Email\nT1,Anna,anna@example.com\nT2,Ben,\n")
    stage.api("POST /v1/scans", {"event_id": "gala", "code": "T1"}, "checkout")
    purchases = "Order ID,Email,Sale item ID,Quantity,Date\nf1,carl@example.com,early,1,2026-05-01\n"
    stage.put("drop/demo/purchases/p.csv", purchases)
    stage.put("drop/demo/target-groups/Empty/empty.csv", "")
    for name, more in (("waiting", {"review": True}), ("cancelled", {"review": True}), ("awaited", {})):
        request = {"kind": "target_group", "file_name": "w.csv", "group": name, **more}
        response = stage.api("POST /v1/imports", request)
        names[name] = response["import_id"]
        if more:
            stage.put(response["upload"]["fields"]["key"], "Code\nW1\nW2\n")
    stage.api("POST /v1/imports/{import_id}/cancel", import_id=names["cancelled"])
    codes = [one for one in stage.api("GET /v1/groups")["items"] if one["name"] == "Codes"]
    names["codes"] = codes[0]["group_id"]
    stage.api("GET /v1/groups/{group_id}/export.csv", group_id=names["codes"])
    names["imports"] = {one["import_id"]: [one["kind"], one["status"]] for one in stage.api("GET /v1/imports")["items"]}


def main(resources: str) -> None:
    """Write the state."""
    os.environ |= {"AWS_DEFAULT_REGION": REGION, "POWERTOOLS_METRICS_DISABLED": "true"}
    with mock_aws():
        stage = OldStage(Path(resources))
        names = fill(stage)
        STATE.write_text(json.dumps({"names": names, **stage.state()}, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
