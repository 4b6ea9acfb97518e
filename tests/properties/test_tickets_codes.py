"""Barcodes of a file scan unchanged."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import WhenFull
from guestlist.tickets.model import clean_scan
from guestlist.tickets.scans import ScanResult, scan
from tests.unit.tickets.harness import TicketHarness

TONIGHT = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
LETTERS = st.characters(exclude_categories=["Cs"])
CODES = st.lists(
    st.one_of(
        st.text(LETTERS, min_size=1, max_size=30),
        st.text("*+-='\" ,;|\t0123E", min_size=1, max_size=8),
        st.from_regex(r"\A ?[*+=-]?[0-9]{1,18} ?\Z"),
    ),
    min_size=1,
    max_size=8,
)


@given(codes=CODES, delimiter=st.sampled_from(",;\t"))
@settings(max_examples=300)
def test_every_code_of_a_file_scans_as_written_or_is_listed_as_refused(codes: list[str], delimiter: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sent.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
            writer.writerows([("Ticket code", "Name"), *((code, "Ann") for code in codes)])
        harness = TicketHarness(Path(folder))
        record = harness.imported(
            path.read_bytes().decode(), raw=True, when_full=WhenFull.CONTINUE, delimiter=delimiter
        )
        problems = harness.imports.problems("demo", record.import_id)
    values = {problem["value"] for problem in problems}
    for code in set(codes):
        result = scan("demo", "gala", clean_scan(code), TONIGHT, harness.world.tickets).result
        assert result is ScanResult.ACCEPTED or code in values or clean_scan(code) in values
    assert len(harness.codes) + len(problems) == record.counts.total
    assert set(harness.codes) <= set(map(clean_scan, codes))
