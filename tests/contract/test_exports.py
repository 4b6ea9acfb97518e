"""Exports in the making: in memory and in the table of both engines, in memory and in the bucket, alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import boto3
import pytest

from guestlist.aws import keys
from guestlist.exports.service import Export, Exports, Files
from guestlist.exports.store import ExportFiles
from guestlist.exports.store import Exports as TableExports
from guestlist.groups.index import GroupType, IndexedGroup, Version
from guestlist.lists.difference import Difference
from guestlist.lists.packed_list import PackedList
from guestlist.lists.usage import Usage
from guestlist.model.errors import ConcurrentModification
from tests.engines.tables import new_table
from tests.fakes.exports import FakeExports, FakeFiles

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
TARGET_GROUP = IndexedGroup(
    group_id="g1", type=GroupType.TARGET, name="Friends", created_at=NOW, base=Version("v1", 4, 900), entries=900
)
PLAIN = Export(organiser_id="demo", group_id="g1", type=GroupType.TARGET, export_id="x1", heard_at=NOW)
FULL = replace(
    PLAIN,
    working=True,
    ready_at=NOW,
    listed=TARGET_GROUP,
    upload_id="u1",
    parts=("a", "b"),
    behind={"bucket": 1, "of": 4, "behind": 7},
)


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def exports(request: pytest.FixtureRequest) -> Exports:
    if request.param == "memory":
        return FakeExports()
    return TableExports(new_table(request.getfixturevalue(request.param)))


@pytest.mark.parametrize("export", [PLAIN, FULL], ids=["plain", "full"])
def test_a_stored_export_is_read_back(exports: Exports, export: Export) -> None:
    assert exports.get_export("demo", "g1") is None
    saved_export = exports.save_export(export)
    assert saved_export == replace(export, revision=1)
    assert exports.get_export("demo", "g1") == saved_export
    assert exports.get_export("other", "g1") is None


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
def test_an_export_that_nobody_requests_expires_after_a_day(engine: str, request: pytest.FixtureRequest) -> None:
    table = new_table(request.getfixturevalue(engine))
    TableExports(table).save_export(FULL)
    item = table.get(keys.export("demo", "g1"))
    assert item
    assert datetime.fromtimestamp(item["ttl"], UTC) == (NOW + timedelta(days=1)).replace(microsecond=0)


def test_exports_of_a_group_are_stored_by_name_and_deleted_together(ministack: str) -> None:
    exports = TableExports(new_table(ministack))
    difference = Difference("v1", PackedList(), PackedList(Version("v1", 4, 900)))
    expected_exports = [PLAIN, replace(PLAIN, used=Usage.SOME), replace(PLAIN, difference=difference)]
    assert [exports.save_export(one) for one in expected_exports] == [
        exports.get_export("demo", "g1", one.name) for one in expected_exports
    ]
    other = exports.save_export(replace(PLAIN, group_id="g2"))
    assert not exports.delete_exports("demo", "g1")
    assert [exports.get_export("demo", "g1", one.name) for one in expected_exports] == [None] * 3
    assert exports.get_export("demo", "g2") == other


def test_deleting_exports_reports_a_running_worker(ministack: str) -> None:
    exports = TableExports(new_table(ministack))
    exports.save_export(replace(PLAIN, working=True))
    assert exports.delete_exports("demo", "g1")


def test_an_export_changed_meanwhile_is_not_overwritten(exports: Exports) -> None:
    first = exports.save_export(PLAIN)
    second = exports.save_export(replace(first, working=True))
    for stale in (PLAIN, first):
        with pytest.raises(ConcurrentModification):
            exports.save_export(stale)
        with pytest.raises(ConcurrentModification):
            exports.delete_export(stale)
    exports.delete_export(second)
    assert exports.get_export("demo", "g1") is None
    with pytest.raises(ConcurrentModification):
        exports.save_export(second)


class Store:
    """Files and how to read them: None for one that is not there."""

    def __init__(self, ministack: str | None) -> None:
        self.files: Files = FakeFiles()
        if ministack:
            region = "eu-west-1"
            login = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            self._client = boto3.client("s3", endpoint_url=ministack, region_name=region, **login)
            self._bucket = f"files-{uuid4().hex[:12]}"
            self._client.create_bucket(Bucket=self._bucket, CreateBucketConfiguration={"LocationConstraint": region})
            self.files = ExportFiles(self._client, self._bucket)

    def read(self, key: str) -> bytes | None:
        if isinstance(self.files, FakeFiles):
            return self.files.whole.get(key)
        if "Contents" not in self._client.list_objects_v2(Bucket=self._bucket, Prefix=key):
            return None
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()


@pytest.fixture(params=["memory", "ministack"])
def store(request: pytest.FixtureRequest) -> Store:
    return Store(request.getfixturevalue("ministack") if request.param == "ministack" else None)


def test_a_whole_file_is_stored(store: Store) -> None:
    store.files.put_file("exports/demo/g1/x1.csv", b"Email\r\n")
    assert store.read("exports/demo/g1/x1.csv") == b"Email\r\n"


def test_a_file_written_in_parts_exists_once_it_is_finished(store: Store) -> None:
    key, large = "exports/demo/g1/x2.csv", b"a" * (5 << 20)
    upload_id = store.files.begin_upload(key)
    marks = [store.files.upload_part(key, upload_id, 1, large), store.files.upload_part(key, upload_id, 2, b"end")]
    assert store.read(key) is None
    store.files.complete_upload(key, upload_id, marks)
    assert store.read(key) == large + b"end"


def test_a_part_written_again_replaces_the_former_one(store: Store) -> None:
    key = "exports/demo/g1/x3.csv"
    upload_id = store.files.begin_upload(key)
    store.files.upload_part(key, upload_id, 1, b"old")
    store.files.complete_upload(key, upload_id, [store.files.upload_part(key, upload_id, 1, b"new")])
    assert store.read(key) == b"new"
