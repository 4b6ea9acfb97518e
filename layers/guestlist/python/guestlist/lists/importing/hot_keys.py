"""Shard the rows of a key with very many rows over parts, so that a lookup need not read all of them."""

from collections.abc import Sequence

from guestlist.lists import partition
from guestlist.lists.entry_line import identity
from guestlist.lists.importing.sizing import items_for
from guestlist.lists.partition import KeySharding

_LARGEST_PART = 65_536


def shard_rows(lines: Sequence[str]) -> tuple[KeySharding, list[str]]:
    """The sharding of one key's lines, and the texts of its parts.

    By seat or by e-mail, whichever gives the smaller parts, since a check knows these; when many rows share
    both, by the whole row, and then a lookup reads all parts.
    """
    size = sum(len(line.encode()) + 1 for line in lines)
    most = items_for(len(lines), size)
    seats, emails = len({identity(line)[2] for line in lines}), len({identity(line)[3] for line in lines})
    by_one = [KeySharding("s", min(most, seats), len(lines)), KeySharding("e", min(most, emails), len(lines))]
    largest, sharding = min(
        ((_largest(sharding, lines), sharding) for sharding in by_one), key=lambda candidate: candidate[0]
    )
    return _texts(sharding if largest <= _LARGEST_PART else KeySharding("a", most, len(lines)), lines)


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
