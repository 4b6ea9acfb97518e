"""The text of one packed item: the entries of one bucket of a list, found in microseconds.

The first line holds the format, `1`, and words: the categories and the domains of the e-mail addresses in
this text. Every other line is an entry, where the number of the word stands for the category and for the
domain of the address. A key with very many rows has one line only, `key TAB *{by}{parts} TAB {rows}`: its
rows are spread over texts of their own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.model.email_address import fold_email

FORMAT = "1"
_OTHER = 5


class KeySharding(NamedTuple):
    """How the rows of one key are spread over numbered parts: by `s`eat, by `e`-mail or by `a`ll of a row."""

    by: str
    parts: int
    rows: int

    def part(self, identity: entry_line.Identity) -> int:
        """The part that holds the row of this identity."""
        _, category, seat, email = identity
        return bucket_of({"s": seat, "e": email}.get(self.by, f"{category}\t{seat}\t{email}"), self.parts)

    def numbers(self, seats: Collection[str] | None = None, emails: Collection[str] | None = None) -> Sequence[int]:
        """The parts that hold all rows of these seats or e-mails, and all rows without; None: of any."""
        if self.by == "s" and seats is not None:
            values = {"", *(seat.strip() for seat in seats)}
        elif self.by == "e" and emails is not None:
            values = {"", *(fold_email(email) for email in emails)}
        else:
            return range(self.parts)
        return sorted({bucket_of(value, self.parts) for value in values})


class _Numbers(dict[str, str]):
    """Words by their numbers, in the order in which they were first asked for."""

    def __missing__(self, word: str) -> str:
        self[word] = number = str(len(self))
        return number


_NONE: Mapping[str, KeySharding] = MappingProxyType({})


def bucket_of(key: str, buckets: int) -> int:
    """The bucket of a key, from 0 to `buckets` - 1; buckets stand in the order of the keys' hashes."""
    return crc32(key.encode()) * buckets >> 32


def encode(lines: Sequence[str], spreads: Mapping[str, KeySharding] = _NONE) -> str:
    """The text of these lines, in their order, and of the keys whose rows stand elsewhere."""
    words = _Numbers()
    rows = _packed_all(lines, words)
    rows += [
        _packed(f"{entry_line.escaped(key)}\t", words) + f"*{how.by}{how.parts}\t{how.rows}"
        for key, how in spreads.items()
    ]
    return "\n".join(["\t".join([FORMAT, *words]), *rows])


def find(text: str, key: str) -> list[Entry]:
    """The entries of this key; none for a key that is spread over parts."""
    rows = _rows(text, key)
    if not rows or _spread(rows[0]):
        return []
    words = _words(text)
    return [entry_line.entry(_spelled(row, words)) for row in rows]


def sharding_of(text: str, key: str) -> KeySharding | None:
    """How this key is spread over parts; None for a key that is not."""
    rows = _rows(text, key)
    return _spread(rows[0]) if rows else None


def lines(text: str) -> Iterator[str]:
    """Every entry as a line with its words spelled out; keys that are spread are left out."""
    words = _words(text)
    return (_spelled(row, words) for row in text.split("\n")[1:] if "\t*" not in row or not _spread(row))


def keys(text: str) -> Iterator[str]:
    """The key of each row that has a code, as often as it has rows."""
    for row in text.split("\n")[1:]:
        key = row.partition("\t")[0]
        if not key.startswith("@"):
            yield entry_line.unescaped(key)


def entries(text: str) -> Iterator[Entry]:
    """Every entry; keys that are spread are left out."""
    return map(entry_line.entry, lines(text))


def shardings(text: str) -> dict[str, KeySharding]:
    """The keys of this text that are spread over parts."""
    if "\t*" not in text:
        return {}
    words = _words(text)
    rows = ((row.partition("\t")[0], _spread(row)) for row in text.split("\n")[1:])
    return {entry_line.unescaped(_spelled(f"{key}\t", words)[:-1]): how for key, how in rows if how}


def _rows(text: str, key: str) -> list[str]:
    key = entry_line.escaped(key)
    if key.startswith("@"):
        local, _, domain = key.rpartition("@")
        words = _words(text)
        if domain not in words:
            return []
        key = f"{local}@{words.index(domain)}"
    mark = f"\n{key}\t"
    rows = []
    at = text.find(mark)
    while at >= 0:
        end = text.find("\n", at + 1)
        rows.append(text[at + 1 : end if end >= 0 else None])
        at = end if end >= 0 and text.startswith(mark, end) else -1
    return rows


def _spread(row: str) -> KeySharding | None:
    mark, _, rows = row.partition("\t")[2].partition("\t")
    return KeySharding(mark[1], int(mark[2:]), int(rows)) if mark.startswith("*") else None


def _words(text: str) -> list[str]:
    return text.partition("\n")[0].split("\t")[1:]


def _packed_all(lines: Sequence[str], words: _Numbers) -> list[str]:
    if "".join(lines).count("\t") < _OTHER * len(lines):
        return [_packed(line, words) for line in lines]
    rows: list[str] = []
    for line in lines:
        before, _, domain = line.rpartition("@")
        if "\t" in domain:
            rows.append(_packed(line, words))
            continue
        # A code for one address, of which most long lists are: the columns between need not be told apart.
        number = words[domain]
        key, category, rest = before.split("\t", 2)
        rows.append(f"{key}\t{category and words[category]}\t{rest}@{number}")
    return rows


def _packed(line: str, words: _Numbers) -> str:
    columns = line.split("\t")
    email = _email_column(columns)
    if email is not None:
        local, at, domain = columns[email].rpartition("@")
        columns[email] = f"{local}@{words[domain]}" if at else domain
    if columns[1]:
        columns[1] = words[columns[1]]
    return "\t".join(columns)


def _spelled(row: str, words: Sequence[str]) -> str:
    columns = row.split("\t")
    email = _email_column(columns)
    if email is not None:
        local, at, number = columns[email].rpartition("@")
        columns[email] = f"{local}@{words[int(number)]}" if at else number
    if columns[1]:
        columns[1] = words[int(columns[1])]
    return "\t".join(columns)


def _email_column(columns: Sequence[str]) -> int | None:
    if columns[0][0] == "@":
        return 0
    return _OTHER if len(columns) > _OTHER else None
