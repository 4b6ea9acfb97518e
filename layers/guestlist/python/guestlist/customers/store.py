"""Customers in the table: a profile each, and the search index of names.

The index has an item for each word of a name or, for many new customers at once, a block with all their names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from heapq import nsmallest
from itertools import islice, product

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.sharded_query import query_shards, query_shards_by_typed_email
from guestlist.aws.table import ConditionFailed, Insert, Table
from guestlist.customers.model import SHARDS, Customer, shard_of
from guestlist.customers.name_blocks import NameBlocks
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import asked_spellings, clean_email
from guestlist.model.errors import ConcurrentModification
from guestlist.model.name_search import MAX_LENGTH, beginnings, folded, unaccented

BLOCK = "block"
"""The attribute of a profile with the id of the block that has the customer's first name."""
BLOCK_FROM = 16
"""Number of new customers from which their names are stored as a block, which is cheaper than items of words."""


class Customers:
    """The customers of every organiser."""

    def __init__(self, table: Table, insert: Insert | None = None) -> None:
        """With `insert`, new customers are saved many in one request; without, one by one."""
        self._table = table
        self._insert = insert
        self._blocks = NameBlocks(table)

    # Reading

    def get_customer(self, org: str, email: str) -> Customer | None:
        """The customer, or None."""
        item = self._table.get(person_keys.profile(org, email))
        return customer_of(item) if item else None

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """The customers with these e-mails, by folded e-mail."""
        items = self._table.get_many(person_keys.profile(org, email) for email in emails)
        return {customer.key: customer for customer in map(customer_of, items.values())}

    def resolve_email(self, org: str, email: str) -> str:
        """The spelling of this address under which a customer exists, or else its normal form."""
        forms = asked_spellings(email)
        customers = self.get_customers(org, forms) if len(forms) > 1 else {}
        return next((form for form in forms if form in customers), clean_email(email))

    def list_customers(self, org: str, limit: int, after: str = "") -> list[Customer]:
        """At most `limit` customers by e-mail, after `after`."""
        by_email = query_shards(self._table, _shards(org), after=after, limit=limit)
        return [customer_of(item) for item in islice(by_email, limit)]

    def search_customers(self, org: str, typed: str, limit: int, after: str = "") -> list[Customer]:
        """Customers whose e-mail, or a word of whose name, begins with `typed`, by e-mail after `after`."""
        by_email = query_shards_by_typed_email(self._table, _shards(org), typed, after=after, limit=limit)
        emails = {item["g1sk"] for item in islice(by_email, limit)}
        emails |= set(nsmallest(limit, (email for email in self.find_by_name(org, typed) if email > after)))
        customers = self.get_customers(org, nsmallest(limit, emails))
        return [customers[email] for email in sorted(customers)]

    def find_by_name(self, org: str, typed: str) -> Iterator[str]:
        """Yield the distinct folded e-mails of customers with a word of their name beginning with `typed`, unsorted."""
        emails: set[str] = set()
        for email in self._blocks.find_by_name(org, typed):
            if email not in emails:
                emails.add(email)
                yield email
        typed_forms = dict.fromkeys(form[:MAX_LENGTH] for form in (folded(typed), unaccented(typed)) if form)
        for prefix, shard in product(typed_forms, range(SHARDS)):
            pk = person_keys.customer_word(org, shard, "", "").pk
            for item in self._table.query_all(pk, begins=prefix):
                word, _, email = item["sk"].partition("\x1f")
                if word in _indexed_words(item["name"], prefix) and email not in emails:
                    if len(typed_forms) > 1:
                        emails.add(email)
                    yield email

    # Writing

    def ensure_customers(
        self, org: str, customers: Sequence[Customer], existing: Mapping[str, Customer] | None = None
    ) -> Mapping[str, Customer]:
        """Create the customers who do not exist, and return all as stored, by folded e-mail.

        An existing customer is not changed, except that an empty name is filled in. `existing` are those who exist, if
        they were just read.
        """
        customers_by_key = {customer.key: customer for customer in reversed(customers)}
        stored = dict(self.get_customers(org, list(customers_by_key)) if existing is None else existing)
        changed = [
            customer
            for key, customer in customers_by_key.items()
            if key not in stored or (customer.name and not stored[key].name)
        ]
        new = [customer for customer in changed if customer.key not in stored]
        blocks = self._store_blocks(org, new)
        words = self._store_words(org, [customer for customer in changed if customer.key not in blocks])
        stored |= self._insert_profiles(org, new, blocks)
        unsaved = [customer for customer in changed if stored.get(customer.key) is not customer]
        words |= self._move_to_words(org, unsaved, blocks)
        stored |= {
            customer.key: customer
            for customer in self._table.run_parallel(*[partial(self._create, org, customer) for customer in unsaved])
        }
        if words:
            valid_keys = {key for customer in changed for key in word_keys(org, stored[customer.key])}
            self._table.delete_many(words.keys() - valid_keys)
        return stored

    def _store_words(self, org: str, customers: Sequence[Customer]) -> dict[keys.Key, str]:
        """Store the words of the customers' names, and return their keys with the names."""
        words = {key: customer.name for customer in customers for key in word_keys(org, customer)}
        self._table.put_many({**key._asdict(), "name": name} for key, name in words.items())
        return words

    def _store_blocks(self, org: str, new: Sequence[Customer]) -> Mapping[str, str]:
        """Store the names in blocks, and return the block of each customer; empty if they are few."""
        customers_with_name = [customer for customer in new if customer.name]
        return (
            self._blocks.put_names(org, customers_with_name)
            if self._insert and len(customers_with_name) >= BLOCK_FROM
            else {}
        )

    def _move_to_words(self, org: str, unsaved: Sequence[Customer], blocks: Mapping[str, str]) -> dict[keys.Key, str]:
        """Move the names of customers who turned out to exist from their blocks to items of words."""
        existing_customers = [customer for customer in unsaved if customer.key in blocks]
        words = self._store_words(org, existing_customers)
        for block in {blocks[customer.key] for customer in existing_customers}:
            self._blocks.remove_names(
                org, block, [customer for customer in existing_customers if blocks[customer.key] == block]
            )
        return words

    def rename(self, org: str, email: str, name: str) -> Customer | None:
        """Rename a customer; None if there is none.

        Raises `ConcurrentModification` when the name has changed.
        """
        customer = self.get_customer(org, email)
        if customer is None:
            return None
        renamed = replace(customer, name=name)
        words = list(word_keys(org, renamed))
        self._table.put_many({**key._asdict(), "name": name} for key in words)
        unchanged = conditions.present("email") & (
            conditions.equals("name", customer.name) if customer.name else conditions.absent("name")
        )
        try:
            item = self._table.update(person_keys.profile(org, email), {"name": name or None}, when=unchanged)
        except ConditionFailed as error:
            self._restore_words(org, email, words)
            raise ConcurrentModification from error
        self._delete_name(org, item, customer, words)
        return renamed

    def delete_name(self, org: str, profile: Item) -> None:
        """Delete the customer of this profile from the search index of names."""
        self._delete_name(org, profile, customer_of(profile))

    def _delete_name(self, org: str, profile: Item, former: Customer, current_words: Sequence[keys.Key] = ()) -> None:
        self._table.delete_many(set(all_word_keys(org, former)) - set(current_words))
        if BLOCK in profile:
            self._blocks.remove_names(org, profile[BLOCK], [former])

    def remove_person_from_blocks(self, org: str, email: str) -> None:
        """Remove a person from all blocks of names, even blocks that no profile refers to."""
        self._blocks.remove_person(org, email)

    def rename_each(self, org: str, names: Mapping[str, str]) -> None:
        """Rename customers by folded e-mail; unknown ones are not created."""
        renames = [partial(self.rename, org, email, name) for email, name in names.items()]
        self._table.run_parallel(*[partial(retry_on_conflict, rename) for rename in renames])

    def _restore_words(self, org: str, email: str, words: Sequence[keys.Key]) -> None:
        """Undo the words of a failed rename, so that they match the profile."""
        current = self.get_customer(org, email)
        valid_keys = set(word_keys(org, current)) if current else set()
        self._table.delete_many(set(words) - valid_keys)
        self._table.put_many({**key._asdict(), "name": current.name} for key in valid_keys if current)

    def _insert_profiles(self, org: str, new: Sequence[Customer], blocks: Mapping[str, str]) -> Mapping[str, Customer]:
        """Insert the profiles in bulk, and return the customers who were inserted."""
        if self._insert is None:
            return {}
        profile_keys = {customer.key: person_keys.profile(org, customer.email) for customer in new}
        profiles = [
            {**profile_keys[customer.key]._asdict(), **_profile_values(org, customer), BLOCK: blocks.get(customer.key)}
            for customer in new
        ]
        taken_keys = set(self._insert(profiles))
        return {customer.key: customer for customer in new if profile_keys[customer.key] not in taken_keys}

    def _create(self, org: str, customer: Customer) -> Customer:
        key = person_keys.profile(org, customer.email)
        try:
            return customer_of(self._table.update(key, _profile_values(org, customer), when=conditions.absent("email")))
        except ConditionFailed:
            return self._fill_in_name(org, customer)

    def _fill_in_name(self, org: str, customer: Customer) -> Customer:
        key = person_keys.profile(org, customer.email)
        without_name = conditions.present("email") & conditions.absent("name")
        try:
            if customer.name:
                return customer_of(self._table.update(key, {"name": customer.name}, when=without_name))
        except ConditionFailed:
            pass
        return customer_of(self._table.get(key) or {})


