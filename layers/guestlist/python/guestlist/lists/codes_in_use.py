"""Find the codes that are in use in the lists of an organiser."""

from collections.abc import Collection, Iterator, Mapping

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.groups.index import GroupIndex, Version
from guestlist.lists import fingerprints, partition
from guestlist.lists.packed_list import TextId
from guestlist.lists.store import PackedListStore

_MAX_ENTRIES_PER_KEY = 2
"""Reading this many entries costs less than testing one key against the fingerprints."""
_BATCH_SIZE = 500


def codes_in_use(table: Table, org: str, index: GroupIndex, code_keys: Collection[str]) -> set[str]:
    """The keys that are in a current or scheduled list of the organiser, or were removed by the newest changes of one.

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
                likely_keys = list(_likely_keys(table, org, group.group_id, version, hashes))
                keys_in_use |= set(_present_keys(list_store, version, likely_keys))
    return keys_in_use


def _keys(list_store: PackedListStore, version: Version) -> Iterator[str]:
    for start in range(0, version.partitions, _BATCH_SIZE):
        numbers = range(start, min(start + _BATCH_SIZE, version.partitions))
        for text in list_store.read_texts({TextId(version.version_id, number) for number in numbers}).values():
            yield from partition.keys(text)


def _likely_keys(table: Table, org: str, group_id: str, version: Version, hashes: Mapping[str, int]) -> Iterator[str]:
    numbers = range(fingerprints.segments(version.partitions))
    segments_by_key = {keys.fingerprints(org, group_id, version.version_id, number): number for number in numbers}
    contents = {segments_by_key[key]: bytes(item["f"]) for key, item in table.get_many(segments_by_key).items()}
    for key, key_hash in hashes.items():
        content = contents.get(fingerprints.segment_of(key_hash, version.partitions), fingerprints.UNKNOWN)
        if fingerprints.may_hold(content, key_hash, version.partitions):
            yield key


def _present_keys(list_store: PackedListStore, version: Version, likely_keys: Collection[str]) -> Iterator[str]:
    text_ids = {key: TextId(version.version_id, partition.partition_of(key, version.partitions)) for key in likely_keys}
    texts = list_store.read_texts(set(text_ids.values()))
    for key, text_id in text_ids.items():
        text = texts.get(text_id, "")
        if partition.find(text, key) or partition.sharding_of(text, key):
            yield key
