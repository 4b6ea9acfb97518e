"""Files that are no CSV, whatever their name says: known by how they begin."""

import re

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or another Office file"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a text document (RTF)"),
)
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet"),
    (b"word/", "a Word document"),
    (b"Index/", "a Numbers spreadsheet"),
    (b"xl/", "an Excel workbook"),
    (b"[Content_Types].xml", "an Excel workbook"),
)
_MARKUP = re.compile(rb"\s*(?:(<!doctype html|<html|<table)|(<\?xml|<workbook)|([\[{]\s*[{\"]))", re.IGNORECASE)
_MARKUP_NAMES = ("a web page", "an XML file", "a JSON file")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SLIPS = 16
_IN_TEXT, _IN_A_ONE_BYTE_TEXT = 0.3, 0.05


def format_name(head: bytes) -> str | None:
    """What a file that begins like this is, in words; None when it may be CSV."""
    if head.startswith(b"PK\x03\x04"):
        return next((name for inside, name in _ZIPPED if inside in head), "a zip archive")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    markup = _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf"))
    return _MARKUP_NAMES[(markup.lastindex or 1) - 1] if markup else None


def is_binary(text: bytes, *, unicode: bool) -> bool:
    """Whether so much is control characters that it is no text; less will do where any byte passes for a letter."""
    most = _IN_TEXT if unicode else _IN_A_ONE_BYTE_TEXT
    return len(_CONTROL.findall(text)) > max(_SLIPS, most * len(text))
