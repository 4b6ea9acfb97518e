"""How likely a text is, read in one encoding or another.

Every byte above ASCII is a character in several encodings, but only in one of them is it where
such characters stand: an é beside letters, a capital at the start of a word, a € beside digits.
"""

from collections.abc import Mapping

_COMMON = frozenset("éèëêáàâäåãæçíìïîñóòôöøúùûüßœ")
_SIGNS = frozenset("‘“”„‚«»‹›€£¥–—…•™®©§°·½¼¾\xa0")
_RARE = 0.25


Triples = Mapping[bytes, int]
"""How often each three bytes were met: the one before, one above ASCII, the one after."""


def likelihood(triples: Triples, codec: str) -> float:
    """From -1, nonsense, to 1, ordinary text: the mean over what was found; 0 for nothing."""
    total = sum(triples.values())
    return sum(count * _fits(*triple.decode(codec, "replace")) for triple, count in triples.items()) / max(total, 1)


def differing(triples: Triples, codec: str, other: str) -> Triples:
    """Those that the two one-byte encodings read differently."""
    same = {byte for byte in range(128, 256) if _char(byte, codec) == _char(byte, other)}
    return {triple: count for triple, count in triples.items() if triple[1] not in same}


def _char(byte: int, codec: str) -> str:
    return bytes([byte]).decode(codec, "replace")


def _fits(before: str, char: str, after: str) -> float:
    if char.isalpha():
        return _letter_fits(before, char, after)
    in_a_word = before.isalpha() and after.isalpha()
    if char == "’":
        return 1.0
    misplaced = in_a_word or (char == "‘" and before.isalpha())
    return 1.0 if char in _SIGNS and not misplaced else -1.0


def _letter_fits(before: str, char: str, after: str) -> float:
    weight = 1.0 if char.lower() in _COMMON else _RARE
    if not (_plain(before) or _plain(after)):
        return -1.0 if before.isalpha() or after.isalpha() else -0.5
    if char.isupper():
        return weight if before.isupper() or (after.isalpha() and not before.isalpha()) else -1.0
    return -1.0 if after.isupper() else weight


def _plain(char: str) -> bool:
    return char.isascii() and char.isalpha()
