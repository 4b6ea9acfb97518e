"""Suppressed addresses, to which no mail is sent: after a permanent bounce or a complaint."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.sharded_query import query_shards_by_typed_email
from guestlist.aws.table import ConditionFailed, Table
from guestlist.model.email_address import clean_email, email_spellings, fold_email
from guestlist.model.errors import Conflict, Unknown

BOUNCE, COMPLAINT = "bounce", "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A suppressed address, the reason (`bounce`, `complaint` or `unsubscribed`), and since when."""

    email: str
    why: str
    at: datetime


class Suppressions:
    """The suppression list of each organiser; its keys contain keyed digests, never addresses.

    Spellings of a domain in Unicode and in ASCII are the same address. Items of an earlier version have an unkeyed
    digest of the Unicode spelling and no address; they are in force, but not listed.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def add_suppression(self, org: str, email: str, why: str, at: datetime, *, keep_address: bool = True) -> None:
        """Suppress the address from now on; `why` is a word such as `bounce` or `complaint`.

        A bounce never replaces a complaint. The address of an erased person is not stored (`keep_address`).
        """
        address = fold_email(clean_email(email))
        item = {
            **suppression_key(org, address, self._table.digest_key)._asdict(),
            "why": why,
            "at": instant(at),
        }
        listing = {"email": address, "g1pk": suppression_list(org), "g1sk": address} if keep_address else {}
        weaker = (conditions.absent() | conditions.equals("why", BOUNCE)) if why == BOUNCE else None
        try:
            self._table.put({**item, **listing}, when=weaker)
        except ConditionFailed:
            return

    def why(self, org: str, email: str) -> str | None:
        """The reason why the address is suppressed, or None."""
        reasons = {item["why"] for item in map(self._table.get, self._keys(org, email)) if item}
        return COMPLAINT if COMPLAINT in reasons else next(iter(reasons), None)

    def list_suppressions(self, org: str, begins: str, limit: int, after: str = "") -> list[Suppression]:
        """At most `limit` suppressed addresses with this beginning, sorted, after `after`."""
        items = query_shards_by_typed_email(self._table, [suppression_list(org)], begins, after=after, limit=limit)
        return list(map(_suppression, islice(items, limit)))

    def lift(self, org: str, email: str) -> None:
        """Allow mails to the address again. Raises `Unknown`, or `Conflict` after a complaint."""
        why = self.why(org, email)
        if why is None:
            raise Unknown("not_found.suppression")
        if why == COMPLAINT:
            raise _complained()
        for key in self._keys(org, email):
            try:
                self._table.delete(key, when=conditions.differs("why", COMPLAINT))
            except ConditionFailed as error:
                raise _complained() from error

    def pseudonymise(self, org: str, email: str) -> None:
        """Reduce the suppression of an erased person to its keyed digest."""
        for form in email_spellings(email):
            key, former_key = suppression_key(org, form, self._table.digest_key), suppression_key(org, form)
            if former_key != key:
                self._rekey(former_key, key)
            try:
                self._table.update(key, remove=["email", "g1pk", "g1sk"], when=conditions.present())
            except ConditionFailed:
                continue

    def _rekey(self, former_key: keys.Key, key: keys.Key) -> None:
        """Move an item of an earlier version; of two reasons, a complaint stays."""
        item = self._table.get(former_key)
        if item is None:
            return
        weaker = conditions.absent() | conditions.equals("why", BOUNCE)
        with suppress(ConditionFailed):
            self._table.put({**item, **key._asdict()}, when=weaker)
        self._table.delete(former_key)

    def _keys(self, org: str, email: str) -> Iterator[keys.Key]:
        """The possible keys of the address, the keyed digest first."""
        for digest_key in dict.fromkeys((self._table.digest_key, b"")):
            yield from (suppression_key(org, form, digest_key) for form in email_spellings(email))


def suppression_key(org: str, email: str, digest_key: bytes = b"") -> keys.Key:
    """The key of an address's suppression; without a digest key, the one that an earlier version used."""
    return person_keys.suppression(org, digest(fold_email(email), key=digest_key))


def suppression_list(org: str) -> str:
    """The partition of the listing index with the addresses; it is that of the empty address."""
    return suppression_key(org, "").pk


def _complained() -> Conflict:
    return Conflict("complained")


def _suppression(item: Item) -> Suppression:
    return Suppression(email=item["email"], why=item["why"], at=datetime.fromisoformat(item["at"]))
