"""Any bytes are read or refused with a reason, and no row is lost."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Kind, Options, Reason
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.refused_rows import Refusals
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Sheet, Unreadable, open_sheet
from tests.fakes.entries import read_entries

PIECES = st.sampled_from(
    [
        b"Code,Quantity\n",
        b"Code;Seat\r\n",
        b"Email\n",
        b"A1,",
        b'"',
        b'""',
        b'","',
        b"\n",
        b"\r",
        b",",
        b";",
        b"\t",
        b"1",
        b"a@b.nl",
        b"'=",
        b'="1"',
        b"1E+12",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3\xa9",
        b"\xe9",
        b"\x81",
        b"sep=;\n",
        b"PK\x03\x04",
        b"refused_line,refused_column,refused_code,refused_reason\n",
        b"A" * 300,
        b" ",
    ]
)
SPLICED = st.lists(PIECES | st.binary(max_size=6), max_size=40).map(b"".join)
MAPPINGS = st.none() | st.dictionaries(
    st.sampled_from(["Code", "email", "Seat", "Quantity", "Colour"]),
    st.integers(-1, 3) | st.sampled_from(["A1", "Code", ""]),
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "header_rows": st.integers(0, 10),
        "delimiter": st.sampled_from([",", ";", "\t", "|", "x", ""]) | st.text(max_size=2),
        "encoding": st.sampled_from(["utf-8", "cp1252", "utf-16", "mac-roman"]) | st.text(max_size=8),
        "mapping": MAPPINGS,
        "raw": st.booleans(),
    },
)
LETTERS = st.text(st.sampled_from("aA1 ,;|\t\r\n@.é\x00"), max_size=60)
GOOD = st.tuples(
    st.from_regex(r"[A-Z][0-9]{1,5}", fullmatch=True), st.just(""), st.sampled_from(["", "North"]), st.just("1")
)
BAD = st.sampled_from(
    [
        ("A1", "", "", "0"),
        ("", "nobody", "", "1"),
        ("", "", "North", "1"),
        ("1.5E+12", "", "", ""),
        ("A\0", "", "", "1"),
        ("A1", "", "x" * 201, "1"),
        ("A1", "", "", "1", "more"),
        ("A1", "", "", "1", "2", "3"),
        ("'=B", "", "N\n1", "half"),
    ]
)


@contextmanager
def opened(content: bytes, **options: Any) -> Iterator[tuple[Path, Sheet]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(content)
        yield Path(folder), open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options(**options))


def read(sheet: Sheet, **options: Any) -> tuple[list[int], list[Problem]]:
    """The lines of the good rows, and the problems of the others."""
    rows = list(read_entries(sheet, Options(**options), RowNotes()))
    return [row[0] for row in rows if not isinstance(row, Problem)], [row for row in rows if isinstance(row, Problem)]


@settings(max_examples=500, deadline=None)
@given(SPLICED, OPTIONS)
def test_any_bytes_are_read_or_refused_with_a_reason_and_every_row_is_counted(content, options):
    try:
        with opened(content, **options) as (_, sheet):
            good, problems = read(sheet, **options)
            assert len(good) + len(problems) == sheet.total > 0
            assert sheet.detected.texts() is not None
            assert len(sheet.preview()) == min(20, sheet.total)
            assert (sheet.issue_reason is None) == (sheet.issue_messages == ())
    except Unreadable as refusal:
        facts = (type(refusal.reason), bool(refusal.messages))
        assert facts == (Reason, True)


@settings(deadline=None)
@given(LETTERS)
def test_every_line_that_holds_anything_is_imported_or_refused(text):
    lines = [number for number, line in enumerate(re.split("\r\n|\r|\n", text), 3) if line.strip(" \t,")]
    with opened(f"Code,Seat\nB2,x\n{text}".encode()) as (_, sheet):
        good, problems = read(sheet)
    assert sorted([*good, *(problem.line for problem in problems)]) == [2, *lines]


@settings(deadline=None)
@given(st.lists(GOOD | BAD, min_size=1, max_size=30), st.sampled_from([",", ";", "\t"]))
def test_refused_rows_are_refused_again_until_they_are_corrected(rows, delimiter):
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    content = "\n".join(delimiter.join(map(quoted, row)) for row in [("Code", "Email", "Seat", "Quantity"), *rows])
    with opened(content.encode()) as (folder, sheet):
        _, problems = read(sheet)
        refusals = Refusals(folder)
        for problem in problems:
            refusals.add(problem)
        refusals.write_csv(sheet, folder / "refused.csv")
        second = (folder / "refused.csv").read_bytes()
    header, _ = second.decode().split("\n", 1)
    mended = header + "".join(
        f"\nC{n}{delimiter * 4}9{delimiter}Code{delimiter}bad{delimiter}why" for n in range(len(rows))
    )
    with opened(mended.encode()) as (_, sheet):
        assert [len(part) for part in read(sheet)] == [len(rows), 0]
    if problems:
        with opened(second) as (_, sheet):
            good, problems_again = read(sheet)
        assert (good, [problem.code for problem in problems_again]) == ([], [problem.code for problem in problems])
