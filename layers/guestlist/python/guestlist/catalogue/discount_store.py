"""Discounts in the table: an item each."""

from itertools import islice
from typing import Any

from guestlist.aws import keys
from guestlist.aws.conditions import absent
from guestlist.aws.sharded_query import listed
from guestlist.aws.table import ConditionFailed, Table
from guestlist.catalogue.restrictions import Discount, fold_discount
from guestlist.model.errors import Exists, Unknown


class Discounts:
    """The discounts of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, org: str, code: str) -> Discount:
        """The discount of that code, in any case of letters. Raises `Unknown`."""
        item = self._table.get(keys.discount(org, fold_discount(code)))
        if item is None:
            raise Unknown(f"There is no discount {code}.")
        return discount_of(item)

    def listed(self, org: str, limit: int, after: str = "", begins: str = "") -> list[Discount]:
        """At most `limit` discounts by folded code, behind `after`, of codes that begin so."""
        items = listed(self._table, [_all(org)], begins=fold_discount(begins), after=after, limit=limit)
        return [discount_of(item) for item in islice(items, limit)]

    def save(self, org: str, discount: Discount, *, new: bool = False) -> None:
        """Keep the discount, in place of a former one of that code unless it must be `new`. Raises `Exists`."""
        facts = {name: getattr(discount, name) for name in discount.__slots__}
        place = {"g1pk": _all(org), "g1sk": discount.key}
        item = {**keys.discount(org, discount.key)._asdict(), **place, **facts}
        try:
            self._table.put(item, when=absent() if new else None)
        except ConditionFailed as error:
            raise Exists(f"The code {discount.code} is taken by another discount.") from error

    def delete(self, org: str, code: str) -> None:
        """Remove the discount of that code, whether or not there is one."""
        self._table.delete(keys.discount(org, fold_discount(code)))


def discount_of(item: dict[str, Any]) -> Discount:
    """The discount that an item of the table, read by `keys.discount`, stands for."""
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
