"""A new stage answers a check, and still does after a change of its code."""

import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from guestlist.imports.lease import LEASE_TIMEOUT
from infra.local.clock import Clock
from infra.local.timers import fired
from tests.acceptance.client import FINAL_STATUSES, Api, eventually
from tests.acceptance.deploying.places import SENDER, Place, gateway, seed_organisers


def test_a_file_sent_through_the_gateway_of_a_new_stage_is_checked(place: Place, address: str) -> None:
    outputs = place.deploy(**SENDER)
    seed_organisers(place)
    organiser = Api(gateway(address, outputs), "demo-organiser")
    checkout = Api(gateway(address, outputs), "demo-checkout")
    record = organiser.import_file(b"Code,Quantity\nSPRING,2\n", group="Friends")
    assert (record["status"], record["counts"]["imported"]) == ("complete", 1)
    assert checkout.post("/v1/check", {"code": "spring", "quantity": 2})["code"]["valid"]
    assert not checkout.post("/v1/check", {"code": "spring", "quantity": 3})["code"]["valid"]


@pytest.fixture
def fast_retry_place(place: Place) -> Place:
    """A stage that is there, with organisers, where a message that nobody finished comes again after seconds."""
    place.template["Resources"]["Uploads"]["Properties"]["VisibilityTimeout"] = 10
    source = place.template["Resources"]["ImportFiles"]["Properties"]["Events"]["ImportFilesSqsEventSource"]
    source["Properties"]["ScalingConfig"]["MaximumConcurrency"] = 2
    place.deploy(**SENDER)
    seed_organisers(place)
    return place


def test_no_message_is_lost_while_a_stage_is_updated(fast_retry_place: Place, address: str, clock: Path) -> None:
    """Files keep coming while code is replaced. The engine ends workers then, which AWS does not; still, all go in."""
    outputs, client = fast_retry_place.stage.stack.outputs(), fast_retry_place.stage.client
    with dropping(client("s3"), outputs["BucketName"]) as codes:
        for number in range(2):
            eventually(lambda expected=2 * number + 2: len(codes) >= expected or None)
            with zipfile.ZipFile(fast_retry_place.build / "functions.zip", "a") as archive:
                archive.writestr(f"added_{number}.py", "")
            fast_retry_place.deploy()
    Clock(clock).advance(LEASE_TIMEOUT)  # whoever was ended must be gone by now
    organiser = Api(gateway(address, outputs), "demo-organiser")
    checkout = Api(gateway(address, outputs), "demo-checkout")

    def nothing_waits() -> bool | None:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = client("sqs").get_queue_attributes(QueueUrl=outputs["QueueUrl"], AttributeNames=names)[
            "Attributes"
        ]
        return {attributes[name] for name in names} == {"0"} or None

    def all_ended() -> set[str] | None:
        eventually(nothing_waits)
        client("lambda").invoke(FunctionName=outputs["WatchdogFunction"], Payload=json.dumps(fired()).encode())
        statuses = [one["status"] for one in organiser.get("/v1/imports?limit=200")["items"]]
        return set(statuses) if len(statuses) == len(codes) and FINAL_STATUSES.issuperset(statuses) else None

    assert eventually(all_ended) == {"complete"}
    assert {code for code in codes if not checkout.post("/v1/check", {"code": code})["code"]["valid"]} == set()


@contextmanager
def dropping(s3: Any, bucket: str) -> Iterator[list[str]]:
    """Drop a file after the other, each with a code of its own, until the end of the block; the codes so far."""
    codes: list[str] = []
    enough = threading.Event()

    def drop() -> None:
        while not enough.wait(1):
            key = f"drop/demo/target-groups/Group {len(codes)}/list.csv"
            s3.put_object(Bucket=bucket, Key=key, Body=f"Code\nCODE-{len(codes)}\n".encode())
            codes.append(f"CODE-{len(codes)}")

    dropper = threading.Thread(target=drop)
    dropper.start()
    try:
        yield codes
    finally:
        enough.set()
        dropper.join()
