"""Descriptions of reads of the table, which can be combined and then run in parallel."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from guestlist.aws.items import Item, marshal_item
from guestlist.aws.keys import Key

_INDEX_KEYS = {
    None: {"#pk": "pk", "#sk": "sk"},
    "listing": {"#pk": "g1pk", "#sk": "g1sk"},
    "due": {"#pk": "due_pk", "#sk": "due_at"},
}

T = TypeVar("T")
U = TypeVar("U")


class Page(NamedTuple):
    """The items of one page of a query; `next` is the start key of the next page, None after the last one."""

    items: list[Item]
    next: dict[str, Any] | None = None


class Query(NamedTuple):
    """One page of a partition, in order of the sort key; `between` is inclusive at both ends.

    `index_name` is the index to query, None for the table itself. With `only`, items have just these attributes and are
    read faster.
    """

    pk: str
    index_name: str | None = None
    begins: str | None = None
    between: tuple[str, str] | None = None
    descending: bool = False
    limit: int | None = None
    start: dict[str, Any] | None = None
    only: Sequence[str] = ()

    def request(self) -> dict[str, Any]:
        """The parameters of the request."""
        names = _INDEX_KEYS[self.index_name]
        values, condition = {":pk": self.pk}, "#pk = :pk"
        if self.begins is not None:
            condition, values[":from"] = condition + " AND begins_with(#sk, :from)", self.begins
        elif self.between is not None:
            condition += " AND #sk BETWEEN :from AND :to"
            values[":from"], values[":to"] = self.between
        request: dict[str, Any] = {
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names if "#sk" in condition else {"#pk": names["#pk"]},
            "ExpressionAttributeValues": marshal_item(values),
            "ScanIndexForward": not self.descending,
        }
        request |= {"IndexName": self.index_name} if self.index_name else {"ConsistentRead": True}
        if self.only:
            marks = {f"#o{number}": name for number, name in enumerate(self.only)}
            request["ProjectionExpression"] = ", ".join(marks)
            request["ExpressionAttributeNames"] = request["ExpressionAttributeNames"] | marks
        request |= {"Limit": self.limit} if self.limit else {}
        request |= {"ExclusiveStartKey": marshal_item(self.start)} if self.start else {}
        return request


class Reading(NamedTuple, Generic[T]):
    """Keys and queries to read, and a function of the items found and of one page for each query.

    The items may include others than those of `keys`. The function may itself read from the table.
    """

    combine: Callable[[Mapping[Key, Item], Sequence[Page]], T]
    keys: Sequence[Key] = ()
    queries: Sequence[Query] = ()

    def deferred(self) -> "Reading[Callable[[], T]]":
        """The same reading, whose result is computed when the returned function is called."""
        return Reading(lambda items, pages: partial(self.combine, items, pages), self.keys, self.queries)

    def then(self, further: Callable[[T], U]) -> "Reading[U]":
        """The same reading, whose result is passed to a further function."""
        return Reading(lambda items, pages: further(self.combine(items, pages)), self.keys, self.queries)


def join_readings(readings: Sequence[Reading[Any]]) -> Reading[list[Any]]:
    """One reading for all of these, with the list of their results."""

    def combine(items: Mapping[Key, Item], pages: Sequence[Page]) -> list[Any]:
        remaining_pages = iter(pages)
        return [reading.combine(items, [next(remaining_pages) for _ in reading.queries]) for reading in readings]

    return Reading(
        combine,
        [key for reading in readings for key in reading.keys],
        [query for reading in readings for query in reading.queries],
    )
