"""The adapters of snapshots for scanning offline, for the API and for workers."""

from functools import partial
from typing import TYPE_CHECKING

from guestlist.aws.bucket import bucket
from guestlist.aws.secret_keys import signature
from guestlist.aws.sqs import queue
from guestlist.aws.table import table
from guestlist.tickets.snapshot_store import SnapshotStore
from guestlist.tickets.snapshots import SnapshotPorts

if TYPE_CHECKING:
    from guestlist.tickets.signing import SigningKey


def snapshot_ports(org: str) -> SnapshotPorts:
    """The ports of snapshots of the organiser's events."""
    return SnapshotPorts(
        snapshots=SnapshotStore(table(), bucket()),
        digest_key=partial(digest_key, org),
        signing_key=partial(signing_key, org),
        request_worker=partial(queue().snapshot, org),
    )


def digest_key(org: str, event_id: str) -> bytes:
    """The key of the digests in the event's snapshots."""
    return signature(table(), org, "snapshots", event_id)


def signing_key(org: str) -> "SigningKey":
    """The organiser's key pair."""
    # Imported here: its library takes as long to load as the rest of a cold start.
    from guestlist.tickets.signing import SigningKey

    return SigningKey(signature(table(), org, "signing"))
