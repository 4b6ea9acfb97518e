"""The fields of each kind of file, and the headers by which they are recognised."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from guestlist.imports.model import Kind
from guestlist.imports.reading import words
from guestlist.imports.reading.matching import rank_for
from guestlist.imports.reading.near import nearest
from guestlist.imports.reading.vocabulary import BARE_ID, person_part

NAME_PARTS = (words.FIRST_NAME, words.INFIX, words.LAST_NAME)
_SURE = 2
_UNVALIDATED = (words.TICKET_TYPE, words.SEAT, words.ORDER)


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a kind of file, in the order of its sample; one field of each tuple in `required_fields` is needed.

    Fields in `unvalidated` are only stored: they refuse no row, and no column is guessed to be one.
    """

    kind: Kind
    fields: tuple[str, ...]
    required_fields: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...] = ()
    unvalidated: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The fields, and the parts of a name for which other systems have separate columns."""
        return (*self.fields, *self.parts)

    def recognise(self, header: str) -> str | None:
        """The field that this header names, in any language, case and punctuation; None if none."""
        return _table(self.fields).get(fold(header)) or _others(self, header)

    def count_known(self, headers: Iterable[str]) -> int:
        """The number of different fields that these headers name."""
        return len({self.recognise(header) for header in headers} - {None})

    def nearest(self, header: str) -> str | None:
        """The only field with a word one or two letters from this header; None for short ones and ones with digits."""
        return nearest(fold(header), _table(tuple(name for name in self.fields if name not in self.unvalidated)))


SCHEMAS: Mapping[Kind, Schema] = {
    schema.kind: schema
    for schema in (
        Schema(
            Kind.TARGET_GROUP,
            (words.CODE, words.EMAIL, words.CATEGORY, words.SEAT, words.QUANTITY),
            required_fields=((words.CODE, words.EMAIL),),
        ),
        Schema(
            Kind.CUSTOMERS,
            (words.EMAIL, words.NAME, words.CUSTOMER_GROUPS, words.REMOVAL_DATE),
            required_fields=((words.EMAIL,),),
            parts=NAME_PARTS,
        ),
        Schema(
            Kind.TICKETS,
            (words.TICKET_CODE, words.NAME, words.EMAIL, words.ORIGINAL_DATE, *_UNVALIDATED),
            required_fields=((words.TICKET_CODE,),),
            parts=NAME_PARTS,
            unvalidated=_UNVALIDATED,
        ),
        Schema(
            Kind.PURCHASES,
            (words.ORDER, words.EMAIL, words.NAME, words.SALE_ITEM, words.QUANTITY, words.PURCHASED_AT),
            required_fields=((words.ORDER,), (words.EMAIL,), (words.SALE_ITEM,)),
            parts=NAME_PARTS,
        ),
    )
}


def fold(header: str) -> str:
    """The header without case, spaces, underscores and punctuation."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", header).casefold()))


def _others(schema: Schema, header: str) -> str | None:
    """The field that this header names in files of other systems."""
    if (part := person_part(header)) and part[0] in schema.read:
        return part[0]
    ranks = ((rank_for(field, schema.kind, header), field) for field in schema.fields)
    ranked = [
        (header_rank, field) for header_rank, field in ranks if header_rank is not None and header_rank != BARE_ID
    ]
    header_rank, field = min(ranked, default=(_SURE + 1, ""))
    return field if header_rank <= _SURE or (field == words.TICKET_CODE and header_rank < BARE_ID) else None


@cache
def _table(fields: tuple[str, ...]) -> dict[str, str]:
    return {
        fold(word): field
        for field in fields
        for in_language in words.COLUMN_WORDS[field].values()
        for word in in_language
    }
