"""What a prefix finds in a list is what a reader of the whole list would find, page by page and in order."""

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Mode
from guestlist.lists import entry_search
from guestlist.lists.entry import Entry
from guestlist.lists.entry_search import search
from guestlist.lists.prefix_search import Position
from tests.properties.test_packing_lists import ENTRIES, ROWS
from tests.unit.lists.builders import KeptList, tiny_limits

PREFIXES = st.sampled_from(["a", "A1", " c", "C1", "c", "s", "ß", "STRASSE", "ann@", "@", "\\", "tab\t", "*", "@many"])
STEPS = st.lists(st.tuples(st.sampled_from([Mode.REPLACE, Mode.APPEND, Mode.REMOVE]), ROWS), min_size=1, max_size=4)


def folded(text: str) -> str:
    return text.strip().casefold()


def expected(entries: list[Entry], text: str) -> list[str]:
    """What of each entry begins with the text, the first of two, in order."""
    wanted = folded(text)
    begins = [
        [word for word in (folded(entry.code), folded(entry.email)) if word and word.startswith(wanted)]
        for entry in entries
    ]
    return sorted(min(words) for words in begins if words)


def begun(entry: Entry, text: str) -> str:
    (word,) = expected([entry], text)
    return word


def found(kept: KeptList, text: str, limit: int) -> list[Entry]:
    """All that is found, a new search for each page."""
    entries: list[Entry] = []
    start: Position | None = None
    while True:
        page, behind = 0, None
        for position, entry in search(kept.list_store.read, kept.current, text, start):
            if page == limit:
                break
            page, behind = page + 1, position
            entries += [entry] if entry else []
        else:
            if not page or entry is not None:
                return entries
        start = behind


@pytest.mark.parametrize("scanned", [False, True], ids=["sorted", "scanned"])
@settings(max_examples=30, deadline=None)
@given(steps=STEPS, text=PREFIXES, limit=st.integers(1, 7))
def test_a_prefix_finds_what_begins_so_once_and_an_exact_match_first(
    steps: list[tuple[Mode, list[Entry]]], text: str, limit: int, *, scanned: bool
) -> None:
    with tiny_limits():
        kept = KeptList()
        kept.take(Mode.CREATE, steps[0][1])
        for mode, rows in steps[1:]:
            kept.take(mode, rows)
    with patch.multiple(entry_search, SHORT=0 if scanned else 10_000, SCANNED=3):
        entries = found(kept, text, limit)
    words = [begun(entry, text) for entry in entries]
    assert sorted(words) == expected(kept.entries(), text)
    assert len({entry.identity for entry in entries}) == len(entries)
    if not scanned:
        assert words == sorted(words)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ENTRIES, min_size=1, max_size=40))
def test_the_entries_of_a_code_come_first_whatever_the_list_is_searched_by(rows: list[Entry]) -> None:
    kept = KeptList()
    kept.take(Mode.CREATE, rows)
    text = rows[0].code or rows[0].email
    exact = {entry.identity for entry in kept.entries() if entry.key == rows[0].key}
    for most in (0, 10_000):
        with patch.object(entry_search, "SHORT", most):
            entries = found(kept, text, 5)
        first = entries[: len(exact)]
        assert exact <= {entry.identity for entry in entries}
        if rows[0].code:
            assert {entry.key for entry in first if entry.code} <= {rows[0].key}
