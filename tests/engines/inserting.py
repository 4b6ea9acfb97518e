"""Inserts items whose key is free with one request each: `Table.insert_many` for engines without PartiQL."""

from collections.abc import Sequence
from functools import partial

from guestlist.aws import conditions
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table


def insert_each(table: Table, items: Sequence[Item]) -> list[Key]:
    """Write those items whose key is free, side by side, and return the keys that were taken."""
    return [key for key in table.run_parallel(*[partial(_insert, table, item) for item in items]) if key]


def _insert(table: Table, item: Item) -> Key | None:
    try:
        table.put(item, when=conditions.absent())
    except ConditionFailed:
        return Key(item["pk"], item["sk"])
    return None
