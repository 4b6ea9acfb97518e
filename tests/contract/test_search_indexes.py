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
from guestlist.lists.search_index_store import PATIENCE, Opened, SearchIndexes
from guestlist.lists.store import PackedListStore
from guestlist.lists.usage import Usage
from tests.engines.tables import new_table, on_requests
from tests.fakes.shop import Shop
from tests.unit.checkout.build import NOW, group
from tests.unit.lists.builders import tiny_limits

READS = {"GetItem", "BatchGetItem", "Query"}
ROWS = [Entry(f"CODE-{number:04d}", email=f"p{number}@x.nl" if number % 3 == 0 else "") for number in range(1_600)]


@dataclass
class FakeQueue:
    """The groups of which indexes were asked for."""

    queued: list[str] = field(default_factory=list)

    def index(self, _org: str, group_id: str) -> None:
        self.queued.append(group_id)


class World:
    """A list of many partitions, which are small, and whoever searches it."""

    def __init__(self, table: Table, s3: Any, bucket: str, folder: Path) -> None:
        self.table, self.s3, self.bucket, self._folder = table, s3, bucket, folder
        self.shop, self.queue, self.now = Shop(table), FakeQueue(), NOW
        self.indexes = SearchIndexes(table, Bucket(s3, bucket), self.queue)
        self.reads: list[str] = []
        self.imported(*ROWS)
        on_requests(table, "before-call", self._note)
        s3.meta.events.register("before-call.s3.GetObject", lambda **_: self.reads.append("GetObject"))

    def _note(self, operation: str, _request: Any) -> None:
        self.reads += [operation] if operation in READS else []

    @property
    def group(self) -> IndexedGroup:
        return GroupIndexes(self.table, lambda: self.now).read_group_index("demo").groups["list"]

    def imported(self, *rows: Entry, mode: Mode = Mode.CREATE) -> None:
        with tiny_limits():
            self.shop.lists(*rows, mode=mode, of=group("list"))

    def work(self, *, accepted: bool = True) -> int:
        """Make what was asked for, as a worker does; answers how many indexes were made."""
        return sum(self._made(build, part, accepted=accepted) for part, build in self.begun())

    def begun(self) -> list[tuple[Any, str]]:
        builds = [
            (part, self.indexes.to_make("demo", self.group, part, self.now)) for part in indexable_parts(self.group)
        ]
        return [(part, build) for part, build in builds if build]

    def _made(self, build: str, part: Any, *, accepted: bool) -> bool:
        path = self._folder / "index"
        made = write_index(PackedListStore(self.table, "demo", "list").read_texts, part, path)
        assert self.indexes.keep("demo", self.group, part, build, path, made) is accepted
        return True

    def find(self, q: str, limit: int = 50, **more: Any) -> list[str]:
        return [row.code or "" for row in self.page(q, limit, **more)[0]]

    def page(self, q: str, limit: int = 50, start: Any = None, **more: Any) -> Any:
        return Entries(self.table, self.indexes).list_entries(
            "demo", self.group, EntryFilter(q=q, **more), limit, self.now, start
        )

    def every(self, q: str) -> list[str]:
        """All that is found, seven at a time."""
        found: list[str] = []
        start: Any = None
        while True:
            rows, start = self.page(q, 7, start)
            found += [row.code or "" for row in rows]
            if start is None:
                return found

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        self.reads.clear()
        yield self.reads

    def files(self) -> list[str]:
        found = self.s3.list_object_versions(Bucket=self.bucket, Prefix="search/demo/list/")
        return [one["Key"] for one in found.get("Versions", [])]


@pytest.fixture
def world(ministack: str, s3: Any, bucket_name: str, tmp_path: Path) -> World:
    return World(new_table(ministack), s3, bucket_name, tmp_path)


@pytest.fixture
def indexed(world: World) -> World:
    """A list that is searched by an index, with some edits that lie over it."""
    base = world.group.base
    assert base is not None
    assert base.partitions > MAX_UNINDEXED_PARTITIONS
    world.find("x")
    assert world.work() == 1
    world.imported(Entry("CODE-0001"), mode=Mode.REMOVE)
    world.imported(Entry("CODE-00011"), Entry("Q", "code-0001@x.nl"), mode=Mode.APPEND)
    world.queue.queued.clear()
    return world


def test_a_beginning_is_found_with_two_reads_more_than_a_check_at_most(indexed: World) -> None:
    with indexed.counted() as reads:
        answer = Shop(indexed.table).ask(code="CODE-0700", client=Client(session="s")).code
        assert answer is not None
        assert answer.valid
        check = len(reads)
    for q in ("CODE-0700", "code-07", "p9", "nothing"):
        with indexed.counted() as reads:
            indexed.find(q)
            assert len(reads) <= check + 2, (q, reads)
            assert reads.count("GetObject") == 1
    assert indexed.queue.queued == []


def test_an_index_shows_what_lies_over_the_list_at_once(indexed: World) -> None:
    assert indexed.find("code-0001") == ["CODE-00011", "Q"]
    assert indexed.every("code-00") == sorted(
        ["CODE-00011", "Q", *(row.code for row in ROWS if row.code.startswith("CODE-00") and row.code != "CODE-0001")],
        key=lambda code: "code-0001@x.nl" if code == "Q" else code.lower(),
    )
    assert indexed.find("p3@") == ["CODE-0003"]


def test_a_list_without_an_index_is_gone_through_and_one_is_asked_for_once(world: World) -> None:
    assert world.find("code-0700")[0] == "CODE-0700"
    assert sorted(world.every("code-07")) == [row.code for row in ROWS if row.code.startswith("CODE-07")]
    assert world.queue.queued == ["list"]
    assert world.work() == 1
    assert world.work() == 0
    assert world.find("code-07", 3) == ["CODE-0700", "CODE-0701", "CODE-0702"]
    assert world.queue.queued == ["list"]


