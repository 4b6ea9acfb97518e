"""Search names by a prefix of one of their words."""

from collections.abc import Callable
from unicodedata import combining, normalize

MAX_LENGTH = 60
_MAX_WORDS = 12
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’‘ʼʻ′´`", "'")
)
"""ASCII equivalents of letters and apostrophes that have no Unicode decomposition."""


def folded(text: str) -> str:
    """Normalise a name for search: ASCII letters and apostrophes where possible, no case, single blanks."""
    if text.isascii():
        return " ".join(text.lower().translate(_TYPED).split())
    # Translated before NFKD, which would split an acute accent used as an apostrophe into a blank and a mark.
    return unaccented(text.casefold().translate(_TYPED)).translate(_TYPED)


def unaccented(text: str) -> str:
    """Normalise a name without accents, as names once were searched; ø, ł and ı stay."""
    plain = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join(plain.casefold().split())


def beginnings(name: str, fold: Callable[[str], str] = folded) -> list[str]:
    """The suffixes of the folded name from each word on, cut to 60 characters; a search is a prefix of one."""
    words = fold(name).split()[:_MAX_WORDS]
    suffixes = (" ".join(words[at:])[:MAX_LENGTH] for at in range(len(words)))
    return list(dict.fromkeys(suffixes))


def begins(name: str, typed: str) -> bool:
    """Whether the typed text is a prefix of the name from one of its words on."""
    return any(part.startswith(folded(typed)[:MAX_LENGTH]) for part in beginnings(name))
