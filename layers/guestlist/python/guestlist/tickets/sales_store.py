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
        """The current sales; zero for an event without any."""
        item = self._table.get(keys.of_event(org, event_id, SALES)) or {}
        held_places = sum(_account(value).held_places for name, value in item.items() if name.startswith(_ACCOUNT))
        taken_places = item.get("taken", 0) + self._live.read_sales(org, event_id)
        return Sales(taken_places=taken_places, held_places=held_places, imported=item.get("imported", 0))

    def sale_write(self, org: str, event_id: str, places: int, order_id: str) -> Write:
        """The write that counts places of an order as sold or, if negative, as released, whatever the capacity."""
        return self._live.change_write(org, event_id, places, order_id)

    def single_ticket_write(self, org: str, event_id: str, capacity: int | None) -> Write:
        """The write that counts one imported ticket, if the event has a place left; None is no limit."""
        when = None if capacity is None else _at_most_taken(capacity - 1 - self._live.read_sales(org, event_id))
        return Write(key=keys.of_event(org, event_id, SALES), add={"taken": 1, "imported": 1}, when=when)

    # Accounts of imports

    def open_account(self, org: str, event_id: str, import_id: str) -> CapacityAccount:
        """The account of this import, created if it does not exist."""
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

    def hold_places(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, places: int, capacity: int | None
    ) -> CapacityAccount:
        """Hold this many more places, or as many as there are; None is no limit. Raises `ConcurrentModification`."""
        account_key = (org, event_id, import_id)
        live_places = 0 if capacity is None else self._live.read_sales(org, event_id)
        while places > 0:
            new_account = replace(account, held_places=account.held_places + places)
            room = None if capacity is None else conditions.at_most("taken", capacity - live_places - places)
            try:
                self._change(account_key, account, new_account, {"taken": places}, room)
            except ConditionFailed as error:
                item = self._item_after_failure(account_key, account, new_account, error)
                places = min(places, (capacity or 0) - live_places - item["taken"]) if item else 0
                account = account if item else new_account
            else:
                return new_account
        return account

    def commit_account(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, committed_account: CapacityAccount
    ) -> CapacityAccount:
        """Replace the account; places that are no longer held and were not used are released.

        Raises `ConcurrentModification`.
        """
        new_tickets = committed_account.used_places - account.used_places
        add = {"taken": new_tickets + committed_account.held_places - account.held_places, "imported": new_tickets}
        account_key = (org, event_id, import_id)
        try:
            self._change(account_key, account, committed_account, add)
        except ConditionFailed as error:
            if self._item_after_failure(account_key, account, committed_account, error):
                raise ConcurrentModification from error
        return committed_account

    def _item_after_failure(
        self,
        account_key: tuple[str, str, str],
        account: CapacityAccount,
        new_account: CapacityAccount,
        error: ConditionFailed,
    ) -> Item | None:
        """Read the item after a failed change; None if an attempt with a lost response has made it.

        Raises `ConcurrentModification` if the account is neither the former nor the new one.
        """
        org, event_id, import_id = account_key
        item = self._table.get(keys.of_event(org, event_id, SALES)) or {}
        stored_text = item.get(_ACCOUNT + import_id)
        if stored_text == _account_text(new_account):
            return None
        if stored_text != _account_text(account):
            raise ConcurrentModification from error
        return item

    def _change(
        self,
        account_key: tuple[str, str, str],
        account: CapacityAccount,
        new_account: CapacityAccount,
        add: dict[str, int],
        room: Condition | None = None,
    ) -> Item:
        org, event_id, import_id = account_key
        name = _ACCOUNT + import_id
        unchanged = conditions.equals(name, _account_text(account))
        when = unchanged & room if room else unchanged
        return self._table.update(
            keys.of_event(org, event_id, SALES), {name: _account_text(new_account)}, add=add, when=when
        )


def ticket_counters(item: Item) -> Item:
    """The attributes that get a new value with each change of an event's imported tickets."""
    return {name: value for name, value in item.items() if name == "imported" or name.startswith(_ACCOUNT)}


def _at_most_taken(most: int) -> Condition:
    """The condition that at most this many places are taken; without the attribute, none are."""
    has_room = conditions.at_most("taken", most)
    return has_room | conditions.absent("taken") if most >= 0 else has_room


def _account_text(account: CapacityAccount) -> str:
    full_at = "" if account.full_at is None else account.full_at
    return f"{account.line}/{account.held_places}/{account.used_places}/{full_at}/{'undone' if account.undone else ''}"


def _account(text: str) -> CapacityAccount:
    line, held_places, used_places, full_at, is_undone = text.split("/")
    return CapacityAccount(
        line=int(line),
        held_places=int(held_places),
        used_places=int(used_places),
        full_at=int(full_at) if full_at else None,
        undone=bool(is_undone),
    )
