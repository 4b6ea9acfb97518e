"""Small documents that every check reads, changed one whole step at a time.

The pointer item carries the content itself while that is small; past `INLINE_LIMIT` the content is
an immutable numbered item of its own, which a warm process keeps, and the pointer stays small.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guestlist.aws import conditions, keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write

INLINE_LIMIT = 3_500


class Raced(Exception):
    """Another change came first: read again and decide again."""


@dataclass(frozen=True, slots=True)
class Document:
    """The content under its number; number 0 is the empty beginning."""

    number: int
    content: Mapping[str, Any]


class Index:
    """The index document of one name, for any organiser."""

    def __init__(self, table: Table, name: str) -> None:
        self._table = table
        self._name = name
        self._content = lru_cache(maxsize=64)(self._load)

    def pointer(self, org: str) -> Key:
        """What to read, together with other items if need be, before `resolve`."""
        return keys.index(org, self._name)

    def resolve(self, org: str, item: Item | None) -> Document:
        """The document that the pointer item stands for; reads once more only past the inline limit."""
        if item is None:
            return Document(0, {})
        if "content" in item:
            return Document(item["number"], json.loads(item["content"]))
        return Document(item["number"], self._content(org, item["number"], item["at"]))

    def read(self, org: str) -> Document:
        """The document as it is now."""
        return self.resolve(org, self._table.get(self.pointer(org)))

    def write(self, org: str, document: Document, *others: Write) -> None:
        """Make this the document, if it is the next one, together with other writes. Raises `Raced`."""
        text = json.dumps(document.content, separators=(",", ":"), ensure_ascii=False)
        pointer: Item = {**self.pointer(org)._asdict(), "number": document.number}
        if len(text.encode()) <= INLINE_LIMIT:
            pointer["content"] = text
        else:
            pointer["at"] = keys.digest(text)
            content = keys.index_content(org, self._name, document.number, pointer["at"])
            self._table.put({**content._asdict(), "content": text})
        first = document.number == 1
        when = conditions.absent() if first else conditions.equals("number", document.number - 1)
        try:
            if others:
                self._table.transact(Write(put=pointer, when=when), *others)
            else:
                self._table.put(pointer, when=when)
        except ConditionFailed as error:
            raise Raced from error

    def _load(self, org: str, number: int, at: str) -> Mapping[str, Any]:
        item = self._table.get(keys.index_content(org, self._name, number, at))
        if item is None:
            raise Raced
        content: Mapping[str, Any] = json.loads(item["content"])
        return content
