"""Searches of a long list in memory, with its index in a table and in a bucket that counts reads."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from guestlist.aws.bucket import Bucket
from guestlist.aws.table import Table
from guestlist.checkout.request import Client
from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.lists.entry_store import Entries, EntryFilter
from guestlist.lists.importing.indexing import write_index
from guestlist.lists.packed_list import PackedList
from guestlist.lists.search_index_store import SearchIndexes
from tests.engines.tables import on_requests
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import NOW
from tests.unit.lists.builders import StoredList

LETTERS = "346789ACDFGHJKMNPRTUWXY"
READS = {"GetItem", "BatchGetItem", "Query"}
PREFIXES = (1, 2, 3, 4, 10)


@dataclass
class FakeBucket(Bucket):
    """Files in memory."""

    files: dict[str, bytes] = field(default_factory=dict)
    reads: int = 0

    def read(self, key: str, begin: int, end: int) -> bytes:
        self.reads += 1
        return self.files[key][begin:end]

    def store(self, key: str, path: Path) -> str:
        self.files[key] = path.read_bytes()
        return "v1"


class NoQueue:
    """A queue that ignores requests."""

    def index(self, org: str, group_id: str) -> None:
        """Ignore the request."""


class LongList:
    """A list of random codes of ten letters."""

    def __init__(self, table: Table, folder: Path, size: int) -> None:
        self._random = Random(5)  # noqa: S311 - the same codes each time
        self._table, self._folder, self._bucket, self._reads = table, folder, FakeBucket(), 0
        self._list = StoredList()
        self._list.apply(Mode.CREATE, (Entry(self._code()) for _ in range(size)), size_hint=12 * size)
        shop, base = Shop(table), self._list.current.base
        shop.groups(
            IndexedGroup(group_id="list", type=GroupType.TARGET, name="List", created_at=NOW, base=base, entries=size)
        )
        self._indexes = SearchIndexes(table, self._bucket, NoQueue())
        on_requests(table, "before-call", self._count)

    @property
    def partitions(self) -> int:
        return self._part.base.partitions if self._part.base else 0

    @property
    def bytes(self) -> int:
        return sum(map(len, self._bucket.files.values()))

    def index(self) -> None:
        """Build the index, as a worker does."""
        group, path = self._group(), self._folder / "index"
        self._indexes.request_build("demo", group, NOW)
        build = self._indexes.requested_build("demo", group, self._part, NOW)
        assert build
        directory = write_index(self._list.list_store.read_texts, self._part, path)
        assert self._indexes.store_index("demo", group, self._part, build, path, directory)

    def check(self) -> int:
        """The reads of a check of a code, in a process that has just begun."""
        shop, before = Shop(self._table), self._reads
        shop.ask(code=self._code(), client=Client(session="s"))
        return self._reads - before

    def search(self) -> int:
        """The reads of a search for the beginning of a code, in a process that has just begun."""
        before, length = self._reads + self._bucket.reads, self._random.choice(PREFIXES)
        entry_filter = EntryFilter(q=self._code()[:length])
        Entries(self._table, self._indexes).list_entries("demo", self._group(), entry_filter, 50, NOW)
        return self._reads + self._bucket.reads - before

    @property
    def _part(self) -> PackedList:
        return PackedList(self._list.current.base)

    def _group(self) -> IndexedGroup:
        return GroupIndexes(self._table).read_group_index("demo").groups["list"]

    def _count(self, operation: str, _request: object) -> None:
        self._reads += operation in READS

    def _code(self) -> str:
        return "".join(self._random.choices(LETTERS, k=10))
