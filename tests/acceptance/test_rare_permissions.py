"""Rare cases that need permissions used nowhere else: workers that read stored files again."""

from collections.abc import Iterator
from typing import Any

import pytest

from guestlist.aws.sqs import Queue
from guestlist.exports.service import Export
from guestlist.exports.store import Exports
from guestlist.groups.index import GroupType
from guestlist.model import clock
from tests.acceptance.client import Api, a_name, eventually
from tests.acceptance.stack_admin import StackAdmin
from tests.acceptance.stacks import Stack


@pytest.fixture
def admin(stack: Stack) -> StackAdmin:
    return StackAdmin(stack)


def an_email(word: str) -> str:
    return f"{a_name(word).replace(' ', '-')}@example.com"


def versions(admin: StackAdmin, prefix: str) -> Iterator[str]:
    """The content of every version of the objects below the prefix."""
    s3, bucket = admin.stack.aws("s3"), admin.stack.local()["bucket"]
    for one in s3.list_object_versions(Bucket=bucket, Prefix=prefix).get("Versions", []):
        yield s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read().decode()


def test_an_erasure_removes_the_persons_row_from_a_dropped_file(admin: StackAdmin, organiser: Api) -> None:
    ann, bob, name = an_email("ann"), an_email("bob"), a_name("people").replace(" ", "-")
    key, text = f"drop/demo/customers/{name}.csv", f"Email\n{ann}\n{bob}\n"
    admin.stack.aws("s3").put_object(Bucket=admin.stack.local()["bucket"], Key=key, Body=text.encode())
    eventually(lambda: organiser.call("GET", f"/v1/customers/{ann}").ok or None)
    eventually(lambda: organiser.call("GET", f"/v1/customers/{bob}").ok or None)
    organiser.call("DELETE", f"/v1/customers/{ann}")
    eventually(lambda: organiser.get(f"/v1/customers/{ann}/erasure")["done_at"])
    (remaining,) = versions(admin, key)
    assert (ann in remaining, bob in remaining) == (False, True)


def test_a_worker_writes_the_export_of_a_large_group(admin: StackAdmin, organiser: Api) -> None:
    email, group = an_email("ann"), organiser.post("/v1/groups", {"name": a_name("Many"), "type": "manual"})
    organiser.post(f"/v1/groups/{group['group_id']}/members", {"customers": [{"email": email}]})
    facts: dict[str, Any] = {"organiser_id": "demo", "group_id": group["group_id"], "export_id": "by-hand"}
    export = Export(**facts, type=GroupType.MANUAL, heard_at=clock.now())
    Exports(admin.table).save_export(export)
    Queue(admin.stack.aws("sqs"), admin.resource_name("Uploads")).export(*facts.values())
    assert email in eventually(lambda: next(versions(admin, export.key), None))
