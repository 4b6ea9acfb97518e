"""Entries by the beginning of a code or an e-mail address, in the order of what begins so.

An entry has a term for its code and one for its address. It is found by the first of its terms that begins with the
prefix, so that an entry of which both do is found once. A term that is the whole prefix comes before all others.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.model.normal_form import normal

SORT_LETTERS = 300
"""So much of a sort key is kept in a cursor; rows that are alike so far are counted."""

Match = tuple[str, Entry]
"""An entry behind its sort key."""
Position = Mapping[str, Any]


def term(text: str) -> str:
    """The form in which codes, addresses and prefixes are compared."""
    return normal(text).strip().casefold()


def terms(entry: Entry) -> list[str]:
    """What the entry is found by, in order."""
    both = {term(entry.code), term(entry.email)}
    return sorted(both - {""})


def sort_key(found_by: str, line: str) -> str:
    """What an entry's line is sorted by where it is found by that term."""
    return f"{entry_line.escaped(found_by)}\t{line}"


def match(entry: Entry, prefix: str) -> Match | None:
    """The entry with its sort key, if one of its terms begins with the prefix."""
    for found_by in terms(entry):
        if found_by.startswith(prefix):
            return sort_key(found_by, entry_line.line(entry)), entry
    return None


def matches(entries: Iterable[Entry], prefix: str) -> list[Match]:
    """The entries that the prefix finds, in order."""
    return sorted((match_found for entry in entries if (match_found := match(entry, prefix))), key=lambda pair: pair[0])


def behind(all_matches: Iterable[Match], start: Position | None) -> Iterator[tuple[Position, Entry]]:
    """The entries behind that position, each with its own."""
    first, skipped = (start["at"], start["alike"]) if start else ("", 0)
    at, alike = "", 0
    for key, entry in all_matches:
        cut = key[:SORT_LETTERS]
        if cut < first:
            continue
        at, alike = cut, (alike + 1 if cut == at else 1)
        if cut > first or alike > skipped:
            yield {"at": at, "alike": alike}, entry
