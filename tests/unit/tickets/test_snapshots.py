"""Snapshots: when a new one is made, and its contents."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.tickets.signing import SigningKey
from guestlist.tickets.snapshots import (
    MAX_INLINE_TICKETS,
    REQUEST_INTERVAL,
    Code,
    EventState,
    Snapshot,
    SnapshotPorts,
    digest,
    file_key,
    latest_snapshot,
    make_snapshot,
)

NOW = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
KEY = bytes(range(32))
SECOND = timedelta(seconds=1)


class FakeSnapshots:
    """An event with two tickets, of which one was scanned."""

    def __init__(self) -> None:
        self.tickets = [Code("B", NOW - 60 * SECOND), Code("A", None)]
        self.known = "1"
        self.last: Snapshot | None = None
        self.files: dict[str, bytes] = {}
        self.read = 0
        self.sold = 2
        self.claimed: datetime | None = None
        self.requested: list[str] = []

    def state(self, org: str, event_id: str) -> EventState:
        assert (org, event_id) == ("demo", "gala")
        return EventState(self.known, self.sold, self.last)

    def claim(self, org: str, event_id: str, now: datetime, former: datetime) -> bool:
        assert (org, event_id) == ("demo", "gala")
        if self.claimed and self.claimed > former:
            return False
        self.claimed = now
        return True

    def save_snapshot(self, org: str, event_id: str, snapshot: Snapshot) -> None:
        assert (org, event_id) == ("demo", "gala")
        self.last = snapshot

    def codes(self, org: str, event_id: str) -> Iterable[Code]:
        assert (org, event_id) == ("demo", "gala")
        self.read += 1
        return list(self.tickets)

    def put_file(self, key: str, content: bytes) -> None:
        self.files[key] = content


@pytest.fixture
def snapshots() -> FakeSnapshots:
    return FakeSnapshots()


def ports(snapshots: FakeSnapshots) -> SnapshotPorts:
    return SnapshotPorts(
        snapshots=snapshots,
        digest_key=lambda _: KEY,
        signing_key=lambda: SigningKey(bytes(32)),
        request_worker=snapshots.requested.append,
    )


def version_at(snapshots: FakeSnapshots, now: datetime = NOW) -> str:
    """The version of the snapshot at that time; none if a worker has to make it first."""
    snapshot = latest_snapshot("demo", "gala", now, ports(snapshots))
    return snapshot.version if snapshot else ""


def worked(snapshots: FakeSnapshots, now: datetime) -> str:
    """The version that a worker makes at that instant."""
    return make_snapshot("demo", "gala", now, ports(snapshots)).version


def text(snapshots: FakeSnapshots, version: str) -> str:
    return snapshots.files[file_key("demo", "gala", version)].decode()


def test_a_ticket_is_a_digest_and_says_when_it_was_scanned(snapshots: FakeSnapshots) -> None:
    header, *rows, signature = text(snapshots, version_at(snapshots)).splitlines()
    assert sorted(rows) == rows
    assert set(rows) == {digest(KEY, "A"), f"{digest(KEY, 'B')} 2026-12-01T18:59:00Z"}
    assert len(digest(KEY, "A")) == 32
    assert '"tickets":2' in header
    assert signature.startswith("signature ")


def test_the_same_code_has_another_digest_at_another_event() -> None:
    assert digest(KEY, "A") != digest(bytes(32), "A")


def test_an_unchanged_snapshot_is_returned_without_reading_tickets(snapshots: FakeSnapshots) -> None:
    versions = {version_at(snapshots, NOW + after * SECOND) for after in (0, 1, 9)}
    assert (len(versions), snapshots.read) == (1, 1)


def test_a_changed_ticket_makes_another_version_of_the_snapshot(snapshots: FakeSnapshots) -> None:
    first = version_at(snapshots)
    snapshots.tickets.append(Code("C", None))
    assert version_at(snapshots, NOW + SECOND) == first
    snapshots.known = "2"
    assert version_at(snapshots, NOW + SECOND) != first


def test_a_snapshot_is_read_again_once_the_index_must_be_up_to_date(snapshots: FakeSnapshots) -> None:
    first = version_at(snapshots)
    snapshots.tickets.append(Code("C", None))
    assert version_at(snapshots, NOW + 10 * SECOND) != first
    version_at(snapshots, NOW + 11 * SECOND)
    assert snapshots.read == 2


def test_a_snapshot_is_renewed_after_a_while(snapshots: FakeSnapshots) -> None:
    first = version_at(snapshots)
    version_at(snapshots, NOW + 10 * SECOND)
    assert version_at(snapshots, NOW + timedelta(minutes=16)) == first
    assert snapshots.read == 3
    assert '"taken_at":"2026-12-01T19:16:00Z"' in text(snapshots, first)


def test_the_order_in_which_tickets_are_listed_changes_nothing(snapshots: FakeSnapshots) -> None:
    first = version_at(snapshots)
    snapshots.tickets.reverse()
    snapshots.known = "2"
    assert version_at(snapshots) == first


@pytest.fixture
def stadium(snapshots: FakeSnapshots) -> FakeSnapshots:
    """An event with more tickets than are read within a call."""
    snapshots.sold = MAX_INLINE_TICKETS + 1
    return snapshots


def test_the_snapshot_of_very_many_tickets_is_made_by_a_worker(stadium: FakeSnapshots) -> None:
    assert (version_at(stadium), stadium.read, stadium.requested) == ("", 0, ["gala"])
    version = worked(stadium, NOW + 5 * SECOND)
    assert worked(stadium, NOW + 6 * SECOND) == version_at(stadium, NOW + 6 * SECOND) == version
    assert stadium.read == 1


def test_devices_get_the_former_snapshot_while_a_worker_makes_the_next(stadium: FakeSnapshots) -> None:
    former = worked(stadium, NOW)
    stadium.tickets.append(Code("C", None))
    stadium.known = "2"
    assert version_at(stadium, NOW + SECOND) == former
    following = worked(stadium, NOW + 5 * SECOND)
    assert version_at(stadium, NOW + 6 * SECOND) == following != former


def test_a_snapshot_that_is_too_old_is_not_returned(stadium: FakeSnapshots) -> None:
    worked(stadium, NOW)
    assert version_at(stadium, NOW + timedelta(minutes=15)) == ""


def test_one_worker_makes_the_snapshot_for_any_number_of_devices(stadium: FakeSnapshots) -> None:
    for after in (0, 1, 59):
        version_at(stadium, NOW + after * SECOND)
    assert stadium.requested == ["gala"]
    version_at(stadium, NOW + REQUEST_INTERVAL)
    assert stadium.requested == ["gala", "gala"]


def test_an_event_without_tickets_has_an_empty_snapshot(snapshots: FakeSnapshots) -> None:
    snapshots.tickets.clear()
    assert '"tickets":0' in text(snapshots, version_at(snapshots))


def test_a_key_pair_is_derived_from_its_seed_alone() -> None:
    assert SigningKey(bytes(32)).public == SigningKey(bytes(32)).public != SigningKey(KEY).public
    assert SigningKey(bytes(32)).key_id != SigningKey(KEY).key_id
