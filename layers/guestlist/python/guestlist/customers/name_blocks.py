"""Blocks of names: the search index of many new customers, a few items in place of one per word of each name.

A word is indexed by its first letter or, if many words of the block begin with it, by its first two.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from guestlist.aws import conditions, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.aws.table_reads import Query, Reading
from guestlist.customers.model import Customer
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification
from guestlist.model.name_search import MAX_LENGTH, beginnings, folded

_MAX_WORDS_PER_LETTER = 32
"""If more words begin with the same letter, they are indexed by their first two."""
_MAX_PEOPLE, _MAX_CHARACTERS = 500, 50_000
"""Limits of a block, so that an item with the whole block is far below 400 KB in any alphabet."""
_MAX_LETTERS = 2
_FOLDED_CHARACTERS = ("`", "  ")
"""The characters that `folded` changes in an ASCII name besides case."""

Names = dict[str, str]
"""Names by folded e-mail."""


class NameBlocks:
    """The blocks of every organiser; a block's id is the digest of its first content."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put_names(self, org: str, customers: Sequence[Customer]) -> Mapping[str, str]:
        """Store these names, none of them empty, and return the block of each customer by folded e-mail."""
        blocks: dict[str, str] = {}
        for names in _split_into_blocks(customers):
            block = digest(*(part for name_pair in names.items() for part in name_pair), key=self._table.digest_key)[
                :16
            ]
            self._table.put_many(_item(org, block, prefix, part) for prefix, part in _by_prefix(names).items())
            blocks |= dict.fromkeys(names, block)
        return blocks

    def find_by_name(self, org: str, typed: str) -> Iterator[str]:
        """Yield the folded e-mails of customers with a word of their name beginning with `typed`, with repetitions."""
        form = folded(typed)[:MAX_LENGTH]
        if not form:
            return
        pk = person_keys.name_blocks(org)
        prefixes = [
            person_keys.name_block(org, form[:letters], "").sk for letters in range(1, min(len(form), _MAX_LETTERS))
        ]
        if len(form) <= _MAX_LETTERS:
            prefixes.append(form)
        else:
            prefixes.append(person_keys.name_block(org, form[:_MAX_LETTERS], "").sk)
        queries = [Query(pk, begins=prefix) for prefix in prefixes]
        pages = self._table.read(Reading(lambda _items, pages: pages, queries=queries))
        for prefix, page in zip(prefixes, pages, strict=True):
            yield from _matching_emails(page.items, form)
            if page.next:
                yield from _matching_emails(self._table.query_all(pk, begins=prefix, start=page.next), form)

    def remove_names(self, org: str, block: str, customers: Collection[Customer]) -> None:
        """Remove the customers from the block, where it has them under these names.

        Raises `Conflict` when concurrent changes persist.
        """
        emails: dict[Key, set[str]] = defaultdict(set)
        for customer in customers:
            for word in beginnings(customer.name):
                for letters in range(1, _MAX_LETTERS + 1):
                    emails[person_keys.name_block(org, word[:letters], block)].add(customer.key)
        for key in self._table.get_many(emails):
            retry_on_conflict(partial(self._remove, key, emails[key]))

    def remove_person(self, org: str, email: str) -> None:
        """Remove a person from every block, under any name.

        A crashed worker may have left a block that no profile refers to.
        """
        folded_email = fold_email(email)
        encoded_email = _text(folded_email)
        for item in self._table.query_all(person_keys.name_blocks(org)):
            if encoded_email in item["people"]:
                retry_on_conflict(partial(self._remove, Key(item["pk"], item["sk"]), {folded_email}))

    def _remove(self, key: Key, emails: Collection[str]) -> None:
        item = self._table.get(key)
        if item is None:
            return
        names = _names(item)
        remaining = {email: name for email, name in names.items() if email not in emails}
        if remaining == names:
            return
        unchanged = conditions.equals("people", item["people"])
        try:
            if remaining:
                self._table.put({**item, "people": _people(remaining)}, when=unchanged)
            else:
                self._table.delete(key, when=unchanged)
        except ConditionFailed as error:
            raise ConcurrentModification from error


def _split_into_blocks(customers: Sequence[Customer]) -> Iterator[Names]:
    """Split the names into blocks."""
    names, length = Names(), 0
    for customer in customers:
        length += len(customer.key) + len(customer.name)
        if names and (length > _MAX_CHARACTERS or len(names) == _MAX_PEOPLE):
            yield names
            names, length = {}, len(customer.key) + len(customer.name)
        names[customer.key] = customer.name
    if names:
        yield names


def _by_prefix(names: Mapping[str, str]) -> Mapping[str, Names]:
    """Group the names by the prefixes under which their words are indexed."""
    words = [(word, email) for email, name in names.items() for word in beginnings(name)]
    words_by_first: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, email in words:
        words_by_first[word[:1]].append((word, email))
    grouped: dict[str, Names] = defaultdict(dict)
    for first, first_words in words_by_first.items():
        letters = _MAX_LETTERS if len(first_words) > _MAX_WORDS_PER_LETTER else len(first)
        for word, email in first_words:
            grouped[word[:letters]][email] = names[email]
    return grouped


def _item(org: str, block: str, prefix: str, names: Names) -> Item:
    return {**person_keys.name_block(org, prefix, block)._asdict(), "people": _people(names)}


def _people(names: Names) -> str:
    return _text([part for name_pair in names.items() for part in name_pair])


def _names(item: Item) -> Names:
    parts = json.loads(item["people"])
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _matching_emails(items: Iterator[Item] | Sequence[Item], form: str) -> Iterator[str]:
    for item in items:
        for email, name in _names(item).items():
            if _may_match(name, form) and any(word.startswith(form) for word in beginnings(name)):
                yield email


def _may_match(name: str, form: str) -> bool:
    """Whether the name may match, so that the exact comparison is needed, which takes ten times as long."""
    is_plain = (
        name.isascii() and name.isprintable() and not any(characters in name for characters in _FOLDED_CHARACTERS)
    )
    return not is_plain or form in name.lower()
