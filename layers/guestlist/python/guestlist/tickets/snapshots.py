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

    def state(self, org: str, event_id: str) -> tuple[str, Snapshot | None]:
        """A text that is another one after each change to the event's tickets, and the last snapshot."""

    def save(self, org: str, event_id: str, snapshot: Snapshot) -> None:
        """Keep the snapshot as the last one."""

    def codes(self, org: str, event_id: str) -> Iterable[Code]:
        """The codes of all tickets of the event, in any order."""

    def put(self, key: str, content: bytes) -> None:
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


def last(
    org: str,
    event_id: str,
    key: bytes,
    now: datetime,
    snapshots: Snapshots,
    signing: Callable[[], Signing],
) -> Snapshot:
    """The snapshot of the event as it is now, made again if something has changed.

    `signing` is asked for only where a file is made.
    """
    state, former = snapshots.state(org, event_id)
    if former is not None and former.current(state, now):
        return former
    rows = _rows(snapshots.codes(org, event_id), key)
    version = sha256(rows).hexdigest()[:32]
    seen_at = former.seen_at if former is not None and former.state == state else now
    made = Snapshot(version=version, taken_at=now, state=state, seen_at=seen_at)
    snapshots.put(file_key(org, event_id, version), _signed(event_id, made, rows, signing()))
    snapshots.save(org, event_id, made)
    return made


def _rows(codes: Iterable[Code], key: bytes) -> bytes:
    """A line for each ticket: its digest and, if it was scanned, when."""
    lines = [f"{digest(key, code)} {written(at)}\n" if at else f"{digest(key, code)}\n" for code, at in codes]
    return "".join(sorted(lines)).encode("ascii")


def _signed(event_id: str, made: Snapshot, rows: bytes, signing: Signing) -> bytes:
    header = {
        "format": FORMAT,
        "event_id": event_id,
        "version": made.version,
        "taken_at": written(made.taken_at),
        "tickets": rows.count(b"\n"),
        "key_id": signing.key_id,
    }
    text = json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + rows
    return text + b"signature " + b64encode(signing.sign(text)) + b"\n"


def written(at: datetime) -> str:
    """The instant as RFC 3339 writes it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
