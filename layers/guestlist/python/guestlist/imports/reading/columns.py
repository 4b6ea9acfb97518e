"""Which column of a file is which field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guestlist.imports.decision import Question
from guestlist.imports.file_options import Column, Mapped
from guestlist.imports.model import Reason
from guestlist.imports.reading import words
from guestlist.imports.reading.headers import Headers, Undecided
from guestlist.imports.reading.matching import Matched, fits, match
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.purposes import is_limit, is_promo
from guestlist.imports.reading.schemas import NAME_PARTS, Schema, fold
from guestlist.imports.reading.vocabulary import BARE_ID, Role, person_part, rank
from guestlist.messages.message import Message
from guestlist.model.csv_lines import is_exported

_MOST_NAMED = 12
_MOST_MATCHED = 500


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the columns are not understood: the word and the messages."""

    reason: Reason
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a file: `mapping` is field → 0-based index, `suggested` what a near-miss header may be.

    `questions` are what an organiser is to decide before anything is stored, the answers that are suggested being
    taken already; `promo` is the only column for the code of a ticket, by its name none. With `shared_orders` each
    row is an attendee, and those of one order have one buyer.
    `headers` is empty for a file without any. `width` is how many cells a row should have; from
    `report_at` on, the columns are those of a file of refused rows.
    """

    width: int
    headers: tuple[str, ...] = ()
    mapping: Mapping[str, int] = field(default_factory=dict)
    suggested: Mapping[str, int] = field(default_factory=dict)
    report_at: int | None = None
    doubt: Doubt | None = None
    questions: tuple[Question, ...] = ()
    promo: int | None = None
    kept: tuple[str, ...] = ()
    shared_orders: bool = False

    @property
    def exported(self) -> bool:
        """Whether the file is one of our exports, or what was refused of one."""
        return is_exported(self.headers[: self.report_at])

    @property
    def needed(self) -> list[int]:
        """The columns without which a row is not whole, from the first to the last."""
        return sorted(at for field_name, at in self.mapping.items() if field_name not in self.kept)

    @property
    def limits(self) -> bool:
        """Whether the quantity is a limit, so that an empty cell means that there is none."""
        at = self.mapping.get(words.QUANTITY)
        return at is not None and at < len(self.headers) and is_limit(self.headers[at])

    def without(self, field_name: str) -> "Columns":
        """The same columns, of which none is that field."""
        return replace(self, mapping={name: at for name, at in self.mapping.items() if name != field_name})


def report_at(headers: Sequence[str]) -> int | None:
    """Where the four columns of a file of refused rows begin; None where they are not the last ones."""
    at = len(headers) - len(words.REFUSED_COLUMNS)
    ours = [fold(word) for word in words.REFUSED_COLUMNS]
    return at if at >= 0 and [fold(header) for header in headers[at:]] == ours else None


def map_columns(
    schema: Schema,
    headers: Sequence[str],
    width: int,
    requested: Mapping[str, Mapped] | None = None,
    rows: Sequence[Sequence[str]] = (),
    nested: frozenset[int] = frozenset(),
) -> Columns:
    """Map the columns as wanted, else by their headers and the first rows below. What hinders that is the `doubt`.

    `nested` are the columns that a second header row names.
    """
    at = report_at(headers)
    names = headers[:at]
    known_headers = Headers(names[:_MOST_MATCHED], rows, nested)
    result = _as_requested(schema, names, width, requested, at) if requested else _by_words(schema, known_headers)
    matched, doubt = (Matched(), result) if isinstance(result, Doubt) else (result, None)
    mapping = {field_name: matched.columns[field_name] for field_name in schema.read if field_name in matched.columns}
    suggested = _suggested(schema, known_headers, mapping)
    if doubt is None:
        doubt = _missing(schema, names, mapping, suggested)
    return Columns(
        width=width,
        headers=tuple(headers),
        mapping=mapping,
        suggested=suggested,
        report_at=at,
        doubt=doubt,
        promo=matched.promo,
        kept=schema.kept,
        shared_orders=any(map(_is_attendees, names)),
    )


def _by_words(schema: Schema, headers: Headers) -> Matched | Doubt:
    names = headers.names
    if is_exported(names):
        # We wrote these headers: nothing is doubted, whatever stands below them.
        return Matched({field_name: at for at, name in enumerate(names) if (field_name := schema.recognise(name))})
    try:
        return match(schema.kind, schema.fields, headers, schema.kept)
    except Undecided as undecided:
        first, second = undecided.columns
        if fold(names[first]) == fold(names[second]) and not all(map(str.strip, names[first:second])):
            header = shortened(names[first])
            return Doubt(Reason.AMBIGUOUS_MAPPING, (Message("side_by_side", {"header": header}),))
        both = {"first": shortened(names[first]), "second": shortened(names[second])}
        return _ambiguous(Message("both_could_be", {**both, "field": undecided.field_name}))


def _is_attendees(name: str) -> bool:
    """Whether a header shows that each row is a ticket or an attendee."""
    part, sure = person_part(name), rank(words.TICKET_CODE, name)
    return bool(part and part[1] is Role.ATTENDEE) or (sure is not None and sure < BARE_ID and not is_promo(name))


def _as_requested(
    schema: Schema, names: Sequence[str], width: int, requested: Mapping[str, Mapped], at: int | None
) -> Matched | Doubt:
    mapping: dict[str, int] = {}
    for key, column in _each_column(requested):
        field_name = next((name for name in schema.read if fold(name) == fold(key)), None)
        if field_name is None or field_name in mapping or not isinstance(column, str | int):
            named = {"name": shortened(key), "fields": ", ".join(schema.read), "parted": words.NAME}
            return _ambiguous(Message("not_a_field", {**named, "most": len(NAME_PARTS)}))
        places = _places(schema, names, width, column, field_name if at is not None else None)
        if len(places) != 1:
            return _ambiguous(*_no_such(column, places, names, field_name))
        if places[0] in mapping.values():
            return _ambiguous(Message("column_taken", {"field": field_name}))
        mapping[field_name] = places[0]
    return Matched(mapping)


def _each_column(requested: Mapping[str, Mapped]) -> Iterator[tuple[str, Mapped]]:
    """Each field with its column; the columns of a name in several are those of its parts."""
    parts = {1: (words.NAME,), 2: (words.FIRST_NAME, words.LAST_NAME), 3: NAME_PARTS}
    for key, columns in requested.items():
        several = columns if isinstance(columns, tuple | list) else ()
        if fold(key) == fold(words.NAME) and len(several) in parts:
            yield from zip(parts[len(several)], several, strict=True)
        else:
            yield key, columns


def _places(schema: Schema, names: Sequence[str], width: int, column: Column, mended: str | None) -> list[int]:
    """The columns meant; in a mended file of refused rows the field's own header stands for the one it had."""
    if isinstance(column, int):
        return [column] if 0 <= column < width else []
    exact = [index for index, name in enumerate(names) if name == column]
    alike = exact or [index for index, name in enumerate(names) if fold(name) == fold(column) != ""]
    return alike or [index for index, name in enumerate(names) if mended and schema.recognise(name) == mended]


