"""Detection of the encoding."""

import codecs

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Reason
from guestlist.imports.reading.sheet import Unreadable
from tests.unit.imports.reading.builders import Reader

NAMES = [
    "Søren Ørsted",
    "Malmö",
    "Müller Straße",
    "Ångström",
    "België ’s-Gravenhage",
    "Zoë",
    "ÉLAN",
    "coöperatie",
    "Færøy",
]
CODECS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
          "utf-16": "utf-16-le", "cp1252": "cp1252", "mac-roman": "mac-roman"}  # fmt: skip


@pytest.mark.behaviour(8)
@pytest.mark.parametrize(("codec", "detected"), CODECS.items(), ids=CODECS)
@pytest.mark.parametrize("name", NAMES)
def test_letters_are_read_in_the_encoding_they_were_written_in(reader: Reader, name, codec, detected):
    sheet = reader.sheet(f"Code,Seat\nA1,{name}\n".encode(codec))
    assert (sheet.detected.encoding, [r.cells[1] for r in sheet.records()]) == (detected, [name])


@pytest.mark.parametrize("text", ["5 €", "€ 5", "cœur"])
def test_iso_8859_15_is_distinguished_from_windows_1252(reader: Reader, text):
    sheet = reader.sheet(f"Code,Seat\nA1,{text}\n".encode("iso-8859-15"))
    assert (sheet.detected.encoding, [r.cells[1] for r in sheet.records()]) == ("iso-8859-15", [text])


def test_a_letter_far_down_decides_the_encoding_of_the_whole_file(reader: Reader):
    content = "Code\n" + "A1\n" * 400_000 + "é\n"
    assert reader.sheet(content.encode("cp1252")).detected.encoding == "cp1252"


def test_a_byte_order_mark_is_not_part_of_the_first_header(reader: Reader):
    assert reader.sheet(codecs.BOM_UTF8 + b"Code\nA1\n").detected.headers == ("Code",)


def test_the_organiser_is_notified_of_an_encoding_other_than_unicode(reader: Reader):
    assert "cp1252" in reader.sheet("Code\né\n".encode("cp1252")).detected.texts()[0]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"Code\nab\x81\x8d\x8f\x90\x9d\n", 2, id="bytes-no-one-byte-encoding-has"),
        pytest.param("Code\né\nè\n".encode() + b"\xe9x\n", 4, id="utf-8-with-a-bad-byte"),
        pytest.param("Code\r\né\rè\r\n".encode() + b"\xe9x\n", 4, id="lines-end-in-three-ways"),
        pytest.param("Code\né\n".encode("utf-16")[:-1], 2, id="utf-16-cut-off"),
        pytest.param(codecs.BOM_UTF8 + b"Code\n\xe9\n", 2, id="marked-as-utf-8"),
        pytest.param(b"Code\n" + b"A\n" * 600_000 + "é".encode() + b"\xe9", 600_002, id="far-down"),
        pytest.param(b"Code\n" + b"A\r\n" * 99_998 + b"\n\n\xff\xe9\x81", 100_002, id="line-ends-cut-by-any-piece"),
        pytest.param(b"Code\n" + "é\n".encode() * 99_999 + b"\xe9x\n", 100_001, id="letters-cut-by-any-piece"),
    ],
)
@pytest.mark.behaviour(8)
def test_a_file_in_no_encoding_is_refused_with_the_line(reader: Reader, content, line):
    with pytest.raises(Unreadable) as refusal:
        reader.sheet(content)
    assert (refusal.value.reason, refusal.value.line) == (Reason.BAD_ENCODING, line)
    assert f"Line {line} " in explanation(refusal.value.messages)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("latin-1", "latin-1"),
        ("Windows-1252", "cp1252"),
        ("cp850", "cp850"),
        ("utf-16", "utf-16-be"),
        ("macintosh", "mac-roman"),
    ],
)
def test_a_declared_encoding_is_used(reader: Reader, declared, codec):
    sheet = reader.sheet("Code\nÆblegrød\n".encode(codec), encoding=declared)
    assert [record.cells for record in sheet.records()] == [["Æblegrød"]]


@pytest.mark.parametrize("declared", ["utf-8", "ascii"])
def test_a_declared_encoding_that_fails_is_refused_with_the_line(reader: Reader, declared):
    with pytest.raises(Unreadable) as refusal:
        reader.sheet("Code\nA\né\n".encode("cp1252"), encoding=declared)
    assert (refusal.value.reason, refusal.value.line) == (Reason.BAD_ENCODING, 3)


@pytest.mark.parametrize("declared", ["zip", "idna", "klingon", "", "unicode_escape", "utf-7", "x" * 500, "a\0b"])
def test_only_encodings_of_text_can_be_declared(reader: Reader, declared):
    if not declared:
        assert reader.sheet(b"Code\nA\n", encoding=declared).detected.encoding == "utf-8"
        return
    with pytest.raises(Unreadable) as refusal:
        reader.sheet(b"Code\nA\n", encoding=declared)
    assert refusal.value.reason is Reason.BAD_ENCODING


@pytest.mark.parametrize(
    ("codec", "header", "name"),
    [("cp1250", "Příjmení", "Dvořák"), ("cp1254", "Soyadı", "Yıldız"), ("cp1257", "Uzvārds", "Ozoliņš")],
)
def test_words_of_a_header_show_an_encoding_that_is_not_western(reader: Reader, codec, header, name):
    sheet = reader.sheet(f"Code;{header}\nA1;{name}\n".encode(codec))
    assert (sheet.detected.encoding, [r.cells[1] for r in sheet.records()]) == (codec, [name])
