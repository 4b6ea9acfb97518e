"""Store of redemptions: lookup by order, by code and by e-mail, newest first, and erasure.

Those of a code are in an index or, where an entry has few uses, are named by its counter.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from heapq import merge
from itertools import chain, groupby
from typing import Any

from guestlist.aws import keys, person_keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.ledger_items import ENTRY_TEXTS, SHARDS, list_sort_key, redemption_of, requests_on
from guestlist.checkout.redemption import Redemption, order_digits, parse_redemption_id
from guestlist.lists.entry import code_key
from guestlist.model.email_address import asked_spellings, fold_email
from guestlist.model.errors import ConcurrentModification
from guestlist.model.ids import KEYED
from guestlist.model.normal_form import spellings

MAX_TRIES = 10
_PAGE_SIZE = 100
_INDEX_ATTRIBUTES = ("g1pk", "g1sk")
_FIRST, _LAST = " ", "\U0010ffff"


class Redemptions:
    """The redemptions of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_order(self, org: str, order_id: str, before: str | None) -> Iterator[Redemption]:
        """Yield the redemptions of the order, newest first; `before` is the cursor of the previous page."""
        items = self._table.query_all(keys.redemptions_of_order(org, order_digits(order_id)))
        redemptions = (redemption_of(item) for item in items)
        return _after_cursor(before, (redemption for redemption in redemptions if redemption.order_id == order_id))

    def of_person(self, org: str, email: str, before: str | None) -> Iterator[Redemption]:
        """Yield the redemptions of entries with the e-mail, newest first; `before` is the previous page's cursor."""
        return _after_cursor(
            before, chain.from_iterable(self._redemptions_with_email(org, form) for form in asked_spellings(email))
        )

    def of_code(self, org: str, code: str, limit: int, before: str | None) -> Iterator[Redemption]:
        """Yield the redemptions of the code, newest first, in pages of `limit`; `before` is the previous cursor."""
        code_keys = dict.fromkeys(map(code_key, spellings(code)))
        shards = [keys.redemptions_of_code(org, key, shard) for key in code_keys for shard in range(SHARDS)]
        query = partial(
            self._table.query, index="listing", between=(_FIRST, before or _LAST), descending=True, limit=limit + 1
        )
        pages = self._table.run_parallel(*[partial(query, shard) for shard in shards])
        by_index = [self._with_following_pages(shard, page.items) for shard, page in zip(shards, pages, strict=True)]
        by_counter = _after_cursor(before, redemptions_by_counters(self._table, org, code_keys))
        redemptions = merge(
            by_counter, *(map(redemption_of, items) for items in by_index), key=list_sort_key, reverse=True
        )
        # While uses are returned, a redemption may be in the index and still be named by its counter.
        return (next(same) for sort_key, same in groupby(redemptions, list_sort_key) if sort_key != before)

    def _with_following_pages(self, shard: str, first: Sequence[Item]) -> Iterator[Item]:
        yield from first
        if first:
            between = _FIRST, first[-1]["g1sk"]
            for item in self._table.query_all(shard, index="listing", between=between, descending=True):
                if item["g1sk"] != first[-1]["g1sk"]:
                    yield item

    def redact_person(self, org: str, email: str) -> None:
        """Clear the person's e-mail in every redemption, and delete the notes of these."""
        ledger = Ledger(self._table, org)
        for form in asked_spellings(email):
            for note in list(self._notes(org, form)):
                if former_key := _former_key(note):
                    self._clear_former_fields(keys.former_redemption(org, *former_key), ["email"])
                else:
                    _clear_fields(ledger, _request(note), partial(_same_email, form))
                self._table.delete(Key(note["pk"], note["sk"]))

    def redact_code(self, org: str, code: str, names_person: Callable[[str, str], bool]) -> None:
        """Clear the fields of the code's redemptions for which `names_person` is true, given their names and texts."""
        ledger = Ledger(self._table, org)
        affected = [
            redemption
            for redemption in self.of_code(org, code, _PAGE_SIZE, None)
            if _fields_to_clear(redemption, names_person)
        ]
        for redemption in affected:
            _clear_fields(ledger, redemption.request, names_person)
            former = keys.former_redemption(org, redemption.request, redemption.generation)
            self._clear_former_fields(former, _fields_to_clear(redemption, names_person))

    def _clear_former_fields(self, key: Key, names: Sequence[str]) -> None:
        # A former redemption never changes again, so no condition is needed.
        if self._table.get(key):
            self._table.update(key, remove=[*names, *(_INDEX_ATTRIBUTES if "code" in names else ())])

    def _notes(self, org: str, email: str) -> Iterator[Item]:
        key = person_keys.redemption_note(org, email, "")
        return self._table.query_all(key.pk, begins=key.sk)

    def _redemptions_with_email(self, org: str, email: str) -> list[Redemption]:
        notes = list(self._notes(org, email))
        current = Ledger(self._table, org).redemptions(_request(note) for note in notes if not _former_key(note))
        formers = self._table.get_many(
            keys.former_redemption(org, *former_key) for note in notes if (former_key := _former_key(note))
        )
        redemptions = [*current.values(), *map(redemption_of, formers.values())]
        return [redemption for redemption in redemptions if fold_email(redemption.email) == fold_email(email)]


def redemptions_by_counters(table: Table, org: str, code_keys: Iterable[str]) -> Iterator[Redemption]:
    """Yield the redemptions of these codes that are named by counters, which may not be in the index."""
    counted_keys = [key for key in code_keys if "@" not in key or table.digest_key]
    partitions = [keys.uses(org, KEYED, key, table.digest_key) for key in counted_keys]
    counters = table.run_parallel(*[partial(_counters, table, partition) for partition in partitions])
    requests = dict.fromkeys(request for items in counters for item in items for request in requests_on(item))
    redemptions = Ledger(table, org).redemptions(requests).values() if requests else ()
    return (
        redemption for redemption in redemptions if redemption.by_counter and code_key(redemption.code) in counted_keys
    )


def _counters(table: Table, partition: str) -> list[Item]:
    first, _ = keys.counter_range("")
    return list(table.query_all(partition, begins=first))


def cursor_of(redemption: Redemption) -> str:
    """The cursor of the page after this redemption."""
    return list_sort_key(redemption)


def _after_cursor(before: str | None, redemptions: Iterator[Redemption]) -> Iterator[Redemption]:
    newest = sorted(redemptions, key=list_sort_key, reverse=True)
    return (redemption for redemption in newest if before is None or list_sort_key(redemption) < before)


def _request(note: Item) -> str:
    request: str = note["sk"].partition("#")[2]
    return request


def _former_key(note: Item) -> tuple[str, int] | None:
    """The request and generation in a note of a former redemption; None in any other note."""
    return parse_redemption_id(_request(note))


def _clear_fields(ledger: Ledger, request: str, names_person: Callable[[str, str], bool]) -> None:
    for _ in range(MAX_TRIES):
        current = ledger.redemption(request)
        cleared_fields: dict[str, Any] = dict.fromkeys(_fields_to_clear(current, names_person), "") if current else {}
        if current is None or not cleared_fields or ledger.update_redemption(replace(current, **cleared_fields)):
            return
    raise ConcurrentModification


def _fields_to_clear(redemption: Redemption, names_person: Callable[[str, str], bool]) -> list[str]:
    """The fields of the entry that name the person."""
    return [name for name in ENTRY_TEXTS if names_person(name, getattr(redemption, name))]


def _same_email(email: str, name: str, text: str) -> bool:
    return name == "email" and fold_email(text) == fold_email(email)
