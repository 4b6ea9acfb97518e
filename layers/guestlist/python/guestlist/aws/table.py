"""The table: plain Python values in and out, conditions in words, nothing ever scanned."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from random import uniform
from time import sleep
from typing import Any, NamedTuple, TypeVar

from guestlist.aws import clients
from guestlist.aws.conditions import Condition
from guestlist.aws.dynamodb import DynamoDB, Refused
from guestlist.aws.items import Item, condition_request, insert_statement, packed, place, unpacked, update_request
from guestlist.aws.keys import Key
from guestlist.aws.settings import settings

_READ_AT_ONCE = 100
_WRITE_AT_ONCE = 25
_TRIES = 8
_TAKEN = "DuplicateItem"
_FAILED = {"ConditionalCheckFailedException", "ConditionalCheckFailed"}
_CONFLICT = {"TransactionConflictException", "TransactionConflict"}
_INDEX_KEYS = {
    None: {"#pk": "pk", "#sk": "sk"},
    "listing": {"#pk": "g1pk", "#sk": "g1sk"},
    "due": {"#pk": "due_pk", "#sk": "due_at"},
}

T = TypeVar("T")


class ConditionFailed(Exception):
    """The item was not as the write wanted it; nothing was written."""


class Unavailable(Exception):
    """The table did not take everything in spite of repeated tries."""


class Page(NamedTuple):
    """Items of one query, and where to go on; `next` is None at the end."""

    items: list[Item]
    next: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write of a transaction: an item to put, or an update or deletion of a key; without either, a mere look."""

    put: Item | None = None
    key: Key | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    add: dict[str, int] = field(default_factory=dict)
    remove: Sequence[str] = ()
    delete: bool = False
    when: Condition | None = None


