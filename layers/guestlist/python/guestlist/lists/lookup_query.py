"""The query for a key in the lists of target groups: which texts to read, and the rows in them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from guestlist.aws import keys
from guestlist.aws.keys import Key
from guestlist.checkout.redemption import CounterKey
from guestlist.checkout.rows import Row, sorted_rows
from guestlist.groups.index import IndexedGroup
from guestlist.lists.entry import Entry, code_key, email_key
from guestlist.lists.packed_list import PackedList, TextId
from guestlist.lists.store import text_key
from guestlist.model.email_address import asked_spellings
from guestlist.model.ids import has_keyed_counters
from guestlist.model.normal_form import spellings

TextsByKey = Mapping[Key, str]


class LookupQuery(NamedTuple):
    """A key, never empty, and the target groups to search. With `seats` or `emails`, rows for others may be missing."""

    org: str
    key: str
    groups: Sequence[IndexedGroup]
    seats: tuple[str, ...] | None = None
    emails: tuple[str, ...] | None = None

    def partitions(self, digest_key: bytes) -> list[str]:
        """The partition keys of this key's counters: two for an address in groups with both kinds of digests."""
        kinds = {has_keyed_counters(group.group_id): group.group_id for group in self.groups}
        return list(dict.fromkeys(keys.uses(self.org, group_id, self.key, digest_key) for group_id in kinds.values()))

    def text_keys(self) -> list[Key]:
        """The keys of the texts to read first."""
        return [self._key(group, text_id) for group in self.groups for text_id in _packed(group).text_ids(self.key)]

    def part_keys(self, texts: TextsByKey) -> list[Key]:
        """The keys of further texts to read, for a key with very many rows."""
        return [self._key(group, part) for group in self.groups for part in self._parts(group, texts)]

    def rows(self, texts: TextsByKey, digest_key: bytes) -> tuple[Row, ...]:
        """The rows in the order in which they are tried, without balances; a missing text has none."""
        rows = []
        for group in self.groups:
            text_ids = [*_packed(group).text_ids(self.key), *self._parts(group, texts)]
            entries = _packed(group).entries(self.key, self._texts_of(group, text_ids, texts))
            rows += [Row(group, entry, self._counter_key(group, entry, digest_key)) for entry in entries]
        return tuple(sorted_rows(rows))

    def _counter_key(self, group: IndexedGroup, entry: Entry, digest_key: bytes) -> CounterKey:
        return CounterKey(*keys.counter(self.org, group.group_id, entry.identity, digest_key))

    def _parts(self, group: IndexedGroup, texts: TextsByKey) -> list[TextId]:
        packed = _packed(group)
        partition_texts = self._texts_of(group, packed.text_ids(self.key), texts)
        return packed.parts(self.key, partition_texts, seats=self.seats, emails=self.emails)

    def _texts_of(self, group: IndexedGroup, text_ids: Sequence[TextId], texts: TextsByKey) -> dict[TextId, str]:
        texts_by_id = {text_id: texts.get(self._key(group, text_id)) for text_id in text_ids}
        return {text_id: text for text_id, text in texts_by_id.items() if text is not None}

    def _key(self, group: IndexedGroup, text_id: TextId) -> Key:
        return text_key(self.org, group.group_id, text_id)


def _packed(group: IndexedGroup) -> PackedList:
    return PackedList(group.base, group.overlay)


def code_keys(code: str) -> list[str]:
    """The lookup keys of a code: of its normal form first, then of forms that earlier releases stored."""
    return [key for key in dict.fromkeys(map(code_key, spellings(code))) if key]


def email_keys(email: str) -> list[str]:
    """The lookup keys of an address, one for each spelling in which it may be stored."""
    return [key for key in map(email_key, asked_spellings(email)) if key]
