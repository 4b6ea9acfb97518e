"""Customers in the table: a profile each, and an item for each word of the name to find it by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from heapq import nsmallest
from itertools import islice, product

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.sharded_query import listed
from guestlist.aws.table import ConditionFailed, Insert, Table
from guestlist.customers.model import SHARDS, Customer, shard_of
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import asked_spellings, clean_email, email_spellings
from guestlist.model.errors import ConcurrentModification
from guestlist.model.name_search import LONGEST, beginnings, folded, unaccented


class Customers:
    """The customers of every organiser."""

    def __init__(self, table: Table, insert: Insert | None = None) -> None:
        """With `insert`, new customers are kept many in one request; without, each in one of its own."""
        self._table = table
        self._insert = insert

    # Reading

    def get(self, org: str, email: str) -> Customer | None:
        """The customer, or None."""
        item = self._table.get(person_keys.profile(org, email))
        return customer_of(item) if item else None

    def many(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """Those of them who are known, by folded e-mail."""
        items = self._table.get_many(person_keys.profile(org, email) for email in emails)
        return {customer.key: customer for customer in map(customer_of, items.values())}

    def spelled(self, org: str, email: str) -> str:
        """The spelling of this address under which somebody is known; its normal form where nobody is."""
        forms = asked_spellings(email)
        customers = self.many(org, forms) if len(forms) > 1 else {}
        return next((form for form in forms if form in customers), clean_email(email))

    def listed(self, org: str, limit: int, after: str = "") -> list[Customer]:
        """At most `limit` customers by e-mail, behind `after`."""
        return [customer_of(item) for item in islice(self._by_email(org, "", after, limit), limit)]

    def search(self, org: str, typed: str, limit: int, after: str = "") -> list[Customer]:
        """Customers whose e-mail, or name from one of its words on, begins with that; by e-mail, behind `after`."""
        emails = set[str]()
        for beginning in email_spellings(typed):
            by_email = islice(self._by_email(org, beginning, after, limit), limit)
            emails |= {item["g1sk"] for item in by_email}
        emails |= set(nsmallest(limit, (email for email in self.named(org, typed) if email > after)))
        customers = self.many(org, nsmallest(limit, emails))
        return [customers[email] for email in sorted(customers)]

    def named(self, org: str, typed: str) -> Iterator[str]:
        """The folded e-mails of all whose name, from one of its words on, begins with that, each once, in no order."""
        emails: set[str] = set()
        typed_forms = dict.fromkeys(form[:LONGEST] for form in (folded(typed), unaccented(typed)) if form)
        for beginning, shard in product(typed_forms, range(SHARDS)):
            pk = person_keys.customer_word(org, shard, "", "").pk
            for item in self._table.query_all(pk, begins=beginning):
                word, _, email = item["sk"].partition("\x1f")
                if word in _first_words(item["name"], beginning) and email not in emails:
                    if len(typed_forms) > 1:
                        emails.add(email)
                    yield email

    def _by_email(self, org: str, begins: str, after: str, limit: int) -> Iterator[Item]:
        shards = [person_keys.customers(org, shard) for shard in range(SHARDS)]
        return listed(self._table, shards, begins=begins, after=after, limit=limit)

    # Writing

    def ensure(
        self, org: str, customers: Sequence[Customer], known: Mapping[str, Customer] | None = None
    ) -> Mapping[str, Customer]:
        """Keep those who are not known yet, and return each as they are kept, by folded e-mail.

        Nobody is overwritten, but an empty name is filled in. `known` are those who were found to be a moment ago,
        where that was read.
        """
        customers_by_key = {customer.key: customer for customer in reversed(customers)}
        stored = dict(self.many(org, list(customers_by_key)) if known is None else known)
        changed = [
            customer
            for key, customer in customers_by_key.items()
            if key not in stored or (customer.name and not stored[key].name)
        ]
        words = {place: customer.name for customer in changed for place in word_keys(org, customer)}
        self._table.put_many({**place._asdict(), "name": name} for place, name in words.items())
        stored |= self._inserted(org, [customer for customer in changed if customer.key not in stored])
        unsaved = [customer for customer in changed if stored.get(customer.key) is not customer]
        stored |= {
            customer.key: customer
            for customer in self._table.together(*[partial(self._keep, org, customer) for customer in unsaved])
        }
        self._table.delete_many(
            words.keys() - {place for customer in changed for place in word_keys(org, stored[customer.key])}
        )
        return stored

    def rename(self, org: str, email: str, name: str) -> Customer | None:
        """Give a known customer another name; None for one who is not known.

        Raises `ConcurrentModification` when another change came first.
        """
        customer = self.get(org, email)
        if customer is None:
            return None
        renamed = replace(customer, name=name)
        words = list(word_keys(org, renamed))
        self._table.put_many({**place._asdict(), "name": name} for place in words)
        unchanged = conditions.present("email") & (
            conditions.equals("name", customer.name) if customer.name else conditions.absent("name")
        )
        try:
            self._table.update(person_keys.profile(org, email), {"name": name or None}, when=unchanged)
        except ConditionFailed as error:
            self._restore_words(org, email, words)
            raise ConcurrentModification from error
        self._table.delete_many(set(all_word_keys(org, customer)) - set(words))
        return renamed

    def rename_each(self, org: str, names: Mapping[str, str]) -> None:
        """Give each of these people, by folded e-mail, another name; who is not known stays unknown."""
        renames = [partial(self.rename, org, email, name) for email, name in names.items()]
        self._table.together(*[partial(retry_on_conflict, rename) for rename in renames])

    def _restore_words(self, org: str, email: str, written_words: Sequence[keys.Key]) -> None:
        """Make the words that a lost rename wrote say what the profile says."""
        current = self.get(org, email)
        right = set(word_keys(org, current)) if current else set()
        self._table.delete_many(set(written_words) - right)
        self._table.put_many({**place._asdict(), "name": current.name} for place in right if current)

    def _inserted(self, org: str, new: Sequence[Customer]) -> Mapping[str, Customer]:
        """Those of them whose profiles could be kept by one request for many."""
        if self._insert is None:
            return {}
        taken_keys = set(
            self._insert(
                [
                    {**person_keys.profile(org, customer.email)._asdict(), **_profile_values(org, customer)}
                    for customer in new
                ]
            )
        )
        return {
            customer.key: customer for customer in new if person_keys.profile(org, customer.email) not in taken_keys
        }

    def _keep(self, org: str, customer: Customer) -> Customer:
        key = person_keys.profile(org, customer.email)
        try:
            return customer_of(self._table.update(key, _profile_values(org, customer), when=conditions.absent("email")))
        except ConditionFailed:
            return self._name(org, customer)

    def _name(self, org: str, customer: Customer) -> Customer:
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
    """Where the customer's name stands to be found by."""
    for word in beginnings(customer.name):
        yield person_keys.customer_word(org, shard_of(customer.email), word, customer.email)


def all_word_keys(org: str, customer: Customer) -> Iterator[keys.Key]:
    """Where the customer's name stands, and where an earlier version put it."""
    yield from word_keys(org, customer)
    for word in beginnings(customer.name, unaccented):
        yield person_keys.customer_word(org, shard_of(customer.email), word, customer.email)


def _first_words(name: str, beginning: str) -> set[str]:
    """The first word that begins so, in each form of the name: of several items of one customer, one counts."""
    forms = beginnings(name), beginnings(name, unaccented)
    return {min((part for part in form if part.startswith(beginning)), default="") for form in forms}


def customer_of(item: Item) -> Customer:
    """The customer that a profile, read by `keys.profile`, stands for."""
    return Customer(
        email=item["email"], name=item.get("name", ""), created_at=datetime.fromisoformat(item["created_at"])
    )
