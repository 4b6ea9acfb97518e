"""The DynamoDB table: Python values in and out, and no scans."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import islice
from random import uniform
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from guestlist.aws import clients, retry_deadline
from guestlist.aws.conditions import Condition
from guestlist.aws.dynamodb import DynamoDB, RequestRefused
from guestlist.aws.items import (
    Item,
    condition_request,
    insert_statement,
    marshal_item,
    marshal_key,
    unmarshal_item,
    update_request,
)
from guestlist.aws.keys import Key
from guestlist.aws.settings import settings
from guestlist.aws.table_reads import Page, Query, Reading

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_READ_BATCH = 100
_WRITE_BATCH = 25
_PARALLEL_BATCHES = 16
_TRIES = 8
_DUPLICATE = "DuplicateItem"
_PERMANENT = {"ValidationError", "ItemCollectionSizeLimitExceeded"}
_CONDITION_FAILED = {"ConditionalCheckFailedException", "ConditionalCheckFailed"}
THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}
# DynamoDB returns these for single writes of a transaction, which neither client retries.
_TRANSIENT = {
    "TransactionConflictException",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
}

T = TypeVar("T")
Insert = Callable[[Sequence[Item]], Sequence[Key]]
"""Writes the items whose key does not exist and returns the keys that do."""


class ConditionFailed(Exception):
    """A condition did not hold; nothing was written."""


class Unavailable(Exception):
    """The table did not process everything, even after retries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write of a transaction: a put, an update or a deletion; without changes, a condition check."""

    put: Item | None = None
    key: Key | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    add: dict[str, int] = field(default_factory=dict)
    remove: Sequence[str] = ()
    delete: bool = False
    when: Condition | None = None


class Table:
    """One DynamoDB table. All reads are strongly consistent, except of indexes.

    `digest_key` is the key for digests of people.
    """

    def __init__(self, client: DynamoDB, name: str, digest_key: bytes = b"") -> None:
        self._client = client
        self._name = name
        self.digest_key = digest_key

    # Reading

    def get(self, key: Key) -> Item | None:
        """The item, or None."""
        item = self._call("GetItem", Key=marshal_key(key), ConsistentRead=True).get("Item")
        return None if item is None else unmarshal_item(item)

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The existing items by key, read in parallel batches of a hundred."""
        return self.read(Reading(lambda items, _: dict(items), list(keys)))

    def query(self, pk: str, *, index: str | None = None, **how: Any) -> Page:
        """One page of a partition of the table or an index; `how` are further fields of `Query`."""
        return self.read(Reading(lambda _, pages: pages[0], queries=[Query(pk, index, **how)]))

    def read(self, reading: Reading[T]) -> T:
        """The result of a reading; its items and queries are read in parallel, in one round trip."""
        distinct = list(dict.fromkeys(reading.keys))
        batches = [distinct[at : at + _READ_BATCH] for at in range(0, len(distinct), _READ_BATCH)]
        requests = [("BatchGetItem", self._batch([marshal_key(key) for key in batch])) for batch in batches]
        requests += [("Query", {"TableName": self._name, **query.request()}) for query in reading.queries]
        responses = iter(self._responses(requests))
        items: dict[Key, Item] = {}
        for _ in batches:
            items |= {Key(item["pk"], item["sk"]): item for item in self._items(next(responses))}
        return reading.combine(items, [_page(response) for response in responses])

    def _responses(self, requests: Sequence[tuple[str, Any]]) -> list[dict[str, Any]]:
        if len(requests) == 1:
            return [self._client.call(*requests[0])]
        pending = [self._client.begin(*request) for request in requests]
        return [response() for response in pending]

    def _batch(self, places: Sequence[Any]) -> dict[str, Any]:
        return {"RequestItems": {self._name: {"Keys": places, "ConsistentRead": True}}}

    def _items(self, response: Mapping[str, Any]) -> Iterator[Item]:
        """The items of a batch, including those it left unprocessed."""
        yield from map(unmarshal_item, response["Responses"].get(self._name, []))
        unprocessed = response.get("UnprocessedKeys")
        if unprocessed:
            yield from self._retry_unprocessed(unprocessed)

    def _retry_unprocessed(self, unprocessed: Mapping[str, Any]) -> Iterator[Item]:
        for pause in _pauses():
            pause()
            response = self._client.call("BatchGetItem", {"RequestItems": unprocessed})
            yield from map(unmarshal_item, response["Responses"].get(self._name, []))
            unprocessed = response.get("UnprocessedKeys") or {}
            if not unprocessed:
                return
        raise Unavailable

    def query_all(self, pk: str, **how: Any) -> Iterator[Item]:
        """All items of a partition, page by page; `how` as for `query`."""
        page = self.query(pk, **how)
        yield from page.items
        while page.next:
            page = self.query(pk, **{**how, "start": page.next})
            yield from page.items

    # Writing

    def put(self, item: Item, *, when: Condition | None = None) -> None:
        """Write the whole item. Raises `ConditionFailed`."""
        self._write(lambda: self._call("PutItem", Item=marshal_item(item), **condition_request(when)))

    def update(
        self,
        key: Key,
        changes: dict[str, Any] | None = None,
        *,
        add: dict[str, int] | None = None,
        remove: Sequence[str] = (),
        when: Condition | None = None,
    ) -> Item:
        """Set, add to and remove attributes, and return the new item. Raises `ConditionFailed`."""
        request = update_request(key, changes or {}, add or {}, remove, when)
        response = self._write(lambda: self._call("UpdateItem", ReturnValues="ALL_NEW", **request))
        return unmarshal_item(response["Attributes"])

    def delete(self, key: Key, *, when: Condition | None = None) -> None:
        """Delete the item, if it exists. Raises `ConditionFailed`."""
        self._write(lambda: self._call("DeleteItem", Key=marshal_key(key), **condition_request(when)))

    def put_many(self, items: Iterable[Item]) -> None:
        """Write items unconditionally in parallel batches of 25; the keys of one call must differ."""
        self._write_all({"PutRequest": {"Item": marshal_item(item)}} for item in items)

    def insert_many(self, items: Sequence[Item]) -> list[Key]:
        """Write the items whose key does not exist, in parallel batches of 25, and return the keys that do."""
        batches = [items[at : at + _WRITE_BATCH] for at in range(0, len(items), _WRITE_BATCH)]
        existing = self.run_parallel(*[partial(self._insert_batch, batch) for batch in batches])
        return [key for keys in existing for key in keys]

    def _insert_batch(self, items: Sequence[Item]) -> list[Key]:
        remaining, existing = list(items), []
        for pause in _pauses():
            statements: Any = [insert_statement(self._name, item) for item in remaining]
            responses = self._client.call("BatchExecuteStatement", {"Statements": statements})["Responses"]
            codes = [response.get("Error", {}).get("Code") for response in responses]
            results = list(zip(remaining, codes, strict=True))
            existing += [Key(item["pk"], item["sk"]) for item, code in results if code == _DUPLICATE]
            remaining = [item for item, code in results if code not in {None, _DUPLICATE}]
            if not remaining:
                return existing
            pause()
        raise Unavailable

    def delete_many(self, keys: Iterable[Key]) -> None:
        """Delete items in parallel batches of 25."""
        self._write_all({"DeleteRequest": {"Key": marshal_key(key)}} for key in keys)

    def _write_all(self, requests: Iterable[Any]) -> None:
        iterator = iter(requests)
        while remaining := list(islice(iterator, _WRITE_BATCH * _PARALLEL_BATCHES)):
            for pause in _pauses():
                remaining = self._write_batches(remaining)
                if not remaining:
                    break
                pause()
            else:
                raise Unavailable

    def _write_batches(self, writes: Sequence[Any]) -> list[Any]:
        """Send the writes in parallel batches and return those that were not processed."""
        batches = [writes[at : at + _WRITE_BATCH] for at in range(0, len(writes), _WRITE_BATCH)]
        responses = [self._client.begin("BatchWriteItem", {"RequestItems": {self._name: batch}}) for batch in batches]
        unprocessed: list[Any] = []
        for batch, response in zip(batches, responses, strict=True):
            try:
                unprocessed += (response().get("UnprocessedItems") or {}).get(self._name, ())
            except RequestRefused as error:
                if error.code not in THROTTLED:
                    raise
                unprocessed += batch
        return unprocessed

    def transact(self, *writes: Write) -> None:
        """Make all of the writes or none. Raises `ConditionFailed`."""
        actions: list[Any] = [self._action(write) for write in writes]
        self._write(lambda: self._client.call("TransactWriteItems", {"TransactItems": actions}))

    def _action(self, write: Write) -> dict[str, Any]:
        if write.put is not None:
            return {"Put": {"TableName": self._name, "Item": marshal_item(write.put), **condition_request(write.when)}}
        if write.key is None:
            raise ValueError("a write needs an item or a key")
        if write.delete:
            where = marshal_key(write.key)
            return {"Delete": {"TableName": self._name, "Key": where, **condition_request(write.when)}}
        if not (write.changes or write.add or write.remove):
            where = marshal_key(write.key)
            return {"ConditionCheck": {"TableName": self._name, "Key": where, **condition_request(write.when)}}
        request = update_request(write.key, write.changes, write.add, write.remove, write.when)
        return {"Update": {"TableName": self._name, **request}}

    def _write(self, call: Callable[[], T]) -> T:
        for pause in _pauses():
            try:
                return call()
            except RequestRefused as error:
                codes = {error.code, *error.reasons}
                if codes & _CONDITION_FAILED:
                    raise ConditionFailed from error
                if not codes & _TRANSIENT or codes & _PERMANENT:
                    raise
            pause()
        raise Unavailable

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self._client.call(operation, {"TableName": self._name, **request})

    # In parallel

    def run_parallel(self, *calls: Callable[[], Any]) -> list[Any]:
        """The results of calls made in parallel. Only the first call may itself use this method."""
        # The first runs in the caller's thread, so that a thread of the pool never waits for another one.
        futures = [self._pool.submit(call) for call in calls[1:]]
        return [calls[0](), *(future.result() for future in futures)] if calls else []

    @cached_property
    def _pool(self) -> "ThreadPoolExecutor":
        # Not imported above: a check, which needs no threads, starts faster without it.
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(max_workers=16, thread_name_prefix="table")


def _page(response: Mapping[str, Any]) -> Page:
    last = response.get("LastEvaluatedKey")
    return Page(list(map(unmarshal_item, response["Items"])), unmarshal_item(last) if last else None)


def _pauses() -> Iterator[Callable[[], None]]:
    for attempt in range(_TRIES):
        if attempt and retry_deadline.has_passed():
            return
        yield partial(_pause, attempt)


def _pause(attempt: int) -> None:
    sleep(uniform(0, min(2.0, 0.05 * 2**attempt, retry_deadline.remaining())))  # noqa: S311 - jitter, not a secret


@cache
def table() -> Table:
    """The table of this stage."""
    return Table(clients.dynamodb(), settings().table, settings().digest_key)


@cache
def checkout_table() -> Table:
    """The table for checkouts and list texts, through our own client, or through boto3 if so configured."""
    if not settings().own_client:
        return table()
    return Table(clients.checkout_dynamodb(), settings().table, settings().digest_key)
