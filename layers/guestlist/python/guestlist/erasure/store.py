"""Who is being erased, and that somebody was: while it goes on by address, and ever after by a keyed digest only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws import conditions, person_keys
from guestlist.aws.due import Due, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.erasure.model import Erasure, Proof, Reached
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification

if TYPE_CHECKING:
    from pydantic import TypeAdapter

DUE = "erasure"
LATE = timedelta(days=1)
_WHO = ["email", "reached", "due_pk", "due_at"]
_NOBODY = ""


class Erasures:
    """The erasures of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def place(self, org: str, email: str) -> Key:
        """Where the erasure of that person stands, under a keyed digest."""
        return person_keys.erasure(org, email, self._table.digest_key)

    def _places(self, org: str, email: str) -> tuple[Key, ...]:
        """The same, and where an earlier version kept it, under a digest without a key."""
        return tuple(dict.fromkeys((self.place(org, email), person_keys.erasure(org, email))))

    def begin(self, org: str, erasure: Erasure) -> Erasure:
        """Keep that the person is to be erased, until `end` says that nothing of them is left anywhere.

        Where the same person's erasure has not come to its end, the new one goes over all once more: the former one
        may just have stopped somebody who is still writing.
        """
        again = any(item and "due_at" in item for item in map(self._table.get, self._places(org, erasure.email)))
        erasure = replace(erasure, reached=replace(erasure.reached, again=again))
        key, *former = self._places(org, erasure.email)
        said = {"email": fold_email(erasure.email), "asked_at": instant(erasure.asked_at), "by": erasure.by}
        said["reached"] = _stored(erasure.reached)
        self._table.put({**key._asdict(), **said, **due_attributes(DUE, key, erasure.asked_at)})
        self._table.delete_many(former)
        return erasure

    def proof(self, org: str, email: str) -> Proof | None:
        """That this person was erased, or is being erased now; None when nobody asked for it."""
        item = next(filter(None, map(self._table.get, self._places(org, email))), None)
        if item is None:
            return None
        done_at = datetime.fromisoformat(item["done_at"]) if "done_at" in item else None
        return Proof(asked_at=datetime.fromisoformat(item["asked_at"]), by=item["by"], done_at=done_at)

    def get(self, key: Key, now: datetime) -> Erasure | None:
        """The erasure that is to be gone on with there; None when it has come to its end, or waits."""
        item = self._table.get(key)
        return _erasure(item) if item and item.get("due_at", "~") <= instant(now) else None

    def due(self, now: datetime) -> Iterator[Key]:
        """Where erasures stand that have not come to their end and are to be gone on with."""
        for key in Due(self._table, DUE).keys(now):
            item = self._table.get(key)
            if item and item.get("due_at", "~") <= instant(now):
                yield key

    def overdue(self, now: datetime) -> int:
        """How many have not come to their end though they were asked for more than a day ago."""
        items = map(self._table.get, Due(self._table, DUE).keys(now + LATE))
        return sum(item is not None and "due_at" in item and item["asked_at"] < instant(now - LATE) for item in items)

    def reach(self, org: str, erasure: Erasure, reached: Reached, due_at: datetime | None = None) -> Erasure:
        """Keep how far it has come, and when it is to be gone on with.

        Raises `ConcurrentModification` when it was requested again.
        """
        changes: dict[str, str | None] = {"reached": _stored(reached)}
        changes |= {"due_at": instant(due_at)} if due_at else {}
        self._change(org, erasure, changes)
        return replace(erasure, reached=reached)

    def end(self, org: str, erasure: Erasure, now: datetime) -> None:
        """Keep when it was done and who asked for it, and forget of whom.

        Raises `ConcurrentModification` when it was requested again.
        """
        self._change(org, erasure, {"done_at": instant(now), **dict.fromkeys(_WHO)})

    def _change(self, org: str, erasure: Erasure, changes: dict[str, str | None]) -> None:
        same = conditions.equals("asked_at", instant(erasure.asked_at)) & conditions.present("due_at")
        for place in self._places(org, erasure.email):
            try:
                self._table.update(place, changes, when=same)
            except ConditionFailed:
                continue
            return
        raise ConcurrentModification

    # One worker for an organiser at a time, so that no two rewrite the same file

    def claim(self, org: str, worker: str, now: datetime, until: datetime) -> bool:
        """Take the organiser's erasures for this worker until then, unless another has them."""
        key = person_keys.erasure(org, _NOBODY)
        free = conditions.absent() | conditions.before("until", instant(now)) | conditions.equals("worker", worker)
        try:
            self._table.put({**key._asdict(), "worker": worker, "until": instant(until)}, when=free)
        except ConditionFailed:
            return False
        return True

    def free(self, org: str, worker: str) -> None:
        """Let another worker have them, if they are this one's still."""
        try:
            self._table.delete(person_keys.erasure(org, _NOBODY), when=conditions.equals("worker", worker))
        except ConditionFailed:
            return


def _stored(reached: Reached) -> str:
    return _adapter().dump_json(reached, exclude_defaults=True).decode()


def _erasure(item: Item) -> Erasure:
    return Erasure(
        email=item["email"],
        asked_at=datetime.fromisoformat(item["asked_at"]),
        by=item["by"],
        reached=_adapter().validate_json(item["reached"]) if "reached" in item else Reached(),
    )


@cache
def _adapter() -> "TypeAdapter[Reached]":
    from pydantic import TypeAdapter

    return TypeAdapter(Reached)
