"""What is worth saying of how a file was read, before any of its rows."""

from collections.abc import Iterator, Sequence

from guestlist.imports.reading import words
from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.schemas import Schema

_MOST_NAMED = 12
_WITHOUT = {
    words.QUANTITY: "There is no column for the quantity, so every row counts for 1.",
    words.ORIGINAL_DATE: "There is no column for the original date, so the tickets count as bought today.",
    words.PURCHASED_AT: "There is no column for when it was bought, so all purchases count as made now.",
}


def remarks(schema: Schema, columns: Columns, encoding: str) -> tuple[str, ...]:
    """Sentences on the encoding, on columns that were not read, and on fields that have no column."""
    return tuple(_remarks(schema, columns, encoding))


def _remarks(schema: Schema, columns: Columns, encoding: str) -> Iterator[str]:
    if not encoding.startswith("utf"):
        yield f"The letters were read as {encoding}. If some look wrong, save the file as “CSV UTF-8”."
    for meant, index in columns.suggested.items():
        yield f"The column “{shortened(columns.headers[index])}” was not read, but may be meant as {meant}."
    if unread := _unread(columns):
        yield f"Not read: {unread}."
    for meant in schema.fields:
        if meant in _WITHOUT and columns.mapping and meant not in columns.mapping:
            yield _WITHOUT[meant]


def _unread(columns: Columns) -> str:
    known = {*columns.mapping.values(), *columns.suggested.values()}
    ours: Sequence[str] = columns.headers[: columns.report_at]
    names = [name for index, name in enumerate(ours) if index not in known and name.strip()]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(f"“{shortened(name)}”" for name in names[:_MOST_NAMED]) + more
