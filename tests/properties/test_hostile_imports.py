"""The import of any file as any kind ends with a status, one mail and no temporary files."""

import gzip
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Import, Kind, Reason, Status
from tests.properties.test_reading_bytes import SPLICED
from tests.properties.test_reading_hostile import noise
from tests.unit.customers.harness import CustomerHarness
from tests.unit.imports.harness import Harness
from tests.unit.purchases.harness import PurchaseHarness
from tests.unit.tickets.harness import TicketHarness

HARNESSES: dict[Kind, tuple[Callable[[Path], Any], bytes, bytes]] = {
    Kind.TARGET_GROUP: (Harness, b"Code,Quantity", b"A%d,1"),
    Kind.CUSTOMERS: (CustomerHarness, b"Email,Name", b"a%d@example.com,Ann"),
    Kind.TICKETS: (TicketHarness, b"Ticket code,Email", b"A%d,a@example.com"),
    Kind.PURCHASES: (PurchaseHarness, b"Order,Email,Sale item,Quantity", b"%d,a@example.com,ticket,1"),
}
"""Where files of a kind are imported, with a header and a good row of theirs."""

ContentBuilder = Callable[[bytes, bytes], bytes]
ANY = None
CORPUS: dict[str, tuple[ContentBuilder, Reason | None]] = {
    "nothing": (lambda _head, _row: b"", Reason.EMPTY_FILE),
    "noise": (lambda _head, _row: noise(1_000_000), Reason.NOT_CSV),
    "noise behind a header": (lambda head, _row: head + b"\n" + noise(1_000_000), Reason.NOT_CSV),
    "noise behind good rows": (lambda head, row: head + b"\n" + (row % 1 + b"\n") * 9_000 + noise(100_000), ANY),
    "zeros": (lambda _head, _row: bytes(1_000_000), Reason.NOT_CSV),
    "utf-16 cut off": (lambda head, row: (head + b"\n" + row % 1).decode().encode("utf-16")[:-1], Reason.BAD_ENCODING),
    "a mark of utf-16 and no more": (lambda _head, _row: b"\xff\xfe", Reason.EMPTY_FILE),
    "ten megabytes in one cell": (lambda head, row: head + b"\n" + b"x" * 10_000_000 + row % 1 + b"\n" + row % 2, ANY),
    "ten megabytes quoted": (lambda head, row: head + b'\n"' + b"x" * 10_000_000 + b'"\n' + row % 2, ANY),
    "a million empty lines": (lambda _head, _row: b"\n" * 1_000_000, Reason.EMPTY_FILE),
    "a million empty lines within": (lambda head, row: head + b"\n" * 1_000_000 + row % 1, ANY),
    "ten thousand columns": (lambda head, row: head + b",x" * 10_000 + b"\n" + row % 1 + b"," * 10_000, ANY),
    "a quote that is never closed": (lambda head, row: head + b"\n" + row % 1 + b'\n"' + b"x,\n" * 30_000, ANY),
    "quotes only": (lambda head, _row: head + b"\n" + b'"' * 1_000_000, ANY),
    "a quote on every line": (lambda head, row: head + b"\n" + (b'"' + row % 1 + b"\n") * 20_000, ANY),
    "formulas": (lambda head, row: head + b"\n" + row % 1 + b"\n=1+1\n+1\n-1\n@x\n=cmd|' /C calc'!A0,=1,=1,=1\n", ANY),
    "gzip with another name": (lambda head, _row: gzip.compress(head * 10_000), Reason.NOT_CSV),
}


def imported(kind: Kind, content: bytes, folder: Path) -> tuple[Import, Any]:
    """The import of these bytes as a file of that kind, and where it was run."""
    harness = HARNESSES[kind][0](folder)
    source = harness.upload("")
    harness.files.objects[source.key, "v1"] = content
    harness.run(source)
    (record,) = harness.imports.records.values()
    return record, harness


def check(record: Import, harness: Any) -> None:
    if record.status is Status.AWAITING_REVIEW:
        assert record.decisions
        assert not record.counts.imported
        return
    counts = record.counts
    assert record.status in {Status.COMPLETE, Status.PARTIAL, Status.FAILED}
    assert harness.imports.mails == [record.import_id]
    assert (record.reason is not None) == (record.status is Status.FAILED)
    whole = counts.imported + counts.refused + counts.left_out + counts.repeated
    assert record.status is Status.FAILED or (counts.imported and whole == counts.total)
    assert record.refused_file == bool(harness.files.stored)
    assert list(harness.folder.iterdir()) == []


@pytest.mark.parametrize(("kind", "name"), list(product(HARNESSES, CORPUS)))
def test_every_hostile_file_ends_its_import_or_leads_to_a_question(kind: Kind, name: str, tmp_path: Path) -> None:
    make, reason = CORPUS[name]
    record, harness = imported(kind, make(*HARNESSES[kind][1:]), tmp_path)
    check(record, harness)
    assert reason in {ANY, record.reason}


@pytest.mark.parametrize("kind", list(HARNESSES))
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_any_bytes_end_their_import_or_lead_to_a_question(kind: Kind, data: st.DataObject) -> None:
    _, head, row = HARNESSES[kind]
    ours = st.sampled_from([head + b"\n", row % 1 + b"\n", row % 2 + b"\n", b"ticket", b"a@example.com"])
    content = b"".join(data.draw(st.lists(ours | SPLICED | st.binary(max_size=9), max_size=12)))
    with tempfile.TemporaryDirectory() as folder:
        check(*imported(kind, content, Path(folder)))
