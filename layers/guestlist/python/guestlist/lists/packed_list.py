"""The packed list of a target group: a base of hash partitions and at most one overlay with newer changes.

The key determines what a lookup reads: one partition of each, in one round. Only a key with very many rows
needs a second round, for the parts that its partition names.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, TypeVar

from guestlist.groups.index import Version
from guestlist.lists import entry_line, partition
from guestlist.lists.entry import Entry

Row = TypeVar("Row")
_identity: Callable[[Entry], entry_line.Identity] = attrgetter("identity")


class TextId(NamedTuple):
    """The id of a packed text: a partition of a version or, with a key, one part of that key's rows."""

    version_id: str
    number: int
    key: str = ""


Texts = Mapping[TextId, str]
Read = Callable[[Iterable[TextId]], Texts]


class MissingText(Exception):
    """A text of a version does not exist."""


@dataclass(frozen=True, slots=True)
class Header:
    """Metadata of a version.

    `size` is the bytes of the texts of its partitions, uncompressed and without parts. `live_entries` is the number of
    entries of the group while this version is its newest. A version that is not sealed may lack texts.
    """

    version: Version
    size: int = 0
    live_entries: int = 0
    sealed: bool = False


class PackedList(NamedTuple):
    """The versions that make up a group's list; methods compute what to read and merge what was read."""

    base: Version | None = None
    overlay: Version | None = None

    def text_ids(self, key: str) -> list[TextId]:
        """The partitions to read for a key: up to two."""
        return [_text_id(key, version) for version in (self.base, self.overlay) if version]

    def parts(
        self,
        key: str,
        texts: Texts,
        *,
        seats: Collection[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> list[TextId]:
        """The parts to read after the partitions in `texts`; none for nearly every key.

        Known seats or e-mails narrow them down. Then `entries` may lack entries of other seats or
        e-mails, but never entries without one.
        """
        text_ids = []
        for version in (self.base, self.overlay):
            sharding = partition.sharding_of(texts.get(_text_id(key, version), ""), key) if version else None
            if version and sharding:
                numbers = sharding.numbers(seats, emails) if version is self.base else sharding.numbers()
                text_ids += [TextId(version.version_id, number, key) for number in numbers]
        return text_ids

    def entries(self, key: str, texts: Texts) -> list[Entry]:
        """The key's entries in these partitions and parts; a missing text has none."""
        merged: list[Entry] = []
        for text_id in self.text_ids(key):
            text = texts.get(text_id, "")
            rows = partition.find(text, key)
            sharding = partition.sharding_of(text, key)
            for number in sharding.numbers() if sharding else ():
                rows += partition.find(texts.get(text_id._replace(number=number, key=key), ""), key)
            merged = overlay_rows(merged, rows, _identity)
        return [entry for entry in merged if entry.quantity]

    def has_key(self, key: str, texts: Texts) -> bool:
        """Whether the key has entries, even if only of seats or e-mails that were not read."""
        is_sharded = any(partition.sharding_of(texts.get(text_id, ""), key) for text_id in self.text_ids(key))
        return is_sharded or bool(self.entries(key, texts))


def overlay_rows(lower: list[Row], upper: list[Row], identity: Callable[[Row], entry_line.Identity]) -> list[Row]:
    """The rows of both; a row of `upper` replaces those of `lower` with the same identity."""
    if not lower or not upper:
        return lower or upper
    replaced = set(map(identity, upper))
    return [row for row in lower if identity(row) not in replaced] + upper


def read_all(read: Read, text_ids: Collection[TextId]) -> Texts:
    """Read all of these texts. Raises `MissingText`."""
    texts = read(text_ids)
    missing = [text_id for text_id in text_ids if text_id not in texts]
    if missing:
        raise MissingText(missing[0])
    return texts


def lines(read: Read, version_id: str, numbers: Sequence[int]) -> Iterator[str]:
    """The lines of these partitions and of their parts, partition by partition. Raises `MissingText`."""
    text_ids = [TextId(version_id, number) for number in numbers]
    texts = read_all(read, text_ids)
    for text_id in text_ids:
        yield from partition.lines(texts[text_id])
        for key, sharding in partition.shardings(texts[text_id]).items():
            parts = read_all(read, [TextId(version_id, number, key) for number in sharding.numbers()])
            for text in parts.values():
                yield from partition.lines(text)


def entries_by_partition(
    read: Read, packed_list: PackedList, start: int = 0, *, batch_size: int = 50
) -> Iterator[tuple[int, list[Entry]]]:
    """All entries by partition of the base, from partition `start` on. Raises `MissingText`.

    `batch_size` is the number of partitions that are read together.
    """
    if packed_list.base is None:
        return
    for first in range(start, packed_list.base.partitions, batch_size):
        numbers = range(first, min(first + batch_size, packed_list.base.partitions))
        base_entries = _by_partition(
            lines(read, packed_list.base.version_id, numbers), numbers, packed_list.base.partitions
        )
        overlay_entries = _by_partition(
            _overlay_lines(read, packed_list, numbers), numbers, packed_list.base.partitions
        )
        for number in numbers:
            rows = overlay_rows(base_entries[number], overlay_entries[number], _identity)
            yield number, [entry for entry in rows if entry.quantity]


def _text_id(key: str, version: Version) -> TextId:
    return TextId(version.version_id, partition.partition_of(key, version.partitions))


def _overlay_lines(read: Read, packed_list: PackedList, numbers: range) -> Iterator[str]:
    """The lines of the overlay's partitions that overlap these partitions of the base."""
    if packed_list.base is None or packed_list.overlay is None:
        return iter(())
    lowest = -(-(numbers.start << 32) // packed_list.base.partitions)
    highest = -(-(numbers.stop << 32) // packed_list.base.partitions) - 1
    overlap = range(lowest * packed_list.overlay.partitions >> 32, (highest * packed_list.overlay.partitions >> 32) + 1)
    return lines(read, packed_list.overlay.version_id, overlap)


def _by_partition(all_lines: Iterable[str], numbers: range, partitions: int) -> dict[int, list[Entry]]:
    entries: dict[int, list[Entry]] = {number: [] for number in numbers}
    for line in all_lines:
        entry = entry_line.entry(line)
        number = partition.partition_of(entry.key, partitions)
        if number in numbers:
            entries[number].append(entry)
    return entries
