"""Shard the rows of a key with very many rows over parts, so that a lookup need not read all of them."""

from collections.abc import Sequence

from guestlist.lists import partition
from guestlist.lists.entry_line import identity
from guestlist.lists.importing.sizing import items_for
from guestlist.lists.partition import KeySharding

_MAX_PART_BYTES = 65_536


def shard_rows(lines: Sequence[str]) -> tuple[KeySharding, list[str]]:
    """The sharding of one key's lines, and the texts of its parts.

    By seat or by e-mail, whichever gives the smaller parts, since a check knows these; when many rows share
    both, by the whole row, and then a lookup reads all parts.
    """
    size = sum(len(line.encode()) + 1 for line in lines)
    max_parts = items_for(len(lines), size)
    seats, emails = len({identity(line)[2] for line in lines}), len({identity(line)[3] for line in lines})
    candidates = [
        KeySharding("s", min(max_parts, seats), len(lines)),
        KeySharding("e", min(max_parts, emails), len(lines)),
    ]
    largest, sharding = min(
        ((_largest(candidate, lines), candidate) for candidate in candidates), key=lambda pair: pair[0]
    )
    return _texts(sharding if largest <= _MAX_PART_BYTES else KeySharding("a", max_parts, len(lines)), lines)


def _largest(sharding: KeySharding, lines: Sequence[str]) -> int:
    sizes = [0] * sharding.parts
    for line in lines:
        sizes[sharding.part(identity(line))] += len(line.encode()) + 1
    return max(sizes)


def _texts(sharding: KeySharding, lines: Sequence[str]) -> tuple[KeySharding, list[str]]:
    parts: list[list[str]] = [[] for _ in range(sharding.parts)]
    for line in lines:
        parts[sharding.part(identity(line))].append(line)
    return sharding, [partition.encode(part) for part in parts]
