"""The tickets of an event as a signed file for doors without a network: digests of their codes, and no names.

A file is made when something has changed since the last one was. What a door is told to compare is derived from the
content, so that a file that was made again with the same tickets is not fetched again.
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
_LISTED_WITHIN = timedelta(seconds=10)
"""After so long, the list of tickets has every change that was seen."""
_OLDEST = timedelta(minutes=15)
MAX_INLINE_TICKETS = 100_000
"""So many tickets are read while a door waits; the file of more is made by a worker."""
REQUEST_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A file that was made: of which tickets (`version`), when, and for which state of the event.

    `seen_at` is when that state was met first.
    """

    version: str
    taken_at: datetime
    state: str
    seen_at: datetime

    def current(self, state: str, now: datetime) -> bool:
        """Whether nothing has changed that could be in a file made now."""
        listed_at = self.seen_at + _LISTED_WITHIN
        complete = self.taken_at >= listed_at or now < listed_at
        return self.state == state and complete and now - self.taken_at < _OLDEST


class EventState(NamedTuple):
    """What is known of an event without reading its tickets.

    `state` is another text after each change to them, `tickets` about how many there are, `last` the last snapshot.
    """

    state: str
    tickets: int
    last: Snapshot | None

    def current(self, now: datetime) -> Snapshot | None:
        """The last snapshot, if nothing has changed since."""
        return self.last if self.last is not None and self.last.current(self.state, now) else None


class Code(NamedTuple):
    """A ticket's code, and when it was scanned."""

    code: str
    scanned_at: datetime | None


class Signature(NamedTuple):
    """The signature of a text, and the id of the key that checks it."""

    key_id: str
    value: bytes


class Snapshots(Protocol):
    """The last snapshot of each event, and whether something has changed."""

    def state(self, org: str, event_id: str) -> EventState:
        """What is known without reading a ticket."""

    def claim(self, org: str, event_id: str, now: datetime, former: datetime) -> bool:
        """Note that a worker is asked for now, unless one was after `former`; answers whether that was noted."""

    def save_snapshot(self, org: str, event_id: str, snapshot: Snapshot) -> None:
        """Keep the snapshot as the last one."""

    def codes(self, org: str, event_id: str) -> Iterable[Code]:
        """The codes of all tickets of the event, in any order."""

    def put_file(self, key: str, content: bytes) -> None:
        """Keep a file."""


class Signing(Protocol):
    """The organiser's key pair."""

    @property
    def key_id(self) -> str:
        """The id of the public key."""

    def sign(self, text: bytes) -> bytes:
        """The signature of the text."""


def file_key(org: str, event_id: str, version: str) -> str:
    """Where the file of that version is kept."""
    return f"snapshots/{org}/{event_id}/{version}.txt"


def digest(key: bytes, code: str) -> str:
    """What stands for a code: 128 bits of HMAC-SHA-256 under the event's key, in hexadecimal digits."""
    return hmac.digest(key, code.encode(), "sha256")[:_DIGEST_SIZE].hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPorts:
    """What snapshots of an organiser's events are made with.

    `key` is that of an event's digests, `signing` is asked for only where a file is made, `ask` has a worker make one.
    """

    snapshots: Snapshots
    key: Callable[[str], bytes]
    signing: Callable[[], Signing]
    ask: Callable[[str], None]


def latest_snapshot(org: str, event_id: str, now: datetime, ports: SnapshotPorts) -> Snapshot | None:
    """The snapshot of the event as it is now, made again if something has changed.

    Of very many tickets it is made by a worker; until then it is the one before, or None where that is too old.
    """
    state = ports.snapshots.state(org, event_id)
    if current := state.current(now):
        return current
    if state.tickets <= MAX_INLINE_TICKETS:
        return _new_snapshot(org, event_id, now, state, ports)
    if ports.snapshots.claim(org, event_id, now, now - REQUEST_INTERVAL):
        ports.ask(event_id)
    return state.last if state.last is not None and now - state.last.taken_at < _OLDEST else None


def make_snapshot(org: str, event_id: str, now: datetime, ports: SnapshotPorts) -> Snapshot:
    """The snapshot of the event as it is now, however many tickets it has, made again if something has changed."""
    state = ports.snapshots.state(org, event_id)
    return state.current(now) or _new_snapshot(org, event_id, now, state, ports)


def _new_snapshot(org: str, event_id: str, now: datetime, event_state: EventState, ports: SnapshotPorts) -> Snapshot:
    rows = _rows(ports.snapshots.codes(org, event_id), ports.key(event_id))
    version = sha256(rows).hexdigest()[:32]
    seen_at = (
        event_state.last.seen_at
        if event_state.last is not None and event_state.last.state == event_state.state
        else now
    )
    snapshot = Snapshot(version=version, taken_at=now, state=event_state.state, seen_at=seen_at)
    ports.snapshots.put_file(file_key(org, event_id, version), _signed(event_id, snapshot, rows, ports.signing()))
    ports.snapshots.save_snapshot(org, event_id, snapshot)
    return snapshot


def _rows(codes: Iterable[Code], key: bytes) -> bytes:
    """A line for each ticket: its digest and, if it was scanned, when."""
    lines = [f"{digest(key, code)} {format_instant(at)}\n" if at else f"{digest(key, code)}\n" for code, at in codes]
    return "".join(sorted(lines)).encode("ascii")


def _signed(event_id: str, snapshot: Snapshot, rows: bytes, signing: Signing) -> bytes:
    header = {
        "format": FORMAT,
        "event_id": event_id,
        "version": snapshot.version,
        "taken_at": format_instant(snapshot.taken_at),
        "tickets": rows.count(b"\n"),
        "key_id": signing.key_id,
    }
    text = json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + rows
    return text + b"signature " + b64encode(signing.sign(text)) + b"\n"


def format_instant(at: datetime) -> str:
    """The instant as RFC 3339 writes it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
