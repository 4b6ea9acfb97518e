"""Detection of file formats other than CSV by the first bytes."""

import re

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "seven_zip"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"SQLite format 3\x00", "database"),
    (b"PAR1", "parquet"),
    (b"{\\rtf", "rtf"),
)
_ZIP_CONTENTS: tuple[tuple[bytes, str], ...] = (
    (b"opendocument.spreadsheet", "open_document"),
    (b"word/", "word"),
    (b"Index/", "numbers"),
    (b"xl/", "excel"),
    (b"[Content_Types].xml", "excel"),
)
_MARKUP = re.compile(rb"\s*(?:(<!doctype html|<html|<table)|(<\?xml|<workbook)|([\[{]\s*[{\"]))", re.IGNORECASE)
_MARKUP_NAMES = ("web_page", "xml", "json")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TOLERATED = 16
_MAX_FOREIGN_SHARE_UNICODE, _MAX_FOREIGN_SHARE_ONE_BYTE = 0.3, 0.05


def detect_format(head: bytes) -> str | None:
    """The code word for the format of a file with these first bytes; None if it may be CSV."""
    if head.startswith(b"PK\x03\x04"):
        return next((name for inside, name in _ZIP_CONTENTS if inside in head), "zip")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    markup = _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf"))
    return _MARKUP_NAMES[(markup.lastindex or 1) - 1] if markup else None


def is_binary(text: bytes, *, unicode: bool) -> bool:
    """Whether the share of control characters is too high for text.

    The limit is lower for one-byte encodings, in which almost any byte is a letter.
    """
    limit = _MAX_FOREIGN_SHARE_UNICODE if unicode else _MAX_FOREIGN_SHARE_ONE_BYTE
    return len(_CONTROL.findall(text)) > max(_TOLERATED, limit * len(text))
