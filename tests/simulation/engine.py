"""A DynamoDB table in memory: what it answers, what that takes, and what it refuses for want of capacity."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.simulation import expressions
from tests.simulation.capacity import INDEXES, LARGEST, Capacity, index_writes, read_units, size, write_units

Item = dict[str, Any]
_PAGE = 1024 * 1024


class Refusal(Exception):
    """An error as DynamoDB names it; `reasons` are those of a cancelled transaction."""

    def __init__(self, code: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.reasons = reasons


class Engine:
    """One table; `throttle` names the error of the next throttled request, of which DynamoDB has several.

    Transactions keep their items for `commit` seconds: others that want one of them meanwhile conflict.
    """

    def __init__(self, capacity: Capacity, clock: Callable[[], float], throttle: Callable[[], str]) -> None:
        self.capacity = capacity
        self.watch: Callable[[Item | None, Item | None], None] = lambda _before, _after: None
        self._clock = clock
        self._throttle = throttle
        self._items: dict[str, dict[str, Item]] = {}
        self._order: dict[str, list[str]] = {}
        self._index: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        self._tokens: set[str] = set()
        self.commit = 0.0
        self._busy: dict[tuple[str, str], float] = {}

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request. Raises `Refusal`."""
        try:
            answer: dict[str, Any] = getattr(self, f"_{operation}")(request)
        except (expressions.Malformed, KeyError) as error:
            raise Refusal("ValidationException") from error
        return answer

    def everything(self) -> Iterator[Item]:
        """All items, for those who look at the table from outside."""
        return (item for items in self._items.values() for item in items.values())

    # Reading

    def _get(self, key: Mapping[str, Any]) -> Item | None:
        return self._items.get(key["pk"]["S"], {}).get(key["sk"]["S"])

    def _read(self, units: Mapping[tuple[str, str], float]) -> None:
        if not self.capacity.take("read", units, self._clock()):
            raise Refusal(self._throttle())

    def _GetItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = self._get(request["Key"])
        strong = request.get("ConsistentRead", False)
        self._read({("", request["Key"]["pk"]["S"]): read_units(size(item or {}), strong=strong)})
        return {"Item": item} if item else {}

    def _BatchGetItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        ((name, table_request),) = request["RequestItems"].items()
        strong = table_request.get("ConsistentRead", False)
        items, unprocessed_keys = [], []
        for key in table_request["Keys"]:
            item = self._get(key)
            units = read_units(size(item or {}), strong=strong)
            if not self.capacity.take("read", {("", key["pk"]["S"]): units}, self._clock()):
                unprocessed_keys.append(key)
            elif item:
                items.append(item)
        if len(unprocessed_keys) == len(table_request["Keys"]):
            raise Refusal(self._throttle())
        unprocessed = {name: {**table_request, "Keys": unprocessed_keys}} if unprocessed_keys else {}
        return {"Responses": {name: items}, "UnprocessedKeys": unprocessed}

    def _Query(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        along = request.get("IndexName", "")
        names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]
        pk, text = values[":pk"]["S"], request["KeyConditionExpression"]
        items = self._partition(along, pk)
        if "#sk" in text:
            matches = expressions.condition(text)
            low, high = self._bounds(text, values)
            items = [item for item in self._between(along, pk, low, high) if matches(item, names, values)]
        items = items if request.get("ScanIndexForward", True) else items[::-1]
        start = request.get("ExclusiveStartKey")
        if start:
            at = next(at for at, item in enumerate(items) if item["pk"] == start["pk"] and item["sk"] == start["sk"])
            items = items[at + 1 :]
        return self._page(request, along, pk, items)

    def _page(self, request: Mapping[str, Any], along: str, pk: str, items: Sequence[Item]) -> dict[str, Any]:
        page, total = [], 0
        for item in items:
            if len(page) == request.get("Limit", len(items)) or total > _PAGE:
                break
            page.append(item)
            total += size(item)
        self._read({(along, pk): read_units(total, strong=request.get("ConsistentRead", False))})
        answer: dict[str, Any] = {"Items": page}
        if len(page) < len(items) or (page and len(page) == request.get("Limit")):
            keys = ("pk", "sk", *INDEXES[along][:2]) if along else ("pk", "sk")
            answer["LastEvaluatedKey"] = {one: page[-1][one] for one in keys}
        return answer

    def _bounds(self, text: str, values: Mapping[str, Any]) -> tuple[str, str]:
        low = values[":from"]["S"]
        return (low, values[":to"]["S"]) if "BETWEEN" in text else (low, low + "\U0010ffff")

    def _partition(self, along: str, pk: str) -> list[Item]:
        return self._between(along, pk, "", "\U0010ffff" * 2)

    def _between(self, along: str, pk: str, low: str, high: str) -> list[Item]:
        if along:
            places = self._index.get((along, pk), [])
            first = bisect_left(places, (low,))
            last = bisect_right(places, (high, "\U0010ffff"))
            return [self._items[one][other] for _, one, other in places[first:last]]
        items, order = self._items.get(pk, {}), self._order.get(pk, [])
        return [items[sk] for sk in order[bisect_left(order, low) : bisect_right(order, high)]]

    # Writing

    def _apply(self, operation: str, request: Mapping[str, Any]) -> tuple[Item | None, Item | None, bool]:
        """The item before and after, and whether the condition held."""
        key = request["Item"] if operation == "Put" else request["Key"]
        before = self._get(key)
        names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
        text = request.get("ConditionExpression")
        if text and not expressions.condition(text)(before or {}, names, values):
            return before, before, False
        if operation == "Put":
            return before, dict(request["Item"]), True
        if operation == "Delete":
            return before, None, True
        if operation == "ConditionCheck":
            return before, before, True
        start = before or {"pk": key["pk"], "sk": key["sk"]}
        return before, expressions.updated(start, request["UpdateExpression"], names, values), True

    def _units(self, before: Item | None, after: Item | None, pk: str, times: int = 1) -> dict[tuple[str, str], float]:
        units: dict[tuple[str, str], float] = {("", pk): times * write_units(before, after)}
        return units | dict(index_writes(before, after))

    def _write(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        pk = (request["Item"] if operation == "Put" else request["Key"])["pk"]["S"]
        before, after, holds = self._apply(operation, request)
        if after and size(after) > LARGEST:
            raise Refusal("ValidationException")
        if not self.capacity.take("write", self._units(before, after, pk), self._clock()):
            raise Refusal(self._throttle())
        if not holds:
            raise Refusal("ConditionalCheckFailedException")
        self._keep(before, after)
        return {"Attributes": after} if request.get("ReturnValues") == "ALL_NEW" else {}

    def _PutItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        return self._write("Put", request)

    def _UpdateItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        return self._write("Update", request)

    def _DeleteItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        return self._write("Delete", request)

    def _BatchWriteItem(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        ((name, writes),) = request["RequestItems"].items()
        unprocessed = []
        for write in writes:
            ((kind, how),) = write.items()
            try:
                self._write(kind.removesuffix("Request"), how)
            except Refusal:
                unprocessed.append(write)
        if len(unprocessed) == len(writes):
            raise Refusal(self._throttle())
        return {"UnprocessedItems": {name: unprocessed} if unprocessed else {}}

    def _BatchExecuteStatement(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        answers: list[dict[str, Any]] = []
        for statement in request["Statements"]:
            names = statement["Statement"].split("{")[1].replace(": ?", "").replace("'", "").rstrip("}").split(", ")
            item = dict(zip(names, statement["Parameters"], strict=True))
            try:
                absent = {"ConditionExpression": "attribute_not_exists(#pk)", "ExpressionAttributeNames": {"#pk": "pk"}}
                self._write("Put", {"Item": item, **absent})
            except Refusal as error:
                exists = error.code == "ConditionalCheckFailedException"
                answers.append({"Error": {"Code": "DuplicateItem" if exists else "ProvisionedThroughputExceeded"}})
            else:
                answers.append({})
        return {"Responses": answers}

    def _TransactWriteItems(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        token = request.get("ClientRequestToken")
        if token in self._tokens:
            return {}
        self._begin(request["TransactItems"])
        changes, failed, units = [], [], dict[tuple[str, str], float]()
        for action in request["TransactItems"]:
            ((kind, how),) = action.items()
            before, after, holds = self._apply(kind, how)
            changes.append((before, after))
            failed.append("None" if holds else "ConditionalCheckFailed")
            pk = (how["Item"] if kind == "Put" else how["Key"])["pk"]["S"]
            for place, some in self._units(before, after, pk, times=2).items():
                units[place] = units.get(place, 0) + some
        if not self.capacity.take("write", units, self._clock()):
            word = "ThrottlingError" if self._throttle() == "ThrottlingException" else "ProvisionedThroughputExceeded"
            raise Refusal("TransactionCanceledException", [word, *["None"] * (len(changes) - 1)])
        if set(failed) != {"None"}:
            raise Refusal("TransactionCanceledException", failed)
        self._tokens |= {token} if token else set()
        for before, after in changes:
            self._keep(before, after)
        return {}

    def _begin(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Keep the items of the transaction for as long as it takes, unless others have one of them."""
        if not self.commit:
            return
        hows = [how for action in actions for how in action.values()]
        places = [(key["pk"]["S"], key["sk"]["S"]) for key in (how.get("Item") or how["Key"] for how in hows)]
        reasons = ["TransactionConflict" if self._busy.get(one, 0.0) > self._clock() else "None" for one in places]
        if set(reasons) != {"None"}:
            raise Refusal("TransactionCanceledException", reasons)
        self._busy.update(dict.fromkeys(places, self._clock() + self.commit))

    def _keep(self, before: Item | None, after: Item | None) -> None:
        place = after or before
        if place is None:
            return
        self.watch(before, after)
        pk, sk = place["pk"]["S"], place["sk"]["S"]
        items, order = self._items.setdefault(pk, {}), self._order.setdefault(pk, [])
        for name, (first, second, _) in INDEXES.items():
            was, now_is = (one and first in one and second in one for one in (before, after))
            if was and before:
                self._index[name, before[first]["S"]].remove((before[second]["S"], pk, sk))
            if now_is and after:
                insort(self._index.setdefault((name, after[first]["S"]), []), (after[second]["S"], pk, sk))
        if after is None:
            del items[sk]
            order.remove(sk)
            return
        if before is None:
            insort(order, sk)
        items[sk] = after
