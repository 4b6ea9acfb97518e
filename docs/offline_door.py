"""A door without a network: how a device reads a snapshot, decides alone, and keeps what it scanned.

    python docs/offline_door.py snapshot.txt --key SNAPSHOT_KEY --keys keys.json --device gate-3 < codes.txt

`snapshot.txt` is the file to which GET /v1/events/{id}/snapshot redirects, `SNAPSHOT_KEY` the header Snapshot-Key of
that answer, and `keys.json` the answer of GET /v1/keys, which the device keeps. Codes are read from a scanner, one a
line. Printed are the scans for POST /v1/scans/batch. Only `cryptography` is needed beside Python.
"""

import argparse
import hmac
import json
import sys
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Door:
    """One snapshot on one device. Raises `ValueError` or `InvalidSignature` for a file that is not to be trusted."""

    def __init__(self, snapshot: bytes, key: str, public_keys: Mapping[str, str]) -> None:
        text, mark, signature = snapshot.rpartition(b"signature ")
        first, *rows = text.decode("ascii").splitlines()
        self.header = json.loads(first)
        if not mark or self.header["format"] != "guestlist-snapshot-1" or len(rows) != self.header["tickets"]:
            raise ValueError("This is no whole snapshot.")
        public_key = urlsafe_b64decode(public_keys[self.header["key_id"]] + "=")
        Ed25519PublicKey.from_public_bytes(public_key).verify(b64decode(signature), text)
        self._key = bytes.fromhex(key)
        # A digest and, where the ticket was scanned before, when.
        self._scanned_at = {digest: at for digest, _, at in (row.partition(" ") for row in rows)}

    def scan(self, code: str, now: datetime) -> str:
        """Whether to let in whoever shows this code: `accepted`, `already_scanned` or `unknown`."""
        digest = hmac.digest(self._key, code.rstrip("\r\n\t").encode(), "sha256")[:16].hex()
        if digest not in self._scanned_at:
            return "unknown"
        if self._scanned_at[digest]:
            return "already_scanned"
        self._scanned_at[digest] = now.isoformat()
        return "accepted"


def main() -> None:
    """Scan the codes of standard input, and print the accepted ones as a batch to be sent."""
    parser = argparse.ArgumentParser(description="A door without a network.")
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--key", required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--device", required=True)
    said = parser.parse_args()
    public_keys = {one["kid"]: one["x"] for one in json.loads(said.keys.read_text(encoding="utf-8"))["keys"]}
    door = Door(said.snapshot.read_bytes(), said.key, public_keys)
    scans = []
    for line in sys.stdin:
        code, now = line.rstrip("\r\n\t"), datetime.now(UTC)
        result = door.scan(code, now)
        print(f"{code}: {result}", file=sys.stderr)
        if result == "accepted":
            event = door.header["event_id"]
            scans.append({"event_id": event, "code": code, "scanned_at": now.isoformat(), "device": said.device})
    print(json.dumps({"scans": scans}))


if __name__ == "__main__":
    main()
