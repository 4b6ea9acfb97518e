"""Build the new version of a list from a file: a new base, or an overlay on the base.

`create` and `replace` write a new base. `append` and `remove` write the changes, merged with the former
overlay, as a new overlay, until that outgrows an eighth of the base: then a new base is written. Nothing
that is current is changed. A retry after a crash, with the same file, list and version, writes the same
texts under the same ids.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain

from guestlist.groups.index import Version
from guestlist.imports.model import Mode
from guestlist.imports.ports import PackedListStore
from guestlist.lists.entry_line import HEAD
from guestlist.lists.importing.changes import AMENDMENTS, Amendment, Effect, StepResult, amend_steps, replace_steps
from guestlist.lists.importing.merging import Stream, aligned_slices, merge_lines, stored_lines, without_tombstones
from guestlist.lists.importing.packing import ToLine, compressed_size, packed_size, without_hash
from guestlist.lists.importing.row_sorter import Refuse, RowSorter, line_of
from guestlist.lists.importing.runs import Run
from guestlist.lists.importing.sizing import partitions_for
from guestlist.lists.importing.storing import Progress, write_version
from guestlist.lists.packed_list import Header, MissingText, PackedList, Read

_MIN_BASE_TO_OVERLAY = 8
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltList:
    """The versions of the list once published, with `entries` entries; `imported` rows were accepted."""

    base: Version | None
    overlay: Version | None
    entries: int
    imported: int
    effect: Effect


def build(
    sorter: RowSorter,
    mode: Amendment,
    current: PackedList,
    version_id: str,
    list_store: PackedListStore,
    refuse: Refuse,
    progress: Progress,
) -> BuiltList:
    """Apply the rows to `current`, the list before this import, and write the result as this version.

    `progress` is called with the share done, 0 to 1, every few hundred writes, and may raise to stop. When
    every row is refused nothing is written, and the list stays as it is.
    """
    steps = _CountingSteps(_steps(sorter, mode, current, list_store, refuse))
    if mode in AMENDMENTS:
        changes = Run(sorter.folder / "changes")
        for lines in steps:
            changes.add(lines)
            progress(steps.share / 2)
        return _write_amendments(changes, steps.effect, current, version_id, list_store, progress)
    partitions, chunks = _sorted_partitions(iter(steps), sorter)
    version = Version(version_id, partitions, 0)
    header = write_version(chunks, version, list_store, progress, line_of)
    rows = header.version.entries
    list_store.put_header(replace(header, live_entries=rows, sealed=True))
    return BuiltList(base=header.version, overlay=None, entries=rows, imported=rows, effect=steps.effect)


def compare(
    sorter: RowSorter, mode: Mode, current: PackedList, list_store: PackedListStore, refuse: Refuse, progress: Progress
) -> tuple[int, Effect]:
    """Dry run of `build`: the number of rows that it would accept, and their effect."""
    steps = _CountingSteps(_steps(sorter, mode, current, list_store, refuse))
    for _ in steps:
        progress(steps.share)
    return steps.imported, steps.effect


class _CountingSteps:
    """Iterator over the lines of steps, which counts accepted rows, their effect and the share of hashes done."""

    def __init__(self, steps: Iterable[StepResult]) -> None:
        self._steps = steps
        self.imported = 0
        self.effect = Effect()
        self.share = 0.0

    def __iter__(self) -> Iterator[list[str]]:
        for lines, effect in self._steps:
            self.imported += len(lines)
            self.effect += effect
            self.share = int(lines[-1][:HEAD], 16) / (1 << 32) if lines else self.share
            yield lines
            del lines  # frees them before the next ones are read


def _steps(
    sorter: RowSorter, mode: Amendment, current: PackedList, list_store: PackedListStore, refuse: Refuse
) -> Iterator[StepResult]:
    if mode in AMENDMENTS:
        return amend_steps(sorter, mode, current, list_store.read_texts, refuse)
    return replace_steps(sorter, current, list_store.read_texts, refuse)


def _sorted_partitions(chunks: Iterator[list[str]], sorter: RowSorter) -> tuple[int, Iterator[list[str]]]:
    """The number of partitions for the rows of the file, and the chunks including the one that was sampled."""
    first = next(chunks, [])
    size = packed_size(first[:_SAMPLE], sorter.rows, sorter.size, line_of)
    return _partitions(chain([first], chunks), sorter.rows, size, line_of)


def _partitions(
    chunks: Iterator[list[str]], rows: int, size: int, to_line: ToLine = without_hash
) -> tuple[int, Iterator[list[str]]]:
    """The number of partitions for `size` bytes of rows, compressed like the first chunk, and all chunks."""
    first = next(chunks, [])
    compressed = compressed_size(first[:_SAMPLE], rows, size, to_line)
    return partitions_for(rows, compressed), chain([first], chunks)


def _write_amendments(
    changes: Run, effect: Effect, current: PackedList, version_id: str, list_store: PackedListStore, progress: Progress
) -> BuiltList:
    newest = current.overlay or current.base
    entries = (_header(newest, list_store).live_entries if newest else 0) + effect.added - effect.revoked
    built = BuiltList(base=current.base, overlay=current.overlay, entries=entries, imported=changes.rows, effect=effect)
    if not changes.rows:
        return built
    base = current.base if _fits_overlay(current, changes) else None
    lower_versions = [version for version in (current.base, current.overlay) if version and version is not base]
    rows, size = _volume(lower_versions, changes, list_store)
    if base is None:
        rows, size = entries, size * entries // rows
    chunks = _merged_chunks(lower_versions, changes, list_store.read_texts, tombstones=base is not None)
    partitions, chunks = _partitions(chunks, rows, size)
    version = Version(version_id, partitions, 0)
    header = write_version(chunks, version, list_store, lambda share: progress((1 + share) / 2))
    list_store.put_header(replace(header, live_entries=entries, sealed=True))
    if base is None:
        return replace(built, base=header.version, overlay=None)
    return replace(built, overlay=header.version)


def _fits_overlay(current: PackedList, changes: Run) -> bool:
    """Whether all changes since the base are still few enough for an overlay."""
    rows = changes.rows + (current.overlay.entries if current.overlay else 0)
    return current.base is not None and rows * _MIN_BASE_TO_OVERLAY <= current.base.entries


def _merged_chunks(
    lower_versions: Sequence[Version], changes: Run, read: Read, *, tombstones: bool
) -> Iterator[list[str]]:
    rows = sum(version.entries for version in lower_versions) + changes.rows
    streams = [*(stored_lines(read, version) for version in lower_versions), Stream(changes.blocks())]
    for slices in aligned_slices(rows, *streams):
        lines = reduce(merge_lines, slices)
        yield lines if tombstones else without_tombstones(lines)


def _volume(lower_versions: Sequence[Version], changes: Run, list_store: PackedListStore) -> tuple[int, int]:
    rows = changes.rows + sum(version.entries for version in lower_versions)
    return rows, changes.size - changes.rows * HEAD + sum(
        _header(version, list_store).size for version in lower_versions
    )


def _header(version: Version, list_store: PackedListStore) -> Header:
    header = list_store.header(version.version_id)
    if header is None:
        raise MissingText(version)
    return header
