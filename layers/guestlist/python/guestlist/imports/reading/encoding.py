"""Detection of the encoding of a file, verified by decoding all of it.

A byte order mark counts most, then byte patterns: UTF-16 text is half zeros, and valid UTF-8 is no
accident. In one-byte encodings almost anything is valid; they are compared by which of them puts
letters and signs into plausible positions.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from guestlist.imports.model import Reason
from guestlist.imports.reading.encoding_plausibility import Triples, differing, likelihood
from guestlist.imports.reading.lines import line_ends
from guestlist.imports.reading.unreadable import Unreadable
from guestlist.messages.message import Message

UTF_8, WINDOWS, LATIN, MAC = "utf-8", "cp1252", "iso-8859-15", "mac-roman"
_CHUNK, _PIECE = 1 << 17, 1 << 20
_HEAD = 1 << 16
_MARKS = (
    (b"\xef\xbb\xbf", UTF_8),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ALIASES = {"ansi": "cp1252", "utf_8_sig": UTF_8, "macintosh": MAC}
_READABLE = frozenset(
    [UTF_8, "ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", MAC]
    + [f"iso-8859-{part}" for part in (1, 2, 4, 9, 10, 13, 15)]
    + [f"cp{page}" for page in (437, 850, 852, 858, 865, 1250, 1252, 1254, 1257)]
)
_ASCII = bytes(range(128))
_NO_LINE_END = bytes(byte for byte in range(256) if byte not in b"\r\n")
_UTF_8_LETTER = re.compile(rb"\xc2[\xa0-\xbf]|[\xc3-\xc9][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]")
_REGIONAL: Mapping[str, re.Pattern[str]] = {
    "cp1250": re.compile(
        "příjmen|čárový|zaplaceno|zákazník|vytvořen|imię|zapłac|opłac|płatno|sprzeda[żn]|zamówień|priezvisk|"
        "dátum vytvor|időpont|lefoglal|érvényes"
    ),
    "cp1254": re.compile("satış|satıldı|sipariş|soyadı|adı|müşteri|katılımcı|geçerli|ödendi|tarihi|kişi"),
    "cp1257": re.compile("vārds|uzvārds|biļet|vardas ir pavardė|pavardė|paštas|apmokėt"),
}
"""Words of files that are in none of the western encodings."""
_SAMPLE_SIZE = 20_000
_MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Encoding:
    """Encoding of a file: the codec's name, and in `skip` the size of the byte order mark in bytes.

    `lines` is the number of line ends in the file, possibly estimated from its first bytes.
    """

    name: str
    skip: int
    lines: int


@dataclass(frozen=True, slots=True)
class _Trial:
    """Result of strict decoding: the estimated number of line ends, or after a failure the exact one before it."""

    lines: int
    failed: bool


def find_encoding(path: Path, declared: str | None = None) -> Encoding:
    """Detect the encoding, or verify the declared one. Raises `Unreadable` if none, or not that one, fits."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    mark, mark_codec = _mark(head)
    if declared:
        return _declared(path, declared, head, mark, mark_codec)
    codec = mark_codec or _by_zeros(head)
    trial = _try(path, codec or UTF_8, len(mark))
    if not trial.failed:
        return Encoding(codec or UTF_8, len(mark), trial.lines)
    if codec or _is_damaged_utf_8(path):
        raise _undecodable(codec or UTF_8, trial)
    return _one_byte(path)


def has_evident_encoding(head: bytes) -> bool:
    """Whether a mark or zeros show the encoding of a file with this beginning, so that zeros do not make it binary."""
    return (_mark(head)[1] or _by_zeros(head)) is not None


def _mark(head: bytes) -> tuple[bytes, str | None]:
    return next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", None))


def _declared(path: Path, declared: str, head: bytes, mark: bytes, mark_codec: str | None) -> Encoding:
    name = _readable_codec(declared)
    if name in {"utf-16", "utf-32"}:
        name = mark_codec if mark_codec and mark_codec.startswith(name) else _by_zeros(head) or f"{name}-le"
    skip = len(mark) if mark_codec == name else 0
    trial = _try(path, name, skip)
    if trial.failed:
        raise _undecodable(name, trial)
    return Encoding(name, skip, trial.lines)


