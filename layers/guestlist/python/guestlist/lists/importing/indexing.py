"""Build the search index of a list: read all lines once, sort them on disk, and write them to a file in blocks."""

from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from guestlist.lists.entry_line import HEAD
from guestlist.lists.importing.merging import aligned_slices, merge_lines, stored_lines, without_tombstones
from guestlist.lists.importing.runs import Run
from guestlist.lists.packed_list import PackedList, Read
from guestlist.lists.search_index import Directory, blocks, records

_RECORDS_PER_RUN = 50_000
"""The number of records that are sorted in memory."""


def write_index(read: Read, packed_list: PackedList, path: Path) -> Directory:
    """Write the index of a list to `path`, with temporary files beside it. Raises `MissingText`."""
    runs = list(_runs(read, packed_list, path))
    firsts, ends, end = list[str](), list[int](), 0
    with path.open("wb") as file:
        for first, block in blocks(merge(*(run.lines() for run in runs)), sum(run.size for run in runs)):
            end += file.write(block)
            firsts.append(first)
            ends.append(end)
    for run in runs:
        run.remove()
    return Directory(firsts, ends)


def _runs(read: Read, packed_list: PackedList, path: Path) -> Iterator[Run]:
    """All records in sorted runs."""
    pending: list[str] = []
    for number, lines in enumerate(_lines(read, packed_list)):
        pending += records(lines)
        if len(pending) >= _RECORDS_PER_RUN:
            yield _run(path.with_name(f"{path.name}-{number}"), pending)
            pending = []
    if pending:
        yield _run(path.with_name(f"{path.name}-last"), pending)


def _run(path: Path, pending: list[str]) -> Run:
    run = Run(path)
    run.add(sorted(pending))
    return run


def _lines(read: Read, packed_list: PackedList) -> Iterator[Iterator[str]]:
    """The lines of the current list, some thousands at a time."""
    rows = packed_list.base.entries if packed_list.base else 0
    for below, above in aligned_slices(
        rows, stored_lines(read, packed_list.base), stored_lines(read, packed_list.overlay)
    ):
        yield (line[HEAD:] for line in without_tombstones(merge_lines(below, above)))
