"""Texts as they were before another system changed them: letters encoded twice, and entities of web pages.

Companions behind a name are another such change (`companions`).
"""

import re
from html import unescape

_TWICE = re.compile(r"[ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""A letter of UTF-8 as Windows-1252 reads it."""
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,5}|#[xX][0-9A-Fa-f]{2,4});")
_UNDEFINED = {code: code for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def may_need_repair(text: str) -> bool:
    """Whether the text has a sign of damage; hardly any text has one."""
    # One search for each sign takes a third of the time of an expression for all of them.
    return (
        "+" in text
        or "&" in text
        or (not text.isascii() and ("Ã" in text or "Â" in text or "â€" in text or "Å" in text or "Ä" in text))
    )


def decoded_once(text: str) -> str:
    """The text whose letters were encoded as UTF-8 twice; any other is unchanged."""
    if text.isascii() or not _TWICE.search(text):
        return text
    try:
        return b"".join(map(_byte, text)).decode()
    except UnicodeError:
        return text


def without_entities(text: str) -> str:
    """The text with the characters that entities such as “&amp;” stand for."""
    return unescape(text) if "&" in text and _ENTITY.search(text) else text


def _byte(letter: str) -> bytes:
    return bytes([ord(letter)]) if ord(letter) in _UNDEFINED else letter.encode("cp1252")
