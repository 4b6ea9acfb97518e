"""Erasures in the table: with the address while in progress, afterwards only with a keyed digest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws import conditions, person_keys
from guestlist.aws.due import DueIndex, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.erasure.model import Erasure, ErasureProgress, Proof
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification

if TYPE_CHECKING:
    from pydantic import TypeAdapter

DUE = "erasure"
LATE = timedelta(days=1)
"""The time after which an incomplete erasure is reported."""
_PERSON_ATTRIBUTES = ["email", "reached", "due_pk", "due_at"]
_NO_EMAIL = ""


class Erasures:
    """The erasures of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def key_of(self, org: str, email: str) -> Key:
        """The key of the person's erasure, with a keyed digest."""
        return person_keys.erasure(org, email, self._table.digest_key)

    def _keys(self, org: str, email: str) -> tuple[Key, ...]:
        """The same, and the key that an earlier version used, with an unkeyed digest."""
        return tuple(dict.fromkeys((self.key_of(org, email), person_keys.erasure(org, email))))

    def begin(self, org: str, erasure: Erasure) -> Erasure:
        """Store the request to erase the person until `end` completes it.

        If an earlier erasure of the same person is in progress, the new one checks everything once more: the earlier
        one may just have interrupted a worker that is still writing.
        """
        again = any(item and "due_at" in item for item in map(self._table.get, self._keys(org, erasure.email)))
        erasure = replace(erasure, progress=replace(erasure.progress, again=again))
        key, *former_keys = self._keys(org, erasure.email)
        attributes = {"email": fold_email(erasure.email), "asked_at": instant(erasure.asked_at), "by": erasure.by}
        attributes["reached"] = _stored(erasure.progress)
        self._table.put({**key._asdict(), **attributes, **due_attributes(DUE, key, erasure.asked_at)})
        self._table.delete_many(former_keys)
        return erasure

    def proof(self, org: str, email: str) -> Proof | None:
        """The record that this person was erased or is being erased; None if not."""
        item = next(filter(None, map(self._table.get, self._keys(org, email))), None)
        if item is None:
            return None
        done_at = datetime.fromisoformat(item["done_at"]) if "done_at" in item else None
        return Proof(asked_at=datetime.fromisoformat(item["asked_at"]), by=item["by"], done_at=done_at)

    def get_erasure(self, key: Key, now: datetime) -> Erasure | None:
        """The erasure to be continued; None if it is complete or must wait."""
        item = self._table.get(key)
        return _erasure(item) if item and item.get("due_at", "~") <= instant(now) else None

    def due(self, now: datetime) -> Iterator[Key]:
        """The keys of the erasures to be continued now."""
        for key in DueIndex(self._table, DUE).keys(now):
            item = self._table.get(key)
            if item and item.get("due_at", "~") <= instant(now):
                yield key

    def overdue(self, now: datetime) -> int:
        """The number of erasures that are incomplete more than a day after their request."""
        items = map(self._table.get, DueIndex(self._table, DUE).keys(now + LATE))
        return sum(item is not None and "due_at" in item and item["asked_at"] < instant(now - LATE) for item in items)

    def save_progress(
        self, org: str, erasure: Erasure, progress: ErasureProgress, due_at: datetime | None = None
    ) -> Erasure:
        """Save the progress, and when to continue.

        Raises `ConcurrentModification` if the erasure was requested again.
        """
        changes: dict[str, str | None] = {"reached": _stored(progress)}
        changes |= {"due_at": instant(due_at)} if due_at else {}
        self._change(org, erasure, changes)
        return replace(erasure, progress=progress)

    def end(self, org: str, erasure: Erasure, now: datetime) -> None:
        """Record the completion, and delete the person's address.

        Raises `ConcurrentModification` if the erasure was requested again.
        """
        self._change(org, erasure, {"done_at": instant(now), **dict.fromkeys(_PERSON_ATTRIBUTES)})

    def _change(self, org: str, erasure: Erasure, changes: dict[str, str | None]) -> None:
        is_same_request = conditions.equals("asked_at", instant(erasure.asked_at)) & conditions.present("due_at")
        for key in self._keys(org, erasure.email):
            try:
                self._table.update(key, changes, when=is_same_request)
            except ConditionFailed:
                continue
            return
        raise ConcurrentModification

    # One worker per organiser at a time, so that no two rewrite the same file

    def claim(self, org: str, worker: str, now: datetime, until: datetime) -> bool:
        """Lock the organiser's erasures for this worker until then; False if another worker has them."""
        key = person_keys.erasure(org, _NO_EMAIL)
        is_free = conditions.absent() | conditions.before("until", instant(now)) | conditions.equals("worker", worker)
        try:
            self._table.put({**key._asdict(), "worker": worker, "until": instant(until)}, when=is_free)
        except ConditionFailed:
            return False
        return True

    def release(self, org: str, worker: str) -> None:
        """Release this worker's lock."""
        try:
            self._table.delete(person_keys.erasure(org, _NO_EMAIL), when=conditions.equals("worker", worker))
        except ConditionFailed:
            return


def _stored(progress: ErasureProgress) -> str:
    return _adapter().dump_json(progress, exclude_defaults=True).decode()


def _erasure(item: Item) -> Erasure:
    return Erasure(
        email=item["email"],
        asked_at=datetime.fromisoformat(item["asked_at"]),
        by=item["by"],
        progress=_adapter().validate_json(item["reached"]) if "reached" in item else ErasureProgress(),
    )


@cache
def _adapter() -> "TypeAdapter[ErasureProgress]":
    from pydantic import TypeAdapter

    return TypeAdapter(ErasureProgress)
