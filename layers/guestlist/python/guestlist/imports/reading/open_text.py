"""Opening of a file as text: detects its format, encoding and delimiter."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from guestlist.imports.model import Options, Reason
from guestlist.imports.reading import fields, file_formats
from guestlist.imports.reading.columns import ReadingIssue
from guestlist.imports.reading.dialect import declared_delimiter, delimiter_message, find_delimiter, validated_delimiter
from guestlist.imports.reading.encoding import Encoding, find_encoding, has_evident_encoding
from guestlist.imports.reading.quoted_rows import unquote_rows
from guestlist.imports.reading.schemas import Schema
from guestlist.imports.reading.text import Text, no_heartbeat
from guestlist.imports.reading.unreadable import Unreadable, empty_file
from guestlist.messages.message import Message

_HEAD = 1 << 16


def effective_options(path: Path, options: Options) -> Options:
    """The options that apply to this file.

    A file of refused rows is written in our own format and corrected in any program, whatever the options of the
    file that it comes from: it is UTF-8 with one header row unless its content shows otherwise.
    """
    first = _head(path).replace(b"\0", b"").lstrip().splitlines()[:1]
    if first and all(column.encode() in first[0] for column in fields.REFUSED_COLUMNS):
        return replace(options, encoding=None, delimiter=None, header_rows=None)
    return options


def open_text(
    path: Path, schema: Schema, options: Options, heartbeat: Callable[[], None] = no_heartbeat
) -> tuple[Text, ReadingIssue | None]:
    """The file as text, and the issue with its delimiter, if any. Raises `Unreadable`."""
    head = _head(path)
    if kind := file_formats.detect_format(head):
        raise _not_csv(kind)
    text = Text(path, _encoding(path, options, head), heartbeat=heartbeat)
    sample = text.sample()
    if file_formats.is_binary("".join(sample).encode(), unicode=text.encoding.name.startswith("utf")):
        raise _not_csv("binary")
    if not sample:
        raise empty_file()
    unquoted = unquote_rows(text, sample, schema)
    return _delimited(unquoted, sample if unquoted is text else unquoted.sample(), schema, options)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _encoding(path: Path, options: Options, head: bytes) -> Encoding:
    try:
        return find_encoding(path, options.encoding)
    except Unreadable:
        if not options.encoding and not has_evident_encoding(head) and file_formats.is_binary(head, unicode=False):
            raise _not_csv("binary") from None
        raise


def _not_csv(kind: str) -> Unreadable:
    return Unreadable(Reason.NOT_CSV, Message("not_csv", {"reason": kind}), Message("export_as_csv"))


def _delimited(text: Text, sample: list[str], schema: Schema, options: Options) -> tuple[Text, ReadingIssue | None]:
    declared = declared_delimiter(next(text.lines()))
    if declared:
        text, sample = replace(text, first_line=2), sample[1:]
    columns = [
        part
        for delimiter in (options.mapping or {}).values()
        for part in ([delimiter] if isinstance(delimiter, str | int) else delimiter)
    ]
    headers = [column for column in columns if isinstance(column, str)]
    detected = find_delimiter(sample, schema, headers)
    delimiter = validated_delimiter(options.delimiter) if options.delimiter else declared
    issue = _delimiter_issue(delimiter, detected, sample) if delimiter and detected else None
    return replace(text, delimiter=delimiter or detected), issue


def _delimiter_issue(delimiter: str, detected: str, sample: list[str]) -> ReadingIssue | None:
    """The issue with a given delimiter that separates nothing in a file where another one does."""
    if delimiter == detected or any(delimiter in line for line in sample):
        return None
    return ReadingIssue(Reason.NO_KNOWN_COLUMN, (delimiter_message(detected), Message("other_delimiter_given")))
