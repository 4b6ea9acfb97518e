"""Lossless encoding of an entry as one line of a packed list.

`key TAB category TAB seat TAB written TAB quantity TAB other`. `written` is the code or e-mail as it was
written: empty for a code that is its key in upper case and for an e-mail that is its key, `=` for a code
that is its key. `quantity` is empty for 1. `other` is the e-mail of an entry whose key is its code. Tabs at
the end are left out, but not the one after the key; backslash, tab and line ends are escaped by a backslash.

In an overlay, quantity 0 is a tombstone: the entry of this identity was removed.
"""

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import itemgetter, ne
from struct import unpack
from zlib import crc32

from guestlist.lists.entry import Entry, fold_category
from guestlist.model.email_address import fold_email

HEAD = 8
_COLUMNS = 6
_head = itemgetter(slice(HEAD))

Identity = tuple[str, str, str, str]


def line(entry: Entry) -> str:
    """Encode an entry, which must have a key, as a line."""
    return _line(entry.key, entry)


def with_hash(entry: Entry) -> str:
    """The line after the 8 hexadecimal digits of its key's hash; sorting such lines sorts them by partition."""
    key = entry.key
    return f"{crc32(key.encode()):08x}{_line(key, entry)}"


def hashes_and_lines(
    codes: Sequence[str],
    emails: Sequence[str],
    categories: Sequence[str],
    seats: Sequence[str],
    quantities: Sequence[str],
) -> tuple[Sequence[int], list[str]]:
    """The hashes of the keys and the lines of many entries, given as columns; quantities are decimal digits.

    Each entry has a key, and no cell holds a NUL.
    """
    joined = _join(codes)
    if not joined or not all(codes) or "@" in joined or escaped(joined) is not joined:
        rows = zip(codes, emails, categories, seats, map(int, quantities), strict=True)
        entries = [Entry(*row) for row in rows]
        return [crc32(entry.key.encode()) for entry in entries], list(map(line, entries))
    bare_codes = list(map(str.strip, codes))
    joined_bare = _join(bare_codes)
    folded = joined_bare.casefold()
    keys, upper = _split(folded), folded.upper()
    numbers = ["" if quantity == "1" else quantity for quantity in quantities]
    written_forms = _written_forms(codes, keys, bare_codes if upper == joined_bare else _split(upper))
    cells = [_escape_all(categories), _escape_all(seats), written_forms, numbers, _escape_all(emails)]
    return list(map(crc32, folded.encode().split(b"\0"))), _join_columns(keys, cells)


def key_hashes(with_hash: Sequence[str]) -> Sequence[int]:
    """The hashes in front of these lines, as numbers."""
    return unpack(f">{len(with_hash)}I", bytes.fromhex("".join(map(_head, with_hash))))


def add_hash(line: str) -> str:
    """Prefix a line with the hash of its key, as `with_hash` does."""
    key, _, _ = line.partition("\t")
    return f"{crc32(unescaped(key).encode()):08x}{line}"


def entry(line: str) -> Entry:
    """Decode a line to its entry."""
    key, category, seat, written_form, quantity, other = _columns(line)
    if key[0] == "@":
        code, email = other, written_form or key[1:]
    else:
        plain = key.removeprefix("\\")
        code, email = {"": plain.upper(), "=": plain}.get(written_form, written_form), other
    return Entry(code, email, category, seat, int(quantity or 1))


def identity(line: str) -> Identity:
    """The identity of the line's entry, at a third of the cost of decoding the entry."""
    key, category, seat, _, _, other = _columns(line)
    return key, fold_category(category), seat.strip(), key[1:] if key[0] == "@" else fold_email(other)


def is_tombstone(line: str) -> bool:
    """Whether the line is the tombstone of a removed entry in an overlay."""
    return "\t0" in line and _columns(line)[4] == "0"


def escaped(text: str) -> str:
    """Escape backslashes, tabs and line ends."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


def unescaped(text: str) -> str:
    """Reverse `escaped`."""
    if "\\" not in text:
        return text
    parts = text.split("\\\\")
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r") for part in parts)


def _line(key: str, entry: Entry) -> str:
    if key[0] == "@":
        written_form, other = entry.email, entry.code
        written_form = "" if written_form == key[1:] else written_form
    else:
        written_form, other = entry.code, entry.email
        plain = key[1:] if key[0] == "\\" else key
        written_form = "" if written_form == plain.upper() else "=" if written_form == plain else written_form
    quantity = "" if entry.quantity == 1 else entry.quantity
    text = f"{key}\t{entry.category}\t{entry.seat}\t{written_form}\t{quantity}\t{other}"
    if "\\" in text or "\n" in text or "\r" in text or text.count("\t") >= _COLUMNS:
        text = "\t".join(map(escaped, (key, entry.category, entry.seat, written_form, str(quantity), other)))
    return _trim(text)


def _trim(text: str) -> str:
    text = text.rstrip("\t")
    return text if "\t" in text else text + "\t"


def _join_columns(keys: Sequence[str], cells: list[Sequence[str]]) -> list[str]:
    """Join columns to lines without trailing tabs."""
    while cells and not any(cells[-1]):
        del cells[-1]
    lines = map("\t".join, zip(keys, *(cells or [[""] * len(keys)]), strict=True))
    return list(lines) if not cells or all(cells[-1]) else list(map(_trim, lines))


def _written_forms(codes: Sequence[str], keys: Sequence[str], upper: Sequence[str]) -> Sequence[str]:
    """The column `written` for these codes; `upper` are their keys in upper case."""
    forms = [""] * len(codes)
    if upper != list(codes):
        for at in compress(range(len(codes)), map(ne, codes, upper)):
            forms[at] = "=" if codes[at] == keys[at] else codes[at]
    return forms


def _escape_all(texts: Sequence[str]) -> Sequence[str]:
    joined = _join(texts)
    escaped_ = escaped(joined)
    return texts if escaped_ is joined else _split(escaped_)


def _join(texts: Iterable[str]) -> str:
    """Join texts, none of which holds a NUL, so that one call changes all of them."""
    return "\0".join(texts)


def _split(joined: str) -> list[str]:
    return joined.split("\0")


def _columns(line: str) -> list[str]:
    columns = line.split("\t")
    if "\\" in line:
        columns = [unescaped(column) for column in columns]
    return columns + [""] * (_COLUMNS - len(columns))
