"""Store of snapshots: the record of the last one in the table, and its file in the bucket."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from guestlist.aws import conditions, keys
from guestlist.aws.bucket import Bucket
from guestlist.aws.digests import digest
from guestlist.aws.due import instant, parse_instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table
from guestlist.tickets.sales_store import SALES, ticket_counters
from guestlist.tickets.snapshots import Code, EventState, Snapshot
from guestlist.tickets.store import SCANS, SHARDS

_SNAPSHOT = "SNAPSHOT"
_REQUEST = "SNAPSHOT_ASKED"
_TEXT = "text/plain; charset=us-ascii"


class SnapshotStore:
    """The snapshots of all events."""

    def __init__(self, table: Table, bucket: Bucket) -> None:
        self._table = table
        self._bucket = bucket

    def state(self, org: str, event_id: str) -> EventState:
        """The state of the event, without reading tickets."""
        keys_by_name = {name: keys.of_event(org, event_id, name) for name in (SALES, SCANS, _SNAPSHOT)}
        items = self._table.get_many(keys_by_name.values())
        sales, scans, last = (items.get(key, {}) for key in keys_by_name.values())
        state = json.dumps([ticket_counters(sales), scans.get("scans", 0)], sort_keys=True)
        return EventState(digest(state), sales.get("imported", 0), _snapshot(last) if last else None)

    def claim(self, org: str, event_id: str, now: datetime, former: datetime) -> bool:
        """Save that a worker is requested now, unless one was after `former`; returns whether it was saved."""
        key = keys.of_event(org, event_id, _REQUEST)
        is_due = conditions.absent("asked_at") | conditions.at_most("asked_at", instant(former))
        try:
            self._table.update(key, {"asked_at": instant(now)}, when=is_due)
        except ConditionFailed:
            return False
        return True

    def save_snapshot(self, org: str, event_id: str, snapshot: Snapshot) -> None:
        """Save the snapshot as the last one."""
        values = {
            "version": snapshot.version,
            "state": snapshot.state,
            "taken_at": instant(snapshot.taken_at),
            "seen_at": instant(snapshot.seen_at),
        }
        self._table.put({**keys.of_event(org, event_id, _SNAPSHOT)._asdict(), **values})

    def codes(self, org: str, event_id: str) -> Iterable[Code]:
        """The codes of all tickets of the event, unsorted; one just written may be missing."""
        queries = [partial(self._shard, keys.tickets(org, event_id, shard)) for shard in range(SHARDS)]
        return [code for shard in self._table.run_parallel(*queries) for code in shard]

    def _shard(self, partition: str) -> Sequence[Code]:
        items = self._table.query_all(partition, index="listing", only=("code", "scanned_at"))
        return [Code(item["code"], parse_instant(item.get("scanned_at"))) for item in items]

    def put_file(self, key: str, content: bytes) -> None:
        """Save a file."""
        self._bucket.put(key, content, _TEXT)


def _snapshot(item: Item) -> Snapshot:
    return Snapshot(
        version=item["version"],
        taken_at=datetime.fromisoformat(item["taken_at"]),
        state=item["state"],
        seen_at=datetime.fromisoformat(item["seen_at"]),
    )