def _profile_values(org: str, customer: Customer) -> Item:
    return {
        "email": customer.email,
        "created_at": instant(customer.created_at),
        "name": customer.name or None,
        "g1pk": person_keys.customers(org, shard_of(customer.email)),
        "g1sk": customer.key,
    }


def word_keys(org: str, customer: Customer) -> Iterator[keys.Key]:
    """Yield the keys of the customer's name in the search index."""
    for word in beginnings(customer.name):
        yield person_keys.customer_word(org, shard_of(customer.email), word, customer.email)


def all_word_keys(org: str, customer: Customer) -> Iterator[keys.Key]:
    """Yield the keys of the customer's name, including those that an earlier release wrote."""
    yield from word_keys(org, customer)
    for word in beginnings(customer.name, unaccented):
        yield person_keys.customer_word(org, shard_of(customer.email), word, customer.email)


def _indexed_words(name: str, prefix: str) -> set[str]:
    """The first word with this prefix in each form of the name, so that each customer is found by one item."""
    forms = beginnings(name), beginnings(name, unaccented)
    return {min((part for part in form if part.startswith(prefix)), default="") for form in forms}


def customer_of(item: Item) -> Customer:
    """Parse a profile, read by `person_keys.profile`."""
    return Customer(
        email=item["email"], name=item.get("name", ""), created_at=datetime.fromisoformat(item["created_at"])
    )


def _shards(org: str) -> list[str]:
    return [person_keys.customers(org, shard) for shard in range(SHARDS)]
