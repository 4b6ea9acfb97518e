"""What spreadsheets do to a cell, and how it is undone where it can be."""

import re
from functools import cache

_PROTECTED = re.compile(r'="([^"]*)"')
_DIGITS_KEPT = 15
_ERRORS = (
    "#N/A #REF! #NAME? #VALUE! #DIV/0! #NULL! #NUM! #SPILL! #CALC! #ERROR! #BLOCKED! "
    "#N/B #VERW! #NAAM? #WAARDE! #DEEL/0! #LEEG! #GETAL! #NV #BEZUG! #WERT! #ZAHL! "
    "#I/T #REFERENCE! #NAVN? #VÆRDI! #VERDI! #DIVISION/0! #NUL! #TAL! "
    "#SAKNAS! #REFERENS! #NAMN? #VÄRDEFEL! #SKÄRNING! #OGILTIGT! #PUUTTUU! #VIITTAUS! #NIMI? #ARVO! #JAKO/0! "
    "#N/D #NOM? #VALEUR! #NOMBRE! #RIF! #NOME? #VALORE! #NULLO! "
    "#¡REF! #¿NOMBRE? #¡VALOR! #¡DIV/0! #¡NULO! #¡NUM!"
)
"""What a spreadsheet shows where a formula failed, in the languages of `header_words`."""


@cache
def _errors() -> frozenset[str]:
    return frozenset(_ERRORS.split())


def is_error(cell: str) -> bool:
    """Whether the cell holds the error of a formula, and nothing that anybody meant."""
    return cell[:1] == "#" and cell.strip().upper() in _errors()


def unwrapped(cell: str) -> str:
    """The text that was meant: without `="…"` or apostrophes around it, or an apostrophe before a number or formula.

    Where a formula failed that is none.
    """
    if is_error(cell):
        return ""
    if cell[:1] == "'" and (cell[1:2] in {"+", "-", "="} or cell[1:].isdecimal()):
        return cell[1:]
    if len(cell) > 2 and cell[0] == "'" == cell[-1] and not {"'", "@"} & {*cell[1:-1]}:
        return cell[1:-1]
    protected = _PROTECTED.fullmatch(cell)
    return protected[1] if protected else cell


def is_rounded(number: str) -> bool:
    """Whether a code of digits alone has nothing but zeros after the fifteenth, the last one a spreadsheet keeps."""
    return len(number) > _DIGITS_KEPT and not number[_DIGITS_KEPT:].strip("0")
