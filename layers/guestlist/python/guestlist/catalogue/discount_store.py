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
        """At most `limit` discounts whose folded codes have this beginning, sorted, after `after`."""
        items = query_shards(self._table, [_all(org)], begins=fold_discount(begins), after=after, limit=limit)
        return [discount_of(item) for item in islice(items, limit)]

    def save_discount(self, org: str, discount: Discount, *, new: bool = False) -> None:
        """Save the discount; if it must be `new`, raises `Exists` if the code is taken."""
        facts = {name: getattr(discount, name) for name in discount.__slots__}
        place = {"g1pk": _all(org), "g1sk": discount.key}
        item = {**keys.discount(org, discount.key)._asdict(), **place, **facts}
        try:
            self._table.put(item, when=absent() if new else None)
        except ConditionFailed as error:
            raise Exists("exists.discount", code=discount.code) from error

    def delete_discount(self, org: str, code: str) -> None:
        """Delete the discount with this code, if it exists."""
        self._table.delete(keys.discount(org, fold_discount(code)))


def discount_of(item: dict[str, Any]) -> Discount:
    """The discount for a stored item."""
    return Discount(
        code=item["code"],
        percent=item.get("percent"),
        amount=item.get("amount"),
        group_ids=_ids(item.get("group_ids")),
        sale_item_ids=_ids(item.get("sale_item_ids")),
    )


def _all(org: str) -> str:
    return keys.discount(org, "").pk


def _ids(ids: list[str] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(ids)
