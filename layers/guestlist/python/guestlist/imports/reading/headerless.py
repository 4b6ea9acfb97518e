"""Lists without a header, and first rows that differ in type from those below."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from guestlist.imports.model import Kind, Reason
from guestlist.imports.reading import fields
from guestlist.imports.reading.columns import Columns, ReadingIssue
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.schemas import Schema
from guestlist.messages.message import Message
from guestlist.model.email_address import clean_email, resembles_email

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_FEWEST_ROWS_WITH_TITLE, _FEWEST_TITLE_WORDS = 3, 3


def is_titled_list(schema: Schema, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the file is one column of single words below a title of several words."""
    if schema.kind is not Kind.TARGET_GROUP or len(rows) < _FEWEST_ROWS_WITH_TITLE or any(len(row) > 1 for row in rows):
        return False
    title, *others = (row[0].strip() for row in rows)
    return len(title.split()) >= _FEWEST_TITLE_WORDS and "@" not in title and not any(" " in other for other in others)


def without_header(schema: Schema, rows: Sequence[Sequence[str]], columns: Columns, *, sure: bool) -> Columns:
    """Map a list of codes or addresses, one per line, as it needs no header; return any other file's columns as is."""
    if schema.kind is not Kind.TARGET_GROUP or columns.width > 1:
        return columns
    if not sure and stands_out(rows, 0, _has_digit, least=2):
        message = Message("header_or_code", {"cell": shortened(rows[0][0])})
        return replace(columns, issue=ReadingIssue(Reason.NO_KNOWN_COLUMN, (message,)))
    emails = sum(is_address(row[0]) for row in rows)
    field = fields.EMAIL if 2 * emails > len(rows) else fields.CODE
    return replace(columns, mapping={field: 0}, issue=None)


def stands_out(rows: Sequence[Sequence[str]], index: int, is_like: Callable[[str], bool], least: int = 1) -> bool:
    """Whether all cells of a column but the first, and at least `least`, satisfy `is_like`."""
    top, *below = (row[index].strip() if index < len(row) else "" for row in rows)
    filled = [cell for cell in below if cell]
    return bool(top) and not is_like(top) and len(filled) >= least and all(map(is_like, filled))


def is_address(text: str) -> bool:
    """Whether a cell is an e-mail address, apart from text that a mail program added around it."""
    return resembles_email(clean_email(text))


def is_number(text: str) -> bool:
    """Whether a cell is a number."""
    return _NUMBER.fullmatch(text) is not None


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
