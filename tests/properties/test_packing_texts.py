"""Lines of entries and texts of partitions are lossless."""

from hypothesis import given
from hypothesis import strategies as st

from guestlist.lists import entry_line, partition
from guestlist.lists.compression import decode_text, encode_text
from guestlist.lists.entry import Entry
from guestlist.lists.partition import KeySharding

TRICKY = st.sampled_from(["", "*s3", "a@0", "@x@y", "\\t", "0", "A\tb", "\r\n", "ß", "İ", "=", " x ", "\\"])
CELL = st.one_of(TRICKY, st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
ENTRIES = st.builds(Entry, CELL, CELL, CELL, CELL, st.integers(0, 10**9)).filter(lambda entry: entry.key)


@given(ENTRIES)
def test_an_entry_line_is_lossless(entry: Entry) -> None:
    line = entry_line.line(entry)
    assert "\n" not in line
    assert entry_line.entry(line) == entry
    assert entry_line.identity(line) == entry.identity
    assert entry_line.is_tombstone(line) == (entry.quantity == 0)
    assert entry_line.add_hash(line) == entry_line.with_hash(entry)


PLAIN = st.builds(
    Entry, st.sampled_from(["A1", "a1", "Straße", "ŉ", "A\u0345", "x y"]), CELL, CELL, CELL, st.integers(1, 10**9)
)


@given(st.lists(ENTRIES, max_size=12) | st.lists(PLAIN, max_size=12))
def test_lines_encoded_together_equal_those_encoded_one_by_one(entries: list[Entry]) -> None:
    entries = [entry for entry in entries if not any("\0" in cell for cell in entry.identity)]
    cells = [(row.code, row.email, row.category, row.seat, str(row.quantity)) for row in entries]
    columns = list(zip(*cells, strict=True)) or [()] * 5
    hashes, lines = entry_line.hashes_and_lines(*columns)
    with_hashes = [f"{hash_value:08x}{line}" for hash_value, line in zip(hashes, lines, strict=True)]
    assert with_hashes == list(map(entry_line.with_hash, entries))


@given(st.lists(ENTRIES, max_size=12), st.lists(ENTRIES, max_size=3))
def test_a_text_is_lossless_and_finds_every_key(entries: list[Entry], others: list[Entry]) -> None:
    rows = sorted(map(entry_line.with_hash, entries))
    away = {entry.key: KeySharding("e", 3, 100) for entry in others}
    here = [row[entry_line.HEAD :] for row in rows if entry_line.entry(row[entry_line.HEAD :]).key not in away]
    text = partition.encode(here, away)
    text_entries = list(partition.entries(text))
    assert sorted(text_entries, key=repr) == sorted((entry for entry in entries if entry.key not in away), key=repr)
    assert partition.shardings(text) == away
    for entry in [*entries, *others]:
        assert sorted(partition.find(text, entry.key), key=repr) == sorted(
            (row for row in text_entries if row.key == entry.key), key=repr
        )
        assert partition.sharding_of(text, entry.key) == away.get(entry.key)


CODES = st.integers(1, 9).flatmap(
    lambda length: st.lists(st.text("AÉ€7", min_size=length, max_size=length), max_size=9)
)


@given(st.lists(ENTRIES, max_size=12) | CODES.map(lambda codes: list(map(Entry, codes))), st.lists(ENTRIES, max_size=2))
def test_a_text_of_any_length_and_format_is_read_as_stored(entries: list[Entry], others: list[Entry]) -> None:
    away = {entry.key: KeySharding("e", 3, 100) for entry in others}
    for times in (1, 300):
        text = partition.encode(list(map(entry_line.line, entries)) * times, away)
        assert decode_text(encode_text(text)) == text
        assert decode_text(text) == text
