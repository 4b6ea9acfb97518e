"""A packed list has the rows that its files leave, whatever came before and wherever a worker died."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Mode
from guestlist.imports.reading.problems import DuplicateExisting, DuplicateInFile, UnknownEntry
from guestlist.lists.entry import Entry
from guestlist.lists.importing.changes import Effect
from tests.fakes.crash_injection import Killed
from tests.unit.lists.builders import FIRST_LINE, StoredList, tiny_limits

CODES = ["", "A1", "a1", " a1", "B2", "straße", "STRASSE", "@host", "\\x", "tab\tand\nline", "*s3"]
EMAILS = ["", "ann@host.nl", "Ann@Host.nl", "bo@host.nl"]
ENTRIES = st.builds(
    Entry,
    code=st.sampled_from(CODES) | st.integers(0, 60).map("C{}".format),
    email=st.sampled_from(EMAILS) | st.integers(0, 30).map("{}@many.nl".format),
    category=st.sampled_from(["", "Floor", "floor", "Balcony\t1", "*VIP"]),
    seat=st.sampled_from(["", " ", "A-1", "a-1", "A-1 "]) | st.integers(0, 20).map(str),
    quantity=st.integers(1, 12),
).filter(lambda entry: entry.key)
ROWS = st.lists(ENTRIES, max_size=50)
STEPS = st.lists(st.tuples(st.sampled_from([Mode.REPLACE, Mode.APPEND, Mode.REMOVE]), ROWS), max_size=5)

Model = dict[tuple[str, str, str, str], Entry]


def firsts(entries: Iterable[Entry]) -> tuple[Model, set[tuple[int, int]], set[int]]:
    """The first entry of each identity, lines of others with the first line of theirs, and lines that repeat one."""
    lines: dict[tuple[str, str, str, str], int] = {}
    model: Model = {}
    duplicates, repeated = set(), set()
    for line, entry in enumerate(entries, FIRST_LINE):
        if entry.identity in model:
            if entry.code or entry.quantity != model[entry.identity].quantity:
                duplicates.add((line, lines[entry.identity]))
            else:
                repeated.add(line)
        else:
            model[entry.identity], lines[entry.identity] = entry, line
    return model, duplicates, repeated


def after(model: Model, mode: Mode, entries: list[Entry]) -> tuple[Model, Effect]:
    """The list as a dictionary after a file."""
    fresh, *_ = firsts(entries)
    if mode is Mode.APPEND:
        return {**fresh, **model}, Effect(added=len(fresh.keys() - model.keys()))
    if mode is Mode.REMOVE:
        remaining = {identity: entry for identity, entry in model.items() if identity not in fresh}
        return remaining, Effect(revoked=len(model) - len(remaining))
    both = fresh.keys() & model.keys()
    changes = sum(fresh[identity] != model[identity] for identity in both)
    return fresh, Effect(len(fresh) - len(both), changes, len(model) - len(both))


def refused_lines(stored_list: StoredList, model: Model, mode: Mode, entries: list[Entry]) -> None:
    """Hold the refused rows, and the number of repeated ones, to what the dictionary says of them."""
    _, duplicates, repeated = firsts(entries)
    duplicate_problems = {
        (problem.line, problem.first_line) for problem in stored_list.problems if isinstance(problem, DuplicateInFile)
    }
    assert duplicate_problems == duplicates
    others = sorted(
        problem.line for problem in stored_list.problems if isinstance(problem, DuplicateExisting | UnknownEntry)
    )
    duplicate_lines = {line for line, _ in duplicates} | repeated
    assert stored_list.repeated == len(repeated)
    keeps_existing = mode is Mode.APPEND
    assert others == [
        line
        for line, entry in enumerate(entries, FIRST_LINE)
        if mode is not Mode.REPLACE and line not in duplicate_lines and (entry.identity in model) is keeps_existing
    ]


@settings(deadline=None, max_examples=150)
@given(first=ROWS, steps=STEPS, size_hint=st.sampled_from([0, 600_000, 3_000_000]))
def test_a_list_has_the_rows_that_its_files_leave(
    first: list[Entry], steps: list[tuple[Mode, list[Entry]]], size_hint: int
):
    stored_list, model = StoredList(), Model()
    with tiny_limits():
        for mode, entries in [(Mode.REPLACE, first), *steps]:
            assert stored_list.compare(mode, entries)[1] == after(model, mode, entries)[1]
            built = stored_list.apply(mode, entries, size_hint=size_hint)
            refused_lines(stored_list, model, mode, entries)
            model, effect = after(model, mode, entries)
            assert built.effect == effect
            assert built.entries == len(model)
            assert built.imported == len(entries) - len(stored_list.problems) - stored_list.repeated
            assert sorted(stored_list.entries(), key=repr) == sorted(model.values(), key=repr)


@settings(deadline=None, max_examples=100)
@given(first=ROWS, steps=STEPS, more=st.lists(ENTRIES, max_size=3))
def test_a_lookup_finds_the_rows_of_its_key(
    first: list[Entry], steps: list[tuple[Mode, list[Entry]]], more: list[Entry]
):
    stored_list, model = StoredList(), Model()
    with tiny_limits():
        for mode, entries in [(Mode.REPLACE, first), *steps]:
            stored_list.apply(mode, entries)
            model, _ = after(model, mode, entries)
    for entry in [*model.values(), *more]:
        rows = {row for row in model.values() if row.key == entry.key}
        assert set(stored_list.lookup(entry.key)) == rows
        narrow = set(stored_list.lookup(entry.key, seats=[entry.seat], emails=[entry.email]))
        assert narrow <= rows
        assert narrow >= {
            row
            for row in rows
            if row.identity[2] in {"", entry.identity[2]} and row.identity[3] in {"", entry.identity[3]}
        }


class FailingPackedListStore:
    """A list_store that fails at its n-th write or deletion, that one half done."""

    def __init__(self, list_store, lives: int) -> None:
        self._list_store = list_store
        self._lives = lives

    def __getattr__(self, name: str):
        return getattr(self._list_store, name)

    def write_texts(self, texts) -> None:
        self._lives -= 1
        if self._lives < 0:
            self._list_store.write_texts(dict(list(texts.items())[::2]))
            raise Killed
        self._list_store.write_texts(texts)


@settings(deadline=None, max_examples=100)
@given(
    first=ROWS,
    steps=STEPS,
    last=st.tuples(st.sampled_from([Mode.REPLACE, Mode.APPEND, Mode.REMOVE]), ROWS),
    lives=st.integers(0, 8),
    beats=st.integers(0, 30),
)
def test_repeating_the_work_of_a_dead_worker_leaves_the_same_list(first, steps, last, lives: int, beats: int):
    remaining_beats = iter(range(beats))

    def progress(_share: float) -> None:
        if next(remaining_beats, None) is None:
            raise Killed

    stored_list, model = StoredList(), Model()
    with tiny_limits():
        for mode, entries in [(Mode.REPLACE, first), *steps]:
            stored_list.apply(mode, entries)
            model, _ = after(model, mode, entries)
        twin = StoredList(
            type(stored_list.list_store)(dict(stored_list.list_store.texts), dict(stored_list.list_store.headers)),
            stored_list.current,
        )
        twin.versions = stored_list.versions
        dying = StoredList(
            FailingPackedListStore(stored_list.list_store, lives), stored_list.current, versions=stored_list.versions
        )
        try:
            dying.apply(*last, progress=progress)
        except Killed:
            assert sorted(stored_list.entries(), key=repr) == sorted(model.values(), key=repr)
        assert stored_list.apply(*last) == twin.apply(*last)
    assert stored_list.list_store.texts == twin.list_store.texts
    assert stored_list.list_store.headers == twin.list_store.headers
