"""Which of several columns a field is: by what its header says, and by whether its values fit."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from guestlist.imports.model import Kind
from guestlist.imports.reading import words
from guestlist.imports.reading.instants import is_date
from guestlist.imports.reading.purposes import is_bought, is_limit, is_promo
from guestlist.imports.reading.vocabulary import BARE_ID, Role, is_bare, person_part, plain, rank, somebody

_ENOUGH = 0.9
_SHORTEST_ID = 6
_NAME_PARTS = (words.NAME, words.FIRST_NAME, words.INFIX, words.LAST_NAME)
_CODES = (words.CODE, words.TICKET_CODE)
_DATES = (words.ORIGINAL_DATE, words.PURCHASED_AT, words.REMOVAL_DATE)
_SEAT = re.compile("seat|stoel|zit|saede|sidde|sitz|stol|sitt|sete|istuma|siege|posto|asiento")
_FULL = ("full", "volledig", "fuld", "vollst", "complet", "koko")
_OWN = (Role.ATTENDEE, Role.ANYBODY, Role.BUYER)
_BUYERS = (Role.BUYER, Role.ANYBODY, Role.ATTENDEE)


class Undecided(Exception):
    """Two columns could be the same field, and nothing in the file decides."""

    def __init__(self, meant: str, first: int, second: int) -> None:
        super().__init__(meant)
        self.meant = meant
        self.columns = first, second


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a file and the cells of its first rows; `nested` are columns named by a lower header row."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    nested: frozenset[int] = frozenset()

    def values(self, index: int) -> list[str]:
        """The cells of a column that hold anything."""
        return [cell for cell in self.cells(index) if cell]

    def cells(self, index: int) -> list[str]:
        """The cells of a column, without spaces around them."""
        return [row[index].strip() if index < len(row) else "" for row in self.rows]

    def filled_and_unique(self, index: int) -> bool:
        """Whether the column could tell the rows apart; a few slips do not matter."""
        if not self.rows:
            return True
        values = self.values(index)
        return len(values) >= _ENOUGH * len(self.rows) and len(set(values)) >= _ENOUGH * len(values) > 0

    def identifies_orders(self, index: int) -> bool:
        """Whether a column that is called a name holds the numbers of orders."""
        values = self.values(index)
        return bool(values) and all(" " not in value and any(map(str.isdigit, value)) for value in values)


@dataclass(frozen=True, slots=True)
class Matched:
    """The columns found, by field; `promo` is the only one that could be the code of a ticket, by its name none."""

    columns: dict[str, int] = field(default_factory=dict)
    promo: int | None = None


def match(kind: Kind, fields: Sequence[str], headers: Headers, kept: Collection[str] = ()) -> Matched:
    """The column of each field that has one; of those `kept` never one that is in doubt. Raises `Undecided`."""
    found = _person(headers, _BUYERS if kind is Kind.PURCHASES else _OWN, orders=kind is Kind.PURCHASES)
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
    if kind is Kind.TARGET_GROUP and not found.keys() & {words.CODE, words.EMAIL}:
        found |= _code_called_name(headers)
    return Matched({meant: found[meant] for meant in (*fields, *_NAME_PARTS[1:]) if meant in found}, promo)


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
        return 0 if rank(words.TICKET_CODE, header) == 0 or is_promo(header) else None
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
    if not fitting and len(candidates) > 1:
        fitting = [(sure, index) for sure, index in candidates if sure < BARE_ID and headers.values(index)]
    if not fitting:
        fitting = [(sure, index) for sure, index in candidates if sure < 1 or (meant in _CODES and sure < BARE_ID)]
    best = min((sure for sure, _ in fitting), default=0)
    if meant in _DATES and best:
        return next(index for sure, index in fitting if sure == best)
    return _only(meant, [index for sure, index in fitting if sure == best], headers)


def _surest(meant: str, candidates: list[tuple[int, int]], headers: Headers) -> int | None:
    """The first of the surest columns whose values fit; a seat by a word that is also a town's has a digit."""
    fitting = [one for one in candidates if headers.values(one[1]) and fits(meant, one[1], headers)]
    if meant == words.SEAT:
        fitting = fitting or [one for one in candidates if _SEAT.search(plain(headers.names[one[1]]))]
    return min(fitting, default=(0, None))[1]


def _only(meant: str, indexes: list[int], headers: Headers) -> int | None:
    """The one column of these; the first where all hold the same, or the only full one. Raises `Undecided`."""
    full = [index for index in indexes if len(headers.values(index)) >= _ENOUGH * len(headers.rows) > 0]
    if len(full) == 1 and all(2 * len(headers.values(index)) < len(headers.rows) for index in {*indexes} - {*full}):
        return full[0]
    for other in indexes[1:]:
        if not headers.rows or headers.cells(other) != headers.cells(indexes[0]):
            raise Undecided(meant, indexes[0], other)
    return indexes[0] if indexes else None


def _fits(meant: str, sure: int, index: int, headers: Headers) -> bool:
    values = headers.values(index)
    if not headers.rows:
        return sure < BARE_ID
    if meant in _CODES:
        long_enough = sure < BARE_ID or all(len(value) >= _SHORTEST_ID for value in values)
        return long_enough and headers.filled_and_unique(index)
    if meant in _DATES:
        return bool(values) and (sure < 1 or all(map(is_date, values)))
    return bool(values) or meant == words.CUSTOMER_GROUPS


