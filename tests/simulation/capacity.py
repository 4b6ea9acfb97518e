"""What DynamoDB asks for each call, and how much of it a second it gives, by AWS's documented rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

PARTITION_WRITES, PARTITION_READS = 1_000, 3_000
TABLE_WRITES, TABLE_READS = 40_000, 40_000
NEW_WRITES, NEW_READS = 4_000, 12_000
WRITE_UNIT, READ_UNIT, LARGEST = 1024, 4096, 400 * 1024
INDEXES: Mapping[str, tuple[str, str, bool]] = {
    "listing": ("g1pk", "g1sk", True),
    "due": ("due_pk", "due_at", False),
}
"""The keys of each index, and whether it has whole items or keys alone."""


def size(item: Mapping[str, Any]) -> int:
    """Bytes of an item: names and values, numbers by their digits, three more and one an element for a list or map."""
    return sum(len(name.encode()) + _value(typed) for name, typed in item.items())


def _value(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return (len(value.lstrip("-").strip("0").replace(".", "")) + 1) // 2 + 1 + value.startswith("-")
    if kind == "B":
        return len(value) * 3 // 4 - value.count("=") if isinstance(value, str) else len(value)
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in value)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value(one) for name, one in value.items())
    return 1


def write_units(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> int:
    """Of one write, by the larger of the item before and after; also of one whose condition failed."""
    return max(1, ceil(max(size(before or {}), size(after or {})) / WRITE_UNIT))


def read_units(sizes: int, *, strong: bool) -> float:
    """Of one item, or of all that one query read."""
    whole = max(1, ceil(sizes / READ_UNIT))
    return whole if strong else whole / 2


def index_writes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[tuple[str, str], int]:
    """Units of writes to indexes, by index and its partition: in, out, both where the key changes, or a change."""
    units: dict[tuple[str, str], int] = {}
    for name in INDEXES:
        was, now_is = _projected(name, before), _projected(name, after)
        if was == now_is:
            continue
        first, second = INDEXES[name][:2]
        moved = not was or not now_is or (was[first], was[second]) != (now_is[first], now_is[second])
        for old, counts in ((was, moved), (now_is, True)):
            if old and counts:
                place = (name, old[first]["S"])
                units[place] = units.get(place, 0) + write_units(was if not moved else old, old)
    return units


def _projected(name: str, item: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    first, second, whole = INDEXES[name]
    if not item or first not in item or second not in item:
        return None
    return item if whole else {one: item[one] for one in ("pk", "sk", first, second)}


@dataclass(slots=True)
class Bucket:
    """Units that can be had: as many a second, and never more than of one `burst` of seconds at once."""

    rate: float
    burst: float = 1.0
    tokens: float = 0.0
    at: float = -1.0

    def refill(self, now: float) -> float:
        """The units available now."""
        if now != self.at:
            most = self.rate * self.burst
            self.tokens = most if self.at < 0 else min(most, self.tokens + (now - self.at) * self.rate)
            self.at = now
        return self.tokens


@dataclass(slots=True)
class Capacity:
    """A table's units a second: of each partition key of it or of an index, and of all together.

    `lifted` are partition keys that have no limit: what is measured then is everything but them.
    """

    writes: float = NEW_WRITES
    reads: float = NEW_READS
    lifted: frozenset[str] = frozenset()
    burst: float = 1.0
    used: dict[str, float] = field(default_factory=lambda: {"write": 0.0, "index": 0.0, "read": 0.0})
    throttled: int = 0
    _buckets: dict[tuple[str, ...], Bucket] = field(default_factory=dict)

    def take(self, kind: str, units: Mapping[tuple[str, str], float], now: float) -> bool:
        """Use units of partitions, by index (or "" for the table) and key: all of them, or none and it is throttled."""
        writing = kind == "write"
        partition, whole = (PARTITION_WRITES, self.writes) if writing else (PARTITION_READS, self.reads)
        requested: dict[tuple[str, ...], tuple[float, float]] = {}
        for (index, pk), some in units.items():
            if pk not in self.lifted:
                requested[kind, index, pk] = (some, partition)
            total = requested.get((kind, index), (0.0, whole))[0]
            requested[kind, index] = (total + some, whole)
        buckets = [(self._bucket(name, rate), some) for name, (some, rate) in requested.items()]
        # A single request that is larger than a second's units is let through when a whole second's are there.
        if any(bucket.refill(now) < min(some, bucket.rate * self.burst) for bucket, some in buckets):
            self.throttled += 1
            return False
        for bucket, some in buckets:
            bucket.tokens -= some
        for (index, _), some in units.items():
            self.used["index" if index and writing else kind] += some
        return True

    def _bucket(self, name: tuple[str, ...], rate: float) -> Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(rate, self.burst)
        return bucket