def _no_such(column: Column, places: Sequence[int], names: Sequence[str], field_name: str) -> tuple[Message, ...]:
    header = shortened(str(column))
    if places:
        return (Message("same_header", {"count": len(places), "header": header, "field": field_name}),)
    if isinstance(column, str):
        return Message("no_such_header", {"header": header, "field": field_name}), _header_list(names)
    return Message("no_such_column", {"column": header, "field": field_name}), _header_list(names)


def _missing(
    schema: Schema, names: Sequence[str], mapping: Mapping[str, int], suggested: Mapping[str, int]
) -> Doubt | None:
    for need in schema.needs:
        if not any(field_name in mapping for field_name in need):
            perhaps = (
                Message("header_may_be", {"header": shortened(names[index]), "field": field_name})
                for field_name, index in suggested.items()
            )
            no_column = Message("no_column_known", {"fields": " / ".join(need)})
            messages = (no_column, _header_list(names), *perhaps, Message("rename_header"))
            return Doubt(Reason.NO_KNOWN_COLUMN, messages)
    return None


def _suggested(schema: Schema, headers: Headers, mapping: Mapping[str, int]) -> dict[str, int]:
    suggestions: dict[str, int] = {}
    for index, name in enumerate(headers.names[:100]):
        field_name = schema.nearest(name) if index not in mapping.values() and not schema.recognise(name) else None
        if field_name and field_name not in mapping and fits(field_name, index, headers):
            suggestions.setdefault(field_name, index)
    return suggestions


def _ambiguous(*messages: Message) -> Doubt:
    return Doubt(Reason.AMBIGUOUS_MAPPING, (*messages, Message("say_mapping")))


def _header_list(names: Sequence[str]) -> Message:
    if not names:
        return Message("headers", {"reason": "none"})
    first = {"headers": tuple(map(shortened, names[:_MOST_NAMED]))}
    if len(names) <= _MOST_NAMED:
        return Message("headers", first)
    return Message("headers", {**first, "more": str(len(names) - _MOST_NAMED), "reason": "more"})
