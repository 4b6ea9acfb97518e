"""Find the codes that are in use in the lists of an organiser."""

from collections.abc import Collection, Iterator, Mapping

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.groups.index import GroupIndex, Version
from guestlist.lists import fingerprints, partition
from guestlist.lists.packed_list import Place
from guestlist.lists.store import PackedListStore

_MAX_ENTRIES_PER_KEY = 2
"""Reading this many entries costs less than testing one key against the fingerprints."""
_AT_ONCE = 500


def codes_in_use(table: Table, org: str, index: GroupIndex, code_keys: Collection[str]) -> set[str]:
    """The keys that are in a current or scheduled list of the organiser, or were before its newest changes.

    A list that is short compared to the number of keys is read whole. For a long one fingerprints rule out nearly all
    keys, and partitions are read for the rest.
    """
    hashes = {key: fingerprints.hash_key(key) for key in code_keys}
    keys_in_use: set[str] = set()
    for group in index.groups.values():
        list_store = PackedListStore(table, org, group.group_id)
        for version in (group.base, group.overlay, *(scheduled.version for scheduled in group.scheduled)):
            if version is None:
                continue
            if not version.fingerprints or version.entries <= _MAX_ENTRIES_PER_KEY * len(hashes):
                keys_in_use |= hashes.keys() & set(_keys(list_store, version))
            else:
                likely = list(_likely_keys(table, org, group.group_id, version, hashes))
                keys_in_use |= set(_present_keys(list_store, version, likely))
    return keys_in_use


def _keys(list_store: PackedListStore, version: Version) -> Iterator[str]:
    for start in range(0, version.partitions, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, version.partitions))
        for text in list_store.read_texts({Place(version.version_id, number) for number in numbers}).values():
            yield from partition.keys(text)


def _likely_keys(table: Table, org: str, group_id: str, version: Version, hashes: Mapping[str, int]) -> Iterator[str]:
    numbers = range(fingerprints.segments(version.partitions))
    places = {keys.fingerprints(org, group_id, version.version_id, number): number for number in numbers}
    contents = {places[key]: bytes(item["f"]) for key, item in table.get_many(places).items()}
    for key, key_hash in hashes.items():
        content = contents.get(fingerprints.segment_of(key_hash, version.partitions), fingerprints.UNKNOWN)
        if fingerprints.may_hold(content, key_hash, version.partitions):
            yield key


def _present_keys(list_store: PackedListStore, version: Version, likely: Collection[str]) -> Iterator[str]:
    places = {key: Place(version.version_id, partition.partition_of(key, version.partitions)) for key in likely}
    texts = list_store.read_texts(set(places.values()))
    for key, place in places.items():
        text = texts.get(place, "")
        if partition.find(text, key) or partition.sharding_of(text, key):
            yield key
