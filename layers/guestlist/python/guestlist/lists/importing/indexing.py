"""Making the index of a list: all of its lines are read once, sorted on disk, and written to a file block by block."""

from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from guestlist.lists.entry_line import HEAD
from guestlist.lists.importing.merging import merge_lines, slices, stored_lines, without_tombstones
from guestlist.lists.importing.runs import Run
from guestlist.lists.packed_list import PackedList, Read
from guestlist.lists.search_index import Directory, blocks, records

_AT_ONCE = 50_000
"""So many records are sorted in memory."""


def write_index(read: Read, of: PackedList, path: Path) -> Directory:
    """Write the index of this list to the file, with some space beside it while it is made. Raises `MissingText`."""
    runs = list(_runs(read, of, path))
    firsts, ends, end = list[str](), list[int](), 0
    with path.open("wb") as file:
        for first, block in blocks(merge(*(run.lines() for run in runs)), sum(run.size for run in runs)):
            end += file.write(block)
            firsts.append(first)
            ends.append(end)
    for run in runs:
        run.remove()
    return Directory(firsts, ends)


def _runs(read: Read, of: PackedList, path: Path) -> Iterator[Run]:
    """Sorted runs of all records."""
    pending: list[str] = []
    for number, lines in enumerate(_lines(read, of)):
        pending += records(lines)
        if len(pending) >= _AT_ONCE:
            yield _run(path.with_name(f"{path.name}-{number}"), pending)
            pending = []
    if pending:
        yield _run(path.with_name(f"{path.name}-last"), pending)


def _run(path: Path, pending: list[str]) -> Run:
    run = Run(path)
    run.add(sorted(pending))
    return run


def _lines(read: Read, of: PackedList) -> Iterator[Iterator[str]]:
    """Every line of the list as it stands, some thousand at a time."""
    rows = of.base.entries if of.base else 0
    for below, above in slices(rows, stored_lines(read, of.base), stored_lines(read, of.overlay)):
        yield (line[HEAD:] for line in without_tombstones(merge_lines(below, above)))
