"""The accepted offline scans do not depend on batches and their order."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guestlist.tickets.offline_scans import MergeResult, OfflineScan, merge
from guestlist.tickets.scans import scan
from tests.fakes.tickets import FakeTickets, a_ticket

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
CODES = ("A", "B", "C")
SCANS = st.builds(
    OfflineScan,
    event_id=st.just("gala"),
    code=st.sampled_from(CODES),
    scanned_at=st.integers(0, 4).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    device=st.sampled_from(["east", "north", "west"]),
)
BATCHES = st.lists(st.lists(SCANS, max_size=5), max_size=8)


def fake_tickets() -> FakeTickets:
    tickets = FakeTickets()
    tickets.insert("demo", [a_ticket(code) for code in CODES])
    return tickets


def accepted(tickets: FakeTickets, scans: list[OfflineScan]) -> set[OfflineScan]:
    """The scans that are told, when all is known, that they were accepted."""
    results = zip(scans, merge("demo", scans, NOW, tickets), strict=True)
    return {one for one, merged in results if merged.result is MergeResult.ACCEPTED}


@given(BATCHES, st.randoms(use_true_random=False))
def test_the_earliest_scan_of_each_ticket_is_accepted_in_any_order_of_arrival(batches, random) -> None:
    tickets, every = fake_tickets(), [one for batch in batches for one in batch]
    random.shuffle(batches)
    for batch in batches:
        random.shuffle(batch)
        merge("demo", batch, NOW, tickets)
    earliest = {}
    for one in sorted(every, key=lambda one: one.rank):
        earliest.setdefault(one.code, one)
    assert accepted(tickets, every) == set(earliest.values())


@given(BATCHES)
def test_each_rejected_scan_is_recorded(batches) -> None:
    tickets, every = fake_tickets(), {one for batch in batches for one in batch}
    for batch in batches:
        merge("demo", batch, NOW, tickets)
    others = every - accepted(tickets, list(every))
    assert tickets.noted == {("demo", one.code, one.scanned_at, one.device) for one in others}


@given(BATCHES, st.integers(0, 8))
def test_an_online_admission_is_never_reversed(batches, when: int) -> None:
    tickets, admitted = fake_tickets(), None
    for number, batch in enumerate(batches):
        if number == when:
            admitted = scan("demo", "gala", "A", NOW, tickets).ticket
        merge("demo", batch, NOW, tickets)
    if admitted is not None and not admitted.scanned_by:
        assert tickets.get_ticket("demo", "A") == admitted


@given(st.lists(SCANS, max_size=8))
def test_a_repeated_batch_gets_the_same_response(batch) -> None:
    tickets = fake_tickets()
    assert merge("demo", batch, NOW, tickets) == merge("demo", batch, NOW, tickets)
