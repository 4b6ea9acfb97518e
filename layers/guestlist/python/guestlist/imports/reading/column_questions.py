"""Questions about the columns of a file, and how these are read until the organiser has confirmed it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from guestlist.imports.decision import About, Question, decision
from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.companions import is_companions, people_counter
from guestlist.imports.reading.header_recognition import BARE_ID, person_part, rank, slug
from guestlist.imports.reading.headers import Headers
from guestlist.imports.reading.instants import is_date
from guestlist.imports.reading.number_words import OF_CODES, OTHER_DATES, OTHER_NUMBERS, REMAINS, SUM, USES
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.purposes import (
    UNLIMITED,
    is_number_of_uses,
    is_promo,
    is_purchased_quantity,
    is_use_count,
    is_use_limit,
)
from guestlist.imports.reading.quantities import parse_quantity, total_uses

_MOSTLY = 0.8
_SHORTEST_BARCODE = 5
_NUMBER_RANK = 5
"""The rank from which a column for a ticket's code may be the number of a record."""
_MAX_SHOWN = 5
_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?")
_OF_PRODUCTS = {"ean", "ean13", "eancode", "eannummer", "gtin", "upc", "isbn"}
"""Headers of the barcodes of tickets, or of the products of a shop."""
_SEVERAL = re.compile(r"[\w-]{5,}(\s*[,;|\n]\s*[\w-]{5,})+")
"""Several codes in one cell, which no scanner reads."""
_MAX_SMALL_NUMBER = 999
_FEWEST_ADDED = 2
_OF_SALES = (fields.ORDER, fields.PURCHASED_AT)
"""Fields of sales: if a list has such columns, its numbers of tickets are those that were bought."""


def add_questions(kind: Kind, columns: Columns, headers: Headers) -> Columns:
    """The columns with the questions about them; until answered, each is read as suggested."""
    if columns.promo_column is not None:
        columns = _with_question(columns, columns.promo_column, About.CODE_COLUMN, "only_promo", headers)
    columns = _with_unsure_code(kind, columns, headers)
    if kind is Kind.TARGET_GROUP:
        columns = _with_companions(_without_used_promo(columns, headers), headers)
    if kind is Kind.PURCHASES:
        columns = _with_date(_without_order_size(columns, headers), headers)
    if kind is Kind.TARGET_GROUP and fields.CODE in columns.mapping:
        columns = _with_uses(columns, headers)
    if kind in {Kind.PURCHASES, Kind.TARGET_GROUP}:
        columns = _with_quantity(kind, _with_sum(columns, headers), headers)
    return columns


def _with_question(columns: Columns, index: int, about: About, reason: str, headers: Headers) -> Columns:
    """Add a question about one of the columns, which shows its first values."""
    name = shortened(headers.names[index])
    values = tuple(map(shortened, dict.fromkeys(headers.values(index))))[:_MAX_SHOWN]
    reason_param = {"reason": reason} if reason else {}
    question = decision(about, name, values=values, **reason_param)
    return replace(columns, questions=(*columns.questions, Question(question)))


def _with_unsure_code(kind: Kind, columns: Columns, headers: Headers) -> Columns:
    """Ask about codes that may be something else: numbers of records, names, or codes to give out."""
    code = columns.mapping.get(fields.TICKET_CODE if kind is Kind.TICKETS else fields.CODE)
    if code is None or columns.promo_column is not None or code >= len(headers.names):
        return columns
    is_unsure = (
        _is_unsure_ticket_code(code, headers) if kind is Kind.TICKETS else person_part(headers.names[code]) is not None
    )
    return _with_question(columns, code, About.CODE_COLUMN, "unsure", headers) if is_unsure else columns


def _is_unsure_ticket_code(at: int, headers: Headers) -> bool:
    code_rank, values = rank(fields.TICKET_CODE, headers.names[at]), headers.values(at)
    if slug(headers.names[at]) in _OF_PRODUCTS and not _names_people_or_orders(headers):
        return True
    if any(_SEVERAL.fullmatch(value) for value in values):
        return True
    if values and all(map(str.isdecimal, values)):
        longest = max(map(len, values))
        if code_rank == BARE_ID or (code_rank == BARE_ID - 1 and longest < _SHORTEST_BARCODE):
            return True
    if code_rank is not None and code_rank >= _NUMBER_RANK:
        promo_columns = [index for index, name in enumerate(headers.names) if is_promo(name) and headers.values(index)]
        return len(headers.rows) > 1 and any(map(headers.filled_and_unique, promo_columns))
    return any(is_use_limit(name) or is_use_count(name) for name in headers.names)


