"""Finding keys in lists, together with all that is counted under them, in one round of readings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.search import Search
from guestlist.aws.table import Page, Table
from guestlist.aws.uses import FEW, Ledger, read_uses
from guestlist.checkout.counting import Uses, balance, doubtful, left_over
from guestlist.checkout.redemption import Redemption
from guestlist.checkout.rows import Row

Enough = Callable[[Sequence[Row]], bool]

Beside = Callable[[], Sequence[Item]]

_TEXTS_KEPT = 2_000


def _nothing() -> Sequence[Item]:
    return ()


class Found(NamedTuple):
    """What one search found: rows in the order in which they are tried, and the uses of their key."""

    rows: tuple[Row, ...]
    uses: Uses


class Finder:
    """Looks for keys. One is made per process: it keeps packed texts, which once they can be found never change.

    But where a person was erased from a group's list they do, and none is kept that was read before.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._texts: dict[Key, str] = {}
        self._rows: dict[Search, tuple[Row, ...]] = {}
        self._cleaned: dict[tuple[str, str], datetime | None] = {}

    def find(
        self, org: str, searches: Sequence[Search], now: datetime, beside: Beside = _nothing
    ) -> tuple[list[Found], Sequence[Item]]:
        """What each search found, its rows not counted yet, and what is read `beside`: all at the same time.

        Only a key with very many rows needs another round.
        """
        self._forget_cleaned(searches)
        ledger = Ledger(self._table, org)
        known = [self._rows.get(search) for search in searches]
        few = [rows is not None and len(rows) <= FEW for rows in known]
        readings = [ledger.readings(one.partition, now, few=of) for one, of in zip(searches, few, strict=True)]
        unknown = [search for search, rows in zip(searches, known, strict=True) if rows is None]
        wanted = [place for search in unknown for place in search.places()]
        texts = self._kept(wanted)
        unread = [place for place in wanted if place not in texts]
        found, others, pages = self._read(unread, beside, [call for calls in readings for call in calls])
        texts |= self._keep(wanted, found)
        parts = [place for search in unknown for place in search.parts(texts)]
        texts |= self._kept(parts)
        missing = [place for place in parts if place not in texts]
        texts |= self._keep(missing, self._table.get_many(missing) if missing else {})
        uses = [read_uses([next(pages) for _ in calls], now) for calls in readings]
        every = [self._found(one, texts) if rows is None else rows for one, rows in zip(searches, known, strict=True)]
        return [Found(rows, counts) for rows, counts in zip(every, uses, strict=True)], others

    def counted(self, org: str, found: Sequence[Found], enough: Enough, now: datetime) -> list[tuple[Row, ...]]:
        """The rows of each search with what is used of them; all that is held only where there is not `enough`."""
        ledger = Ledger(self._table, org)
        requests = set().union(*(doubtful(one.uses, now) for one in found))
        known = ledger.redemptions(requests) if requests else {}
        for hold in [hold for one in found for hold in left_over(one.uses, known)]:
            ledger.forget(hold)
        return [_exact(ledger, one, known, enough, now) for one in found]

    def _read(
        self, places: Sequence[Key], beside: Beside, readings: Sequence[Callable[[], Page]]
    ) -> tuple[Mapping[Key, Item], Sequence[Item], Iterator[Page]]:
        """All of it side by side; nothing is called for nothing, since each call is a thread."""
        texts = [partial(self._table.get_many, places)] if places else []
        others = [] if beside is _nothing else [beside]
        answers = iter(self._table.together(*texts, *readings, *others))
        found = next(answers) if texts else {}
        pages = [next(answers) for _ in readings]
        return found, next(answers, ()), iter(pages)

    def _forget_cleaned(self, searches: Sequence[Search]) -> None:
        for org, group in ((search.org, group) for search in searches for group in search.groups):
            place = org, group.group_id
            if self._cleaned.setdefault(place, group.cleaned_at) != group.cleaned_at:
                self._cleaned[place] = group.cleaned_at
                self._texts.clear()
                self._rows.clear()

    def _found(self, search: Search, texts: Mapping[Key, str]) -> tuple[Row, ...]:
        """The rows; kept if no text was missing, for then the same search will always find them."""
        rows = search.rows(texts)
        if all(place in texts for place in (*search.places(), *search.parts(texts))):
            if len(self._rows) >= _TEXTS_KEPT:
                self._rows.clear()
            self._rows[search] = rows
        return rows

    def _kept(self, wanted: Iterable[Key]) -> dict[Key, str]:
        texts = {place: self._texts.get(place) for place in wanted}
        return {place: text for place, text in texts.items() if text is not None}

    def _keep(self, wanted: Iterable[Key], found: Mapping[Key, Item]) -> dict[Key, str]:
        read: dict[Key, str] = {place: found[place]["b"] for place in wanted if place in found}
        if len(self._texts) + len(read) > _TEXTS_KEPT:
            self._texts.clear()
        self._texts.update(read)
        return read


def _exact(
    ledger: Ledger, found: Found, known: Mapping[str, Redemption], enough: Enough, now: datetime
) -> tuple[Row, ...]:
    rows = _counted(found.rows, found.uses, known, now)
    if not rows or not found.uses.more or enough(rows):
        return rows
    whole = ledger.uses(rows[0].spot.partition, now, whole=True)
    return _counted(rows, whole, ledger.redemptions(doubtful(whole, now)), now)


def _counted(rows: Sequence[Row], uses: Uses, known: Mapping[str, Redemption], now: datetime) -> tuple[Row, ...]:
    return tuple(row._replace(balance=balance(uses, row.spot, known, now)) for row in rows)
