"""Finding things by the beginning of a word of their name, as it is typed."""

from unicodedata import combining, normalize

LONGEST = 60
_MOST_WORDS = 12


def folded(text: str) -> str:
    """The form in which names are searched: no accents, no case, single blanks."""
    plain = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join(plain.casefold().split())


def beginnings(name: str) -> list[str]:
    """The folded name from each of its words on, cut to 60 characters; what is typed is the start of one."""
    words = folded(name).split()[:_MOST_WORDS]
    found = (" ".join(words[at:])[:LONGEST] for at in range(len(words)))
    return list(dict.fromkeys(found))


def begins(name: str, typed: str) -> bool:
    """Whether the name, from one of its words on, begins with what was typed."""
    return any(part.startswith(folded(typed)[:LONGEST]) for part in beginnings(name))
