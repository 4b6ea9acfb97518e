"""What is to be read of the table, said before it is read, so that much of it can be read at the same time."""

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
    """Items of one query, and where to go on; `next` is None at the end."""

    items: list[Item]
    next: dict[str, Any] | None = None


class Query(NamedTuple):
    """One page of a partition, in order of its sort key; `between` is inclusive at both ends.

    `along` is the index whose partition it is; None: the table's own.
    With `only`, items have no other attributes than these, and are read faster.
    """

    pk: str
    along: str | None = None
    begins: str | None = None
    between: tuple[str, str] | None = None
    descending: bool = False
    limit: int | None = None
    start: dict[str, Any] | None = None
    only: Sequence[str] = ()

    def request(self) -> dict[str, Any]:
        """The parts of a request that say it."""
        names = _INDEX_KEYS[self.along]
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
        request |= {"IndexName": self.along} if self.along else {"ConsistentRead": True}
        if self.only:
            marks = {f"#o{number}": name for number, name in enumerate(self.only)}
            request["ProjectionExpression"] = ", ".join(marks)
            request["ExpressionAttributeNames"] = request["ExpressionAttributeNames"] | marks
        request |= {"Limit": self.limit} if self.limit else {}
        request |= {"ExclusiveStartKey": marshal_item(self.start)} if self.start else {}
        return request


class Reading(NamedTuple, Generic[T]):
    """Items and queries that are wanted, and what is made of those that are there and of a page for each query.

    Among the items may be others. What is made may take further readings.
    """

    made: Callable[[Mapping[Key, Item], Sequence[Page]], T]
    keys: Sequence[Key] = ()
    queries: Sequence[Query] = ()

    def later(self) -> "Reading[Callable[[], T]]":
        """The same, of which something is made only when it is asked for."""
        return Reading(lambda found, pages: partial(self.made, found, pages), self.keys, self.queries)

    def then(self, further: Callable[[T], U]) -> "Reading[U]":
        """The same, with something further made of it."""
        return Reading(lambda found, pages: further(self.made(found, pages)), self.keys, self.queries)


def joined(readings: Sequence[Reading[Any]]) -> Reading[list[Any]]:
    """All of them, at the same time."""

    def made(found: Mapping[Key, Item], pages: Sequence[Page]) -> list[Any]:
        ahead = iter(pages)
        return [one.made(found, [next(ahead) for _ in one.queries]) for one in readings]

    return Reading(
        made,
        [key for one in readings for key in one.keys],
        [query for one in readings for query in one.queries],
    )
