"""Matching of columns to fields, by header and by whether the values fit."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from guestlist.imports.reading.header_recognition import BARE_ID, person_part, rank, slug
from guestlist.imports.reading.headers import Headers, single_column
from guestlist.imports.reading.instants import is_date
from guestlist.imports.reading.people import person_columns
from guestlist.imports.reading.person_words import Role
from guestlist.imports.reading.purposes import is_promo, is_purchased_quantity, is_use_limit

_SHORTEST_ID = 6
_NUMBER_RANK, _SHORTEST_NUMBER = 5, 5
_TARGET_GROUP_RANKS = (0, 1)
"""Ranks of headers for ticket codes that may also name the codes of a target group."""
_CHARACTER_TESTS: Mapping[str, Callable[[str], bool]] = {fields.ORDER: str.isdigit, fields.SALE_ITEM: str.isalpha}
"""Kind of character that every cell must contain if the header is only a weak hint of the field."""
_AMOUNT = re.compile(r"\D{0,4}[0-9][0-9.,' ]*[.,][0-9]{2}\D{0,4}")
_SEAT = re.compile("seat|stoel|zit|saede|sidde|sitz|stol|sitt|sete|istuma|siege|posto|asiento")
_PRICE_KINDS = re.compile(
    "paid|free|donation|hidden|betaald|gratis|betalt|bezahlt|kostenlos|betald|fri|maksullinen|ilmainen|payant|gratuit|"
    "pagamento|gratuito|pago"
)
_TITLES = frozenset({"title", "posttitle", "titel", "titre", "titolo", "titulo"})
_HOLDERS_FIRST = (Role.ATTENDEE, Role.UNSPECIFIED, Role.BUYER, Role.GUARDIAN)
_BUYERS_FIRST = (Role.BUYER, Role.UNSPECIFIED, Role.ATTENDEE, Role.GUARDIAN)


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """The column of each field; `promo_column` is one of promotion codes that is taken for ticket codes."""

    columns: dict[str, int] = field(default_factory=dict)
    promo_column: int | None = None


def match_columns(
    kind: Kind, field_names: Sequence[str], headers: Headers, certain_only: Collection[str] = ()
) -> ColumnMatch:
    """Match each field with its column; fields in `certain_only` only with a certain one.

    Raises `AmbiguousColumns` if two columns match a field equally well.
    """
    mapping = person_columns(
        headers,
        _BUYERS_FIRST if kind is Kind.PURCHASES else _HOLDERS_FIRST,
        orders=kind is Kind.PURCHASES,
        holders=kind is Kind.TICKETS,
    )
    promo = None
    for field_name in field_names:
        if field_name in (fields.EMAIL, fields.NAME):
            continue
        candidates = _candidates(field_name, kind, headers, mapping.values())
        if field_name == fields.TICKET_CODE:
            candidates, promo = _without_promo(candidates, headers, mapping.values())
        choose = _certain_fit if field_name in certain_only else _best_fit
        if (index := choose(field_name, candidates, headers)) is not None:
            mapping[field_name], promo = index, None if field_name == fields.TICKET_CODE else promo
    if promo is not None:
        mapping[fields.TICKET_CODE] = promo
    if kind is Kind.PURCHASES and fields.ORDER not in mapping:
        mapping |= _order_in_name_column(headers)
    if kind is Kind.TARGET_GROUP and fields.CODE not in mapping:
        mapping |= _code_in_name_column(headers, mapping.get(fields.EMAIL))
    columns = {
        field_name: mapping[field_name] for field_name in (*field_names, *fields.NAME_PARTS) if field_name in mapping
    }
    return ColumnMatch(columns, promo)


def _candidates(field_name: str, kind: Kind, headers: Headers, mapped: Collection[int]) -> list[tuple[int, int]]:
    """Rank and index of each column that is not mapped and whose header may name the field."""
    unmapped = ((name, index) for index, name in enumerate(headers.names) if index not in mapped)
    ranks = ((rank_for(field_name, kind, name), index) for name, index in unmapped)
    return [(header_rank, index) for header_rank, index in ranks if header_rank is not None]


def rank_for(field_name: str, kind: Kind, header: str) -> int | None:
    """The rank of the header for the field in a file of that kind; 0 is the most certain, None no match."""
    if field_name == fields.CODE and rank(fields.CODE, header) is None:
        header_rank = rank(fields.TICKET_CODE, header)
        return header_rank if header_rank in _TARGET_GROUP_RANKS else 0 if is_promo(header) else None
    if field_name == fields.QUANTITY and kind is Kind.TARGET_GROUP and is_purchased_quantity(header):
        return None
    if field_name == fields.QUANTITY and rank(field_name, header) is None:
        matches = is_use_limit(header) if kind is Kind.TARGET_GROUP else is_purchased_quantity(header)
        return 2 if matches else None
    return rank(field_name, header)


def _without_promo(
    candidates: list[tuple[int, int]], headers: Headers, mapped: Collection[int]
) -> tuple[list[tuple[int, int]], int | None]:
    """The candidates for ticket codes without promotion columns, and the promotion column to use if none fits."""
    own = [(header_rank, index) for header_rank, index in candidates if not is_promo(headers.names[index])]
    promo = [index for index, name in enumerate(headers.names) if is_promo(name) and index not in mapped]
    promo = [index for index in promo if headers.with_addresses().filled_and_unique(index)]
    return own, promo[0] if promo else None


def _best_fit(field_name: str, candidates: list[tuple[int, int]], headers: Headers) -> int | None:
    """The column of the best rank whose values confirm it; without one, the column whose header is the most certain."""
    fitting = [
        (header_rank, index)
        for header_rank, index in candidates
        if _values_confirm(field_name, header_rank, index, headers)
    ]
    if field_name == fields.SALE_ITEM and len(fitting) > 1:
        fitting = [candidate for candidate in fitting if not _is_price_kind(headers.values(candidate[1]))] or fitting
    if not fitting and len(candidates) > 1:
        fitting = [
            (header_rank, index) for header_rank, index in candidates if header_rank < BARE_ID and headers.values(index)
        ]
    if not fitting:
        fitting = [
            (header_rank, index)
            for header_rank, index in candidates
            if header_rank < 1
            or (
                field_name in fields.CODES
                and header_rank < BARE_ID
                and not _numbers_within_orders(header_rank, index, headers)
            )
        ]
    best = min((header_rank for header_rank, _ in fitting), default=0)
    if field_name in fields.DATES and best:
        return next(index for header_rank, index in fitting if header_rank == best)
    return single_column(field_name, [index for header_rank, index in fitting if header_rank == best], headers)


def _certain_fit(field_name: str, candidates: list[tuple[int, int]], headers: Headers) -> int | None:
    """The column of the best rank whose values fit.

    Without one, a seat takes the best column whose header has an unambiguous word for it.
    """
    fitting = [
        candidate
        for candidate in candidates
        if headers.values(candidate[1]) and fits(field_name, candidate[1], headers)
    ]
    if field_name == fields.SEAT:
        fitting = fitting or [candidate for candidate in candidates if _SEAT.search(slug(headers.names[candidate[1]]))]
    return min(fitting, default=(0, None))[1]


def _values_confirm(field_name: str, header_rank: int, index: int, headers: Headers) -> bool:
    """Whether the values of a column whose header has this rank are most likely those of the field."""
    values = headers.values(index)
    if not headers.rows:
        return header_rank < BARE_ID
    if field_name in fields.CODES:
        if any(len(value) < _SHORTEST_ID for value in values) if header_rank == BARE_ID else all(map(_is_link, values)):
            return False
        return headers.filled_and_unique(index)
    if field_name in _CHARACTER_TESTS and header_rank >= _NUMBER_RANK:
        return bool(values) and all(any(map(_CHARACTER_TESTS[field_name], value)) for value in values)
    if field_name in fields.DATES:
        return bool(values) and (header_rank < 1 or all(map(is_date, values)))
    is_amount = field_name == fields.SALE_ITEM and all(map(_AMOUNT.fullmatch, values))
    return (bool(values) and not is_amount) or field_name == fields.CUSTOMER_GROUPS


def _numbers_within_orders(header_rank: int, index: int, headers: Headers) -> bool:
    """Whether ticket numbers are so short that they only count the tickets of an order."""
    values = headers.values(index)
    return header_rank >= _NUMBER_RANK and all(value.isdecimal() and len(value) < _SHORTEST_NUMBER for value in values)


def _is_price_kind(values: Sequence[str]) -> bool:
    """Whether the ticket types only distinguish paid from free tickets."""
    return all(_PRICE_KINDS.fullmatch(slug(value)) for value in values)


def _is_link(value: str) -> bool:
    return value.startswith(("http://", "https://"))


def fits(field_name: str, index: int, headers: Headers) -> bool:
    """Whether the values of a column could be of that field; otherwise it is not even suggested."""
    values = headers.values(index)
    checks: dict[str, Callable[[str], bool]] = {
        fields.EMAIL: lambda value: "@" in value,
        fields.QUANTITY: str.isdecimal,
        fields.SALE_ITEM: lambda value: any(map(str.isalpha, value)),
        fields.CUSTOMER_GROUPS: lambda value: any(map(str.isalpha, value)),
        fields.SEAT: lambda value: any(map(str.isdigit, value)),
        **dict.fromkeys(fields.DATES, is_date),
    }
    return all(map(checks[field_name], values)) if field_name in checks else bool(values) or not headers.rows


def _order_in_name_column(headers: Headers) -> dict[str, int]:
    for index, name in enumerate(headers.names):
        part = person_part(name)
        if part and part[0] == fields.NAME and headers.identifies_orders(index):
            return {fields.ORDER: index}
    return {}


def _code_in_name_column(headers: Headers, email: int | None) -> dict[str, int]:
    """Map a column of names to codes if its values are single words and another column limits their use.

    Most rows must have no address: a few codes may be personal.
    """
    has_addresses = email is not None and 2 * len(headers.values(email)) >= len(headers.rows)
    if has_addresses or not any(map(is_use_limit, headers.names)):
        return {}
    for index, name in enumerate(headers.names):
        part = (fields.NAME,) if slug(name) in _TITLES else person_part(name)
        one_word = not any(" " in value for value in headers.values(index))
        if part and part[0] == fields.NAME and one_word and headers.filled_and_unique(index):
            return {fields.CODE: index}
    return {}
