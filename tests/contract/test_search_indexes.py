"""Long lists are searched by an index: how many reads that takes, when it is made, and when it is not used."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guestlist.aws.bucket import Bucket
from guestlist.aws.table import Table
from guestlist.checkout.request import Client
from guestlist.groups.index import IndexedGroup, ScheduledVersion
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.lists.entry_store import Entries, EntryFilter
from guestlist.lists.importing.indexing import write_index
from guestlist.lists.search_index import MAX_UNINDEXED_PARTITIONS, Directory, indexable_parts
from guestlist.lists.search_index_store import BUILD_TIMEOUT, OpenIndex, SearchIndexes
from guestlist.lists.store import PackedListStore
from guestlist.lists.usage import Usage
from tests.engines.tables import new_table, on_requests
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import NOW, group
from tests.unit.lists.builders import tiny_limits

READS = {"GetItem", "BatchGetItem", "Query"}
ROWS = [Entry(f"CODE-{number:04d}", email=f"p{number}@x.nl" if number % 3 == 0 else "") for number in range(1_600)]


@dataclass
class FakeQueue:
    """A queue that keeps the groups whose indexes were requested."""

    group_ids: list[str] = field(default_factory=list)

    def index(self, _org: str, group_id: str) -> None:
        self.group_ids.append(group_id)


class World:
    """A list of many small partitions, and the searches of it."""

    def __init__(self, table: Table, s3: Any, bucket: str, folder: Path) -> None:
        self.table, self.s3, self.bucket, self._folder = table, s3, bucket, folder
        self.shop, self.queue, self.now = Shop(table), FakeQueue(), NOW
        self.indexes = SearchIndexes(table, Bucket(s3, bucket), self.queue)
        self.reads: list[str] = []
        self.import_rows(*ROWS)
        on_requests(table, "before-call", self._note)
        s3.meta.events.register("before-call.s3.GetObject", lambda **_: self.reads.append("GetObject"))

    def _note(self, operation: str, _request: Any) -> None:
        self.reads += [operation] if operation in READS else []

    @property
    def group(self) -> IndexedGroup:
        return GroupIndexes(self.table, lambda: self.now).read_group_index("demo").groups["list"]

    def import_rows(self, *rows: Entry, mode: Mode = Mode.CREATE) -> None:
        with tiny_limits():
            self.shop.lists(*rows, mode=mode, of=group("list"))

    def work(self, *, accepted: bool = True) -> int:
        """Build the requested indexes, as a worker does, and return their number."""
        return sum(self._make_index(build, part, accepted=accepted) for part, build in self.pending_builds())

    def pending_builds(self) -> list[tuple[Any, str]]:
        builds = [
            (part, self.indexes.requested_build("demo", self.group, part, self.now))
            for part in indexable_parts(self.group)
        ]
        return [(part, build) for part, build in builds if build]

    def _make_index(self, build: str, part: Any, *, accepted: bool) -> bool:
        path = self._folder / "index"
        size = write_index(PackedListStore(self.table, "demo", "list").read_texts, part, path)
        assert self.indexes.store_index("demo", self.group, part, build, path, size) is accepted
        return True

    def find(self, q: str, limit: int = 50, **more: Any) -> list[str]:
        return [row.code or "" for row in self.page(q, limit, **more)[0]]

    def page(self, q: str, limit: int = 50, start: Any = None, **more: Any) -> Any:
        return Entries(self.table, self.indexes).list_entries(
            "demo", self.group, EntryFilter(q=q, **more), limit, self.now, start
        )

    def every(self, q: str) -> list[str]:
        """All results, in pages of seven."""
        codes: list[str] = []
        start: Any = None
        while True:
            rows, start = self.page(q, 7, start)
            codes += [row.code or "" for row in rows]
            if start is None:
                return codes

    @contextmanager
    def count_reads(self) -> Iterator[list[str]]:
        self.reads.clear()
        yield self.reads

    def files(self) -> list[str]:
        response = self.s3.list_object_versions(Bucket=self.bucket, Prefix="search/demo/list/")
        return [one["Key"] for one in response.get("Versions", [])]


@pytest.fixture
def world(ministack: str, s3: Any, bucket_name: str, tmp_path: Path) -> World:
    return World(new_table(ministack), s3, bucket_name, tmp_path)


@pytest.fixture
def indexed_list(world: World) -> World:
    """A list with an index, and an overlay with some edits."""
    base = world.group.base
    assert base is not None
    assert base.partitions > MAX_UNINDEXED_PARTITIONS
    world.find("x")
    assert world.work() == 1
    world.import_rows(Entry("CODE-0001"), mode=Mode.REMOVE)
    world.import_rows(Entry("CODE-00011"), Entry("Q", "code-0001@x.nl"), mode=Mode.APPEND)
    world.queue.group_ids.clear()
    return world


def test_a_search_by_prefix_takes_at_most_two_reads_more_than_a_check(indexed_list: World) -> None:
    with indexed_list.count_reads() as reads:
        answer = Shop(indexed_list.table).ask(code="CODE-0700", client=Client(session="s")).code
        assert answer is not None
        assert answer.valid
        check = len(reads)
    for q in ("CODE-0700", "code-07", "p9", "nothing"):
        with indexed_list.count_reads() as reads:
            indexed_list.find(q)
            assert len(reads) <= check + 2, (q, reads)
            assert reads.count("GetObject") == 1
    assert indexed_list.queue.group_ids == []


def test_an_index_shows_changes_of_the_overlay_at_once(indexed_list: World) -> None:
    assert indexed_list.find("code-0001") == ["CODE-00011", "Q"]
    assert indexed_list.every("code-00") == sorted(
        ["CODE-00011", "Q", *(row.code for row in ROWS if row.code.startswith("CODE-00") and row.code != "CODE-0001")],
        key=lambda code: "code-0001@x.nl" if code == "Q" else code.lower(),
    )
    assert indexed_list.find("p3@") == ["CODE-0003"]


def test_a_list_without_an_index_is_scanned_and_its_index_requested_once(world: World) -> None:
    assert world.find("code-0700")[0] == "CODE-0700"
    assert sorted(world.every("code-07")) == [row.code for row in ROWS if row.code.startswith("CODE-07")]
    assert world.queue.group_ids == ["list"]
    assert world.work() == 1
    assert world.work() == 0
    assert world.find("code-07", 3) == ["CODE-0700", "CODE-0701", "CODE-0702"]
    assert world.queue.group_ids == ["list"]


def test_an_index_that_no_worker_built_is_requested_again(world: World) -> None:
    world.find("code-07")
    world.now += BUILD_TIMEOUT
    assert world.work() == 0
    world.find("code-07")
    assert world.queue.group_ids == ["list", "list"]
    assert world.work() == 1


def test_a_large_overlay_gets_an_index_of_the_whole_list(indexed_list: World) -> None:
    indexed_list.import_rows(*(Entry(f"MORE-{number:04d}") for number in range(1_500)), mode=Mode.APPEND)
    over = indexed_list.group.overlay
    assert over is not None
    assert over.partitions >= MAX_UNINDEXED_PARTITIONS
    assert indexed_list.find("more-1400")[0] == "MORE-1400"
    assert indexed_list.work() == 1
    with indexed_list.count_reads() as reads:
        assert indexed_list.find("more-14", 2) == ["MORE-1400", "MORE-1401"]
        assert indexed_list.find("code-0001") == ["CODE-00011", "Q"]
        assert reads.count("GetObject") == 2


def test_a_scheduled_list_has_its_index_before_it_becomes_current(indexed_list: World) -> None:
    current = indexed_list.group
    indexed_list.import_rows(*(Entry(f"NEXT-{number:04d}") for number in range(1_600)), mode=Mode.REPLACE)
    coming = indexed_list.group.base
    assert coming is not None
    indexed_list.shop.groups(replace(current, scheduled=(ScheduledVersion(NOW + timedelta(hours=1), coming, 1_600),)))
    indexed_list.indexes.request_build("demo", indexed_list.group, NOW)
    assert indexed_list.work() == 1
    assert (indexed_list.find("next-0"), indexed_list.find("code-0001")) == ([], ["CODE-00011", "Q"])
    indexed_list.now += timedelta(hours=1)
    assert (indexed_list.find("next-0", 1), indexed_list.find("code-0001")) == (["NEXT-0000"], [])
    assert indexed_list.queue.group_ids == ["list"]


def test_an_index_whose_file_is_missing_is_built_again(indexed_list: World) -> None:
    (file,) = indexed_list.files()
    indexed_list.s3.delete_object(Bucket=indexed_list.bucket, Key=file)
    assert indexed_list.find("code-0700")[0] == "CODE-0700"
    assert indexed_list.queue.group_ids == ["list"]
    assert indexed_list.work() == 1
    assert indexed_list.find("code-07", 2) == ["CODE-0700", "CODE-0701"]


def test_deleting_an_index_leaves_nothing(indexed_list: World) -> None:
    indexed_list.indexes.delete_indexes("demo", "list")
    assert indexed_list.files() == []
    assert indexed_list.find("code-0700")[0] == "CODE-0700"
    assert indexed_list.queue.group_ids == ["list"]


def test_an_index_begun_before_its_deletion_is_discarded(world: World) -> None:
    world.find("code-07")
    ((part, build),) = world.pending_builds()
    world.indexes.delete_indexes("demo", "list")
    assert world._make_index(build, part, accepted=False)  # noqa: SLF001 - the worker that was late
    assert world.files() == []


def test_the_file_of_a_worker_that_died_before_recording_it_is_deleted_too(world: World) -> None:
    world.s3.put_object(Bucket=world.bucket, Key="search/demo/list/of-the-dead", Body=b"anna@example.com")
    assert not world.indexes.delete_indexes("demo", "list")
    assert world.files() == []


def test_deleting_an_index_while_it_is_built_must_be_repeated(world: World) -> None:
    world.find("code-07")
    assert world.indexes.delete_indexes("demo", "list")
    assert not world.indexes.delete_indexes("demo", "list")


def test_deleting_unused_indexes_keeps_those_in_use(indexed_list: World) -> None:
    former, searched = indexed_list.group, indexed_list.files()
    indexed_list.s3.put_object(Bucket=indexed_list.bucket, Key="search/demo/gone/stray", Body=b"anna@example.com")
    assert not indexed_list.indexes.delete_unused("demo", [former])
    assert indexed_list.files() == searched
    indexed_list.import_rows(*(Entry(f"NEXT-{number:04d}") for number in range(1_600)), mode=Mode.REPLACE)
    indexed_list.find("next")
    assert indexed_list.work() == 1
    assert not indexed_list.indexes.delete_unused("demo", [indexed_list.group])
    assert len(indexed_list.files()) == 1
    assert indexed_list.files() != searched
    versions = indexed_list.s3.list_object_versions(Bucket=indexed_list.bucket, Prefix="search/demo/")["Versions"]
    assert [one["Key"] for one in versions] == indexed_list.files()
    assert indexed_list.find("next-0", 1) == ["NEXT-0000"]


def test_a_late_worker_does_not_keep_the_index_of_an_undone_list(world: World) -> None:
    world.find("code-07")
    ((part, build),) = world.pending_builds()
    assert world.indexes.delete_unused("demo", [replace(world.group, base=None)])
    assert world._make_index(build, part, accepted=False)  # noqa: SLF001 - the worker that was late
    assert world.files() == []


def test_an_index_is_not_used_after_an_erasure_changed_its_list(indexed_list: World) -> None:
    cleaned_group = replace(indexed_list.group, cleaned_at=NOW + timedelta(seconds=1))
    indexed_list.shop.groups(cleaned_group)
    indexed_list.find("code-07")
    assert indexed_list.queue.group_ids == ["list"]


def test_the_index_of_a_list_that_has_become_empty_finds_nothing(world: World) -> None:
    nothing = OpenIndex(Directory([], []), "search/demo/list/none", None, {})
    assert list(world.indexes.records(nothing, "code")) == []


def test_used_rows_are_found_by_an_index(indexed_list: World) -> None:
    indexed_list.shop.take("1", code="CODE-0700")
    assert indexed_list.find("code-07", used=Usage.SOME) == ["CODE-0700"]
    assert "CODE-0700" not in indexed_list.find("code-07", used=Usage.NONE)
