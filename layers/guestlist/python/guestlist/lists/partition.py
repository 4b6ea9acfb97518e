"""Text format of one partition of a packed list, in which a key is found in microseconds.

The first line has the format, `1`, and a dictionary of words: the categories and the domains of the e-mail
addresses in this text. Every other line is an entry in which categories and domains are replaced by the number
of their word. A key with very many rows has one line, `key TAB *{by}{parts} TAB {rows}`, and its rows are
sharded over texts of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.model.email_address import fold_email

FORMAT = "1"
_OTHER_COLUMN = 5


class KeySharding(NamedTuple):
    """Sharding of the rows of one key over parts; `by` is s for seat, e for e-mail, a for the whole row."""

    by: str
    parts: int
    rows: int

    def part(self, identity: entry_line.Identity) -> int:
        """The number of the part with the row of this identity."""
        _, category, seat, email = identity
        return partition_of({"s": seat, "e": email}.get(self.by, f"{category}\t{seat}\t{email}"), self.parts)

    def numbers(self, seats: Collection[str] | None = None, emails: Collection[str] | None = None) -> Sequence[int]:
        """The parts with all rows of these seats or e-mails and all rows without one; None means any."""
        if self.by == "s" and seats is not None:
            values = {"", *(seat.strip() for seat in seats)}
        elif self.by == "e" and emails is not None:
            values = {"", *(fold_email(email) for email in emails)}
        else:
            return range(self.parts)
        return sorted({partition_of(value, self.parts) for value in values})


_NONE: Mapping[str, KeySharding] = MappingProxyType({})


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, from 0 to `partitions` - 1; partitions are ranges of hashes, in order."""
    return crc32(key.encode()) * partitions >> 32


def encode(lines: Sequence[str], shardings_by_key: Mapping[str, KeySharding] = _NONE) -> str:
    """Encode lines, in their order, and sharded keys to a text."""
    words = _word_numbers()
    rows = _encode_rows(lines, words)
    rows += [
        _encode_row(f"{entry_line.escaped(key)}\t", words) + f"*{sharding.by}{sharding.parts}\t{sharding.rows}"
        for key, sharding in shardings_by_key.items()
    ]
    return "\n".join(["\t".join([FORMAT, *words]), *rows])


def find(text: str, key: str) -> list[Entry]:
    """The entries of this key; none if it is sharded."""
    rows = _rows(text, key)
    if not rows or _parse_sharding(rows[0]):
        return []
    words = _words(text)
    return [entry_line.entry(_decode_row(row, words)) for row in rows]


def sharding_of(text: str, key: str) -> KeySharding | None:
    """The sharding of this key; None if it is not sharded."""
    rows = _rows(text, key)
    return _parse_sharding(rows[0]) if rows else None


def lines(text: str) -> Iterator[str]:
    """Decode the lines of all entries, without those of sharded keys."""
    words = _words(text)
    return (_decode_row(row, words) for row in text.split("\n")[1:] if "\t*" not in row or not _parse_sharding(row))


def keys(text: str) -> Iterator[str]:
    """Yield the key of each row with a code, once per row."""
    for row in text.split("\n")[1:]:
        key = row.partition("\t")[0]
        if not key.startswith("@"):
            yield entry_line.unescaped(key)


def entries(text: str) -> Iterator[Entry]:
    """All entries, without those of sharded keys."""
    return map(entry_line.entry, lines(text))


def shardings(text: str) -> dict[str, KeySharding]:
    """The sharded keys of this text."""
    if "\t*" not in text:
        return {}
    words = _words(text)
    rows = ((row.partition("\t")[0], _parse_sharding(row)) for row in text.split("\n")[1:])
    return {entry_line.unescaped(_decode_row(f"{key}\t", words)[:-1]): sharding for key, sharding in rows if sharding}


def _rows(text: str, key: str) -> list[str]:
    key = entry_line.escaped(key)
    if key.startswith("@"):
        local, _, domain = key.rpartition("@")
        words = _words(text)
        if domain not in words:
            return []
        key = f"{local}@{words.index(domain)}"
    start = f"\n{key}\t"
    rows = []
    at = text.find(start)
    while at >= 0:
        end = text.find("\n", at + 1)
        rows.append(text[at + 1 : end if end >= 0 else None])
        at = end if end >= 0 and text.startswith(start, end) else -1
    return rows


def _parse_sharding(row: str) -> KeySharding | None:
    label, _, rows = row.partition("\t")[2].partition("\t")
    return KeySharding(label[1], int(label[2:]), int(rows)) if label.startswith("*") else None


def _words(text: str) -> list[str]:
    return text.partition("\n")[0].split("\t")[1:]


def _word_numbers() -> dict[str, str]:
    """A dictionary that numbers words in the order of their first access."""
    return defaultdict(map(str, count()).__next__)


def _encode_rows(lines: Sequence[str], words: dict[str, str]) -> list[str]:
    if "".join(lines).count("\t") < _OTHER_COLUMN * len(lines):
        return [_encode_row(line, words) for line in lines]
    rows: list[str] = []
    for line in lines:
        before, _, domain = line.rpartition("@")
        if "\t" in domain:
            rows.append(_encode_row(line, words))
            continue
        # Most long lists have a code for one address in each row; the columns between are copied unsplit.
        domain_number = words[domain]
        key, category, rest = before.split("\t", 2)
        rows.append(f"{key}\t{category and words[category]}\t{rest}@{domain_number}")
    return rows


def _encode_row(line: str, words: dict[str, str]) -> str:
    columns = line.split("\t")
    email = _email_column(columns)
    if email is not None:
        local, at, domain = columns[email].rpartition("@")
        columns[email] = f"{local}@{words[domain]}" if at else domain
    if columns[1]:
        columns[1] = words[columns[1]]
    return "\t".join(columns)


def _decode_row(row: str, words: Sequence[str]) -> str:
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
    return _OTHER_COLUMN if len(columns) > _OTHER_COLUMN else None
