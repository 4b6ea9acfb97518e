"""Workbooks with lists of organisers."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook

Cell = str | int | float | date | datetime | None


def workbook(sheets: Mapping[str, Iterable[Iterable[Cell]]]) -> bytes:
    """A workbook of these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
