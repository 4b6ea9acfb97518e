"""Write the partitions of a version, and delete a version."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from guestlist.groups.index import Version
from guestlist.imports.ports import PackedListStore
from guestlist.lists import fingerprints, partition
from guestlist.lists.entry_line import key_hashes
from guestlist.lists.fingerprints import Segment
from guestlist.lists.importing.fingerprinting import code_hashes, segment_content
from guestlist.lists.importing.packing import ToLine, by_partition, pack, without_hash
from guestlist.lists.packed_list import Header, TextId

_BATCH_SIZE = 200

Progress = Callable[[float], None]


def write_version(
    chunks: Iterable[list[str]],
    version: Version,
    list_store: PackedListStore,
    progress: Progress,
    to_line: ToLine = without_hash,
) -> Header:
    """Write all partitions of a version from sorted lines with hashes, and return its header, not yet sealed.

    `to_line` strips the hash. What a crashed worker wrote under this version is overwritten.
    """
    _prepare_version(version, list_store)
    pending: dict[TextId, str] = {}
    entries = size = 0
    filters = _Fingerprints(version, list_store)
    for number, with_hash in by_partition(chunks, version.partitions):
        hashes, lines = key_hashes(with_hash), list(map(to_line, with_hash))
        has_equal_hashes = len(set(hashes)) < len(hashes)
        texts = pack(version.version_id, number, lines, has_equal_hashes=has_equal_hashes)
        filters.add(number, code_hashes(lines, hashes, has_equal_hashes=has_equal_hashes))
        entries += len(lines)
        size += len(texts[0][1].encode())
        pending.update(texts)
        if len(pending) >= _BATCH_SIZE:
            list_store.write_texts(pending)
            pending = {}
            progress((number + 1) / version.partitions)
    list_store.write_texts(pending)
    progress(1.0)
    return Header(replace(version, entries=entries, fingerprints=True), size)


class _Fingerprints:
    """Writer of the fingerprints of a version, each segment after its last partition."""

    def __init__(self, version: Version, list_store: PackedListStore) -> None:
        self._version = version
        self._list_store = list_store
        self._hashes: list[int] = []

    def add(self, number: int, hashes: Sequence[int]) -> None:
        """Add the hashes of the codes of the next partition."""
        self._hashes += hashes
        partitions = self._version.partitions
        segment, offset = divmod(number, fingerprints.PARTITIONS)
        covered = fingerprints.partitions_covered(partitions, segment)
        if offset + 1 == covered:
            content = segment_content(self._hashes, segment, covered, partitions)
            self._list_store.write_fingerprints(Segment(self._version.version_id, segment), content)
            self._hashes = []


def delete_version(list_store: PackedListStore, version_id: str, progress: Progress) -> None:
    """Delete an unused version, complete or incomplete; does nothing if it does not exist."""
    header = list_store.header(version_id)
    if header is None:
        return
    partitions = header.version.partitions
    for first in range(0, partitions, _BATCH_SIZE):
        text_ids = [TextId(version_id, number) for number in range(first, min(first + _BATCH_SIZE, partitions))]
        shardings = [
            sharding
            for text in list_store.read_texts(text_ids).values()
            for sharding in partition.shardings(text).items()
        ]
        list_store.delete_texts(
            [TextId(version_id, part, key) for key, sharding in shardings for part in range(sharding.parts)]
        )
        list_store.delete_texts(text_ids)
        progress(min(1.0, (first + _BATCH_SIZE) / partitions))
    list_store.delete_fingerprints(Segment(version_id, number) for number in range(fingerprints.segments(partitions)))
    list_store.delete_header(version_id)


def _prepare_version(version: Version, list_store: PackedListStore) -> None:
    former = list_store.header(version.version_id)
    if former and former.version.partitions != version.partitions:
        delete_version(list_store, version.version_id, lambda _share: None)
    list_store.put_header(Header(version))
