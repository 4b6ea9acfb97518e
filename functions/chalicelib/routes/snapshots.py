"""Downloads for scanning offline: the signed snapshot of an event's tickets, and the public keys."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.snapshots import digest_key, signing_key, snapshot_ports
from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.aws.bucket import bucket
from guestlist.catalogue.service import require_event
from guestlist.organisers.model import Scope
from guestlist.tickets.snapshots import file_key, latest_snapshot

LINK_LASTS = timedelta(minutes=5)
RETRY_AFTER = 5
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key in the format of RFC 8037."""

    kid: str
    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    alg: Literal["EdDSA"] = "EdDSA"
    use: Literal["sig"] = "sig"
    x: str


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public keys of this organiser's snapshots, as a JWK set (RFC 7517)."""

    keys: tuple[PublicKey, ...]


@endpoint(
    Scope.DOOR,
    status=302,
    statuses=(202, 304),
    headers={
        "ETag": "The version of the snapshot.",
        "Snapshot-Key": "The key of the digests in the file, 64 hexadecimal digits; not sent with 304.",
    },
)
def download(call: Call, event_id: str) -> Reply:
    """Download the tickets of an event for scanning offline; with the ETag of the last snapshot, only if it changed.

    For more than 100,000 tickets a worker makes the file: until then this returns the one before, or 202.
    The file has a digest of the code of each ticket that is valid or was scanned, and no names. The header Snapshot-Key
    has the key of the digests, ETag the version of the file.
    """
    require_event(call.org, event_id, adapters.catalogues())
    latest = latest_snapshot(call.org, event_id, call.now, snapshot_ports(call.org))
    if latest is None:
        return Reply(status=202, headers={"Retry-After": str(RETRY_AFTER)})
    tag = f'"{latest.version}"'
    if tag in map(str.strip, call.headers.get("if-none-match", "").replace("W/", "").split(",")):
        return Reply(status=304, headers={"ETag": tag})
    address = bucket().link(file_key(call.org, event_id, latest.version), f"snapshot-{event_id}.txt", LINK_LASTS)
    key = digest_key(call.org, event_id).hex()
    return Reply(headers={"Location": address, "ETag": tag, "Snapshot-Key": key, "Cache-Control": "no-cache"})


@endpoint(Scope.DOOR, answer=PublicKeys)
def public_keys(call: Call) -> PublicKeys:
    """List the public keys that check the signatures of snapshots."""
    key = signing_key(call.org)
    return PublicKeys((PublicKey(kid=key.key_id, x=key.public),))
