"""Small documents that every check reads, replaced as a whole at each change.

The pointer item contains the document while it is small. Above `INLINE_LIMIT` the content is stored in
immutable items of its own, compressed and numbered: a warm process caches what it decoded, and the pointer
stays small. Content that is no longer current is kept for a day, for processes that have just read the pointer.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from guestlist.aws import conditions, keys
from guestlist.aws.copies import copied, copy_writes
from guestlist.aws.digests import digest
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.aws.table_reads import Reading
from guestlist.model import clock
from guestlist.model.errors import ConcurrentModification

INLINE_LIMIT = 3_500
PART_BYTES = 300_000
_RETENTION = timedelta(days=1)

T = TypeVar("T")


class Document(NamedTuple):
    """A version of the content; number 0 is the initial, empty one."""

    number: int
    content: Mapping[str, Any]


class Index(Generic[T]):
    """The index document of one name, for any organiser; `decode` turns a document into what callers use."""

    def __init__(self, table: Table, name: str, decode: Callable[[Document], T]) -> None:
        self._table = table
        self._name = name
        self._decode = decode
        self._cached = lru_cache(maxsize=64)(self._read_parts)
        self._inline = lru_cache(maxsize=64)(self._decode_inline)

    def pointer(self, org: str) -> Key:
        """The key of the pointer item, to be read, possibly together with other items, before `resolve`."""
        return keys.index(org, self._name)

    def resolve(self, org: str, item: Item | None) -> T:
        """The document of a pointer item; content above the inline limit takes one more read.

        Raises `ConcurrentModification`.
        """
        if item is None:
            return self._inline(0, "{}")
        if "content" in item:
            return self._inline(item["number"], item["content"])
        return self._cached(org, item["number"], item["at"], item["parts"])

    def read(self, org: str) -> T:
        """The current document."""
        return self._table.read(self.reading(org))

    def reading(self, org: str) -> Reading[T]:
        """The reading of the current document, to be combined with others."""
        pointer = self.pointer(org)
        return Reading(lambda items, _: self.resolve(org, items.get(pointer)), [pointer])

    def write(self, org: str, document: Document, *writes: Write) -> None:
        """Make this the current document if its number is the next one, in one transaction with other writes.

        Raises `ConcurrentModification`.
        """
        text = json.dumps(document.content, separators=(",", ":"), ensure_ascii=False).encode()
        pointer: Item = {**self.pointer(org)._asdict(), "number": document.number}
        if len(text) <= INLINE_LIMIT:
            pointer["content"] = text.decode()
        else:
            parts = _parts(zlib.compress(text, 1))
            pointer |= {"at": digest(text.decode()), "parts": len(parts)}
            places = self._places(org, pointer)
            self._table.put_many(
                {**place._asdict(), "content": part} for place, part in zip(places, parts, strict=True)
            )
        self._replace_pointer(org, pointer, writes)

    def _replace_pointer(self, org: str, pointer: Item, writes: tuple[Write, ...]) -> None:
        former = self._table.get(self.pointer(org)) or {}
        item = copied(pointer, former)
        first = pointer["number"] == 1
        when = conditions.absent() if first else conditions.equals("number", pointer["number"] - 1)
        try:
            self._table.transact(Write(put=item, when=when), *copy_writes(item), *writes)
        except ConditionFailed as error:
            current = self._table.get(self.pointer(org)) or {}
            if current.get("at") != pointer.get("at"):
                self._table.delete_many(self._places(org, pointer))
            raise ConcurrentModification from error
        for place in self._places(org, former):
            self._table.update(place, {"ttl": int((clock.now() + _RETENTION).timestamp())})

    def _decode_inline(self, number: int, content: str) -> T:
        return self._decode(Document(number, json.loads(content)))

    def _read_parts(self, org: str, number: int, at: str, parts: int) -> T:
        places = list(self._places(org, {"number": number, "at": at, "parts": parts}))
        items = self._table.get_many(places)
        if len(items) < parts:
            raise ConcurrentModification
        packed = b"".join(bytes(items[place]["content"]) for place in places)
        return self._decode(Document(number, json.loads(zlib.decompress(packed))))

    def _places(self, org: str, pointer: Item) -> Iterator[Key]:
        for part in range(pointer.get("parts", 0)):
            yield keys.index_content(org, self._name, pointer["number"], pointer["at"], part)


def _parts(content: bytes) -> list[bytes]:
    return [content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES)]
