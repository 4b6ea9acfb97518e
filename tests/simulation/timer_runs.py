"""Many automatic groups on the model, one of them large: runs of the timer, each with so much time and no more."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from unittest.mock import patch

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Event, SaleItem
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.store import Catalogues
from guestlist.customers.model import SHARDS
from guestlist.groups import sync
from guestlist.groups.index import GroupType
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership_store import Memberships
from guestlist.groups.model import Group
from guestlist.groups.reevaluation import SyncPorts
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.groups.store import Groups
from guestlist.groups.sync import sync_groups
from guestlist.groups.sync_store import Syncs
from guestlist.purchases.store import Purchases, counted_attributes
from guestlist.tickets.sales_store import EventSales
from tests.simulation.capacity import TABLE_READS, TABLE_WRITES, Capacity
from tests.simulation.network import Model

PERIOD = 15 * 60.0
RULES = Branch(Operator.ANY, (Leaf(type=EntityType.SALE_ITEM, id="ticket", minimum=2),))
_CURSORS = tuple(f"cursor_{shard}" for shard in range(SHARDS))
LARGE = ("org-0000", "g0")
"""The organiser and the id of the large group. Its customers bought once, so that a pass only looks at them."""


@dataclass
class Visited:
    """Instants of visits by group, and when the first pass over the large one ended, in virtual seconds."""

    groups: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    failures: int = 0
    passed: float = 0.0

    def longest(self, end: float, but: Collection[tuple[str, str]] = ()) -> float:
        """The longest that any other group waited for its next visit, from the beginning until the end."""
        times = [times for name, times in self.groups.items() if name not in but]
        return max(b - a for one in times for a, b in zip([0, *one], [*one, end], strict=True))


def ports(table: Table) -> SyncPorts:
    """The ports of the timer, as in the application."""
    return SyncPorts(
        groups=Groups(table, GroupIndexes(table)),
        syncs=Syncs(table),
        memberships=Memberships(table),
        catalogues=Catalogues(table, RestrictionIndexes(table)),
        purchases=Purchases(table, EventSales(table)),
        in_parallel=table.run_parallel,
    )


def visits(
    organisers: int, groups: int, customers: int, *, runs: int, seconds: float, share: int, each: float = 0.00005
) -> Visited:
    """So many runs of the timer over the groups of so many organisers, one of whose groups has so many customers.

    A run has so many virtual seconds, a visit looks at a `share` of people at most, and each of them takes time too.
    """
    with Model(capacity=Capacity(TABLE_WRITES, TABLE_READS)).running() as model:
        table, result = model.table(), Visited()
        sync_ports = ports(table)
        _set_up(table, sync_ports, organisers, groups, customers, model.time.instant)
        model.engine.watch = lambda before, after: _watch(model, result, before, after)
        begin, number = model.time.now, count()
        result.groups = {(_org(one), f"g{other}"): [] for one in range(organisers) for other in range(groups)}
        for run in range(runs):
            model.time.elapse(begin + run * PERIOD - model.time.now)
            end = model.time.now + seconds

            def has_time(end: float = end) -> bool:
                model.time.elapse(each)
                return model.time.now < end

            with patch.object(sync, "PEOPLE_PER_TURN", share, create=True):
                report = sync_groups(model.time.instant, lambda: f"run-{next(number)}", has_time, sync_ports)
            result.failures += len(report.failures)
        result.groups = {name: [at - begin for at in times] for name, times in result.groups.items()}
        result.passed = max(0.0, result.passed - begin)
        return result


def _set_up(table: Table, sync_ports: SyncPorts, organisers: int, groups: int, customers: int, now: datetime) -> None:
    for number in range(organisers):
        org = _org(number)
        for entity in (Event(event_id="gala", name="Gala"), SaleItem(sale_item_id="ticket", name="T", event_id="gala")):
            sync_ports.catalogues.save_entity(org, entity)
        for one in range(groups):
            group = Group(group_id=f"g{one}", name="G", type=GroupType.AUTOMATIC, created_at=now, rules=RULES)
            sync_ports.groups.save_group(org, group, now, asked_by="me")
    table.put_many(_purchase_item(f"customer-{number:06d}@example.com", now) for number in range(customers))


def _org(number: int) -> str:
    return f"org-{number:04d}"


def _purchase_item(email: str, now: datetime) -> dict[str, object]:
    attributes = counted_attributes(LARGE[0], email, "ticket", now, "0", quantity=1, imported=False)
    key = person_keys.purchase_line(LARGE[0], email, now.isoformat(), "order", 0)
    return {**key._asdict(), "order_id": "order", "event_id": "gala", "ordered": 1, **attributes}


def _watch(model: Model, result: Visited, before: Any, after: Any) -> None:
    item = after or before
    if "group_id" not in item or "org" not in item:
        return
    name, now = (item["org"]["S"], item["group_id"]["S"]), model.time.now
    times = result.groups[name]
    if after and any((before or {}).get(one) != after.get(one) for one in ("synced_at", *_CURSORS)):
        times.append(now)
    if name == LARGE and after and "passed_at" in after and not result.passed:
        result.passed = now
