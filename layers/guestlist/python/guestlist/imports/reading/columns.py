"""Mapping of the columns of a file to fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guestlist.imports.decision import Question
from guestlist.imports.file_options import Column, Mapped
from guestlist.imports.model import Reason
from guestlist.imports.reading import fields
from guestlist.imports.reading.companions import people_counter
from guestlist.imports.reading.header_recognition import BARE_ID, person_part, rank
from guestlist.imports.reading.headers import AmbiguousColumns, Headers
from guestlist.imports.reading.matching import ColumnMatch, fits, match_columns
from guestlist.imports.reading.people import other_address_columns
from guestlist.imports.reading.person_words import Role
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.purposes import is_number_of_uses, is_promo, is_use_limit
from guestlist.imports.reading.schemas import Schema, fold
from guestlist.messages.message import Message
from guestlist.model.csv_lines import is_exported

_MAX_NAMED = 12
_MAX_COLUMNS_MATCHED = 500


@dataclass(frozen=True, slots=True)
class ReadingIssue:
    """The reason why the columns of a file cannot be mapped, with its messages."""

    reason: Reason
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a file: `mapping` is field → 0-based index, `suggested` the same for headers with a likely typo.

    `questions` need an answer from the organiser before anything is stored; the columns already follow their suggested
    answers. `promo_column` is the column taken for ticket codes although its header names a promotion code. With
    `shared_orders` each row is an attendee, and those of one order have one buyer. `headers` is empty for a file
    without a header. `width` is the number of cells that a row should have. The columns from index
    `problem_columns_at` on are those that a file of refused rows adds. Fields in `unvalidated` are stored but never
    refuse a row. The columns
    `other_addresses` hold other addresses of the same person, for rows without one in the column of addresses.
    """

    width: int
    headers: tuple[str, ...] = ()
    mapping: Mapping[str, int] = field(default_factory=dict)
    suggested: Mapping[str, int] = field(default_factory=dict)
    problem_columns_at: int | None = None
    issue: ReadingIssue | None = None
    questions: tuple[Question, ...] = ()
    promo_column: int | None = None
    unvalidated: tuple[str, ...] = ()
    shared_orders: bool = False
    other_addresses: tuple[int, ...] = ()

    @property
    def is_export(self) -> bool:
        """Whether the file is an export of Guestlist, or the refused rows of one."""
        return is_exported(self.headers[: self.problem_columns_at])

    @property
    def required_columns(self) -> list[int]:
        """The indexes of the columns that every row must have, in ascending order."""
        return sorted(at for field_name, at in self.mapping.items() if field_name not in self.unvalidated)

    @property
    def quantity_is_limit(self) -> bool:
        """Whether the quantity is a limit, so that an empty cell means unlimited."""
        return is_use_limit(self._quantity_header)

    @property
    def counts_uses(self) -> bool:
        """Whether the quantity is in a column of uses, in which “3 / 10” means ten."""
        return is_number_of_uses(self._quantity_header)

    @property
    def count_people(self) -> Callable[[str], int | None] | None:
        """The function that counts the people in a cell of the quantity, if that is one of companions or of names."""
        return people_counter(self._quantity_header) if fields.QUANTITY in self.mapping else None

    @property
    def _quantity_header(self) -> str:
        at = self.mapping.get(fields.QUANTITY, len(self.headers))
        return self.headers[at] if at < len(self.headers) else ""

    def without_field(self, field_name: str) -> "Columns":
        """A copy in which no column is mapped to that field."""
        return replace(self, mapping={name: at for name, at in self.mapping.items() if name != field_name})


def find_problem_columns(headers: Sequence[str]) -> int | None:
    """The index at which the columns of a file of refused rows begin; None if the last columns are not those."""
    at = len(headers) - len(fields.REFUSED_COLUMNS)
    ours = [fold(word) for word in fields.REFUSED_COLUMNS]
    return at if at >= 0 and [fold(header) for header in headers[at:]] == ours else None


def map_columns(
    schema: Schema,
    headers: Sequence[str],
    width: int,
    requested: Mapping[str, Mapped] | None = None,
    rows: Sequence[Sequence[str]] = (),
    nested: frozenset[int] = frozenset(),
) -> Columns:
    """Map the columns as requested, or else by their headers and first rows; `issue` says why that failed.

    `nested` are the columns that a second header row names.
    """
    at = find_problem_columns(headers)
    names = headers[:at]
    known_headers = Headers(names[:_MAX_COLUMNS_MATCHED], rows, nested)
    result = _as_requested(schema, names, width, requested, at) if requested else _by_words(schema, known_headers)
    matched, issue = (ColumnMatch(), result) if isinstance(result, ReadingIssue) else (result, None)
    mapping = {field_name: matched.columns[field_name] for field_name in schema.read if field_name in matched.columns}
    suggested = _suggested(schema, known_headers, mapping)
    if issue is None:
        issue = _missing(schema, names, mapping, suggested)
    return Columns(
        width=width,
        headers=tuple(headers),
        mapping=mapping,
        suggested=suggested,
        problem_columns_at=at,
        issue=issue,
        promo_column=matched.promo_column,
        unvalidated=schema.unvalidated,
        shared_orders=any(map(_names_attendees, names)),
        other_addresses=_other_addresses(mapping, known_headers),
    )


