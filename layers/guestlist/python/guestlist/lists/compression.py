"""The stored form of packed texts: a long one is compressed; short ones, and those of earlier releases, are not.

The compressed content is the text or, where all rows are bare codes of one length, a NUL, that length and the
concatenated codes, which is smaller.
"""

from zlib import compress, decompress

from guestlist.lists.partition import FORMAT

_SHORT = 900
"""Bytes that fit one write unit together with the item's key, so compressing saves nothing."""
_LEVEL = 4
"""Level 6 saves 1 to 4 % more, and costs an import of a million rows a quarter of a second."""
_WINDOW = -15
_BARE = f"{FORMAT}\n".encode()
_END = b"\t\n"
_LONGEST_CODE = 255


def encode_text(text: str) -> str | bytes:
    """Encode a text as the value of a DynamoDB attribute."""
    if len(text) <= _SHORT and len(text.encode()) <= _SHORT:
        return text
    content = text.encode()
    compressed = compress(_codes_alone(content) or content, _LEVEL, _WINDOW)
    return compressed if len(compressed) < len(content) else text


def decode_text(value: str | bytes) -> str:
    """Decode the value of a DynamoDB attribute, compressed or not."""
    if isinstance(value, str):
        return value
    content = decompress(value, _WINDOW)
    return (content if content[0] else _with_ends(content[1], content[2:])).decode()


def _codes_alone(content: bytes) -> bytes:
    """NUL, length and codes; empty unless all rows are bare codes of one length."""
    if not content.startswith(_BARE):
        return b""
    rows = content.removeprefix(_BARE) + b"\n"
    length = rows.find(_END)
    step = length + len(_END)
    count = len(rows) // step
    if not 0 < length <= _LONGEST_CODE or count * step != len(rows):
        return b""
    if rows[length::step] != b"\t" * count or rows[length + 1 :: step] != b"\n" * count:
        return b""
    if rows.count(b"\t") != count or rows.count(b"\n") != count:
        return b""
    return bytes([0, length]) + rows.replace(_END, b"")


def _with_ends(length: int, codes: bytes) -> bytes:
    step = length + len(_END)
    count = len(codes) // length
    rows = bytearray(count * step)
    for at in range(length):
        rows[at::step] = codes[at::length]
    rows[length::step] = b"\t" * count
    rows[length + 1 :: step] = b"\n" * count
    return _BARE + rows[:-1]
