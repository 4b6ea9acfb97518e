"""Detection of changes that spreadsheets make to a cell, and their reversal where possible."""

import re
from functools import cache

_PROTECTED = re.compile(r'="([^"]*)"')
_PRECISION = 15
_ERRORS = (
    "#N/A #REF! #NAME? #VALUE! #DIV/0! #NULL! #NUM! #SPILL! #CALC! #ERROR! #BLOCKED! "
    "#N/B #VERW! #NAAM? #WAARDE! #DEEL/0! #LEEG! #GETAL! #NV #BEZUG! #WERT! #ZAHL! "
    "#I/T #REFERENCE! #NAVN? #VÆRDI! #VERDI! #DIVISION/0! #NUL! #TAL! "
    "#SAKNAS! #REFERENS! #NAMN? #VÄRDEFEL! #SKÄRNING! #OGILTIGT! #PUUTTUU! #VIITTAUS! #NIMI? #ARVO! #JAKO/0! "
    "#N/D #NOM? #VALEUR! #NOMBRE! #RIF! #NOME? #VALORE! #NULLO! "
    "#¡REF! #¿NOMBRE? #¡VALOR! #¡DIV/0! #¡NULO! #¡NUM!"
)
"""Error values of failed formulas, in the languages of `header_words`."""


@cache
def _errors() -> frozenset[str]:
    return frozenset(_ERRORS.split())


def is_error(cell: str) -> bool:
    """Whether the cell is the error value of a failed formula."""
    return cell[:1] == "#" and cell.strip().upper() in _errors()


def unescape(cell: str) -> str:
    """Remove `="…"` or apostrophes around a cell, or an apostrophe before a number or formula.

    The error value of a formula becomes empty.
    """
    if is_error(cell):
        return ""
    if cell[:1] == "'" and (cell[1:2] in {"+", "-", "="} or cell[1:].isdecimal()):
        return cell[1:]
    if len(cell) > 2 and cell[0] == "'" == cell[-1] and not {"'", "@"} & {*cell[1:-1]}:
        return cell[1:-1]
    match = _PROTECTED.fullmatch(cell)
    return match[1] if match else cell


def is_rounded(number: str) -> bool:
    """Whether a number has only zeros after its 15th digit, as a spreadsheet keeps no more digits."""
    return len(number) > _PRECISION and not number[_PRECISION:].strip("0")
