"""What searches lists and makes their indexes, put together for the API and for import workers."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.bootstrap import adapters
from guestlist.aws.bucket import bucket
from guestlist.aws.sqs import queue
from guestlist.aws.table import table
from guestlist.groups.index import IndexedGroup
from guestlist.groups.listing import indexed
from guestlist.lists.entry_store import Entries
from guestlist.lists.importing.indexing import write_index
from guestlist.lists.packed_list import Damaged, PackedList
from guestlist.lists.search_index import indexable
from guestlist.lists.search_index_store import SearchIndexes
from guestlist.model import clock
from guestlist.model.errors import Unknown


@cache
def search_indexes() -> SearchIndexes:
    """The indexes of lists."""
    return SearchIndexes(table(), bucket(), queue())


def entries() -> Entries:
    """The rows of target groups."""
    return Entries(table(), search_indexes())


def group_of(org: str, group_id: str) -> IndexedGroup | None:
    """The group as it is listed, deleted or not; None for one that is not there any more."""
    try:
        return indexed(org, adapters.groups().get(org, group_id), adapters.groups())
    except Unknown:
        return None


def ask_for_indexes(org: str, group_id: str) -> None:
    """Have the indexes made that the group's lists lack."""
    group = group_of(org, group_id)
    if group is not None:
        search_indexes().ask(org, group, clock.now())


def make_indexes(org: str, group_id: str) -> int:
    """Make the indexes that were asked for; answers how many were made."""
    group = group_of(org, group_id)
    return sum(_made(org, group, part) for part in indexable(group)) if group else 0


def _made(org: str, group: IndexedGroup, part: PackedList) -> bool:
    build = search_indexes().to_make(org, group, part, clock.now())
    if build is None:
        return False
    with TemporaryDirectory(dir=adapters.folder()) as folder:
        path = Path(folder) / "index"
        try:
            made = write_index(adapters.list_store(org, group.group_id).read, part, path)
        except Damaged:  # the version was deleted meanwhile
            return False
        return search_indexes().keep(org, group, part, build, path, made)
