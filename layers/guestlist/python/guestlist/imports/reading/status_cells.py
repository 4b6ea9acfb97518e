"""Parts of a cell with a status: its date, its subject, and the first word of a remark."""

import re

_FIRST_WORD = re.compile(
    r"\s*([^\W\d_]+)\s*(?:$|[^\w\s]|[0-9]|(?:by|on|via|per|due|door|op|wegens|af|den|pga|am|von|durch|wegen|av|pa|på|"
    r"par|le|da|dal|il|por|el|puhelimitse)\b)",
    re.IGNORECASE,
)
"""The first word of a remark, if nothing follows it but by whom, when or why."""
_SUBJECT = re.compile(
    r"\A\s*(?:payment|order|booking|zahlung|bestellung|buchung|betaling|bestelling|boeking|bestilling|ordre|betalning|"
    r"beställning|bokning|maksu|tilaus|varaus|paiement|commande|réservation|pagamento|ordine|prenotazione|pago|pedido|"
    r"reserva)\s+(?:(?:is|ist|er|är|wurde|has been|on|est|è|está)\s+)?",
    re.IGNORECASE,
)
"""The subject of a status, such as “Payment” in “Payment received”."""
_DATE_BEHIND = re.compile(
    r"[\s,(–-]+(?:(?:am|on|op|den|d|le|il|el|at|um)\.?\s+)?[0-9][0-9./:-]{3,}[0-9]"
    r"(?:[\s,T]+(?:at|om|um|kl\.?|klo|à|alle)?\s*[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?)?\)?"
)
_BEFORE_DATE = re.compile(r"(?<=[^\W\d_])[\s,(–-]+(?=\S{0,4}\s*[0-9])")
"""The place behind a status at which a date may begin."""
_MAX_LENGTH = 100


def first_word(remark: str) -> str | None:
    """The first word of a remark, if nothing follows it but by whom, when or why; else None."""
    match = _FIRST_WORD.match(remark)
    return match[1] if match else None


def without_subject(cell: str) -> str:
    """The status without its subject."""
    return _SUBJECT.sub("", cell, count=1)


def without_date(cell: str) -> str:
    """The status without the date behind it; the whole cell if there is none."""
    if len(cell) > _MAX_LENGTH:
        return cell
    begin = _BEFORE_DATE.search(cell)
    return cell[: begin.start()] if begin and _DATE_BEHIND.fullmatch(cell[begin.start() :].rstrip()) else cell
