"""Files that are no CSV."""

import gzip
import hashlib
import io
import zipfile

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Reason
from guestlist.imports.reading.sheet import Unreadable
from tests.unit.imports.reading.builders import Reader


def zipped(*names: str) -> bytes:
    """An archive of empty files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        for name in names:
            content.writestr(name, "")
    return archive.getvalue()


CASES = {
    "excel": (zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
    "old-excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an old Excel workbook"),
    "zip": (zipped("codes.csv"), "a zip archive"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\n", "a PDF document"),
    "gzip": (gzip.compress(b"Code\nA1\n", mtime=0), "a gzip archive"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "a picture"),
    "html": (b"\r\n<!DOCTYPE html><table><tr><td>Code</td></tr></table>", "a web page"),
    "xml": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "an XML file"),
    "json": (b'[{"code": "A1"}]', "a JSON file"),
    "noise": (b"".join(hashlib.sha256(bytes([n])).digest() for n in range(200)), "a binary file"),
    "zeros": (bytes(5000), "a binary file"),
}


@pytest.mark.behaviour(2)
@pytest.mark.parametrize(("content", "kind"), CASES.values(), ids=CASES)
def test_a_file_that_is_no_csv_is_refused_by_its_kind_with_the_word_csv(reader: Reader, content, kind):
    with pytest.raises(Unreadable) as refusal:
        reader.sheet(content)
    assert refusal.value.reason is Reason.NOT_CSV
    assert f"This is {kind}" in explanation(refusal.value.messages)
    assert "not a CSV file" in explanation(refusal.value.messages)


@pytest.mark.parametrize("code", ["PK1", "{x", "%PD", "<b>", "[A]", "BZ1", "GIF"])
def test_a_code_that_begins_like_another_file_type_is_a_code(reader: Reader, code):
    assert reader.read(f"{code}\nA1\n").codes == [code, "A1"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n" * 1000, b" , ,\n;;\n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"sep=;\n", b"sep=;\n;;\n", b'"",""\n'],
    ids=["nothing", "blank-lines", "blank-cells", "mark", "mark-16", "only-sep", "sep-and-blanks", "quoted-nothing"],
)
def test_a_file_without_content_is_empty(reader: Reader, content):
    with pytest.raises(Unreadable) as refusal:
        reader.sheet(content)
    assert refusal.value.reason is Reason.EMPTY_FILE


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (b"Code,Email\n", {}),
        (b"\xef\xbb\xbfCode\r\n\r\n,,\r\n", {}),
        (b"A title\nCode\nA1\n", {"header_rows": 10}),
        ("Kode;Antal\r\n".encode("utf-16"), {}),
    ],
    ids=["header", "blank-below", "all-header", "utf-16"],
)
def test_a_file_with_a_header_only_is_empty(reader: Reader, content, options):
    with pytest.raises(Unreadable) as refusal:
        reader.sheet(content, **options)
    assert (refusal.value.reason, "header" in explanation(refusal.value.messages)) == (Reason.EMPTY_FILE, True)
