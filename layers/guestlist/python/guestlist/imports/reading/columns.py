"""Which column of a file is which field."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from guestlist.imports.model import Column, Kind, Reason
from guestlist.imports.reading import words
from guestlist.imports.reading.problems import shortened

_NEAR = 2
_SHORTEST, _LONGEST = 4, 40
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a kind of file, in the order of its sample; of each of `needs` at least one must be there."""

    kind: Kind
    fields: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]

    def recognise(self, header: str) -> str | None:
        """The field of which this header is a word, in any language, case and punctuation."""
        return _table(self.fields).get(fold(header))

    def known(self, headers: Iterable[str]) -> int:
        """How many different fields these headers name."""
        return len({self.recognise(header) for header in headers} - {None})

    def nearest(self, header: str) -> str | None:
        """The one field with a word one or two letters from this header; never for short ones or ones with digits."""
        folded, table = fold(header), _table(self.fields)
        if not _SHORTEST <= len(folded) <= _LONGEST or folded in table or any(map(str.isdigit, folded)):
            return None
        words_near = (word for word in table if len(word) >= _SHORTEST and abs(len(word) - len(folded)) <= _NEAR)
        distances = {word: _distance(folded, word) for word in words_near}
        least = min(distances.values(), default=_NEAR + 1)
        found = {table[word] for word, distance in distances.items() if distance == least <= _NEAR}
        return found.pop() if len(found) == 1 else None


SCHEMAS: Mapping[Kind, Schema] = {
    schema.kind: schema
    for schema in (
        Schema(
            Kind.TARGET_GROUP,
            (words.CODE, words.EMAIL, words.CATEGORY, words.SEAT, words.QUANTITY),
            needs=((words.CODE, words.EMAIL),),
        ),
        Schema(
            Kind.CUSTOMERS,
            (words.EMAIL, words.NAME, words.CUSTOMER_GROUPS, words.REMOVAL_DATE),
            needs=((words.EMAIL,),),
        ),
        Schema(
            Kind.TICKETS,
            (words.TICKET_CODE, words.NAME, words.EMAIL, words.ORIGINAL_DATE),
            needs=((words.TICKET_CODE,),),
        ),
        Schema(
            Kind.PURCHASES,
            (words.ORDER, words.EMAIL, words.NAME, words.SALE_ITEM, words.QUANTITY, words.PURCHASED_AT),
            needs=((words.ORDER,), (words.EMAIL,), (words.SALE_ITEM,)),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the columns are not understood: the word and the sentence."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a file: `mapping` is field → 0-based index, `suggested` what a near-miss header may be.

    `headers` is empty for a file without any. `width` is how many cells a row should have; from
    `report_at` on, the columns are those of a file of refused rows.
    """

    width: int
    headers: tuple[str, ...] = ()
    mapping: Mapping[str, int] = field(default_factory=dict)
    suggested: Mapping[str, int] = field(default_factory=dict)
    report_at: int | None = None
    doubt: Doubt | None = None


def fold(header: str) -> str:
    """A header without regard to case, spaces, underscores and punctuation."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", header).casefold()))


def report_at(headers: Sequence[str]) -> int | None:
    """Where the four columns of a file of refused rows begin; None where they are not the last ones."""
    at = len(headers) - len(words.REFUSED_COLUMNS)
    ours = [fold(word) for word in words.REFUSED_COLUMNS]
    return at if at >= 0 and [fold(header) for header in headers[at:]] == ours else None


def map_columns(
    schema: Schema, headers: Sequence[str], width: int, wanted: Mapping[str, Column] | None = None
) -> Columns:
    """Map the columns as wanted, else by their headers. Whatever hinders that is the `doubt` of the answer."""
    at = report_at(headers)
    names = headers[:at]
    pairs = _as_wanted(schema, names, width, wanted, at) if wanted else _by_words(schema, names)
    doubt = pairs if isinstance(pairs, Doubt) else None
    mapping = {} if isinstance(pairs, Doubt) else dict(pairs)
    suggested = _suggested(schema, names, mapping)
    if doubt is None:
        doubt = _missing(schema, names, mapping, suggested)
    return Columns(width=width, headers=tuple(headers), mapping=mapping, suggested=suggested, report_at=at, doubt=doubt)