def _readable_codec(declared: str) -> str:
    try:
        plain = declared.strip().lower().replace("-", "_")
        name = codecs.lookup(_ALIASES.get(plain, plain)).name.replace("iso8859", "iso-8859")
    except (LookupError, ValueError):
        name = ""
    if name in _READABLE:
        return name
    raise Unreadable(Reason.BAD_ENCODING, Message("unknown_encoding", {"encoding": declared[:40]}))


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark, in which every second byte of western text is zero; None if it is not."""
    half = len(head) // 2
    first, second = head[0::2].count(0), head[1::2].count(0)
    if half and second > 0.4 * half and first < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if half and first > 0.4 * half and second < 0.1 * half else None


def _chunks(file: BinaryIO, size: int = _CHUNK) -> Iterator[bytes]:
    return iter(lambda: file.read(size), b"")


def _try(path: Path, codec: str, skip: int) -> _Trial:
    with path.open("rb") as file:
        file.seek(skip)
        return _try_wide(file, codec) if codec.startswith(("utf-16", "utf-32")) else _try_narrow(file, codec)


def _try_wide(file: BinaryIO, codec: str) -> _Trial:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    lines, last = 0, ""
    try:
        for chunk in _chunks(file):
            text = last + decoder.decode(chunk)
            last = text[-1:] if text.endswith("\r") else ""
            lines += line_ends(text) - len(last)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        text = last + error.object[: error.start].decode(codec)
        return _Trial(lines + line_ends(text), failed=True)
    return _Trial(lines + len(last), failed=False)


def _try_narrow(file: BinaryIO, codec: str) -> _Trial:
    """Try an encoding that extends ASCII; most chunks are known to be valid without decoding them."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    single_bytes = _single_bytes(codec)
    start, size, first = file.tell(), 0, b""
    try:
        for chunk in _chunks(file):
            size += len(chunk)
            first = first or chunk
            if decoder.getstate()[0] or (not chunk.isascii() and chunk.translate(None, single_bytes)):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        file.seek(start)
        return _Trial(_count_line_ends(file, size - len(error.object) + error.start), failed=True)
    # Counting the line ends of the whole file would take longer than everything else here.
    lines = _count_line_ends(BytesIO(first), len(first))
    return _Trial(lines * size // max(1, len(first)), failed=False)


@cache
def _single_bytes(codec: str) -> bytes:
    """The bytes that are a whole character each, whatever bytes are beside them."""
    return bytes(byte for byte in range(256) if bytes([byte]).decode(codec, "ignore"))


def _count_line_ends(file: BinaryIO, size: int) -> int:
    """Number of line ends in the next `size` bytes of the file."""
    lines, last = 0, b""
    while size and (chunk := file.read(min(size, _CHUNK))):
        size -= len(chunk)
        ends = last + chunk.translate(None, _NO_LINE_END)
        last = b"\r" if chunk.endswith(b"\r") else b""
        lines += len(ends) - ends.count(b"\r\n") - len(last)
    return lines + len(last)


def _undecodable(codec: str | None, trial: _Trial) -> Unreadable:
    """The error for a file that is not text in this encoding, or in none if `codec` is None."""
    line = trial.lines + 1
    params = {"encoding": codec} if codec else {"reason": "any"}
    return Unreadable(Reason.BAD_ENCODING, Message("undecodable", {"line": str(line), **params}), line=line)


def _above_ascii(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield pieces of the file with the index of each byte above ASCII in them, up to the sample size."""
    with path.open("rb") as file:
        places = ((piece, at) for piece in _chunks(file, _PIECE) for at in _places(piece))
        yield from islice(places, _SAMPLE_SIZE)


def _places(piece: bytes) -> Iterator[int]:
    at = -1
    # Searching for each byte in turn is several times as fast as a search for any of them.
    for byte in piece.translate(None, _ASCII):
        at = piece.index(byte, at + 1)
        yield at


def _is_damaged_utf_8(path: Path) -> bool:
    """Whether an invalid UTF-8 file was meant to be UTF-8: at least half of its non-ASCII characters are valid."""
    counts, ends = [0, 0], 0
    for piece, at in _above_ascii(path):
        if 0 < at < ends:
            continue
        letter = _UTF_8_LETTER.match(piece, at)
        ends = letter.end() if letter else at + 1
        counts[letter is not None] += 1
    return counts[True] >= counts[False]


def _one_byte(path: Path) -> Encoding:
    triples = Counter(_triple(piece, at) for piece, at in _above_ascii(path))
    windows = _try(path, WINDOWS, 0)
    if windows.failed:
        if likelihood(triples, MAC) < _MARGIN:
            raise _undecodable(None, windows)
        return Encoding(MAC, 0, _try(path, MAC, 0).lines)
    if regional := _by_words(path):
        return Encoding(regional, 0, windows.lines)
    others = (LATIN, MAC) if all(triple[1] >= 0xA0 for triple in triples) else (MAC,)
    likelier = [codec for codec in others if _is_likelier(triples, codec)]
    best = max(likelier, key=lambda codec: likelihood(triples, codec), default=WINDOWS)
    return Encoding(best, 0, windows.lines)


def _by_words(path: Path) -> str | None:
    """The encoding in which the beginning of the file has a regional word that it lacks in Windows-1252; else None."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    western = head.decode(WINDOWS, "ignore").casefold()
    texts = {codec: head.decode(codec, "ignore").casefold() for codec in _REGIONAL}
    regional = (
        codec
        for codec, words_of_region in _REGIONAL.items()
        if any(word not in western for word in words_of_region.findall(texts[codec]))
    )
    return next(regional, None)


def _is_likelier(triples: Triples, codec: str) -> bool:
    """Whether the text is clearly more plausible in this encoding than in Windows-1252."""
    differences = differing(triples, codec, WINDOWS)
    return likelihood(differences, codec) > likelihood(differences, WINDOWS) + _MARGIN


def _triple(piece: bytes, at: int) -> bytes:
    return (piece[at - 1 : at] or b"\n") + piece[at : at + 2].ljust(2, b"\n")
