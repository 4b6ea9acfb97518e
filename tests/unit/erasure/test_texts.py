"""Removal of an address from files, records and packed lists."""

from pathlib import Path

import pytest

from guestlist.erasure import lists, records
from guestlist.erasure.csv_files import contains, open_csv, rewrite
from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.imports.model import Consent, Kind, Options
from guestlist.imports.notes import UndoResult
from guestlist.imports.reading.lines import MAX_ROW_LENGTH
from guestlist.lists import entry_line, partition
from guestlist.lists.entry import Entry, email_key
from tests.fakes.imports import START
from tests.fakes.packed_lists import FakePackedListStore
from tests.unit.erasure.harness import ANN, BOB
from tests.unit.imports.builders import an_import

PERSON = AddressMatcher("Ann@Example.com")


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        pytest.param(ANN, True, id="alone"),
        pytest.param("<ANN@Example.COM>", True, id="in any case"),
        pytest.param("Write to ann@example.com.", True, id="at the end of a sentence"),
        pytest.param("“ann@example.com” is in use", True, id="in quotes"),
        pytest.param("ann@example.com.csv", True, id="in the name of a file"),
        pytest.param("joann@example.com", False, id="as the end of another"),
        pytest.param("jo.ann@example.com", False, id="behind a dot"),
        pytest.param("x+ann@example.com", False, id="behind a plus"),
        pytest.param("ann@example.com.au", False, id="with more of a domain"),
        pytest.param("ann@example.community", False, id="with a longer domain"),
        pytest.param("", False, id="in nothing"),
    ],
)
def test_an_address_is_found_in_any_case_and_not_within_a_longer_one(text: str, *, matches: bool) -> None:
    assert PERSON.matches(text) is matches
    assert (REDACTED in PERSON.redact(text)) is matches
    assert not PERSON.matches(PERSON.redact(text))


def test_an_address_is_found_however_its_letters_are_composed() -> None:
    person = AddressMatcher("ren\u00e9@example.com")
    assert person.matches("Rene\u0301@Example.com")
    assert not person.matches(person.redact("Rene\u0301@Example.com, and more"))


# Files


def rewritten(data: bytes, to: Path, kind: Kind = Kind.CUSTOMERS, **options: str) -> bytes:
    path, clean = to / "file.csv", to / "clean.csv"
    path.write_bytes(data)
    text = open_csv(path, kind, Options(**options))  # type: ignore[arg-type]
    assert contains(text, PERSON)
    assert rewrite(text, PERSON, clean) > 0
    return clean.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman"])
def test_only_the_persons_rows_are_removed_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Email;Name\r\nbob@example.com;Bjørn Ærøskøbing\r\n{}cy@example.com;Cÿ\r\n"
    row = "ANN@example.com;Zoë\r\n"
    clean = rewritten(text.format(row).encode(encoding), tmp_path)
    assert clean == text.format("\r\n").encode(encoding)


def test_a_row_is_removed_with_all_its_lines_and_others_keep_their_line_numbers(tmp_path: Path) -> None:
    text = 'Email,Name\nbob@example.com,"Bob\nJones"\nann@example.com,"Ann\n""J"" Smith"\n\ncy@example.com,Cy'
    clean = rewritten(text.encode(), tmp_path).decode()
    assert clean == 'Email,Name\nbob@example.com,"Bob\nJones"\n\n\n\ncy@example.com,Cy'


def test_a_spreadsheets_sep_line_is_kept(tmp_path: Path) -> None:
    clean = rewritten(b"sep=;\nEmail;Name\nann@example.com;Ann\nbob@example.com;B\n", tmp_path)
    assert clean == b"sep=;\nEmail;Name\n\nbob@example.com;B\n"


def test_a_row_that_is_too_long_keeps_its_line(tmp_path: Path) -> None:
    clean = rewritten(f"Email,Name\nbob@example.com,{'x' * MAX_ROW_LENGTH}\nann@example.com,A\n".encode(), tmp_path)
    assert clean.count(b"\n") == 3
    assert b"ann@" not in clean


def test_the_persons_row_is_removed_also_as_the_first_of_a_list_without_a_header(tmp_path: Path) -> None:
    clean = rewritten(b"ann@example.com\nbob@example.com\n", tmp_path, Kind.TARGET_GROUP)
    assert clean == b"\nbob@example.com\n"


# Records


def test_a_record_keeps_its_counts_and_loses_the_address_everywhere() -> None:
    record = an_import(
        file_name="ann@example.com.csv",
        options=Options(group="Friends", notify="Ann@example.com"),
        consent=Consent(by="me", at=START, notify=ANN),
        preview=(("Ann Jones", ANN), ("Bob", BOB)),
        undone=UndoResult(at=START, kept=(f"“{ANN}” is in use, and stays.",)),
    )
    clean = records.without_person(record, PERSON)
    assert clean.preview == (("", ""), ("Bob", BOB))
    assert (clean.options.notify, clean.consent) == (None, Consent(by="me", at=START))
    assert clean.undone == UndoResult(at=START, kept=(f"“{REDACTED}” is in use, and stays.",))
    assert (clean.file_name, clean.counts) == (f"{REDACTED}.csv", record.counts)
    assert not PERSON.matches(repr(clean))


def test_a_record_that_does_not_name_the_person_is_the_same() -> None:
    record = an_import(consent=Consent(by="me", at=START, notify=BOB), preview=(("Bob", BOB),))
    assert records.without_person(record, PERSON) == record


def test_problems_keep_their_lines_and_codes() -> None:
    problem = {"line": 3, "column": "Email", "value": ANN, "code": "bad_email", "detail": f"Line 3: “{ANN}” is none."}
    clean = records.redact_texts(problem, PERSON)
    assert clean == {**problem, "value": REDACTED, "detail": f"Line 3: “{REDACTED}” is none."}


# Packed lists


def text_of(*entries: Entry, **spread: partition.KeySharding) -> str:
    return partition.encode([entry_line.line(entry) for entry in entries], spread)


def test_a_bucket_keeps_all_other_rows_as_they_were() -> None:
    others = [Entry("A", BOB, "Floor", "R-1", 4), Entry(email="joann@example.com"), Entry("Ann", "ann@host.nl")]
    mine = [Entry(email="ANN@example.com", quantity=0), Entry("B", "Ann@Example.com"), Entry(f"x {ANN}")]
    assert lists.without_person(text_of(*mine, *others), PERSON) == text_of(*others)
    assert lists.without_person(text_of(*others), PERSON) == text_of(*others)


def test_a_sharded_key_of_the_person_is_removed_whole_and_others_stay() -> None:
    spreads = {email_key(ANN): partition.KeySharding("s", 2, 9), "a": partition.KeySharding("e", 1, 5)}
    list_store = FakePackedListStore()
    place = lists.TextId("v1", 0)
    parts = {
        lists.TextId("v1", number, email_key(ANN)): text_of(Entry(email=ANN, seat=f"{number}")) for number in (0, 1)
    }
    of_all = {lists.TextId("v1", 0, "a"): text_of(Entry("A", ANN), Entry("A", BOB))}
    list_store.write_texts({place: partition.encode([], spreads), **parts, **of_all})
    for texts in lists.texts_naming(list_store, lists.Version("v1", 1, 1), 0, PERSON):
        lists.clean(list_store, texts, PERSON)
    assert list_store.texts == {
        place: partition.encode([], {"a": partition.KeySharding("e", 1, 5)}),
        lists.TextId("v1", 0, "a"): text_of(Entry("A", BOB)),
    }
