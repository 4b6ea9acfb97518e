"""Correction of typing errors in headers."""

from collections.abc import Mapping

_MAX_EDITS = 2
_SHORTEST, _LONGEST = 4, 40
_SHORT = 4


def nearest(folded: str, table: Mapping[str, str]) -> str | None:
    """The one field of the table with a word one or two edits from this one, if any; not for short words or digits."""
    if not _SHORTEST <= len(folded) <= _LONGEST or folded in table or any(map(str.isdigit, folded)):
        return None
    words_near = (word for word in table if len(word) >= _SHORTEST and abs(len(word) - len(folded)) <= _MAX_EDITS)
    distances = {word: _distance(folded, word) for word in words_near}
    distances = {word: distance for word, distance in distances.items() if distance <= _max_distance(folded, word)}
    least = min(distances.values(), default=0)
    fields = {table[word] for word, distance in distances.items() if distance == least}
    return fields.pop() if len(fields) == 1 else None


def _max_distance(folded: str, word: str) -> int:
    """Maximum distance: two, but one for short words or another first letter."""
    return _MAX_EDITS if min(len(folded), len(word)) > _SHORT and folded[0] == word[0] else 1


def _distance(word: str, other: str) -> int:
    """The Levenshtein distance."""
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        current = [row]
        for column, other_letter in enumerate(other, 1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != other_letter)))
        previous = current
    return previous[-1]
