"""The workers of webhooks in the table: one item for each webhook with deliveries."""

from collections.abc import Iterator
from datetime import datetime

from guestlist.aws import conditions, webhook_keys
from guestlist.aws.due import DueIndex, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Unavailable
from guestlist.webhooks.worker import WorkerState

DUE = "webhook"
_TRIES = 5


class WebhookWorkers:
    """The workers of all organisers' webhooks."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def claim(self, org: str, webhook_id: str, worker: str, now: datetime, until: datetime) -> WorkerState | None:
        """Lock the webhook for this worker; if another has it, ask that one to look again, and return None."""
        key = webhook_keys.worker(org, webhook_id)
        is_free = conditions.absent("worker") | conditions.before("until", instant(now))
        attributes = {"worker": worker, "until": instant(until), "again": None, **due_attributes(DUE, key, until)}
        for _ in range(_TRIES):
            try:
                return _state(self._table.update(key, attributes, when=is_free))
            except ConditionFailed:
                pass
            try:
                self._table.update(key, {"again": True}, when=conditions.present("worker"))
            except ConditionFailed:  # it was released just now
                continue
            return None
        raise Unavailable

    def release(self, org: str, webhook_id: str, worker: str, state: WorkerState) -> bool:
        """Save the state and release the lock; False, without doing so, if this worker was asked to look again."""
        key = webhook_keys.worker(org, webhook_id)
        is_ours = conditions.equals("worker", worker)
        changes = {
            "worker": None,
            "until": None,
            "failing_since": instant(state.failing_since) if state.failing_since else None,
            "woken_for": instant(state.woken_for) if state.woken_for else None,
            **due_attributes(DUE, key, state.due_at),
        }
        try:
            self._table.update(key, changes, when=is_ours & conditions.absent("again"))
        except ConditionFailed:
            return not self._clear_recheck_request(org, webhook_id, worker)
        return True

    def _clear_recheck_request(self, org: str, webhook_id: str, worker: str) -> bool:
        """Whether this worker was asked to look again, which clears the request; False if it has lost the lock."""
        try:
            self._table.update(
                webhook_keys.worker(org, webhook_id), remove=["again"], when=conditions.equals("worker", worker)
            )
        except ConditionFailed:
            return False
        return True

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        """The organisers and ids of webhooks for which a worker is due."""
        for key in DueIndex(self._table, DUE).keys(now):
            item = self._table.get(key)
            if item and item.get("due_at", "~") <= instant(now):
                yield webhook_keys.webhook_of(key)

    def expired_groups_reported_until(self, org: str) -> datetime | None:
        """The instant up to which the organiser's expired groups have been reported."""
        item = self._table.get(webhook_keys.expired_groups(org))
        return datetime.fromisoformat(item["at"]) if item else None

    def save_expired_groups_reported(self, org: str, at: datetime) -> None:
        """Record that groups which expired until then have been reported."""
        self._table.put({**webhook_keys.expired_groups(org)._asdict(), "at": instant(at)})


def _state(item: Item) -> WorkerState:
    return WorkerState(failing_since=_instant(item, "failing_since"), woken_for=_instant(item, "woken_for"))


def _instant(item: Item, name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]) if name in item else None