def _names_people_or_orders(headers: Headers) -> bool:
    """Whether the file is of sales: it has a column of orders or of people's names."""
    parts = filter(None, map(person_part, headers.names))
    names_people = any(part[0] != fields.EMAIL for part in parts)
    return names_people or any(rank(fields.ORDER, name) == 0 for name in headers.names)


def _mapped(columns: Columns, field: str, index: int) -> Columns:
    mapping: Mapping[str, int] = {**columns.mapping, field: index}
    suggested = {name: at for name, at in columns.suggested.items() if name != field and at != index}
    return replace(columns, mapping=mapping, suggested=suggested)


def _without_used_promo(columns: Columns, headers: Headers) -> Columns:
    """Unmap and ask about promo codes that, beside addresses, are mostly empty or repeat: these people used them."""
    code, email = columns.mapping.get(fields.CODE), columns.mapping.get(fields.EMAIL)
    if code is None or email is None or not is_promo(headers.names[code]) or not _is_used(headers, code):
        return columns
    return _with_question(columns.without_field(fields.CODE), code, About.CODE_COLUMN, "used_promo", headers)


def _is_used(headers: Headers, code: int) -> bool:
    """Whether the codes in rows with an address are missing in most of these rows, or repeated."""
    rows = zip(headers.cells(code), headers.rows, strict=True)
    promos = [promo for promo, row in rows if any("@" in cell for cell in row)]
    codes = [promo for promo in promos if promo]
    return bool(codes) and (2 * len(codes) < len(promos) or len(set(codes)) < len(codes))


def _with_date(columns: Columns, headers: Headers) -> Columns:
    """If no column is known as the date of purchase, ask about one that holds dates."""
    if fields.PURCHASED_AT in columns.mapping:
        return columns
    unread = [index for index in _unread(columns, headers) if not OTHER_DATES.fullmatch(slug(headers.names[index]))]
    for index in unread:
        dated = [value for value in headers.values(index) if is_date(value) and not _NUMBER.fullmatch(value)]
        if len(dated) == len(headers.values(index)) > 0:
            return _with_question(
                _mapped(columns, fields.PURCHASED_AT, index), index, About.DATE_COLUMN, "unsure", headers
            )
        has_date_header = rank(fields.PURCHASED_AT, headers.names[index]) is not None and headers.values(index)
        if has_date_header or len(dated) > _MOSTLY * len(headers.values(index)):
            return _with_question(columns, index, About.DATE_COLUMN, "unreadable", headers)
    return columns


def _without_order_size(columns: Columns, headers: Headers) -> Columns:
    """Ignore a quantity that is the size of the whole order, in a file with a row per attendee."""
    index = columns.mapping.get(fields.QUANTITY)
    is_order_size = index is not None and columns.shared_orders and _is_of_orders(columns, headers, index)
    return columns.without_field(fields.QUANTITY) if is_order_size else columns


def _is_of_orders(columns: Columns, headers: Headers, index: int) -> bool:
    """Whether a column only numbers, or counts, the rows of each order."""
    if (order := columns.mapping.get(fields.ORDER)) is None:
        return False
    values_by_order: dict[str, list[str]] = {}
    for number, value in zip(headers.cells(order), headers.cells(index), strict=True):
        values_by_order.setdefault(number, []).append(value)
    # The last order may have further rows after the sampled ones.
    complete = list(values_by_order.values())[: len(values_by_order) - 1 or 1]
    numbered = all(values == list(map(str, range(1, len(values) + 1))) for values in complete)
    counted = all(set(values) == {str(len(values))} for values in complete)
    return any(len(values) > 1 for values in complete) and (numbered or counted)


def _with_uses(columns: Columns, headers: Headers) -> Columns:
    """If no column is known as the quantity, map one of uses whose cells say of how many, such as “3 / 10”."""
    if fields.QUANTITY in columns.mapping:
        return columns
    for index in _unread(columns, headers):
        values = headers.values(index)
        if is_number_of_uses(headers.names[index]) and values and all(map(total_uses, values)):
            return _mapped(columns, fields.QUANTITY, index)
    return columns


def _with_companions(columns: Columns, headers: Headers) -> Columns:
    """If a list of addresses has no quantity, ask about companions in a column of their own or behind the names."""
    if fields.QUANTITY in columns.mapping or fields.CODE in columns.mapping:
        return columns
    unmapped = [index for index, _ in enumerate(headers.names) if index not in columns.mapping.values()]
    for index in sorted(unmapped, key=lambda index: not is_companions(headers.names[index])):
        count_people = people_counter(headers.names[index])
        people = list(map(count_people, headers.values(index))) if count_people else []
        if None not in people and set(people) - {1}:
            mapped = _mapped(columns, fields.QUANTITY, index)
            return _with_question(mapped, index, About.QUANTITY_COLUMN, "companions", headers)
    return columns


