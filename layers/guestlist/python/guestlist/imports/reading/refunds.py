"""Detection of refunds in a file of tickets or purchases.

A row is a refund by its type, a negative quantity or a negative amount; columns of refunded amounts and quantities
count too. Refunds and refunded sales are left out, and a partly refunded line keeps the rest of its quantity.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.header_recognition import rank, slug
from guestlist.imports.reading.quantities import parse_count
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.status_recognition import is_cancellation_flag, is_refund_type, is_row_type
from guestlist.imports.reading.text import Text
from guestlist.messages.message import Message

_PIECE = 1 << 16
_LINES_NAMED = 5
_AMOUNT = re.compile(
    r"(total|gross|brutto|order|line|item|ticket|paid|sub)?(amount|total|price|sum|gross|brutto|bedrag|prijs|betrag|"
    r"preis|"
    r"belob|pris|belopp|belop|montant|prix|importo|prezzo|importe|precio|summa|hinta|totaal|gesamt|totalt|omzet)"
    r"(brutto|netto|gross|net|incl|inclbtw|inklmwst|inklmoms|ttc|ht|paid|eur|gbp|usd|dkk|sek|nok|chf)?"
)
_REFUNDED = re.compile(
    r"(amount|total|bedrag|betrag|belob|belopp|belop|montant|importo|importe)?(converted)?(refunded|terugbetaald|"
    r"gerestitueerd|erstattet|refunderet|refundert|aterbetalt|aterbetalat|rembourse|rimborsato|reembolsado)"
    r"(amount|total|bedrag|betrag|belob|belopp|belop|eur|gbp|usd|dkk|sek|nok|chf)?|"
    r"refund(amount|total)|(terugbetalings|restitutie)bedrag|erstattungsbetrag|refusionsbelob|terugbetaaldbedrag"
)
_COUNT = "(?:qty|quantity|number|aantal|antal|antall|anzahl|quantite|qte|quantita|qta|cantidad|cant|maara)"
_RETURNED = (
    "(?:refunded|returned|returnerade?|returnert|returnere(?:de|t)|retourniert|zuruckgegeben|terugbetaald|geretourneerd|refunderet|refundert|erstattet|aterbetalt|aterbetalat|rembourse|"
    "retournee?s?|rendue?s?|rimborsat[oaie]|res[oaie]|reembolsad[oa]s?|devuelt[oa]s?|palautettu)"
)
_REFUNDED_COUNT = re.compile(rf"(?:item|ticket|line)?(?:{_COUNT}{_RETURNED}|{_RETURNED}{_COUNT}|refund{_COUNT})")
_NUMBER = re.compile(r"\D*([0-9][0-9.,'’ ]*)")
_NEGATIVE = re.compile(r"[^\w-]*[-−]\W*[0-9]|\([^\w)]*[0-9][^)]*\)$")
_SIGN = re.compile(r"(?<![\w.])[-−(][ €$£]{0,2}[0-9]")
_ORIGINAL_ORDER = re.compile(
    r"(reference|original|parent|related|refunded|refund|origineel|originele|oprindelig|ursprunglich\w*|ursprunglig)"
    r"(txn|transaction|transactie|transaktion|order|payment|sale|purchase|invoice|betaling|bestelling|ordre)"
    r"(id|number|no|nr|nummer|reference|ref)?|"
    r"(refund|return|retour|terugbetaling|refusion|refusjon|aterkop|erstattung|storno|remboursement|rimborso|reembolso)"
    r"(of|van|af|av|zu|von|de|di|del)?(order|receipt|bestelling|bon|ordre|kvittering|kvitto|bestellung|beleg|commande|"
    r"ticket|ordine|scontrino|pedido|recibo)(id|number|no|nr|nummer|reference|ref)?"
)
"""Header of the column with the refunded order, for exports in which a refund has a number of its own."""

_Refund = tuple[str, bool]
"""The refunded sale item, and whether the row is explicitly called a refund."""
ReadRows = Callable[[], Iterator[tuple[Record, bool]]]
"""Function that reads all rows from the first, each with whether its sale is valid by its status."""


@dataclass(frozen=True, slots=True)
class Refunds:
    """The rows that are left out: those on `lines`, and those with one of `keys` in the column `key_column`.

    `refunded_quantities` are those of lines that are refunded in part; `unmatched_lines` are the lines of refunds
    whose order is not in the file.
    """

    lines: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()
    key_column: int = 0
    refunded_quantities: Mapping[int, int] = field(default_factory=dict)
    unmatched_lines: Sequence[int] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The message about refunds whose order is not in the file, if any."""
        lines = self.unmatched_lines
        return (Message("refund_elsewhere", {"n": len(lines), "lines": tuple(lines[:_LINES_NAMED])}),) if lines else ()

    def excludes(self, record: Record) -> bool:
        """Whether the row is to be left out."""
        return record.line in self.lines or (bool(self.keys) and _cell(record.cells, self.key_column) in self.keys)


