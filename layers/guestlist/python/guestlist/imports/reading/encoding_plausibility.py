"""Plausibility of a text in a given one-byte encoding.

A byte above ASCII is a character in several encodings, but usually in only one of them is its position
plausible: an é beside letters, a capital at the start of a word, a € beside digits.
"""

from collections.abc import Mapping

_COMMON = frozenset("éèëêáàâäåãæçíìïîñóòôöøúùûüßœ")
_SIGNS = frozenset("‘“”„‚«»‹›€£¥–—…•™®©§°·½¼¾\xa0")
_RARE = 0.25


Triples = Mapping[bytes, int]
"""Frequency of each sequence of three bytes, of which the middle one is above ASCII."""


def likelihood(triples: Triples, codec: str) -> float:
    """The mean plausibility, from -1 (nonsense) to 1 (ordinary text); 0 without triples."""
    total = sum(triples.values())
    return sum(count * _score(*triple.decode(codec, "replace")) for triple, count in triples.items()) / max(total, 1)


def differing(triples: Triples, codec: str, other: str) -> Triples:
    """The triples whose middle byte differs between the two one-byte encodings."""
    same = {byte for byte in range(128, 256) if _char(byte, codec) == _char(byte, other)}
    return {triple: count for triple, count in triples.items() if triple[1] not in same}


def _char(byte: int, codec: str) -> str:
    return bytes([byte]).decode(codec, "replace")


def _score(before: str, char: str, after: str) -> float:
    if char.isalpha():
        return _letter_score(before, char, after)
    is_within_word = before.isalpha() and after.isalpha()
    if char == "’":
        return 1.0
    misplaced = is_within_word or (char == "‘" and before.isalpha())
    return 1.0 if char in _SIGNS and not misplaced else -1.0


def _letter_score(before: str, char: str, after: str) -> float:
    weight = 1.0 if char.lower() in _COMMON else _RARE
    if not (_is_ascii_letter(before) or _is_ascii_letter(after)):
        return -1.0 if before.isalpha() or after.isalpha() else -0.5
    if char.isupper():
        return weight if before.isupper() or (after.isalpha() and not before.isalpha()) else -1.0
    return -1.0 if after.isupper() else weight


def _is_ascii_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