def _with_quantity(kind: Kind, columns: Columns, headers: Headers) -> Columns:
    """If no column is known as the quantity, ask about one with small numbers that are not all 0 or 1."""
    if fields.QUANTITY in columns.mapping or (kind is Kind.PURCHASES and _has_row_per_ticket(headers)):
        return columns
    for index in sorted(_unread(columns, headers), key=lambda index: not REMAINS.match(slug(headers.names[index]))):
        if _may_name_quantity(kind, columns, headers, index) and _has_quantities(columns, headers, index):
            return _with_question(_mapped(columns, fields.QUANTITY, index), index, About.QUANTITY_COLUMN, "", headers)
    return columns


def _may_name_quantity(kind: Kind, columns: Columns, headers: Headers, index: int) -> bool:
    """Whether the header of the column may name a quantity, other than the number that was bought."""
    name = slug(headers.names[index])
    if is_purchased_quantity(headers.names[index]):
        has_sales_columns = any(rank(field, other) is not None for field in _OF_SALES for other in headers.names)
        if has_sales_columns or name != "tickets":
            return False
    is_of_purchases = kind is Kind.PURCHASES
    if USES.fullmatch(name) or (is_of_purchases and name == "number"):
        return True
    code = columns.mapping.get(fields.CODE)
    has_codes_to_give_out = code is not None and rank(fields.TICKET_CODE, headers.names[code]) != 0
    is_other = OTHER_NUMBERS.fullmatch(name) or (not is_of_purchases and OF_CODES.fullmatch(name))
    return (is_of_purchases or has_codes_to_give_out) and not is_other


def _has_quantities(columns: Columns, headers: Headers, index: int) -> bool:
    """Whether the column has small numbers that are not all 0 or 1, and number neither rows nor those of an order."""
    values = headers.values(index)
    numbers = [value for value in values if slug(value) not in UNLIMITED]
    if not numbers or not all(map(_is_small, numbers)) or _is_running(numbers):
        return False
    return not _is_of_orders(columns, headers, index) and not set(values) <= {"0", "1"}


def _with_sum(columns: Columns, headers: Headers) -> Columns:
    """If no column is known as the quantity, ask about a total of the numbers of people on its row."""
    if fields.QUANTITY in columns.mapping:
        return columns
    counts = {index: headers.cells(index) for index in _unread(columns, headers)}
    counts = {index: cells for index, cells in counts.items() if any(cells) and all(map(_is_count, cells))}
    for index in [index for index in counts if SUM.fullmatch(slug(headers.names[index]))]:
        added = [at for at in counts if at != index]
        before = list(takewhile(counts.__contains__, range(index - 1, -1, -1)))
        combinations = (added, *(before[:end] for end in range(2, len(before) + 1)))
        if any(_is_sum(counts, index, combination) for combination in combinations):
            return _with_question(_mapped(columns, fields.QUANTITY, index), index, About.QUANTITY_COLUMN, "", headers)
    return columns


def _is_sum(counts: Mapping[int, Sequence[str]], index: int, added: Sequence[int]) -> bool:
    """Whether the column has the sums of these other columns, at least two."""
    rows = zip(*(counts[at] for at in added), strict=True)
    sums = [str(sum(int(cell or 0) for cell in row)) for row in rows]
    return len(added) >= _FEWEST_ADDED and sums == counts[index]


def _is_count(cell: str) -> bool:
    return cell in ("", "0") or (cell.isdecimal() and cell[0] != "0" and int(cell) <= _MAX_SMALL_NUMBER)


def _has_row_per_ticket(headers: Headers) -> bool:
    """Whether each row is a single ticket: it has a code for admission, or a seat."""
    for index, name in enumerate(headers.names):
        code_rank = rank(fields.TICKET_CODE, name)
        is_code = (
            code_rank is not None
            and code_rank < _NUMBER_RANK
            and not is_promo(name)
            and headers.filled_and_unique(index)
        )
        if is_code or (
            rank(fields.SEAT, name) is not None and any(any(map(str.isdigit, value)) for value in headers.values(index))
        ):
            return True
    return False


def _is_small(value: str) -> bool:
    return value == "0" or 0 < (parse_quantity(value) or 0) <= _MAX_SMALL_NUMBER


def _is_running(values: Sequence[str]) -> bool:
    """Whether these values only number the rows."""
    numbers = list(map(parse_quantity, values))
    first = numbers[0] or 0
    return len(values) > 1 and numbers == list(range(first, first + len(values)))


def _unread(columns: Columns, headers: Headers) -> list[int]:
    """The columns with a header that are not mapped and are nobody's name or address."""
    mapped = set(columns.mapping.values())
    names = enumerate(headers.names)
    return [index for index, name in names if name.strip() and index not in mapped and person_part(name) is None]
