"""An organiser with very many lists, and the reads of a check of an unknown code.

A few lists are packed, and all groups have one or the other of these: what is read of a list is answered from memory,
all else by the engine. Read units are counted as DynamoDB counts them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from random import Random
from typing import Any

from guestlist.aws.dynamodb import DynamoDB
from guestlist.aws.items import marshal_item
from guestlist.aws.table import Table
from guestlist.checkout.request import Client
from guestlist.groups.index import GroupIndex
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Mode
from guestlist.lists.compression import encode_text
from guestlist.lists.entry import Entry
from guestlist.lists.packed_list import PackedList
from tests.fakes.packed_lists import FakePackedListStore
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import NOW, group
from tests.unit.lists.builders import StoredList

CODES, PACKED = 10_000, 12
_UNIT = 4_096


def packed_lists(codes: int = CODES, packed: int = PACKED) -> list[tuple[FakePackedListStore, PackedList]]:
    """So many different lists of so many codes, with the number of the list as the version."""
    letters = Random(5)  # noqa: S311 - the same codes each time
    lists = []
    for number in range(packed):
        list_store = FakePackedListStore()
        stored_list = StoredList(list_store, versions=number)
        lists.append(
            (
                list_store,
                stored_list.apply(Mode.CREATE, (Entry(f"{letters.getrandbits(48):012x}") for _ in range(codes))),
            )
        )
    return [(list_store, PackedList(built.base)) for list_store, built in lists]


@dataclass
class MeteredLists:
    """A client that answers reads of lists from memory, and counts the units of all reads."""

    inner: DynamoDB
    items: dict[str, Any] = field(default_factory=dict)
    units: float = 0

    def add(self, list_store: FakePackedListStore) -> None:
        """Answer reads of these texts and fingerprints, whichever group they are asked for."""
        self.items |= {
            f"{place.version_id}#{place.number:x}": marshal_item({"b": encode_text(text)})
            for place, text in list_store.texts.items()
        }
        for segment, content in list_store.fingerprints.items():
            self.items[f"{segment.version_id}#F{segment.number:x}"] = {"f": {"B": content}}

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if operation != "BatchGetItem":
            return self._metered_call(operation, request)
        ((name, batch),) = request["RequestItems"].items()
        here = [key for key in batch["Keys"] if "#L#" in key["pk"]["S"]]
        rest = [key for key in batch["Keys"] if "#L#" not in key["pk"]["S"]]
        followup = {**request, "RequestItems": {name: {**batch, "Keys": rest}}}
        answer = self._metered_call(operation, followup) if rest else {"Responses": {name: []}}
        return {**answer, "Responses": {name: [*answer["Responses"][name], *map(self._item, here)]}}

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        return partial(self.call, operation, request)

    def _item(self, key: Mapping[str, Any]) -> dict[str, Any]:
        item = self.items[key["pk"]["S"].split("#", 4)[4]]
        ((name, typed),) = item.items()
        (content,) = typed.values()
        size = len(content) if isinstance(content, bytes) else len(content.encode())
        self.units += ceil((len(f"pk{key['pk']['S']}sk{key['sk']['S']}{name}") + size) / _UNIT)
        return {**key, **item}

    def _metered_call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.inner.call(operation, {**request, "ReturnConsumedCapacity": "TOTAL"})
        capacity = answer.get("ConsumedCapacity", [])
        if operation in {"GetItem", "BatchGetItem", "Query"}:
            # DynamoDB asks a unit for a query that finds nothing, which the engine does not.
            self.units += sum(
                max(1, one["CapacityUnits"]) for one in (capacity if isinstance(capacity, list) else [capacity])
            )
        return answer


class ManyLists:
    """An organiser with so many lists, every second one ended, and one process that checks."""

    def __init__(self, table: Table, packed: list[tuple[FakePackedListStore, PackedList]], lists: int) -> None:
        self.meter = MeteredLists(table._client)  # noqa: SLF001 - what is asked of the engine is all that counts
        for list_store, _ in packed:
            self.meter.add(list_store)
        self.shop = Shop(Table(self.meter, table._name))  # noqa: SLF001
        groups = {
            f"list-{number}": group(
                f"list-{number}",
                expires_at=NOW if number % 2 else None,
                base=packed[number % len(packed)][1].base,
            )
            for number in range(lists)
        }
        GroupIndexes(self.shop.table).write_group_index(self.shop.org, GroupIndex(1, groups))
        self._guess_count = 0

    def unknown(self) -> float:
        """Check an unknown code as a new customer; returns the read units."""
        self._guess_count += 1
        before = self.meter.units
        client = Client(session=f"session-{self._guess_count}", ip=f"192.0.2.{self._guess_count}")
        answer = self.shop.ask(code=f"unknown-{self._guess_count}", client=client).code
        assert answer is not None
        assert answer.reasons == ("unknown_code",)
        return self.meter.units - before

    def fingerprint_bytes(self) -> int:
        """The fingerprints cached by the process."""
        return self.shop.checks._lookup._fingerprints.bytes  # noqa: SLF001 - nobody else needs to know
