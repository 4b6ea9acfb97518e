"""Time, memory and read units of a full pass: `python -m tests.benchmarks.resync [customers …]`.

Each measurement is a process of its own: a full pass over an automatic group of eight rules whose members
are right already. It reads through boto3, which in the place of the network meets the pages of a table that
was written to a folder beforehand. Read units are computed from the bytes of the items, as DynamoDB counts
eventually consistent queries.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from guestlist.aws import person_keys
from guestlist.aws.boto import Boto
from guestlist.aws.digests import digest
from guestlist.aws.items import Item, marshal_item
from guestlist.aws.table import Table
from guestlist.groups.full_pass import full_pass
from guestlist.groups.match import Matcher
from guestlist.groups.membership import Change
from guestlist.groups.membership_decision import next_membership
from guestlist.groups.membership_items import change_write
from guestlist.groups.membership_store import Memberships
from guestlist.groups.reevaluation import SyncPorts
from guestlist.purchases.model import CountedPurchase
from guestlist.purchases.store import Purchases, counted_attributes
from guestlist.tickets.sales_store import EventSales
from tests.benchmarks.regulars import NOW, World, rules, some_bought


def write(customers: int, folder: Path) -> dict[str, int]:
    """The listing index of so many customers: a file of items for each partition, sorted."""
    world, letters = World(), random.Random(7)  # noqa: S311 - the same each time
    matcher = Matcher(rules(), world.catalogues.read_catalogue("demo"))
    files: dict[str, Any] = {}
    counts = {"purchases": 0, "members": 0}
    for number in range(customers):
        email = f"customer-{number:08d}@example.com"
        purchases = list(some_bought(letters))
        items = [_line(email, one, at) for at, one in enumerate(purchases)]
        member = next_membership(world.group, email, None, matcher.lapses_at(purchases), NOW)
        if member:
            items.append(change_write("demo", Change(before=None, after=member, by="me")).put or {})
        counts["purchases"] += len(purchases)
        counts["members"] += member is not None
        for item in sorted(items, key=lambda item: item["g1sk"]):
            partition = item["g1pk"]
            if partition not in files:
                files[partition] = (folder / digest(partition)).open("w")
            files[partition].write(json.dumps({**marshal_item(item), "#": _size(item)}) + "\n")
    for file in files.values():
        file.close()
    return counts


def _line(email: str, one: CountedPurchase, at: int) -> Item:
    key = person_keys.purchase_line("demo", email, one.at.isoformat(), f"order-{at}", 0)
    attributes = counted_attributes(
        "demo", email, one.sale_item_id, one.at, f"{at}", quantity=one.quantity, imported=False
    )
    return {**key._asdict(), "order_id": f"order-{at}", "event_id": one.sale_item_id[:2], "ordered": 3, **attributes}


def _size(item: Item) -> int:
    return sum(len(name) + len(str(value).encode()) for name, value in item.items() if value is not None)


class Pages:
    """IdempotencyStore queries of the listing index from the files; each partition is read once, from its beginning."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Iterator[str]] = {}
        self.calls, self.units = 0, 0.0

    def answer(self, request: Any, **_others: Any) -> AWSResponse:
        request_body = json.loads(request.body)
        partition = request_body["ExpressionAttributeValues"][":pk"]["S"]
        lines = list(islice(self._file(partition), request_body.get("Limit", 1_000_000)))
        items = [json.loads(line) for line in lines]
        self.calls += 1
        self.units += 0.5 * ceil(sum(item.pop("#") for item in items) / 4_096)
        attribute_names = [
            request_body["ExpressionAttributeNames"][mark]
            for mark in request_body.get("ProjectionExpression", "").split(", ")
            if mark
        ]
        shown = (
            [{name: item[name] for name in attribute_names if name in item} for item in items]
            if attribute_names
            else items
        )
        body: dict[str, Any] = {"Items": shown}
        if items and len(items) == request_body.get("Limit"):
            body["LastEvaluatedKey"] = {name: items[-1][name] for name in ("pk", "sk", "g1pk", "g1sk")}
        return _response(json.dumps(body).encode())

    def _file(self, partition: str) -> Iterator[str]:
        path = self._folder / digest(partition)
        if partition not in self._files:
            self._files[partition] = iter(path.open()) if path.exists() else iter(())
        return self._files[partition]


def _response(body: bytes) -> AWSResponse:
    raw = SimpleNamespace(stream=lambda *_a, **_k: iter([body]), read=lambda *_a: body)
    return AWSResponse("https://dynamodb", 200, {"content-type": "application/x-amz-json-1.0"}, raw)


def run(folder: Path) -> dict[str, float]:
    """One full pass over what stands in the folder."""
    pages = Pages(folder)
    secret = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("dynamodb", region_name="eu-west-1", **secret)
    client.meta.events.register("before-send.dynamodb.*", pages.answer)
    table, world = Table(Boto(client), "table"), World()
    engine = SyncPorts(
        groups=world.groups,
        syncs=world.groups.syncs,
        memberships=Memberships(table),
        catalogues=world.catalogues,
        purchases=Purchases(table, EventSales(table)),
    )
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.process_time()
    progress = full_pass("demo", "g1", "r1", NOW, lambda: True, engine)
    seconds = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "looked_at": progress.people_checked,
        "changed": progress.people_changed,
        "done": progress.complete,
        "cpu_s": round(seconds, 2),
        "peak_mb": round(after.ru_maxrss / 1024, 1),
        "before_mb": round(before.ru_maxrss / 1024, 1),
        "queries": pages.calls,
        "read_units": pages.units,
    }


def main(sizes: list[int]) -> None:
    for customers in sizes:
        with TemporaryDirectory() as folder:
            counts = write(customers, Path(folder))
            command = [sys.executable, "-m", "tests.benchmarks.resync", "--run", folder]
            answer = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=True)
            figures = {"customers": customers, **counts, **json.loads(answer.stdout)}
            sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        sys.stdout.write(json.dumps(run(Path(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or [100_000])