def test_what_a_worker_never_made_is_asked_for_again(world: World) -> None:
    world.find("code-07")
    world.now += PATIENCE
    assert world.work() == 0
    world.find("code-07")
    assert world.queue.queued == ["list", "list"]
    assert world.work() == 1


def test_what_lies_over_a_list_gets_an_index_of_the_whole_when_it_is_large(indexed: World) -> None:
    indexed.imported(*(Entry(f"MORE-{number:04d}") for number in range(1_500)), mode=Mode.APPEND)
    over = indexed.group.overlay
    assert over is not None
    assert over.partitions >= MAX_UNINDEXED_PARTITIONS
    assert indexed.find("more-1400")[0] == "MORE-1400"
    assert indexed.work() == 1
    with indexed.counted() as reads:
        assert indexed.find("more-14", 2) == ["MORE-1400", "MORE-1401"]
        assert indexed.find("code-0001") == ["CODE-00011", "Q"]
        assert reads.count("GetObject") == 2


def test_a_list_that_is_to_come_has_its_index_before_its_instant(indexed: World) -> None:
    current = indexed.group
    indexed.imported(*(Entry(f"NEXT-{number:04d}") for number in range(1_600)), mode=Mode.REPLACE)
    coming = indexed.group.base
    assert coming is not None
    indexed.shop.groups(replace(current, scheduled=(ScheduledVersion(NOW + timedelta(hours=1), coming, 1_600),)))
    indexed.indexes.ask("demo", indexed.group, NOW)
    assert indexed.work() == 1
    assert (indexed.find("next-0"), indexed.find("code-0001")) == ([], ["CODE-00011", "Q"])
    indexed.now += timedelta(hours=1)
    assert (indexed.find("next-0", 1), indexed.find("code-0001")) == (["NEXT-0000"], [])
    assert indexed.queue.queued == ["list"]


def test_an_index_whose_file_is_gone_is_made_again(indexed: World) -> None:
    (file,) = indexed.files()
    indexed.s3.delete_object(Bucket=indexed.bucket, Key=file)
    assert indexed.find("code-0700")[0] == "CODE-0700"
    assert indexed.queue.queued == ["list"]
    assert indexed.work() == 1
    assert indexed.find("code-07", 2) == ["CODE-0700", "CODE-0701"]


def test_an_index_that_is_forgotten_leaves_nothing(indexed: World) -> None:
    indexed.indexes.forget("demo", "list")
    assert indexed.files() == []
    assert indexed.find("code-0700")[0] == "CODE-0700"
    assert indexed.queue.queued == ["list"]


def test_an_index_that_was_begun_before_it_was_forgotten_is_not_kept(world: World) -> None:
    world.find("code-07")
    ((part, build),) = world.begun()
    world.indexes.forget("demo", "list")
    assert world._made(build, part, accepted=False)  # noqa: SLF001 - the worker that was late
    assert world.files() == []


def test_the_file_of_a_worker_that_died_before_it_noted_it_is_forgotten_too(world: World) -> None:
    world.s3.put_object(Bucket=world.bucket, Key="search/demo/list/of-the-dead", Body=b"anna@example.com")
    assert not world.indexes.forget("demo", "list")
    assert world.files() == []


def test_whoever_forgets_an_index_in_the_making_is_told_to_look_again(world: World) -> None:
    world.find("code-07")
    assert world.indexes.forget("demo", "list")
    assert not world.indexes.forget("demo", "list")


def test_only_the_indexes_that_are_searched_are_left_when_the_unused_ones_go(indexed: World) -> None:
    former, searched = indexed.group, indexed.files()
    indexed.s3.put_object(Bucket=indexed.bucket, Key="search/demo/gone/stray", Body=b"anna@example.com")
    assert not indexed.indexes.forget_unused("demo", [former])
    assert indexed.files() == searched
    indexed.imported(*(Entry(f"NEXT-{number:04d}") for number in range(1_600)), mode=Mode.REPLACE)
    indexed.find("next")
    assert indexed.work() == 1
    assert not indexed.indexes.forget_unused("demo", [indexed.group])
    assert len(indexed.files()) == 1
    assert indexed.files() != searched
    listed = indexed.s3.list_object_versions(Bucket=indexed.bucket, Prefix="search/demo/")["Versions"]
    assert [one["Key"] for one in listed] == indexed.files()
    assert indexed.find("next-0", 1) == ["NEXT-0000"]


def test_an_index_of_a_list_that_was_taken_back_is_not_kept_by_a_late_worker(world: World) -> None:
    world.find("code-07")
    ((part, build),) = world.begun()
    assert world.indexes.forget_unused("demo", [replace(world.group, base=None)])
    assert world._made(build, part, accepted=False)  # noqa: SLF001 - the worker that was late
    assert world.files() == []


def test_an_index_is_not_used_once_its_list_was_cleaned(indexed: World) -> None:
    cleaned = replace(indexed.group, cleaned_at=NOW + timedelta(seconds=1))
    indexed.shop.groups(cleaned)
    indexed.find("code-07")
    assert indexed.queue.queued == ["list"]


def test_the_index_of_a_list_that_has_become_empty_finds_nothing(world: World) -> None:
    nothing = Opened(Directory([], []), "search/demo/list/none", None, {})
    assert list(world.indexes.records(nothing, "code")) == []


def test_used_rows_are_found_by_an_index(indexed: World) -> None:
    indexed.shop.take("1", code="CODE-0700")
    assert indexed.find("code-07", used=Usage.SOME) == ["CODE-0700"]
    assert "CODE-0700" not in indexed.find("code-07", used=Usage.NONE)
