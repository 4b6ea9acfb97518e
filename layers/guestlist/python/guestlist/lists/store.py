"""Store of packed lists: an item for each text, compressed, and a header for each version."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from guestlist.aws import conditions, keys
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed
from guestlist.groups.index import Version
from guestlist.lists.compression import decode_text, encode_text
from guestlist.lists.fingerprints import Segment
from guestlist.lists.packed_list import Header, TextId, Texts

if TYPE_CHECKING:
    from guestlist.aws.items import Item
    from guestlist.aws.table import Table


class PackedListStore:
    """The packed lists of one group. Batches of one call are sent concurrently."""

    def __init__(self, table: "Table", org: str, group_id: str) -> None:
        self._table = table
        self._org = org
        self._group_id = group_id

    def header(self, version_id: str) -> Header | None:
        """The header of the version; None if it does not exist."""
        item = self._table.get(self._header_key(version_id))
        if item is None:
            return None
        return _header(item)

    def versions(self) -> list[Header]:
        """The headers of all versions, oldest first."""
        return [_header(item) for item in self._table.query_all(self._header_key("").pk)]

    def put_header(self, header: Header) -> None:
        """Save the header; one that is not sealed does not replace a sealed one."""
        item = {
            **self._header_key(header.version.version_id)._asdict(),
            "buckets": header.version.partitions,
            "fingerprints": header.version.fingerprints,
            "entries": header.version.entries,
            "size": header.size,
            "standing": header.live_entries,
            "sealed": header.sealed,
        }
        if header.sealed:
            self._table.put(item)
            return
        # A delayed duplicate of this request must not replace the header that the worker has sealed since.
        with suppress(ConditionFailed):
            self._table.put(item, when=conditions.absent() | conditions.equals("sealed", value=False))

    def write_texts(self, texts: Texts) -> None:
        """Write all of the texts."""
        self._table.put_many(
            {**self._key(text_id)._asdict(), "b": encode_text(text)} for text_id, text in texts.items()
        )

    def read_texts(self, text_ids: Iterable[TextId]) -> Texts:
        """The texts with these ids; missing ones are left out."""
        text_ids_by_key = {self._key(text_id): text_id for text_id in text_ids}
        return {
            text_ids_by_key[key]: decode_text(item["b"]) for key, item in self._table.get_many(text_ids_by_key).items()
        }

    def swap(self, text_id: TextId, former: str, text: str) -> None:
        """Replace the former text with this id, if it is unchanged."""
        key = self._key(text_id)
        # The same text may be stored as another value: by an earlier version, or by another zlib.
        item = self._table.get(key)
        if item is None or decode_text(item["b"]) != former:
            return
        with suppress(ConditionFailed):
            self._table.put({**key._asdict(), "b": encode_text(text)}, when=conditions.equals("b", item["b"]))

    def delete_texts(self, text_ids: Iterable[TextId]) -> None:
        """Delete the texts with these ids."""
        self._table.delete_many(map(self._key, text_ids))

    def write_fingerprints(self, segment: Segment, content: bytes) -> None:
        """Write the fingerprints of that segment."""
        self._table.put_many([{**self._segment_key(segment)._asdict(), "f": content}])

    def delete_fingerprints(self, segments: Iterable[Segment]) -> None:
        """Delete the fingerprints of these segments."""
        self._table.delete_many(map(self._segment_key, segments))

    def delete_header(self, version_id: str) -> None:
        """Delete the header of the version."""
        self._table.delete(self._header_key(version_id))

    def _header_key(self, version_id: str) -> Key:
        return keys.version(self._org, self._group_id, version_id)

    def _segment_key(self, segment: Segment) -> Key:
        return keys.fingerprints(self._org, self._group_id, segment.version_id, segment.number)

    def _key(self, text_id: TextId) -> Key:
        return text_key(self._org, self._group_id, text_id)


def _header(item: "Item") -> Header:
    version = Version(item["sk"], item["buckets"], item["entries"], item.get("fingerprints", False))
    return Header(version, item["size"], item["standing"], item["sealed"])


def text_key(org: str, group_id: str, text_id: TextId) -> Key:
    """The key of the item whose attribute `b` is the text with this id, as encoded by `compression`."""
    return keys.partition(org, group_id, *text_id)
