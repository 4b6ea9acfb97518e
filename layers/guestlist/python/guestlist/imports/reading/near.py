"""Words that a header nearly is."""

from collections.abc import Mapping

_NEAR = 2
_SHORTEST, _LONGEST = 4, 40
_SHORT = 4


def nearest(folded: str, table: Mapping[str, str]) -> str | None:
    """The one field of the table with a word one or two letters from this one; never for short ones or with digits."""
    if not _SHORTEST <= len(folded) <= _LONGEST or folded in table or any(map(str.isdigit, folded)):
        return None
    words_near = (word for word in table if len(word) >= _SHORTEST and abs(len(word) - len(folded)) <= _NEAR)
    distances = {word: _distance(folded, word) for word in words_near}
    distances = {word: distance for word, distance in distances.items() if distance <= _most(folded, word)}
    least = min(distances.values(), default=0)
    fields = {table[word] for word, distance in distances.items() if distance == least}
    return fields.pop() if len(fields) == 1 else None


def _most(folded: str, word: str) -> int:
    """How many letters may differ: of short words one, and two only where the first letter is the same."""
    return _NEAR if min(len(folded), len(word)) > _SHORT and folded[0] == word[0] else 1


def _distance(word: str, other: str) -> int:
    """The Levenshtein distance."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        now = [row]
        for column, opposite in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != opposite)))
        before = now
    return before[-1]