def find_refunds(kind: Kind, columns: Columns, text: Text, read_rows: ReadRows, *, has_status: bool) -> Refunds | None:
    """Detect the refunds of a file; None if it has none. With `has_status` its status column leaves rows out."""
    headers = columns.headers[: columns.problem_columns_at]
    if kind not in {Kind.TICKETS, Kind.PURCHASES} and not any(_REFUNDED.fullmatch(slug(name)) for name in headers):
        return None
    signed_columns = [
        at for at, name in enumerate(headers) if _AMOUNT.fullmatch(slug(name)) or rank(fields.QUANTITY, name) == 0
    ]
    signed_columns = signed_columns if signed_columns and _holds_sign(text) else []
    type_columns = [at for at, name in enumerate(headers) if is_row_type(name)]
    is_refund = _RefundTest(signed_columns, type_columns)
    amounts = [at for at, name in enumerate(headers) if _AMOUNT.fullmatch(slug(name))]
    refunded = [
        at for at, name in enumerate(headers) if _REFUNDED.fullmatch(slug(name)) and not is_cancellation_flag(name)
    ]
    refunds = _by_kind(kind, columns, is_refund, read_rows, has_status=has_status)
    if not (amounts and refunded):
        return refunds
    lines = {record.line for record, _ in read_rows() if _is_refunded(record.cells, refunded[0], amounts[0])}
    if not lines:
        return refunds
    return replace(refunds or Refunds(), lines=(refunds.lines if refunds else frozenset()) | lines)


def _by_kind(
    kind: Kind, columns: Columns, is_refund: "_RefundTest", read_rows: ReadRows, *, has_status: bool
) -> Refunds | None:
    signed_columns, type_columns = is_refund.signed_columns, is_refund.type_columns
    if kind is Kind.TICKETS and (has_status or signed_columns) and fields.TICKET_CODE in columns.mapping:
        return _find_refunded_tickets(columns.mapping[fields.TICKET_CODE], is_refund, read_rows)
    counts = any(_REFUNDED_COUNT.fullmatch(slug(name)) for name in columns.headers)
    if kind is Kind.PURCHASES and (type_columns or signed_columns or counts):
        return _find_refunded_orders(columns, is_refund, read_rows)
    return None


@dataclass(frozen=True, slots=True)
class _RefundTest:
    """Test whether a row is a refund, by the signs in `signed_columns` and the types in `type_columns`."""

    signed_columns: Sequence[int]
    type_columns: Sequence[int]

    def __call__(self, cells: Sequence[str]) -> bool:
        return any(_NEGATIVE.match(_cell(cells, at)) for at in self.signed_columns) or any(
            is_refund_type(_cell(cells, at)) for at in self.type_columns
        )

    def is_explicit(self, cells: Sequence[str], item: int) -> bool:
        """Whether a refund is explicitly called one, by its type or its sale item."""
        return any(is_refund_type(_cell(cells, at)) for at in (*self.type_columns, item))


def _is_refunded(cells: Sequence[str], refunded: int, amount: int) -> bool:
    """Whether the whole amount was refunded."""
    refund = _value(_cell(cells, refunded))
    return 0 < refund >= _value(_cell(cells, amount))


def _value(cell: str) -> float:
    match = _NUMBER.match(cell)
    digits = re.sub(r"['’ ]", "", match[1]) if match else "0"
    whole, _, cents = (
        digits.replace(",", ".").rpartition(".") if re.search(r"[.,][0-9]{1,2}$", digits) else (digits, "", "")
    )
    return float(f"{re.sub(r'[.,]', '', whole or '0')}.{cents or '0'}")


