"""Match entries by a prefix of a code or an e-mail address, in the order of the matching term.

An entry has a term for its code, and one or two for its address. It is sorted by the first of its terms that has the
prefix, so that an entry of which several terms match is returned once. Exact matches come first.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.model.email_address import legible_email
from guestlist.model.normal_form import normal

SORT_LETTERS = 300
"""Number of letters of a sort key in a cursor, which also counts the entries that share them."""

Match = tuple[str, Entry]
"""A sort key and its entry."""
Position = Mapping[str, Any]


def term(text: str) -> str:
    """Normalise a code, address or prefix for comparison."""
    return normal(text).strip().casefold()


def terms(entry: Entry) -> list[str]:
    """The search terms of an entry, sorted; last, if its address has an encoded domain, the address as it is read.

    In this order an index of an earlier release, which lacks the last, finds all that it found.
    """
    both = {term(entry.code), term(entry.email)} - {""}
    return [*sorted(both), *({term(legible_email(entry.email))} - both - {""})]


def sort_key(matching_term: str, line: str) -> str:
    """The sort key of an entry's line for the term that matches."""
    return f"{entry_line.escaped(matching_term)}\t{line}"


def match(entry: Entry, prefix: str) -> Match | None:
    """The entry with its sort key, if one of its terms begins with the prefix."""
    for matching_term in terms(entry):
        if matching_term.startswith(prefix):
            return sort_key(matching_term, entry_line.line(entry)), entry
    return None


def matches(entries: Iterable[Entry], prefix: str) -> list[Match]:
    """The entries that match the prefix, in order."""
    return sorted((entry_match for entry in entries if (entry_match := match(entry, prefix))), key=lambda pair: pair[0])


def matches_after(all_matches: Iterable[Match], start: Position | None) -> Iterator[tuple[Position, Entry]]:
    """Yield the entries after a position, each with its own: start of the sort key, and number among equal ones."""
    first, skipped = (start["at"], start["alike"]) if start else ("", 0)
    at, alike = "", 0
    for key, entry in all_matches:
        cut = key[:SORT_LETTERS]
        if cut < first:
            continue
        at, alike = cut, (alike + 1 if cut == at else 1)
        if cut > first or alike > skipped:
            yield {"at": at, "alike": alike}, entry
