"""Store of the sales of events: an item of counters, with an account for each import that takes places.

Sales of checkouts are counted in separate shards; earlier releases counted them in this item too.

An account is one attribute, compared as a whole, so that every step of an import changes the counters
and its own account in one conditional update, exactly once.
"""

from dataclasses import replace

from guestlist.aws import conditions, keys
from guestlist.aws.conditions import Condition
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.model.errors import ConcurrentModification
from guestlist.tickets.live_sales import LiveSales
from guestlist.tickets.model import CapacityAccount, Sales

SALES = "SALES"
_ACCOUNT = "import_"


class EventSales:
    """The sales of all events."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._live = LiveSales(table)

    def read_sales(self, org: str, event_id: str) -> Sales:
        """What is sold now; nothing for an event of which nothing ever was."""
        item = self._table.get(keys.of_event(org, event_id, SALES)) or {}
        held = sum(_account(value).held for name, value in item.items() if name.startswith(_ACCOUNT))
        taken = item.get("taken", 0) + self._live.read_sales(org, event_id)
        return Sales(taken=taken, held=held, imported=item.get("imported", 0))

    def sold(self, org: str, event_id: str, places: int, order_id: str) -> Write:
        """Count so many places of an order as sold (or, below zero, given back), whatever the capacity."""
        return self._live.change_write(org, event_id, places, order_id)

    def taken_alone(self, org: str, event_id: str, capacity: int | None) -> Write:
        """Count one imported ticket, if the event has a place left; None is no limit."""
        when = None if capacity is None else _room(capacity - 1 - self._live.read_sales(org, event_id))
        return Write(key=keys.of_event(org, event_id, SALES), add={"taken": 1, "imported": 1}, when=when)

    # Accounts of imports

    def open(self, org: str, event_id: str, import_id: str) -> CapacityAccount:
        """The account of this import as it stands, begun if need be."""
        key, name = keys.of_event(org, event_id, SALES), _ACCOUNT + import_id
        try:
            item = self._table.update(
                key,
                {name: _account_text(CapacityAccount())},
                add={"taken": 0, "imported": 0},
                when=conditions.absent(name),
            )
        except ConditionFailed:
            item = self._table.get(key) or {}
        return _account(item[name])

    def hold(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, places: int, capacity: int | None
    ) -> CapacityAccount:
        """Hold so many more places, or as many as there are; None is no limit. Raises `ConcurrentModification`."""
        where = (org, event_id, import_id)
        live = 0 if capacity is None else self._live.read_sales(org, event_id)
        while places > 0:
            more = replace(account, held=account.held + places)
            room = None if capacity is None else conditions.at_most("taken", capacity - live - places)
            try:
                self._change(where, account, more, {"taken": places}, room)
            except ConditionFailed as error:
                item = self._as_left(where, account, more, error)
                places = min(places, (capacity or 0) - live - item["taken"]) if item else 0
                account = account if item else more
            else:
                return more
        return account

    def commit(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, committed_account: CapacityAccount
    ) -> CapacityAccount:
        """Replace the account; places that are no longer held and were not used are released.

        Raises `ConcurrentModification`.
        """
        used = committed_account.used - account.used
        add = {"taken": used + committed_account.held - account.held, "imported": used}
        where = (org, event_id, import_id)
        try:
            self._change(where, account, committed_account, add)
        except ConditionFailed as error:
            if self._as_left(where, account, committed_account, error):
                raise ConcurrentModification from error
        return committed_account

    def _as_left(
        self, where: tuple[str, str, str], account: CapacityAccount, changed: CapacityAccount, error: ConditionFailed
    ) -> Item | None:
        """After a change that failed: the item, or None if the change is there, by a try whose answer was lost.

        Raises `ConcurrentModification` when the account is neither as it was nor as it was to be.
        """
        org, event_id, import_id = where
        item = self._table.get(keys.of_event(org, event_id, SALES)) or {}
        stored_text = item.get(_ACCOUNT + import_id)
        if stored_text == _account_text(changed):
            return None
        if stored_text != _account_text(account):
            raise ConcurrentModification from error
        return item

    def _change(
        self,
        where: tuple[str, str, str],
        account: CapacityAccount,
        changed: CapacityAccount,
        add: dict[str, int],
        room: Condition | None = None,
    ) -> Item:
        org, event_id, import_id = where
        name = _ACCOUNT + import_id
        unchanged = conditions.equals(name, _account_text(account))
        when = unchanged & room if room else unchanged
        return self._table.update(
            keys.of_event(org, event_id, SALES), {name: _account_text(changed)}, add=add, when=when
        )


def changes_of(item: Item) -> Item:
    """What of the counters is another after each change to the imported tickets of an event, and never as before."""
    return {name: value for name, value in item.items() if name == "imported" or name.startswith(_ACCOUNT)}


def _room(most: int) -> Condition:
    """Whether at most so many places are taken; none are where nothing ever was sold."""
    some = conditions.at_most("taken", most)
    return some | conditions.absent("taken") if most >= 0 else some


def _account_text(account: CapacityAccount) -> str:
    full_at = "" if account.full_at is None else account.full_at
    return f"{account.line}/{account.held}/{account.used}/{full_at}/{'undone' if account.undone else ''}"


def _account(text: str) -> CapacityAccount:
    line, held, used, full_at, undone = text.split("/")
    return CapacityAccount(
        line=int(line),
        held=int(held),
        used=int(used),
        full_at=int(full_at) if full_at else None,
        undone=bool(undone),
    )
