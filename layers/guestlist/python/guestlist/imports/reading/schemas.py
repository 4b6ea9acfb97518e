"""The fields of each kind of file, and the headers by which they are recognised."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from guestlist.imports.reading.header_recognition import BARE_ID, person_part
from guestlist.imports.reading.matching import rank_for
from guestlist.imports.reading.typing_errors import nearest

_SURE = 2
_UNVALIDATED = (fields.TICKET_TYPE, fields.SEAT, fields.ORDER)


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
            (fields.CODE, fields.EMAIL, fields.CATEGORY, fields.SEAT, fields.QUANTITY),
            required_fields=((fields.CODE, fields.EMAIL),),
        ),
        Schema(
            Kind.CUSTOMERS,
            (fields.EMAIL, fields.NAME, fields.CUSTOMER_GROUPS, fields.REMOVAL_DATE),
            required_fields=((fields.EMAIL,),),
            parts=fields.NAME_PARTS,
        ),
        Schema(
            Kind.TICKETS,
            (fields.TICKET_CODE, fields.NAME, fields.EMAIL, fields.ORIGINAL_DATE, *_UNVALIDATED),
            required_fields=((fields.TICKET_CODE,),),
            parts=fields.NAME_PARTS,
            unvalidated=_UNVALIDATED,
        ),
        Schema(
            Kind.PURCHASES,
            (fields.ORDER, fields.EMAIL, fields.NAME, fields.SALE_ITEM, fields.QUANTITY, fields.PURCHASED_AT),
            required_fields=((fields.ORDER,), (fields.EMAIL,), (fields.SALE_ITEM,)),
            parts=fields.NAME_PARTS,
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
    return field if header_rank <= _SURE or (field == fields.TICKET_CODE and header_rank < BARE_ID) else None


@cache
def _table(field_names: tuple[str, ...]) -> dict[str, str]:
    return {
        fold(word): field
        for field in field_names
        for in_language in fields.COLUMN_WORDS[field].values()
        for word in in_language
    }
