"""Finding things by the beginning of a word of their name, as it is typed."""

from collections.abc import Callable
from unicodedata import combining, normalize

LONGEST = 60
_MOST_WORDS = 12
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’‘ʼʻ′´`", "'")
)
"""Letters and apostrophes that no decomposition takes apart, as a plain keyboard types them."""


def folded(text: str) -> str:
    """The form in which names are searched: plain letters and apostrophes, no case, single blanks."""
    if text.isascii():
        return " ".join(text.lower().translate(_TYPED).split())
    # Before the decomposition, which makes a blank and a mark of an acute accent that stands for an apostrophe.
    return unaccented(text.casefold().translate(_TYPED)).translate(_TYPED)


def unaccented(text: str) -> str:
    """The form without accents, in which names once were searched: ø, ł and ı stay."""
    plain = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join(plain.casefold().split())


def beginnings(name: str, fold: Callable[[str], str] = folded) -> list[str]:
    """The folded name from each of its words on, cut to 60 characters; what is typed is the start of one."""
    words = fold(name).split()[:_MOST_WORDS]
    suffixes = (" ".join(words[at:])[:LONGEST] for at in range(len(words)))
    return list(dict.fromkeys(suffixes))


def begins(name: str, typed: str) -> bool:
    """Whether the name, from one of its words on, begins with what was typed."""
    return any(part.startswith(folded(typed)[:LONGEST]) for part in beginnings(name))
