"""Hostile files: reading each ends with a result and takes little memory."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

MEMORY = 48 << 20
"""Bytes: the interpreter and its modules take 20 MB of it."""

READ = """
import json, resource, sys
from pathlib import Path
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.problems import Problem
from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.refused_rows import Refusals
from guestlist.imports.reading.sheet import Unreadable, open_sheet
from tests.fakes.entries import read_entries

path = Path(sys.argv[1])
good, word, row_notes, refusals = 0, "", RowNotes(), Refusals(path.parent)
try:
    sheet = open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options())
    sheet.preview()
    for row in read_entries(sheet, Options(), row_notes):
        if isinstance(row, Problem):
            refusals.add(row)
        else:
            good += 1
    refusals.write_csv(sheet, path.parent / "refused.csv")
except Unreadable as refusal:
    word = refusal.reason
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([word, good, refusals.count, peak]))
"""

IN_A_SHELL = ["/bin/sh", "-c", '"$@"; exit $?', "sh"]
"""A process begins with the peak of the one that started it, and that of a shell is small."""


def noise(size: int) -> bytes:
    """The same random bytes at every run."""
    return b"".join(hashlib.blake2b(number.to_bytes(4)).digest() for number in range(size // 64))


def wide(rows: int) -> bytes:
    header = ",".join(chain(["Code"], (f"Column {number}" for number in range(9_999))))
    return "\n".join([header, *(",".join(["A"] * 10_000) for _ in range(rows))]).encode()


CORPUS: dict[str, tuple[Callable[[], bytes], tuple[str, int, int]]] = {
    "a-million-empty-lines": (lambda: b"\n" * 1_000_000, ("empty_file", 0, 0)),
    "a-million-empty-lines-within": (lambda: b"Code\nA\n" + b"\r\n" * 1_000_000 + b"B\n", ("", 2, 0)),
    "ten-megabytes-in-one-cell": (lambda: b"Code,Seat\nA,x\nB," + b"x" * 10_000_000 + b"\nC,x\n", ("", 2, 1)),
    "ten-megabytes-quoted": (lambda: b'Code,Seat\nA,x\n"B","' + b"x" * 10_000_000 + b'"\nC,x\n', ("", 2, 1)),
    "one-line-of-thirty-megabytes": (lambda: b"x" * 30_000_000, ("", 0, 1)),
    "ten-thousand-columns": (lambda: wide(100), ("", 100, 0)),
    "a-million-cells-in-a-row": (lambda: b"Code\nA\nB" + b"," * 1_000_000 + b"\nC\n", ("", 2, 1)),
    "quotes-only": (lambda: b"Code,Seat\nA,x\n" + b'"' * 5_000_000, ("", 1, 1)),
    "a-quote-on-every-line": (lambda: b"Code,Seat\n" + b'"A,x\n' * 100_000, ("", 0, 100_000)),
    "quotes-that-open-again-and-again": (lambda: b"Code,Seat\nA,x\n" + b'x","""\n' * 100_000, ("", 1, 100_000)),
    "formulas": (lambda: b"Code\n" + b"=1+1\n+1\n-1\n@x\n'=cmd|' /C calc'!A0\n" * 1_000, ("", 5_000, 0)),
    "nuls": (lambda: b"Code,Seat\nA,x\n" + b"B\0,x\n" * 3 + b"C,x\n" * 100, ("", 101, 3)),
    "zeros": (lambda: bytes(5_000_000), ("not_csv", 0, 0)),
    "noise": (lambda: noise(5_000_000), ("not_csv", 0, 0)),
    "noise-behind-a-header": (lambda: b"Code,Seat\n" + noise(5_000_000), ("not_csv", 0, 0)),
    "utf-16-cut-off": (lambda: ("Code\n" + "é\n" * 500_000).encode("utf-16")[:-1], ("bad_encoding", 0, 0)),
    "gzip-called-csv": (lambda: gzip.compress(bytes(100_000)), ("not_csv", 0, 0)),
    "a-hundred-thousand-refused": (lambda: b"Code,Quantity\n" + b"A,0\n" * 100_000, ("", 0, 100_000)),
}


@pytest.mark.parametrize(("content", "expected"), CORPUS.values(), ids=CORPUS)
def test_a_hostile_file_ends_with_a_result_in_little_memory(tmp_path: Path, content, expected):
    path = tmp_path / "file.csv"
    path.write_bytes(content())
    environment = {**os.environ, "PYTHONPATH": "layers/guestlist/python"}
    command = [*IN_A_SHELL, sys.executable, "-c", READ, str(path)]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert process.stderr == ""
    word, good, bad, peak = json.loads(process.stdout)
    assert ((word, good, bad), peak < MEMORY) == (expected, True)
