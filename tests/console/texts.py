"""Texts of the console in each language, by key."""

import json
import re
from functools import cache

from guestlist.messages import catalogue
from guestlist.messages.language import ENGLISH, Language
from tests.console.browser import ROOT

MIN_WORDS = 3
MAILS = ("mail.", "welcome.")
WORDS = ROOT / "layers" / "console" / "src" / "words"
_TEXT = r'"(?:[^"\\]|\\.)*"'
_ENTRY = re.compile(
    rf'^  (?:"([^"]+)"|(\w+)):\s*(?:({_TEXT})|\{{\s*one:\s*({_TEXT}),\s*other:\s*({_TEXT}),?\s*\}}),$', re.MULTILINE
)


@cache
def table(language: str) -> dict[str, tuple[str, str]]:
    """Each key with its text, and with that for several."""
    matches = _ENTRY.finditer((WORDS / f"{language}.ts").read_text(encoding="utf-8"))
    return {one[1] or one[2]: (json.loads(one[3] or one[4]), json.loads(one[3] or one[5])) for one in matches}


class ConsoleTexts:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        self._table = table(language)

    def __call__(self, key: str, n: int = 0, **values: str) -> str:
        """The text of a key, in the plural form for `n`."""
        text = self._table[key][n != 1]
        for name, value in {"n": str(n), **values}.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def untranslated(screen_text: str, language: Language) -> list[str]:
    """Pieces of English sentences, of the console and of the catalogue, that are shown in another language."""
    return [piece for piece in sorted(_pieces(ENGLISH) - _pieces(language)) if piece in screen_text]


@cache
def _pieces(language: Language) -> frozenset[str]:
    """The text between the placeholders of all texts of a language but mails, where it is too long to be a name."""
    forms = [form for text in table(language).values() for form in text]
    for key, text in catalogue.texts(language).items():
        if not key.startswith(MAILS):
            forms += [text] if isinstance(text, str) else text.values()
    pieces = (piece.strip(" .,:;") for form in forms for piece in re.split(r"\{\w+\}|\n", form))
    return frozenset(piece for piece in pieces if len(piece.split()) >= MIN_WORDS)
