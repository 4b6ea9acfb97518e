"""Companions whom a guest brings along: in a column such as “+1”, or after the name, such as “Ada Bell + 2”.

Such a number does not include the guest.
"""

import re
from collections.abc import Callable

from guestlist.imports.reading import fields
from guestlist.imports.reading.header_recognition import person_part, slug
from guestlist.imports.reading.status_recognition import is_affirmative_answer, is_negative_answer

_SIGN = re.compile(r"\s*\+\s*(?:1|n|x)?\s*(?:['’]?s)?\s*[?:]?\s*", re.IGNORECASE)
_WORDS = (
    "plus one, plus ones, plus 1, plus 1s, plus one allowed, plus ones allowed, number of plus ones, no of plus ones, "
    "plus one count, allowed plus ones, additional guests, number of additional guests, extra guests, companions, "
    "accompanying persons, accompanying guests, introducé, introducés, introducee, introducees, aantal introducés, "
    "aantal introducees, extra gasten, extra personen, begleitung, begleitpersonen, anzahl begleitpersonen, "
    "begleitperson, begleiter, ledsager, ledsagere, antal ledsagere, antall ledsagere, følge, medfølgende, ledsagare, "
    "följeslagare, antal följeslagare, medföljande, avec, seuralainen, seuralaiset, accompagnants, accompagnateurs, "
    "nombre d'accompagnants, accompagnatori, numero accompagnatori, acompañantes, número de acompañantes, acompanhantes"
)
_HEADERS = frozenset(map(slug, _WORDS.split(", ")))
_COUNT = re.compile(r"\+?\s*([0-9]{1,2})")
_SOMEBODY = (
    "guest|gast|one|partner|introduc[eé]e?|begleitung|begleiter|ledsager|ledsagare|seuralainen|avec|invit[eé]|"
    "accompagnant|accompagnatore|acompañante"
)
_BEHIND_NAME = re.compile(
    rf"(?P<name>.*?[^\W\d_].*?)[\s,–-]*[(\[]?\s*\+\s*"
    rf"(?:(?P<count>[1-9][0-9]?)(?:\s*(?:{_SOMEBODY})s?)?|{_SOMEBODY})\s*[)\]]?\s*",
    re.IGNORECASE,
)


def is_companions(header: str) -> bool:
    """Whether the header names how many people a guest brings along."""
    return _SIGN.fullmatch(header) is not None or slug(header) in _HEADERS


def people_counter(header: str) -> Callable[[str], int | None] | None:
    """The function that counts the people in a cell below this header, the guest included.

    None unless the header is that of companions or of names. The function returns None for a cell it cannot read.
    """
    if is_companions(header):
        return _with_guest
    part = person_part(header)
    return _named if part and part[0] != fields.EMAIL else None


def without_companions(name: str) -> str:
    """The name without the number of companions after it."""
    match = _BEHIND_NAME.fullmatch(name) if "+" in name else None
    return match["name"] if match else name


def _with_guest(cell: str) -> int | None:
    if is_negative_answer(cell):
        return 1
    if match := _COUNT.fullmatch(cell.strip()):
        return 1 + int(match[1])
    return 2 if is_affirmative_answer(cell) else None


def _named(cell: str) -> int | None:
    match = _BEHIND_NAME.fullmatch(cell) if "+" in cell else None
    return 1 + int(match["count"] or 1) if match else 1
