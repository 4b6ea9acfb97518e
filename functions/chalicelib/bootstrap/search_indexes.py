"""The adapters of the search indexes of lists, for the API and for import workers."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.bootstrap import adapters
from guestlist.aws.bucket import bucket
from guestlist.aws.sqs import queue
from guestlist.aws.table import table
from guestlist.groups.index import IndexedGroup
from guestlist.groups.model import Group
from guestlist.lists.entry_store import Entries
from guestlist.lists.importing.indexing import write_index
from guestlist.lists.packed_list import MissingText, PackedList
from guestlist.lists.search_index import indexable_parts
from guestlist.lists.search_index_store import SearchIndexes
from guestlist.model import clock
from guestlist.model.errors import Unknown


@cache
def search_indexes() -> SearchIndexes:
    """The search indexes of lists."""
    return SearchIndexes(table(), bucket(), queue())


def entries() -> Entries:
    """The entries of target groups."""
    return Entries(table(), search_indexes())


def indexed_group(org: str, group_id: str) -> IndexedGroup:
    """The group's entry in the group index; of a deleted group, its last one. Raises `Unknown`."""
    group, index = adapters.groups().with_index(org, group_id)
    return _indexed(group, index.groups)


def _indexed(group: Group, listed: Mapping[str, IndexedGroup]) -> IndexedGroup:
    return group.shelved or listed.get(group.group_id) or group.to_index_entry()


def request_indexes(org: str, group_id: str) -> None:
    """Queue a build of the indexes that the group's lists lack."""
    with suppress(Unknown):
        search_indexes().request_build(org, indexed_group(org, group_id), clock.now())


def delete_unused_indexes(org: str) -> bool:
    """Delete unused indexes; returns whether a worker may be building one."""
    listed = adapters.indexes().read_group_index(org).groups
    groups = adapters.groups().newest(org)
    return search_indexes().delete_unused(org, (_indexed(group, listed) for group in groups))


def build_indexes(org: str, group_id: str) -> int:
    """Build the requested indexes, and return their number."""
    try:
        group = indexed_group(org, group_id)
    except Unknown:
        return 0
    return sum(_write_search_index(org, group, part) for part in indexable_parts(group))


def _write_search_index(org: str, group: IndexedGroup, part: PackedList) -> bool:
    build = search_indexes().requested_build(org, group, part, clock.now())
    if build is None:
        return False
    with TemporaryDirectory(dir=adapters.folder()) as folder:
        path = Path(folder) / "index"
        try:
            written_index = write_index(adapters.list_store(org, group.group_id).read_texts, part, path)
        except MissingText:  # the version was deleted meanwhile
            return False
        return search_indexes().store_index(org, group, part, build, path, written_index)
