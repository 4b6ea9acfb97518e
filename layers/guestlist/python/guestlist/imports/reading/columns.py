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
from guestlist.model.csv_lines import is_exported

_MOST_NAMED = 12
_MOST_MATCHED = 500


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the columns are not understood: the word and the sentence."""

    reason: Reason
    detail: str


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
        both = f"“{shortened(names[first])}” and “{shortened(names[second])}”"
        return _ambiguous(f"The columns {both} could both be {undecided.field_name}.")


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
            return _ambiguous(
                f"“{shortened(key)}” is not a field, is there twice or has too many columns; there are "
                f"{_listed(schema.read)}, of which {words.NAME} may have up to {len(NAME_PARTS)} columns."
            )
        places = _places(schema, names, width, column, field_name if at is not None else None)
        if len(places) != 1:
            return _ambiguous(_no_such(column, places, names, field_name))
        if places[0] in mapping.values():
            return _ambiguous(f"{field_name} cannot be the same column as another field.")
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


def _no_such(column: Column, places: Sequence[int], names: Sequence[str], field_name: str) -> str:
    if places:
        return (
            f"{len(places)} columns have the header “{shortened(str(column))}”, so {field_name} could be any of them."
        )
    subject = f"The column “{shortened(column)}”" if isinstance(column, str) else f"Column {column} (counted from 0)"
    return f"{subject} for {field_name} is not in the file. {_header_list(names)}"


def _missing(
    schema: Schema, names: Sequence[str], mapping: Mapping[str, int], suggested: Mapping[str, int]
) -> Doubt | None:
    for need in schema.needs:
        if not any(field_name in mapping for field_name in need):
            perhaps = "".join(
                f"“{shortened(names[index])}” may be {field_name}. " for field_name, index in suggested.items()
            )
            detail = f"No column is known as {_listed(need, 'or')}. {_header_list(names)} {perhaps}"
            to_do = "Rename the header, or say with `mapping` which column is which."
            return Doubt(Reason.NO_KNOWN_COLUMN, detail + to_do)
    return None


def _suggested(schema: Schema, headers: Headers, mapping: Mapping[str, int]) -> dict[str, int]:
    suggestions: dict[str, int] = {}
    for index, name in enumerate(headers.names[:100]):
        field_name = schema.nearest(name) if index not in mapping.values() and not schema.recognise(name) else None
        if field_name and field_name not in mapping and fits(field_name, index, headers):
            suggestions.setdefault(field_name, index)
    return suggestions


def _ambiguous(detail: str) -> Doubt:
    return Doubt(Reason.AMBIGUOUS_MAPPING, f"{detail} Say with `mapping` which column is which.")


def _header_list(names: Sequence[str]) -> str:
    if not names:
        return "The file has no header."
    more = "" if len(names) <= _MOST_NAMED else f" and {len(names) - _MOST_NAMED} more"
    return f"The file has {', '.join(f'“{shortened(name)}”' for name in names[:_MOST_NAMED])}{more}."


def _listed(names: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