def _by_words(schema: Schema, headers: Headers) -> ColumnMatch | ReadingIssue:
    names = headers.names
    if is_exported(names):
        # These headers are from an export of Guestlist, so no cell below can make them ambiguous.
        return ColumnMatch({field_name: at for at, name in enumerate(names) if (field_name := schema.recognise(name))})
    try:
        return match_columns(schema.kind, schema.fields, headers, schema.unvalidated)
    except AmbiguousColumns as ambiguous:
        first, second = ambiguous.columns
        if fold(names[first]) == fold(names[second]) and not all(map(str.strip, names[first:second])):
            header = shortened(names[first])
            return ReadingIssue(Reason.AMBIGUOUS_MAPPING, (Message("side_by_side", {"header": header}),))
        pair = {"first": shortened(names[first]), "second": shortened(names[second])}
        return _ambiguous(Message("both_could_be", {**pair, "field": ambiguous.field_name}))


def _other_addresses(mapping: Mapping[str, int], headers: Headers) -> tuple[int, ...]:
    """The other addresses of the person; none beside codes, which need no address."""
    return () if fields.CODE in mapping else other_address_columns(mapping.get(fields.EMAIL), headers)


def _names_attendees(name: str) -> bool:
    """Whether this header means that each row is a ticket or an attendee."""
    part, header_rank = person_part(name), rank(fields.TICKET_CODE, name)
    return bool(part and part[1] is Role.ATTENDEE) or (
        header_rank is not None and header_rank < BARE_ID and not is_promo(name)
    )


def _as_requested(
    schema: Schema, names: Sequence[str], width: int, requested: Mapping[str, Mapped], at: int | None
) -> ColumnMatch | ReadingIssue:
    mapping: dict[str, int] = {}
    for key, column in _columns_by_field(requested):
        field_name = next((name for name in schema.read if fold(name) == fold(key)), None)
        if field_name is None or field_name in mapping or not isinstance(column, str | int):
            params = {"name": shortened(key), "fields": ", ".join(schema.read), "parted": fields.NAME}
            return _ambiguous(Message("not_a_field", {**params, "most": len(fields.NAME_PARTS)}))
        places = _places(schema, names, width, column, field_name if at is not None else None)
        if len(places) != 1:
            return _ambiguous(*_bad_column(column, places, names, field_name))
        if places[0] in mapping.values():
            return _ambiguous(Message("column_taken", {"field": field_name}))
        mapping[field_name] = places[0]
    return ColumnMatch(mapping)


def _columns_by_field(requested: Mapping[str, Mapped]) -> Iterator[tuple[str, Mapped]]:
    """Yield each field with its column; a name in two or three columns yields its parts."""
    parts = {1: (fields.NAME,), 2: (fields.FIRST_NAME, fields.LAST_NAME), 3: fields.NAME_PARTS}
    for key, columns in requested.items():
        several = columns if isinstance(columns, tuple | list) else ()
        if fold(key) == fold(fields.NAME) and len(several) in parts:
            yield from zip(parts[len(several)], several, strict=True)
        else:
            yield key, columns


def _places(schema: Schema, names: Sequence[str], width: int, column: Column, corrected_field: str | None) -> list[int]:
    """The indexes of the columns that `column` names or numbers.

    In a corrected file of refused rows the header of `corrected_field` replaces the original one.
    """
    if isinstance(column, int):
        return [column] if 0 <= column < width else []
    exact = [index for index, name in enumerate(names) if name == column]
    matching = exact or [index for index, name in enumerate(names) if fold(name) == fold(column) != ""]
    return matching or [
        index for index, name in enumerate(names) if corrected_field and schema.recognise(name) == corrected_field
    ]


def _bad_column(column: Column, places: Sequence[int], names: Sequence[str], field_name: str) -> tuple[Message, ...]:
    header = shortened(str(column))
    if places:
        return (Message("same_header", {"count": len(places), "header": header, "field": field_name}),)
    if isinstance(column, str):
        return Message("no_such_header", {"header": header, "field": field_name}), _header_list(names)
    return Message("no_such_column", {"column": header, "field": field_name}), _header_list(names)


def _missing(
    schema: Schema, names: Sequence[str], mapping: Mapping[str, int], suggested: Mapping[str, int]
) -> ReadingIssue | None:
    for need in schema.required_fields:
        if not any(field_name in mapping for field_name in need):
            suggestions = (
                Message("header_may_be", {"header": shortened(names[index]), "field": field_name})
                for field_name, index in suggested.items()
            )
            no_column = Message("no_column_known", {"fields": " / ".join(need)})
            messages = (no_column, _header_list(names), *suggestions, Message("rename_header"))
            return ReadingIssue(Reason.NO_KNOWN_COLUMN, messages)
    return None


def _suggested(schema: Schema, headers: Headers, mapping: Mapping[str, int]) -> dict[str, int]:
    suggestions: dict[str, int] = {}
    for index, name in enumerate(headers.names[:100]):
        field_name = schema.nearest(name) if index not in mapping.values() and not schema.recognise(name) else None
        if field_name and field_name not in mapping and fits(field_name, index, headers):
            suggestions.setdefault(field_name, index)
    return suggestions


def _ambiguous(*messages: Message) -> ReadingIssue:
    return ReadingIssue(Reason.AMBIGUOUS_MAPPING, (*messages, Message("say_mapping")))


def _header_list(names: Sequence[str]) -> Message:
    if not names:
        return Message("headers", {"reason": "none"})
    first = {"headers": tuple(map(shortened, names[:_MAX_NAMED]))}
    if len(names) <= _MAX_NAMED:
        return Message("headers", first)
    return Message("headers", {**first, "more": str(len(names) - _MAX_NAMED), "reason": "more"})
