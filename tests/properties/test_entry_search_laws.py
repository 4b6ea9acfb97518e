"""A search by prefix finds, page by page and in order, what a scan of the whole list finds."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Mode
from guestlist.lists import entry_line, entry_search, search_index
from guestlist.lists.entry import Entry
from guestlist.lists.entry_search import prefiltered, search
from guestlist.lists.importing import indexing
from guestlist.lists.importing.indexing import write_index
from guestlist.lists.packed_list import lines
from guestlist.lists.prefix_search import Position, term
from guestlist.lists.search_index import Directory, decode_block, indexed_part, search_from, search_records
from tests.properties.test_packing_lists import ENTRIES, ROWS
from tests.unit.lists.builders import StoredList, tiny_limits

PREFIXES = st.sampled_from(["a", "A1", " c", "C1", "c", "s", "ß", "STRASSE", "ann@", "@", "\\", "tab\t", "*", "@many"])
STEPS = st.lists(st.tuples(st.sampled_from([Mode.REPLACE, Mode.APPEND, Mode.REMOVE]), ROWS), min_size=1, max_size=4)


def folded(text: str) -> str:
    return text.strip().casefold()


def expected(entries: list[Entry], text: str) -> list[str]:
    """The code or address of each entry that begins with the text, in order."""
    prefix = folded(text)
    begins = [
        [word for word in (folded(entry.code), folded(entry.email)) if word and word.startswith(prefix)]
        for entry in entries
    ]
    return sorted(min(words) for words in begins if words)


def begun(entry: Entry, text: str) -> str:
    (word,) = expected([entry], text)
    return word


Search = Callable[[Position | None], Iterator[tuple[Position, Entry | None]]]


def all_matches(search: Search, limit: int) -> list[Entry]:
    """All results, with a new search for each page."""
    entries: list[Entry] = []
    start: Position | None = None
    while True:
        page, behind = 0, None
        for position, entry in search(start):
            if page == limit:
                break
            page, behind = page + 1, position
            entries += [entry] if entry else []
        else:
            if not page or entry is not None:
                return entries
        start = behind


def whole(stored_list: StoredList, text: str) -> Search:
    return partial(search, stored_list.list_store.read_texts, stored_list.current, text)


def indexed(stored_list: StoredList, text: str, folder: Path) -> Search:
    """A search by an index of tiny blocks; what lies over the list is in it only where it is large."""
    part = indexed_part(stored_list.current)
    assert part is not None
    directory = write_index(stored_list.list_store.read_texts, part, folder / "index")
    assert [path.name for path in folder.iterdir()] == ["index"]
    content, prefix = (folder / "index").read_bytes(), term(text)
    directory = Directory.decode(directory.encode())

    def records(start: Position | None) -> Iterator[str]:
        for number in range(directory.block(search_from(prefix, start)), len(directory.ends)):
            yield from decode_block(content[slice(*directory.span(number))])

    over = stored_list.current.overlay if part.overlay is None else None
    read = prefiltered(stored_list.list_store.read_texts, prefix)
    above = [] if over is None else list(lines(read, over.version_id, range(over.partitions)))
    return lambda start: search_records(records(start), map(entry_line.entry, above), prefix, start)


def built(steps: list[tuple[Mode, list[Entry]]]) -> StoredList:
    with tiny_limits():
        stored_list = StoredList()
        stored_list.apply(Mode.CREATE, steps[0][1])
        for mode, rows in steps[1:]:
            stored_list.apply(mode, rows)
    return stored_list


def judge(stored_list: StoredList, text: str, entries: list[Entry], *, in_order: bool = True) -> None:
    words = [begun(entry, text) for entry in entries]
    assert sorted(words) == expected(stored_list.entries(), text)
    assert len({entry.identity for entry in entries}) == len(entries)
    assert {entry.identity: entry for entry in entries}.items() <= {
        one.identity: one for one in stored_list.entries()
    }.items()
    assert not in_order or words == sorted(words)


@settings(max_examples=30, deadline=None)
@given(steps=STEPS, text=PREFIXES, limit=st.integers(1, 7))
def test_a_prefix_finds_each_match_once_and_an_exact_match_first(
    steps: list[tuple[Mode, list[Entry]]], text: str, limit: int
) -> None:
    stored_list = built(steps)
    with patch.object(entry_search, "MAX_UNINDEXED_PARTITIONS", 10_000):
        judge(stored_list, text, all_matches(whole(stored_list, text), limit))
    with patch.multiple(
        entry_search, MAX_UNINDEXED_PARTITIONS=0, MAX_PARTITIONS_READ=4, MAX_PARTITIONS_SEARCHED=2, _BATCH_SIZE=3
    ):
        judge(stored_list, text, all_matches(whole(stored_list, text), limit), in_order=False)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, text=PREFIXES, limit=st.integers(1, 7), short=st.integers(0, 8), letters=st.integers(1, 200))
def test_a_search_by_index_finds_the_same(
    steps: list[tuple[Mode, list[Entry]]], text: str, limit: int, short: int, letters: int
) -> None:
    stored_list = built(steps)
    limits = (
        patch.multiple(search_index, MAX_UNINDEXED_PARTITIONS=short, BLOCK_LETTERS=letters),
        patch.object(indexing, "_RECORDS_PER_RUN", 9),
    )
    with TemporaryDirectory() as folder, limits[0], limits[1]:
        if indexed_part(stored_list.current) is not None:
            judge(stored_list, text, all_matches(indexed(stored_list, text, Path(folder)), limit))


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ENTRIES, min_size=1, max_size=40))
def test_the_entries_of_a_code_come_first_with_and_without_an_index(rows: list[Entry]) -> None:
    stored_list = StoredList()
    stored_list.apply(Mode.CREATE, rows)
    text = rows[0].code or rows[0].email
    exact = {entry.identity for entry in stored_list.entries() if entry.key == rows[0].key}
    for most in (0, 10_000):
        with patch.object(entry_search, "MAX_UNINDEXED_PARTITIONS", most):
            entries = all_matches(whole(stored_list, text), 5)
        first = entries[: len(exact)]
        assert exact <= {entry.identity for entry in entries}
        if rows[0].code:
            assert {entry.key for entry in first if entry.code} <= {rows[0].key}
