"""Which of several columns a field is: by what its header says, and by whether its values fit."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from guestlist.imports.model import Kind
from guestlist.imports.reading import words
from guestlist.imports.reading.headers import Headers, only
from guestlist.imports.reading.instants import is_date
from guestlist.imports.reading.people import NAME_PARTS, person
from guestlist.imports.reading.purposes import is_bought, is_limit, is_promo
from guestlist.imports.reading.vocabulary import BARE_ID, Role, person_part, plain, rank

_SHORTEST_ID = 6
_OF_A_LIST = (0, 1)
"""How sure a header is to be a ticket's code where it may as well be that of an entry of a list."""
_CODES = (words.CODE, words.TICKET_CODE)
_DATES = (words.ORIGINAL_DATE, words.PURCHASED_AT, words.REMOVAL_DATE)
_SEAT = re.compile("seat|stoel|zit|saede|sidde|sitz|stol|sitt|sete|istuma|siege|posto|asiento")
_PRICE_KINDS = re.compile(
    "paid|free|donation|hidden|betaald|gratis|betalt|bezahlt|kostenlos|betald|fri|maksullinen|ilmainen|payant|gratuit|"
    "pagamento|gratuito|pago"
)
_TITLES = frozenset({"title", "posttitle", "titel", "titre", "titolo", "titulo"})
_OWN = (Role.ATTENDEE, Role.ANYBODY, Role.BUYER, Role.GUARDIAN)
_BUYERS = (Role.BUYER, Role.ANYBODY, Role.ATTENDEE, Role.GUARDIAN)


@dataclass(frozen=True, slots=True)
class Matched:
    """The columns found, by field; `promo` is the only one that could be the code of a ticket, by its name none."""

    columns: dict[str, int] = field(default_factory=dict)
    promo: int | None = None


def match(kind: Kind, fields: Sequence[str], headers: Headers, kept: Collection[str] = ()) -> Matched:
    """The column of each field that has one; of those `kept` never one that is in doubt. Raises `Undecided`."""
    found = person(headers, _BUYERS if kind is Kind.PURCHASES else _OWN, orders=kind is Kind.PURCHASES)
    promo = None
    for meant in fields:
        if meant in (words.EMAIL, words.NAME):
            continue
        candidates = [(sure, index) for index, sure in _candidates(meant, kind, headers) if index not in found.values()]
        if meant == words.TICKET_CODE:
            candidates, promo = _without_promo(candidates, headers, found.values())
        choose = _surest if meant in kept else _chosen
        if (index := choose(meant, candidates, headers)) is not None:
            found[meant], promo = index, None if meant == words.TICKET_CODE else promo
    if promo is not None:
        found[words.TICKET_CODE] = promo
    if kind is Kind.PURCHASES and words.ORDER not in found:
        found |= _order_called_name(headers)
    if kind is Kind.TARGET_GROUP and words.CODE not in found and not _holds(found, words.EMAIL, headers):
        found |= _code_called_name(headers)
    return Matched({meant: found[meant] for meant in (*fields, *NAME_PARTS[1:]) if meant in found}, promo)


def _candidates(meant: str, kind: Kind, headers: Headers) -> list[tuple[int, int]]:
    found = []
    for index, name in enumerate(headers.names):
        sure = rank_for(meant, kind, name)
        if sure is not None:
            found.append((index, sure))
    return found


def rank_for(meant: str, kind: Kind, header: str) -> int | None:
    """How sure the header is to be that field in a file of that kind; 0 is the surest."""
    if meant == words.CODE and rank(words.CODE, header) is None:
        sure = rank(words.TICKET_CODE, header)
        return sure if sure in _OF_A_LIST else 0 if is_promo(header) else None
    if meant == words.QUANTITY and rank(meant, header) is None:
        known = is_limit(header) if kind is Kind.TARGET_GROUP else is_bought(header)
        return 2 if known else None
    return rank(meant, header)