def _holds_sign(text: Text) -> bool:
    """Whether the file has a negative number; searched without splitting the cells."""
    return any(_SIGN.search(piece) for piece in text.pieces(_PIECE))


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _find_refunded_tickets(code: int, is_refund: _RefundTest, read_rows: ReadRows) -> Refunds | None:
    codes = {_cell(record.cells, code) for record, counts in read_rows() if not counts or is_refund(record.cells)}
    return Refunds(keys=frozenset(codes - {""}), key_column=code) if codes - {""} else None


def _find_refunded_orders(columns: Columns, is_refund: _RefundTest, read_rows: ReadRows) -> Refunds | None:
    order, item = columns.mapping[fields.ORDER], columns.mapping[fields.SALE_ITEM]
    quantity = columns.mapping.get(fields.QUANTITY)
    reference = next((at for at, name in enumerate(columns.headers) if _ORIGINAL_ORDER.fullmatch(slug(name))), order)
    refunds: dict[str, dict[_Refund, int]] = defaultdict(lambda: defaultdict(int))
    lines: set[int] = set()
    order_by_line: dict[int, str] = {}
    for record, _ in read_rows():
        if is_refund(record.cells):
            lines.add(record.line)
            number = _cell(record.cells, reference) or _cell(record.cells, order)
            is_explicit = is_refund.is_explicit(record.cells, item)
            refunds[number][_cell(record.cells, item), is_explicit] += _quantity(record.cells, quantity)
            if is_explicit or (number and not is_refund.type_columns):
                order_by_line[record.line] = number
    refunds.pop("", None)
    refunded_quantities: dict[int, int] = {}
    count_column = next((at for at, name in enumerate(columns.headers) if _REFUNDED_COUNT.fullmatch(slug(name))), None)
    if count_column is not None:
        _add_refunded_counts(read_rows, count_column, quantity, lines, refunded_quantities)
    if not (lines or refunded_quantities):
        return None
    sales = _refunded_sales(refunds, (order, item, quantity), lines, read_rows)
    for number, rows in sales.items():
        _subtract_refunds(rows, refunds[number], lines, refunded_quantities)
    unmatched_lines = [line for line, number in order_by_line.items() if number not in sales]
    return Refunds(lines=frozenset(lines), refunded_quantities=refunded_quantities, unmatched_lines=unmatched_lines)


def _add_refunded_counts(
    read_rows: ReadRows, count_column: int, quantity: int | None, lines: set[int], refunded_quantities: dict[int, int]
) -> None:
    """Add the refunded quantities that the rows have in the column `count_column`."""
    for record, _ in read_rows():
        refunded = parse_count(_cell(record.cells, count_column)) or 0
        if refunded >= _quantity(record.cells, quantity):
            lines.add(record.line)
        elif refunded:
            refunded_quantities[record.line] = refunded


def _refunded_sales(
    refunds: Mapping[str, Mapping[_Refund, int]],
    columns: tuple[int, int, int | None],
    lines: set[int],
    read_rows: ReadRows,
) -> dict[str, list[tuple[int, str, int]]]:
    """The sales of each refunded order in the file, as line, sale item and quantity.

    An order whose sales do not count by their status has an empty list.
    """
    order, item, quantity = columns
    sales: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for record, counts in read_rows():
        number = _cell(record.cells, order)
        if record.line not in lines and number in refunds:
            sale = (record.line, _cell(record.cells, item), _quantity(record.cells, quantity))
            sales[number] += [sale] if counts else []
    return sales


def _subtract_refunds(
    rows: list[tuple[int, str, int]],
    refunds: Mapping[_Refund, int],
    lines: set[int],
    refunded_quantities: dict[int, int],
) -> None:
    """Subtract the refunds of one order from its rows.

    A refund that names none of the order's items refunds all of it. A negative row with another item that is not
    called a refund is a discount, and subtracts nothing.
    """
    sold_items = {item for _, item, _ in rows}
    refunds_all = any(item not in sold_items and (is_explicit or not item) for item, is_explicit in refunds)
    unassigned: dict[str, int] = defaultdict(int)
    for (item, _), quantity in refunds.items():
        unassigned[item] += quantity
    for line, item, quantity in rows:
        refunded = quantity if refunds_all else min(quantity, unassigned[item])
        unassigned[item] -= refunded
        if refunded == quantity:
            lines.add(line)
        elif refunded:
            refunded_quantities[line] = refunded


def _quantity(cells: Sequence[str], quantity: int | None) -> int:
    number = parse_count(_cell(cells, quantity)) if quantity is not None else None
    return 1 if number is None else number
