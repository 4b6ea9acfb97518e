"""Finding keys in lists, together with all that is counted under them, in one round of readings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.search import Search
from guestlist.aws.table import Table
from guestlist.aws.uses import Ledger, read_uses
from guestlist.checkout.counting import Uses, balance, doubtful, left_over
from guestlist.checkout.redemption import Redemption
from guestlist.checkout.rows import Row

Enough = Callable[[Sequence[Row]], bool]

_TEXTS_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found: rows in the order in which they are tried, and the uses of their key."""

    rows: tuple[Row, ...]
    uses: Uses


class Finder:
    """Looks for keys. One is made per process: it keeps packed texts, which never change once they can be found."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._texts: dict[Key, str] = {}

    def find(
        self, org: str, searches: Sequence[Search], now: datetime, others: Iterable[Key] = ()
    ) -> tuple[list[Found], Mapping[Key, Item]]:
        """What each search found, its rows not counted yet, and the `others` that are there: all read side by side.

        Only a key with very many rows needs another round.
        """
        ledger = Ledger(self._table, org)
        wanted = [place for search in searches for place in search.places()]
        texts = self._kept(wanted)
        items = partial(self._table.get_many, [*(place for place in wanted if place not in texts), *others])
        readings = [reading for search in searches for reading in ledger.readings(search.partition, now)]
        found, *pages = self._table.together(items, *readings)
        texts |= self._keep(wanted, found)
        parts = [place for search in searches for place in search.parts(texts)]
        texts |= self._kept(parts)
        missing = [place for place in parts if place not in texts]
        texts |= self._keep(missing, self._table.get_many(missing) if missing else {})
        uses = [read_uses(*pair) for pair in zip(pages[::2], pages[1::2], strict=True)]
        return [Found(one.rows(texts), counts) for one, counts in zip(searches, uses, strict=True)], found

    def counted(self, org: str, found: Sequence[Found], enough: Enough, now: datetime) -> list[tuple[Row, ...]]:
        """The rows of each search with what is used of them; all that is held only where there is not `enough`."""
        ledger = Ledger(self._table, org)
        requests = set().union(*(doubtful(one.uses, now) for one in found))
        known = ledger.redemptions(requests) if requests else {}
        for hold in [hold for one in found for hold in left_over(one.uses, known)]:
            ledger.forget(hold)
        return [_exact(ledger, one, known, enough, now) for one in found]

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
    return tuple(replace(row, balance=balance(uses, row.spot, known, now)) for row in rows)
