"""Recognition of the status of sales in headers and cells, by the tables in `flag_words` and `sale_words`."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from itertools import islice

from guestlist.imports.reading.flag_words import BAD_FLAGS, COMING, COMPLETED, GOOD_FLAGS
from guestlist.imports.reading.header_recognition import person_words, slug
from guestlist.imports.reading.sale_words import (
    ENDED,
    ENDED_STEMS,
    ENGLISH_SUBJECTS,
    IN_PROGRESS,
    NEUTRAL,
    OPEN_ORDER,
    PAID_BY,
    REFUND_STEMS,
    RESERVED,
    ROW_TYPES,
    SOLD,
    STATUS_NOUNS,
    STATUS_STEMS,
    SUBJECTS,
    UNANSWERED,
    VALID,
    VALID_STEMS,
)
from guestlist.imports.reading.status_cells import first_word, without_date, without_subject

_DOUBTFUL = re.compile(
    r"(non|not|no|never|niet|nicht|ikke|inte|ej|ei|(un|de)(?=regist|confirm|approv|accept))(?=\w).*|.*(partial|"
    r"partly|gedeeltelijk|deels|delvis|teilweise|"
    r"osittain|partiel|parzial|parcial|request|aangevraagd|anmod|beantragt|begard|demande|richiest|solicit|pyydet).*|"
    r".*(refund|cancel|storn|annul).*(declin|reject|denied|fail|afgewezen|abgelehnt|afvist).*"
)
_PAYMENT = re.compile("pay|paid|financial|betal|betaa|bezahl|zahlung|maksu|paiement|pagament|pago")
_NO_SALE = re.compile(
    r".*(event|class|course|cursus|kurs|lesson|session|stock|product|venue|task|campaign(?!member)|project|evenement|"
    r"veranstaltung|show|performance|voorstelling|check|scan|mail|epost|sms|deliver|lever|liefer|"
    r"ship|verzend|versand|fulfil|print|druk|druck|news|nieuws|market|opt|consent|marital|civil|burger|familien|visa|"
    r"vaccin|covid|residen|employ|student|sync|crm|lead|badge|park|hotel|room|travel|photo|verif|waiver|form|survey|"
    r"import|export|publi|background|device|vip|health|refund|terugbetaal|void|cancel).*"
)
"""Headers of a status that has nothing to do with sales or memberships."""
_FREE_TEXT = re.compile(
    r".*(note|nota|notat|memo|comment|komment|remark|opmerk|bemerk|bemark|bemaerk|anmerk|anmark|huomaut|commentaire|"
    r"remarque|osservazion|observacion|comentario|description|omschrijving|beskriv|beschreib).*"
)
_OTHER_STATUS = re.compile(r".+(status|statut|tila)|(status|statut|stato|estado|etat).+")
"""Headers that may be the status of a sale, about which the organiser is asked."""
_RESULT = re.compile(
    "(scan|scanning|checkin|entry|access)?(result|resultaat|resultat|ergebnis|esito|resultado|tulos|action|actie|"
    "aktion|"
    "handling|azione|accion)"
)
"""Headers of the result of a scan, or of the action that another system is to take on a row."""
_CHECK_IN = re.compile(
    r"(checkin|checkins|scan|scanning|door|entry|entrance|transfer|resale)(status|state|result)|"
    r"(booking|order|attendee|registration)?verification(status|state)?"
)
_CANCELLED = re.compile(
    "refund|cancel|void|annul|storn|kansell|avbok|avbestill|aflyst|peruutet|terugbetaa|erstattet|aterbetal|rembours|"
    "rimbors|reembols|anulad"
)
_WOOCOMMERCE = "wc-"
"""The prefix of states in the database of WooCommerce, and in exports made from it."""
_PERSON_STATUS = re.compile(
    r"(.+)[\s-](patron|member|lid|medlem|mitglied|subscriber|backer|donor|supporter|attendee|guest)s?\s*", re.IGNORECASE
)
"""A status with a word for the person, such as “active patron” or “former member”."""
_ALTERNATIVES = re.compile(r"\s+[/|]\s+")
"""The separator of two states, either of which is meant."""
_YES = "yes, y, true, 1, x, ja, j, sí, si, oui, sì, kyllä, waar, sand, wahr, sant, joo, attending"
_NO = (
    "leider, helaas, desværre, tyvärr, beklager, purtroppo, malheureusement, valitettavasti, sorry, unfortunately, "
    "no, n, false, 0, nee, nej, nein, nei, non, ei, en, onwaar, falsk, falsch, falskt, nope"
)
_FINAL_ANSWERS = "yes, no, ja, nee, nej, nein, nei"
_MAX_STATES = 20
_ZERO_OR_NONE = re.compile(r"(eur|usd|gbp|dkk|sek|nok|chf|kr)?0+(eur|kr)?|na|none|null|never|nvt|nan")


def may_be_status(header: str) -> bool:
    """Whether the header may be that of a column with the status of sales."""
    matches = is_sale_status(header) or is_validity_flag(header) or is_cancellation_flag(header) or is_row_type(header)
    matches = matches or is_check_in_status(header) or _RESULT.fullmatch(slug(header)) is not None
    return matches or (may_concern_sales(header) and _OTHER_STATUS.fullmatch(slug(header)) is not None)


def is_payment_status(header: str) -> bool:
    """Whether the header names the status of payments."""
    return _PAYMENT.search(slug(header)) is not None


def is_check_in_status(header: str) -> bool:
    """Whether the header names the status of a check-in or a check, of sales only if it says that one ended."""
    return _CHECK_IN.fullmatch(slug(header)) is not None


def is_cancelled(cell: str) -> bool:
    """Whether the cell says that a sale was cancelled or refunded, not only that a person is expected."""
    return _CANCELLED.search(slug(cell)) is not None


def is_open_order(text: str) -> bool:
    """Whether an order with this status, as `slug` makes it, is open: not paid, or not sent yet."""
    return text in _set(OPEN_ORDER)


def is_in_progress(cell: str) -> bool:
    """Whether the cell says that an order is in progress; another column may have the state of its payment."""
    return slug(cell) in _set(IN_PROGRESS)


def may_concern_sales(header: str) -> bool:
    """Whether the status below the header may be that of a sale or a membership."""
    return _NO_SALE.fullmatch(slug(header)) is None


def is_free_text(header: str) -> bool:
    """Whether the header names free text."""
    return _FREE_TEXT.fullmatch(slug(header)) is not None


def is_certainly_ended(cell: str) -> bool:
    """Whether the cell says that a sale ended, whatever the subject of its column."""
    is_sure = re.search(ENDED_STEMS, slug(cell)) is not None or " " in cell
    return is_sure and is_valid_sale(cell) is False


def is_cancelling_remark(cell: str) -> bool:
    """Whether a remark begins with a word that says that the sale was cancelled or refunded."""
    word = first_word(cell)
    return word is not None and is_cancelled(word) and is_certainly_ended(word)


def are_sale_statuses(cells: Collection[str]) -> bool:
    """Whether all cells are words for the status of sales that are all valid, or of which one has surely ended.

    If dates follow the words, every row must have one; otherwise the cells are remarks.
    """
    filled = {cell for cell in cells if cell}
    if any(is_valid_sale(cell) is None for cell in islice(filled, _MAX_STATES)) or len(filled) > _MAX_STATES:
        return False
    if filled and all(is_valid_sale(cell) and not is_neutral(cell) for cell in filled):
        return True
    has_dates = any(any(map(str.isdigit, cell)) for cell in filled)
    return any(map(is_certainly_ended, filled)) and not (has_dates and "" in cells)


def is_sale_status(header: str) -> bool:
    """Whether the header names the status of a sale or a membership for certain."""
    text = slug(header)
    return any(word in text for word in STATUS_STEMS) and _status().fullmatch(text) is not None


def is_validity_flag(header: str) -> bool:
    """Whether the header asks for yes or no, and yes means that the sale is valid."""
    text = slug(header)
    return text in _set(GOOD_FLAGS) or COMPLETED.fullmatch(text) is not None or COMING.fullmatch(text) is not None


def is_cancellation_flag(header: str) -> bool:
    """Whether yes, or a date, below the header means that the sale ended."""
    return BAD_FLAGS.fullmatch(slug(header)) is not None


def is_row_type(header: str) -> bool:
    """Whether the header names the type of a row, such as payment or refund."""
    return slug(header) in _set(ROW_TYPES)


def is_refund_type(cell: str) -> bool:
    """Whether a row of this type is a refund."""
    return re.search(REFUND_STEMS, slug(cell)) is not None


def is_negative_answer(cell: str) -> bool:
    """Whether the cell below such a header says no, or is empty."""
    text = slug(cell)
    return text == "" or text in _set(_NO) or _ZERO_OR_NONE.fullmatch(text) is not None


def is_affirmative_answer(cell: str) -> bool:
    """Whether the cell says yes."""
    return slug(cell) in _set(_YES)


def is_valid_sale(cell: str, *, flag: bool = False, codes: bool = False) -> bool | None:
    """Whether a sale with this status is valid; None if that is not known.

    A `flag` is answered with yes or no, and perhaps more text. `codes` to give out are open as long as they are valid.
    """
    if (answer := _answer(cell) if flag else _last_word(cell)) is not None:
        return answer
    cell = cell.removeprefix(_WOOCOMMERCE)
    text = slug(cell)
    if flag and text in _set(PAID_BY):
        return True
    if text not in _validity_by_word():
        shorter = (slug(without(cell)) for without in (without_date, without_subject))
        text = next((state for state in shorter if state in _validity_by_word()), text)
    if (person_status := _PERSON_STATUS.fullmatch(cell)) and text not in _validity_by_word():
        text = slug(person_status[1])
    if codes and text in _set(OPEN_ORDER):
        return None
    if text not in _validity_by_word() and len(parts := _ALTERNATIVES.split(cell)) > 1:
        validities = {is_valid_sale(part, flag=flag, codes=codes) for part in parts}
        return validities.pop() if len(validities) == 1 else None
    return _validity_of(text)


def _validity_of(text: str) -> bool | None:
    if text in _validity_by_word():
        return _validity_by_word()[text]
    if _DOUBTFUL.fullmatch(text):
        return None
    if re.search(ENDED_STEMS, text):
        return False
    return True if re.search(VALID_STEMS, text) else None


def is_neutral(cell: str) -> bool:
    """Whether the cell alone does not show that its column is the status of sales."""
    return slug(cell) in _set(NEUTRAL)


def is_unanswered(cell: str) -> bool:
    """Whether the cell says that a person was asked and has not answered yes or no."""
    return slug(cell) in _set(UNANSWERED)


def is_reserved(cell: str) -> bool:
    """Whether the cell says that a place is reserved, which may be its final state."""
    return slug(cell) in _set(RESERVED)


def is_sold(cell: str) -> bool:
    """Whether the cell says that something was sold or paid."""
    return slug(cell) in _set(SOLD)


def _answer(cell: str) -> bool | None:
    first = slug(re.split(r"[\s;!:–]|[.,-](?!\d)", cell.strip(), maxsplit=1)[0])
    if first in _set(_YES):
        return True
    return False if first in _set(_NO) else None


def _last_word(cell: str) -> bool | None:
    """The yes or no at the end of a text such as “RSVP’d No”; None without one, or without text before it."""
    *before, last = cell.split() or [""]
    if not before or slug(last) not in _set(_FINAL_ANSWERS):
        return None
    return slug(last) in _set(_YES)


@cache
def _validity_by_word() -> Mapping[str, bool]:
    return {
        **dict.fromkeys(_set(VALID), True),
        **dict.fromkeys(_set(ENDED) | _set(UNANSWERED) | _set(OPEN_ORDER), False),
    }


@cache
def _status() -> re.Pattern[str]:
    about = "|".join(sorted({*_set(SUBJECTS), *person_words()}, key=len, reverse=True))
    states, english = "|".join(_set(STATUS_NOUNS)), "|".join(_set(ENGLISH_SUBJECTS))
    glue = "(?:of|van|vande|der|des|du|de|dela|del|delle?|dell|di|av|af)*"
    return re.compile(
        f"(?:raisondu)?(?:(?:{about})s?){{0,2}}(?:{states})(?:{glue}(?:{about}))?(?:reason|name|text|label|title|bezeichnung|"
        f"naam|navn|namn|omschrijving|description)?|(?:{english})?state"
    )


@cache
def _set(listed: str) -> frozenset[str]:
    return frozenset(map(slug, listed.split(", ")))