def _without_promo(
    candidates: list[tuple[int, int]], headers: Headers, taken: Collection[int]
) -> tuple[list[tuple[int, int]], int | None]:
    """The candidates for a ticket's code, and a promo column that could be one where there is no other."""
    own = [(sure, index) for sure, index in candidates if not is_promo(headers.names[index])]
    promo = [index for index, name in enumerate(headers.names) if is_promo(name) and index not in taken]
    promo = [index for index in promo if headers.filled_and_unique(index)]
    return own, promo[0] if promo else None


def _chosen(meant: str, candidates: list[tuple[int, int]], headers: Headers) -> int | None:
    fitting = [(sure, index) for sure, index in candidates if _fits(meant, sure, index, headers)]
    if meant == words.SALE_ITEM and len(fitting) > 1:
        fitting = [one for one in fitting if not _says_price(headers.values(one[1]))] or fitting
    if not fitting and len(candidates) > 1:
        fitting = [(sure, index) for sure, index in candidates if sure < BARE_ID and headers.values(index)]
    if not fitting:
        fitting = [(sure, index) for sure, index in candidates if sure < 1 or (meant in _CODES and sure < BARE_ID)]
    best = min((sure for sure, _ in fitting), default=0)
    if meant in _DATES and best:
        return next(index for sure, index in fitting if sure == best)
    return only(meant, [index for sure, index in fitting if sure == best], headers)


def _surest(meant: str, candidates: list[tuple[int, int]], headers: Headers) -> int | None:
    """The first of the surest columns whose values fit; a seat by a word that is also a town's has a digit."""
    fitting = [one for one in candidates if headers.values(one[1]) and fits(meant, one[1], headers)]
    if meant == words.SEAT:
        fitting = fitting or [one for one in candidates if _SEAT.search(plain(headers.names[one[1]]))]
    return min(fitting, default=(0, None))[1]


def _fits(meant: str, sure: int, index: int, headers: Headers) -> bool:
    values = headers.values(index)
    if not headers.rows:
        return sure < BARE_ID
    if meant in _CODES:
        if any(len(value) < _SHORTEST_ID for value in values) if sure == BARE_ID else all(map(_is_link, values)):
            return False
        return headers.filled_and_unique(index)
    if meant in _DATES:
        return bool(values) and (sure < 1 or all(map(is_date, values)))
    return bool(values) or meant == words.CUSTOMER_GROUPS


def _says_price(values: Sequence[str]) -> bool:
    """Whether a type of tickets is no more than whether they cost anything."""
    return all(_PRICE_KINDS.fullmatch(plain(value)) for value in values)


def _is_link(value: str) -> bool:
    return value.startswith(("http://", "https://"))


def fits(meant: str, index: int, headers: Headers) -> bool:
    """Whether the values of a column could be of that field: asked before it is so much as suggested."""
    values = headers.values(index)
    checks: dict[str, Callable[[str], bool]] = {
        words.EMAIL: lambda value: "@" in value,
        words.QUANTITY: str.isdecimal,
        words.CUSTOMER_GROUPS: lambda value: any(map(str.isalpha, value)),
        words.SEAT: lambda value: any(map(str.isdigit, value)),
        **dict.fromkeys(_DATES, is_date),
    }
    return all(map(checks[meant], values)) if meant in checks else bool(values) or not headers.rows


def _holds(found: Mapping[str, int], meant: str, headers: Headers) -> bool:
    """Whether a field has a column that holds anything."""
    return meant in found and bool(headers.values(found[meant]) or not headers.rows)


def _order_called_name(headers: Headers) -> dict[str, int]:
    for index, name in enumerate(headers.names):
        part = person_part(name)
        if part and part[0] == words.NAME and headers.identifies_orders(index):
            return {words.ORDER: index}
    return {}


def _code_called_name(headers: Headers) -> dict[str, int]:
    """The codes of a list that are called names: each is one word, and a column limits how often it is used."""
    if not any(map(is_limit, headers.names)):
        return {}
    for index, name in enumerate(headers.names):
        part = (words.NAME,) if plain(name) in _TITLES else person_part(name)
        one_word = not any(" " in value for value in headers.values(index))
        if part and part[0] == words.NAME and one_word and headers.filled_and_unique(index):
            return {words.CODE: index}
    return {}
