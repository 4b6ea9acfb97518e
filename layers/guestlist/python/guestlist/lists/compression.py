"""The stored form of packed texts: a long one is compressed; short ones, and those of earlier releases, are not.

The compressed content is the text or, where all rows are bare codes of one length, a NUL, that length and the
concatenated codes, which is smaller.
"""

from zlib import compress, decompress

from guestlist.lists.partition import FORMAT

_MAX_UNCOMPRESSED = 900
"""Bytes that fit one write unit together with the item's key, so compressing saves nothing."""
_LEVEL = 4
"""Level 6 saves 1 to 4 % more, and costs an import of a million rows a quarter of a second."""
_WINDOW = -15
_HEADER_WITHOUT_WORDS = f"{FORMAT}\n".encode()
_ROW_END = b"\t\n"
_MAX_CODE_LENGTH = 255


def encode_text(text: str) -> str | bytes:
    """Encode a text as the value of a DynamoDB attribute."""
    if len(text) <= _MAX_UNCOMPRESSED and len(text.encode()) <= _MAX_UNCOMPRESSED:
        return text
    content = text.encode()
    compressed = compress(_bare_codes(content) or content, _LEVEL, _WINDOW)
    return compressed if len(compressed) < len(content) else text


def decode_text(value: str | bytes) -> str:
    """Decode the value of a DynamoDB attribute, compressed or not."""
    if isinstance(value, str):
        return value
    content = decompress(value, _WINDOW)
    return (content if content[0] else _rows_of_bare_codes(content[1], content[2:])).decode()


def _bare_codes(content: bytes) -> bytes:
    """NUL, length and codes; empty unless all rows are bare codes of one length."""
    if not content.startswith(_HEADER_WITHOUT_WORDS):
        return b""
    rows = content.removeprefix(_HEADER_WITHOUT_WORDS) + b"\n"
    length = rows.find(_ROW_END)
    step = length + len(_ROW_END)
    count = len(rows) // step
    if not 0 < length <= _MAX_CODE_LENGTH or count * step != len(rows):
        return b""
    if rows[length::step] != b"\t" * count or rows[length + 1 :: step] != b"\n" * count:
        return b""
    if rows.count(b"\t") != count or rows.count(b"\n") != count:
        return b""
    return bytes([0, length]) + rows.replace(_ROW_END, b"")


def _rows_of_bare_codes(length: int, codes: bytes) -> bytes:
    step = length + len(_ROW_END)
    count = len(codes) // length
    rows = bytearray(count * step)
    for offset in range(length):
        rows[offset::step] = codes[offset::length]
    rows[length::step] = b"\t" * count
    rows[length + 1 :: step] = b"\n" * count
    return _HEADER_WITHOUT_WORDS + rows[:-1]
