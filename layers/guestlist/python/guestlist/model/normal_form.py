"""The one form in which texts are kept and compared, whatever keyboard, phone or system wrote them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from unicodedata import normalize

from annotated_types import MaxLen

_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Says how a text that comes in is cleaned before anything is demanded of it."""

    clean: Callable[[str], str]


def normal(text: str) -> str:
    """The text with its accents composed, and without characters that nobody sees and that separate nothing."""
    return text if text.isascii() else normalize("NFC", text.translate(_UNSEEN))


def has_unseen(text: str) -> bool:
    """Whether the normal form lacks characters of the text."""
    return not text.isascii() and text.translate(_UNSEEN) != text


def spellings(text: str) -> tuple[str, ...]:
    """The normal form, and the others in which an earlier version may have stored the text."""
    if text.isascii():
        return (text,)
    return tuple(dict.fromkeys([normal(text), text, normalize("NFD", normal(text))]))


Name = Annotated[str, Cleaned(normal), MaxLen(200)]
"""A person's name."""