def fits(meant: str, index: int, headers: Headers) -> bool:
    """Whether the values of a column could be of that field: asked before it is so much as suggested."""
    values = headers.values(index)
    checks: dict[str, Callable[[str], bool]] = {
        words.EMAIL: lambda value: "@" in value,
        words.QUANTITY: str.isdecimal,
        words.SEAT: lambda value: any(map(str.isdigit, value)),
        **dict.fromkeys(_DATES, is_date),
    }
    return all(map(checks[meant], values)) if meant in checks else bool(values) or not headers.rows


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
        part = person_part(name)
        one_word = not any(" " in value for value in headers.values(index))
        if part and part[0] == words.NAME and one_word and headers.filled_and_unique(index):
            return {words.CODE: index}
    return {}


def _person(headers: Headers, roles: Sequence[Role], *, orders: bool) -> dict[str, int]:
    """The columns of one person: the address, and the name of whoever has it."""
    parts = _parts(headers, orders=orders)
    whose: Role | None = None
    found: dict[str, int] = {}
    for role in roles:
        addresses = parts.get((words.EMAIL, role), [])
        held = [index for index in addresses if any("@" in value for value in headers.values(index))]
        if held or (addresses and not headers.rows):
            held = held or addresses
            bare = [index for index in held if is_bare(headers.names[index])]
            found[words.EMAIL], whose = _only(words.EMAIL, bare or held, headers) or 0, role
            break
    else:
        first = next((parts[words.EMAIL, role] for role in roles if (words.EMAIL, role) in parts), [])
        found = {words.EMAIL: first[0]} if first else {}
    return found | _name(parts, headers, _nearest_roles(whose, roles))


def _nearest_roles(whose: Role | None, roles: Sequence[Role]) -> list[Role]:
    """Whose name may belong to the address: never the buyer's to the attendee's, or the other way round."""
    if whose is None or whose is Role.ANYBODY:
        return [Role.ANYBODY, *(role for role in roles if role is not Role.ANYBODY)]
    return [whose, Role.ANYBODY]


def _parts(headers: Headers, *, orders: bool) -> dict[tuple[str, Role], list[int]]:
    """The columns of persons, by what of whom they hold; numbers of orders are nobody's name."""
    parts: dict[tuple[str, Role], list[int]] = {}
    for index, name in enumerate(headers.names):
        if (found := person_part(name)) is None:
            continue
        meant, role = found
        if meant == words.NAME and headers.identifies_orders(index) and (orders or name_is_no_name(headers, index)):
            continue
        if index in headers.nested:
            role = Role.ATTENDEE
        parts.setdefault((meant, role), []).append(index)
    return {**_people(headers), **parts}


def _people(headers: Headers) -> dict[tuple[str, Role], list[int]]:
    """The columns that are called by a word for somebody, and hold names or addresses."""
    found: dict[tuple[str, Role], list[int]] = {}
    for index, name in enumerate(headers.names):
        role, values = somebody(name), headers.values(index)
        if role is None or not values:
            continue
        if role is not Role.ANYBODY and all("@" in value for value in values):
            found.setdefault((words.EMAIL, role), [index])
        elif 2 * sum(" " in value for value in values) >= len(values) and not any(map(_is_no_name, values)):
            found.setdefault((words.NAME, role), [index])
    return found


def _is_no_name(value: str) -> bool:
    return "@" in value or any(map(str.isdigit, value))


def name_is_no_name(headers: Headers, index: int) -> bool:
    """Whether the cells below a name look like “#1001”."""
    return all(value.lstrip("#").isdecimal() for value in headers.values(index))


def _name(parts: dict[tuple[str, Role], list[int]], headers: Headers, roles: Sequence[Role]) -> dict[str, int]:
    for role in roles:
        own = {part: _one_name(part, parts[part, role], headers) for part in _NAME_PARTS if (part, role) in parts}
        held = [part for part, index in own.items() if headers.values(index)]
        if held if headers.rows else own:
            return _sorted_out(own, headers)
    return {}


def _one_name(part: str, indexes: list[int], headers: Headers) -> int:
    held = [index for index in indexes if headers.values(index)] or indexes
    full = [index for index in held if any(word in headers.names[index].casefold() for word in _FULL)]
    return _only(part, full if len(held) > 1 and full else held, headers) or 0


def _sorted_out(own: dict[str, int], headers: Headers) -> dict[str, int]:
    """A “Name” beside a first name alone is the last name, unless the first name is in it; and the other way round."""
    if words.NAME not in own:
        return own
    for beside, missing in ((words.FIRST_NAME, words.LAST_NAME), (words.LAST_NAME, words.FIRST_NAME)):
        if beside in own and missing not in own:
            pairs = zip(headers.cells(own[words.NAME]), headers.cells(own[beside]), strict=True)
            within = Counter(part.casefold() in name.casefold() for name, part in pairs if name and part)
            if within[False] > within[True]:
                return {missing if part == words.NAME else part: index for part, index in own.items()}
    return own
