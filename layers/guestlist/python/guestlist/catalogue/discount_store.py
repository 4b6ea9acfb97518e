"""Discounts in the table: one item each."""

from itertools import islice
from typing import Any

from guestlist.aws import keys
from guestlist.aws.conditions import absent
from guestlist.aws.sharded_query import query_shards
from guestlist.aws.table import ConditionFailed, Table
from guestlist.catalogue.restrictions import Discount, fold_discount
from guestlist.model.errors import Exists, Unknown


class Discounts:
    """The discounts of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get_discount(self, org: str, code: str) -> Discount:
        """The discount with this code, ignoring case. Raises `Unknown`."""
        item = self._table.get(keys.discount(org, fold_discount(code)))
        if item is None:
            raise Unknown("not_found.discount", code=code)
        return discount_of(item)

    def list_discounts(self, org: str, limit: int, after: str = "", begins: str = "") -> list[Discount]:
        """At most `limit` discounts whose codes begin with `begins`, ignoring case, by folded code after `after`."""
        items = query_shards(self._table, [_partition(org)], begins=fold_discount(begins), after=after, limit=limit)
        return [discount_of(item) for item in islice(items, limit)]

    def save_discount(self, org: str, discount: Discount, *, new: bool = False) -> None:
        """Save the discount. Raises `Exists` if it must be `new` and its code is taken."""
        values = {name: getattr(discount, name) for name in discount.__slots__}
        index_attributes = {"g1pk": _partition(org), "g1sk": discount.key}
        item = {**keys.discount(org, discount.key)._asdict(), **index_attributes, **values}
        try:
            self._table.put(item, when=absent() if new else None)
        except ConditionFailed as error:
            raise Exists("exists.discount", code=discount.code) from error

    def delete_discount(self, org: str, code: str) -> None:
        """Delete the discount with this code, if it exists."""
        self._table.delete(keys.discount(org, fold_discount(code)))


def discount_of(item: dict[str, Any]) -> Discount:
    """Parse the item of a discount."""
    return Discount(
        code=item["code"],
        percent=item.get("percent"),
        amount=item.get("amount"),
        group_ids=_ids(item.get("group_ids")),
        sale_item_ids=_ids(item.get("sale_item_ids")),
    )


def _partition(org: str) -> str:
    return keys.discount(org, "").pk


def _ids(ids: list[str] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(ids)
