"""Notes on how a file is read: its encoding, unread columns, and fields without a column."""

from collections.abc import Iterator, Sequence

from guestlist.imports.reading import fields
from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.schemas import Schema
from guestlist.messages.message import Message, Value

_MAX_NAMED = 12
_WITHOUT = {
    fields.QUANTITY: Message("no_quantity"),
    fields.ORIGINAL_DATE: Message("no_original_date"),
    fields.PURCHASED_AT: Message("no_purchased_at"),
}


def column_notes(schema: Schema, columns: Columns, encoding: str) -> Iterator[Message]:
    """Yield notes on the encoding, on columns that are not read, and on fields without a column."""
    if not encoding.startswith("utf"):
        yield Message("encoding", {"encoding": encoding})
    for field, index in columns.suggested.items():
        yield Message("suggested", {"column": shortened(columns.headers[index]), "field": field})
    if columns.other_addresses:
        email, *others = (
            shortened(columns.headers[at]) for at in (columns.mapping[fields.EMAIL], *columns.other_addresses)
        )
        yield Message("further_addresses", {"column": email, "columns": tuple(others)})
    yield from _unread(columns)
    for field in schema.fields:
        if field in _WITHOUT and columns.mapping and field not in columns.mapping:
            yield _WITHOUT[field]


def _unread(columns: Columns) -> Iterator[Message]:
    mapped = {*columns.mapping.values(), *columns.suggested.values(), *columns.other_addresses}
    ours: Sequence[str] = columns.headers[: columns.problem_columns_at]
    names = [name for index, name in enumerate(ours) if index not in mapped and name.strip()]
    if not names:
        return
    columns_named = tuple(shortened(name) for name in names[:_MAX_NAMED])
    params: dict[str, Value] = {"columns": columns_named}
    if len(names) > _MAX_NAMED:
        params |= {"reason": "more", "more": len(names) - _MAX_NAMED}
    yield Message("unread", params)
