"""Rows of a file grouped into orders on disk, so that memory use is constant and an order's rows may be anywhere."""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from guestlist.imports.reading.purchase_rows import PurchaseRow
from guestlist.imports.reading.temporary_database import TemporaryDatabase
from guestlist.purchases.model import MAX_LINES


@dataclass(frozen=True, slots=True)
class OrderRows:
    """The rows of one order, each with its line, in the order of the file.

    `has_invalid_row` says whether it has another row, which is invalid. `excess_lines` are the lines of the rows
    after the first `MAX_LINES` + 1, of which only the line is read.
    """

    order_id: str
    rows: tuple[tuple[int, PurchaseRow], ...]
    has_invalid_row: bool
    excess_lines: Sequence[int] = ()

    @property
    def first_line(self) -> int:
        """The line of its first row, by which orders are sorted."""
        return self.rows[0][0]

    @property
    def lines(self) -> Iterator[int]:
        """The lines of all its rows."""
        return chain((line for line, _ in self.rows), self.excess_lines)


class OrderCollector(TemporaryDatabase):
    """Collects rows as they are read, and yields orders by their first line."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "lines (name, line, content, PRIMARY KEY (name, line))", "invalid (name PRIMARY KEY)")
        self._database.execute("BEGIN")
        self.items: Mapping[str, str] = {}
        """Replacements of sale items in all orders that are yielded from now on."""

    def add(self, line: int, row: PurchaseRow) -> None:
        """Add a row to its order."""
        at = row.purchased_at.isoformat() if row.purchased_at else None
        content = json.dumps([row.order, row.email, row.name, row.sale_item, row.quantity, at, row.purchased])
        self._database.execute("INSERT INTO lines VALUES (?, ?, ?)", (row.order, line, content))

    def mark_invalid(self, order_id: str) -> None:
        """Mark the order as having an invalid row."""
        self._database.execute("INSERT OR IGNORE INTO invalid VALUES (?)", (order_id,))

    def __iter__(self) -> Iterator[OrderRows]:
        """Yield the orders, sorted by the line of their first row."""
        firsts = self._database.execute("SELECT name FROM lines GROUP BY name ORDER BY MIN(line)")
        for (name,) in firsts:
            rows = self._database.execute("SELECT line, content FROM lines WHERE name = ? ORDER BY line", (name,))
            order_rows = tuple((line, self._with_item(_row(text))) for line, text in islice(rows, MAX_LINES + 1))
            excess_lines = array("Q", (line for line, _ in rows))
            has_invalid_row = self._database.execute("SELECT 1 FROM invalid WHERE name = ?", (name,)).fetchone()
            yield OrderRows(name, order_rows, has_invalid_row is not None, excess_lines or ())

    def _with_item(self, row: PurchaseRow) -> PurchaseRow:
        item = self.items.get(row.sale_item)
        return row if item is None else replace(row, sale_item=item)


def _row(content: str) -> PurchaseRow:
    order, email, name, sale_item, quantity, at, purchased = json.loads(content)
    return PurchaseRow(order, email, name, sale_item, quantity, datetime.fromisoformat(at) if at else None, purchased)
