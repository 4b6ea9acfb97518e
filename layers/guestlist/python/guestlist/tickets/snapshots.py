"""Snapshots: signed files of an event's tickets for scanning offline, with digests of codes and without names.

A file is made when tickets have changed since the last one. Its version (ETag) is a hash of its content, so a device
does not download again a file that was made anew with the same tickets.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, Protocol

FORMAT = "guestlist-snapshot-1"
_DIGEST_SIZE = 16
_INDEX_LAG = timedelta(seconds=10)
"""The longest time by which the index of tickets, which is eventually consistent, lags behind a change."""
_MAX_AGE = timedelta(minutes=15)
MAX_INLINE_TICKETS = 100_000
"""The most tickets that are read during the request; for more, a worker makes the file."""
REQUEST_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot: the hash of its tickets (`version`), when it was made, and the state of the event then.

    `seen_at` is the instant of the first snapshot of that state.
    """

    version: str
    taken_at: datetime
    state: str
    seen_at: datetime

    def is_current(self, state: str, now: datetime) -> bool:
        """Whether a file made now would be the same."""
        listed_at = self.seen_at + _INDEX_LAG
        is_complete = self.taken_at >= listed_at or now < listed_at
        return self.state == state and is_complete and now - self.taken_at < _MAX_AGE


class EventState(NamedTuple):
    """The state of an event, known without reading its tickets.

    `state` changes with each change of its tickets, `tickets` is their approximate number.
    """

    state: str
    tickets: int
    last: Snapshot | None

    def current(self, now: datetime) -> Snapshot | None:
        """The last snapshot, if it is still current."""
        return self.last if self.last is not None and self.last.is_current(self.state, now) else None


class Code(NamedTuple):
    """The code of a ticket, and when it was scanned."""

    code: str
    scanned_at: datetime | None


class Snapshots(Protocol):
    """The snapshots of events, their files, and the tickets to make them from."""

    def state(self, org: str, event_id: str) -> EventState:
        """The state of the event, without reading tickets."""

    def claim(self, org: str, event_id: str, now: datetime, former: datetime) -> bool:
        """Save that a worker is requested now, unless one was after `former`; returns whether it was saved."""

    def save_snapshot(self, org: str, event_id: str, snapshot: Snapshot) -> None:
        """Save the snapshot as the last one."""

    def codes(self, org: str, event_id: str) -> Iterable[Code]:
        """The codes of all tickets of the event, in any order."""

    def put_file(self, key: str, content: bytes) -> None:
        """Save a file."""


class SigningKey(Protocol):
    """The organiser's key pair."""

    @property
    def key_id(self) -> str:
        """The id of the public key."""

    def sign(self, text: bytes) -> bytes:
        """Sign a text."""


def file_key(org: str, event_id: str, version: str) -> str:
    """The bucket key of the file of that version."""
    return f"snapshots/{org}/{event_id}/{version}.txt"


def digest(key: bytes, code: str) -> str:
    """The digest of a code: 128 bits of HMAC-SHA-256 under the event's key, in hexadecimal."""
    return hmac.digest(key, code.encode(), "sha256")[:_DIGEST_SIZE].hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPorts:
    """Ports of snapshots.

    `digest_key` returns the digest key of the event with this id, `signing_key` the key pair to sign a new file;
    `request_worker` queues a worker to make the snapshot of the event with this id.
    """

    snapshots: Snapshots
    digest_key: Callable[[str], bytes]
    signing_key: Callable[[], SigningKey]
    request_worker: Callable[[str], None]


def latest_snapshot(org: str, event_id: str, now: datetime, ports: SnapshotPorts) -> Snapshot | None:
    """The current snapshot of the event, made if tickets have changed.

    For very many tickets a worker makes it; until then this is the one before, or None if that is too old.
    """
    state = ports.snapshots.state(org, event_id)
    if current := state.current(now):
        return current
    if state.tickets <= MAX_INLINE_TICKETS:
        return _new_snapshot(org, event_id, now, state, ports)
    if ports.snapshots.claim(org, event_id, now, now - REQUEST_INTERVAL):
        ports.request_worker(event_id)
    return state.last if state.last is not None and now - state.last.taken_at < _MAX_AGE else None


def make_snapshot(org: str, event_id: str, now: datetime, ports: SnapshotPorts) -> Snapshot:
    """The current snapshot of the event, made here if tickets have changed, however many there are."""
    state = ports.snapshots.state(org, event_id)
    return state.current(now) or _new_snapshot(org, event_id, now, state, ports)


def _new_snapshot(org: str, event_id: str, now: datetime, event_state: EventState, ports: SnapshotPorts) -> Snapshot:
    rows = _rows(ports.snapshots.codes(org, event_id), ports.digest_key(event_id))
    version = sha256(rows).hexdigest()[:32]
    seen_at = (
        event_state.last.seen_at
        if event_state.last is not None and event_state.last.state == event_state.state
        else now
    )
    snapshot = Snapshot(version=version, taken_at=now, state=event_state.state, seen_at=seen_at)
    ports.snapshots.put_file(
        file_key(org, event_id, version), _signed_file(event_id, snapshot, rows, ports.signing_key())
    )
    ports.snapshots.save_snapshot(org, event_id, snapshot)
    return snapshot


def _rows(codes: Iterable[Code], key: bytes) -> bytes:
    """A line for each ticket: its digest and, if it was scanned, the instant."""
    lines = [f"{digest(key, code)} {format_instant(at)}\n" if at else f"{digest(key, code)}\n" for code, at in codes]
    return "".join(sorted(lines)).encode("ascii")


def _signed_file(event_id: str, snapshot: Snapshot, rows: bytes, signing_key: SigningKey) -> bytes:
    header = {
        "format": FORMAT,
        "event_id": event_id,
        "version": snapshot.version,
        "taken_at": format_instant(snapshot.taken_at),
        "tickets": rows.count(b"\n"),
        "key_id": signing_key.key_id,
    }
    text = json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + rows
    return text + b"signature " + b64encode(signing_key.sign(text)) + b"\n"


def format_instant(at: datetime) -> str:
    """Format an instant as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
