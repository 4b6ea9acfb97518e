"""What doors without a network fetch: the tickets of an event as a signed file, and the keys that check it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.aws.bucket import bucket
from guestlist.aws.secret_keys import signature
from guestlist.aws.table import table
from guestlist.groups.rule import Entity
from guestlist.model.errors import Unknown
from guestlist.organisers.model import Scope
from guestlist.tickets.snapshot_store import SnapshotStore
from guestlist.tickets.snapshots import file_key, last

if TYPE_CHECKING:
    from guestlist.tickets.signing import SigningKey

LINK_LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key as RFC 8037 writes it."""

    kid: str
    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    alg: Literal["EdDSA"] = "EdDSA"
    use: Literal["sig"] = "sig"
    x: str


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The keys that check what this organiser's snapshots are signed with, as RFC 7517 writes a set."""

    keys: tuple[PublicKey, ...]


@endpoint(
    Scope.DOOR,
    status=302,
    statuses=(304,),
    headers={
        "ETag": "The version of the snapshot.",
        "Snapshot-Key": "The key of the digests in the file, 64 hexadecimal digits; not sent with 304.",
    },
)
def snapshot(call: Call, event_id: str) -> Reply:
    """Fetch the tickets of an event for doors without a network; with the ETag of the last, only if it has changed.

    The file has a digest of the code of each ticket that is valid or was scanned, and no names. The header Snapshot-Key
    has the key of the digests, ETag the version of the file.
    """
    if adapters.catalogues().get(call.org, Entity.EVENT, event_id) is None:
        raise Unknown(f"There is no event {event_id}.")
    key = signature(table(), call.org, "snapshots", event_id)
    made = last(call.org, event_id, key, call.now, SnapshotStore(table(), bucket()), lambda: _signing(call.org))
    tag = f'"{made.version}"'
    if tag in map(str.strip, call.headers.get("if-none-match", "").replace("W/", "").split(",")):
        return Reply(status=304, headers={"ETag": tag})
    address = bucket().link(file_key(call.org, event_id, made.version), f"snapshot-{event_id}.txt", LINK_LASTS)
    return Reply(headers={"Location": address, "ETag": tag, "Snapshot-Key": key.hex(), "Cache-Control": "no-cache"})


@endpoint(Scope.DOOR, answer=PublicKeys)
def public_keys(call: Call) -> PublicKeys:
    """List the public keys that check the signatures of snapshots."""
    key = _signing(call.org)
    return PublicKeys((PublicKey(kid=key.key_id, x=key.public),))


def _signing(org: str) -> "SigningKey":
    # Its library takes as long to load as all the rest of a cold start.
    from guestlist.tickets.signing import SigningKey

    return SigningKey(signature(table(), org, "signing"))