class Table:
    """One DynamoDB table. Every read is strongly consistent unless it is of an index."""

    def __init__(self, client: DynamoDB, name: str) -> None:
        self._client = client
        self._name = name

    # Reading

    def get(self, key: Key) -> Item | None:
        """The item, or None."""
        answer = self._call("GetItem", Key=place(key), ConsistentRead=True)
        return unpacked(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The items that exist, by key; batches of a hundred, side by side."""
        wanted = list(dict.fromkeys(keys))
        batches = [wanted[at : at + _READ_AT_ONCE] for at in range(0, len(wanted), _READ_AT_ONCE)]
        found: dict[Key, Item] = {}
        for items in self.together(*[partial(self._get_batch, batch) for batch in batches]):
            found.update({Key(item["pk"], item["sk"]): item for item in items})
        return found

    def _get_batch(self, keys: Sequence[Key]) -> list[Item]:
        waiting: Any = {self._name: {"Keys": [place(key) for key in keys], "ConsistentRead": True}}
        items: list[Item] = []
        for pause in _pauses():
            answer = self._client.call("BatchGetItem", {"RequestItems": waiting})
            items += [unpacked(item) for item in answer["Responses"].get(self._name, [])]
            waiting = answer.get("UnprocessedKeys")
            if not waiting:
                return items
            pause()
        raise Unavailable

    def query(  # noqa: PLR0913 - each says one thing of the query, by its name
        self,
        pk: str,
        *,
        index: str | None = None,
        begins: str | None = None,
        between: tuple[str, str] | None = None,
        descending: bool = False,
        limit: int | None = None,
        start: dict[str, Any] | None = None,
        only: Sequence[str] = (),
    ) -> Page:
        """One page of a partition, in order of its sort key; `between` is inclusive at both ends.

        With `only`, items have no other attributes than these, and are read faster.
        """
        names, values = _INDEX_KEYS[index], {":pk": pk}
        condition = "#pk = :pk"
        if begins is not None:
            condition, values[":from"] = condition + " AND begins_with(#sk, :from)", begins
        elif between is not None:
            condition += " AND #sk BETWEEN :from AND :to"
            values |= {":from": between[0], ":to": between[1]}
        request: dict[str, Any] = {
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names if "#sk" in condition else {"#pk": names["#pk"]},
            "ExpressionAttributeValues": packed(values),
            "ScanIndexForward": not descending,
        }
        request |= {"IndexName": index} if index else {"ConsistentRead": True}
        if only:
            marks = {f"#o{number}": name for number, name in enumerate(only)}
            request["ProjectionExpression"] = ", ".join(marks)
            request["ExpressionAttributeNames"] = request["ExpressionAttributeNames"] | marks
        request |= {"Limit": limit} if limit else {}
        request |= {"ExclusiveStartKey": packed(start)} if start else {}
        answer = self._call("Query", **request)
        last = answer.get("LastEvaluatedKey")
        return Page([unpacked(item) for item in answer["Items"]], unpacked(last) if last else None)

    def query_all(self, pk: str, **how: Any) -> Iterator[Item]:
        """Every item of a partition, page by page; `how` as for `query`."""
        page = self.query(pk, **how)
        yield from page.items
        while page.next:
            page = self.query(pk, **{**how, "start": page.next})
            yield from page.items

    # Writing

    def put(self, item: Item, *, when: Condition | None = None) -> None:
        """Write the whole item. Raises `ConditionFailed`."""
        self._write(lambda: self._call("PutItem", Item=packed(item), **condition_request(when)))

    def update(
        self,
        key: Key,
        changes: dict[str, Any] | None = None,
        *,
        add: dict[str, int] | None = None,
        remove: Sequence[str] = (),
        when: Condition | None = None,
    ) -> Item:
        """Set, add to and remove attributes; answers the item as it is then. Raises `ConditionFailed`."""
        request = update_request(key, changes or {}, add or {}, remove, when)
        answer = self._write(lambda: self._call("UpdateItem", ReturnValues="ALL_NEW", **request))
        return unpacked(answer["Attributes"])

    def delete(self, key: Key, *, when: Condition | None = None) -> None:
        """Remove the item, whether or not it is there. Raises `ConditionFailed`."""
        where = place(key)
        self._write(lambda: self._call("DeleteItem", Key=where, **condition_request(when)))

    def put_many(self, items: Iterable[Item]) -> None:
        """Write items in batches of 25, unconditionally; keys of one call must differ."""
        self._batches({"PutRequest": {"Item": packed(item)}} for item in items)

    def insert_many(self, items: Sequence[Item]) -> list[Key]:
        """Write those items whose key is free, in batches of 25 side by side; answers the keys that were taken."""
        batches = [items[at : at + _WRITE_AT_ONCE] for at in range(0, len(items), _WRITE_AT_ONCE)]
        taken = self.together(*[partial(self._insert_batch, batch) for batch in batches])
        return [key for keys in taken for key in keys]

    def _insert_batch(self, items: Sequence[Item]) -> list[Key]:
        waiting, taken = list(items), []
        for pause in _pauses():
            statements: Any = [insert_statement(self._name, item) for item in waiting]
            answers = self._client.call("BatchExecuteStatement", {"Statements": statements})["Responses"]
            codes = [answer.get("Error", {}).get("Code") for answer in answers]
            taken += [Key(item["pk"], item["sk"]) for item, code in zip(waiting, codes, strict=True) if code == _TAKEN]
            waiting = [item for item, code in zip(waiting, codes, strict=True) if code not in {None, _TAKEN}]
            if not waiting:
                return taken
            pause()
        raise Unavailable

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Remove items in batches of 25."""
        self._batches({"DeleteRequest": {"Key": place(key)}} for key in keys)

    def _batches(self, requests: Iterable[Any]) -> None:
        batch: list[Any] = []
        for request in requests:
            batch.append(request)
            if len(batch) == _WRITE_AT_ONCE:
                self._write_batch(batch)
                batch = []
        if batch:
            self._write_batch(batch)

    def _write_batch(self, batch: list[Any]) -> None:
        waiting: Any = {self._name: batch}
        for pause in _pauses():
            waiting = self._client.call("BatchWriteItem", {"RequestItems": waiting}).get("UnprocessedItems")
            if not waiting:
                return
            pause()
        raise Unavailable

    def transact(self, *writes: Write) -> None:
        """All of the writes or none. Raises `ConditionFailed` when a condition did not hold."""
        actions: list[Any] = [self._action(write) for write in writes]
        self._write(lambda: self._client.call("TransactWriteItems", {"TransactItems": actions}))

    def _action(self, write: Write) -> dict[str, Any]:
        if write.put is not None:
            return {"Put": {"TableName": self._name, "Item": packed(write.put), **condition_request(write.when)}}
        if write.key is None:
            raise ValueError("a write needs an item or a key")
        if write.delete:
            where = place(write.key)
            return {"Delete": {"TableName": self._name, "Key": where, **condition_request(write.when)}}
        if not (write.changes or write.add or write.remove):
            where = place(write.key)
            return {"ConditionCheck": {"TableName": self._name, "Key": where, **condition_request(write.when)}}
        request = update_request(write.key, write.changes, write.add, write.remove, write.when)
        return {"Update": {"TableName": self._name, **request}}

    def _write(self, call: Callable[[], T]) -> T:
        for pause in _pauses():
            try:
                return call()
            except Refused as error:
                codes = {error.code, *error.reasons}
                if codes & _FAILED:
                    raise ConditionFailed from error
                if not codes & _CONFLICT:
                    raise
            pause()
        raise Unavailable

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self._client.call(operation, {"TableName": self._name, **request})

    # Side by side

    def together(self, *calls: Callable[[], Any]) -> list[Any]:
        """The answers of calls made at the same time: one round trip. Only the first may itself do this."""
        # In the caller's own thread, so that threads of the pool never wait for others of the pool.
        later = [self._pool.submit(call) for call in calls[1:]]
        return [calls[0](), *(one.result() for one in later)] if calls else []

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=16, thread_name_prefix="table")


def _pauses() -> Iterator[Callable[[], None]]:
    for attempt in range(_TRIES):
        yield partial(_pause, attempt)


def _pause(attempt: int) -> None:
    sleep(uniform(0, min(2.0, 0.05 * 2**attempt)))  # noqa: S311 - jitter, not a secret


@cache
def table() -> Table:
    """This stage's table."""
    return Table(clients.dynamodb(), settings().table)


@cache
def checkout_table() -> Table:
    """This stage's table as checkouts reach it: by our own client, unless the setting says boto3."""
    return Table(clients.checkout_dynamodb(), settings().table) if settings().own_client else table()