Pairs = list[tuple[str, int]]


def _by_words(schema: Schema, names: Sequence[str]) -> Pairs | Doubt:
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        meant = schema.recognise(name)
        if meant in found:
            both = f"“{shortened(names[found[meant]])}” and “{shortened(name)}”"
            return _ambiguous(f"The columns {both} could both be {meant}.")
        if meant:
            found[meant] = index
    return [(meant, found[meant]) for meant in schema.fields if meant in found]


def _as_wanted(
    schema: Schema, names: Sequence[str], width: int, wanted: Mapping[str, Column], at: int | None
) -> Pairs | Doubt:
    found: dict[str, int] = {}
    for key, column in wanted.items():
        meant = next((known for known in schema.fields if fold(known) == fold(key)), None)
        if meant is None or meant in found:
            return _ambiguous(
                f"“{shortened(key)}” is not a field, or is there twice; there are {_listed(schema.fields)}."
            )
        places = _places(schema, names, width, column, meant if at is not None else None)
        if len(places) != 1:
            return _ambiguous(_no_such(column, places, names, meant))
        if places[0] in found.values():
            return _ambiguous(f"{meant} cannot be the same column as another field.")
        found[meant] = places[0]
    return [(meant, found[meant]) for meant in schema.fields if meant in found]


def _places(schema: Schema, names: Sequence[str], width: int, column: Column, mended: str | None) -> list[int]:
    """The columns meant; in a mended file of refused rows the field's own header stands for the one it had."""
    if isinstance(column, int):
        return [column] if 0 <= column < width else []
    exact = [index for index, name in enumerate(names) if name == column]
    alike = exact or [index for index, name in enumerate(names) if fold(name) == fold(column) != ""]
    return alike or [index for index, name in enumerate(names) if mended and schema.recognise(name) == mended]


def _no_such(column: Column, places: Sequence[int], names: Sequence[str], meant: str) -> str:
    if places:
        return f"{len(places)} columns have the header “{shortened(str(column))}”, so {meant} could be any of them."
    said = f"The column “{shortened(column)}”" if isinstance(column, str) else f"Column {column} (counted from 0)"
    return f"{said} for {meant} is not in the file. {_seen(names)}"


def _missing(
    schema: Schema, names: Sequence[str], mapping: Mapping[str, int], suggested: Mapping[str, int]
) -> Doubt | None:
    for need in schema.needs:
        if not any(meant in mapping for meant in need):
            perhaps = "".join(f"“{shortened(names[index])}” may be {meant}. " for meant, index in suggested.items())
            said = f"No column is known as {_listed(need, 'or')}. {_seen(names)} {perhaps}"
            to_do = "Rename the header, or say with `mapping` which column is which."
            return Doubt(Reason.NO_KNOWN_COLUMN, said + to_do)
    return None


def _suggested(schema: Schema, names: Sequence[str], mapping: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, name in enumerate(names[:100]):
        if index not in mapping.values() and (meant := schema.nearest(name)) and meant not in mapping:
            found.setdefault(meant, index)
    return found


def _ambiguous(detail: str) -> Doubt:
    return Doubt(Reason.AMBIGUOUS_MAPPING, f"{detail} Say with `mapping` which column is which.")


def _seen(names: Sequence[str]) -> str:
    if not names:
        return "The file has no header."
    more = "" if len(names) <= _MOST_NAMED else f" and {len(names) - _MOST_NAMED} more"
    return f"The file has {', '.join(f'“{shortened(name)}”' for name in names[:_MOST_NAMED])}{more}."


def _listed(names: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


@cache
def _table(fields: tuple[str, ...]) -> dict[str, str]:
    return {
        fold(word): meant
        for meant in fields
        for in_language in words.COLUMN_WORDS[meant].values()
        for word in in_language
    }


def _distance(one: str, other: str) -> int:
    """The Levenshtein distance."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, opposite in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != opposite)))
        before = now
    return before[-1]
