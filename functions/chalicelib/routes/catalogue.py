"""What is sold: schedules, events, inventory items and sale items, and finding them while typing."""

from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar

from annotated_types import Interval, MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.catalogue.entity import Entity
from guestlist.catalogue.model import Event, InventoryItem, ItemName, SaleItem, Schedule, Thing, entity_of, id_of
from guestlist.catalogue.service import keep
from guestlist.model.errors import Unknown
from guestlist.model.ids import Id
from guestlist.organisers.model import Scope

T = TypeVar("T", Schedule, Event, InventoryItem, SaleItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing that has a name only."""

    name: ItemName


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRequest:
    """An event. Without a `capacity` there is no limit to its tickets."""

    name: ItemName
    schedule_id: Id | None = None
    capacity: Annotated[int, Interval(ge=0, le=100_000_000)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItemRequest:
    """A sale item of an event."""

    name: ItemName
    event_id: Id
    inventory_item_id: Id | None = None
    category: Annotated[str, MaxLen(200)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSalesView:
    """What is sold of an event; imported tickets are sold too. More is sold than there is where an import went on."""

    capacity: int | None
    sold: int
    imported: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView(Event):
    """An event and what is sold of it."""

    sales: EventSalesView


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryItemView(InventoryItem):
    """An inventory item, and the groups that all its sale items are restricted to."""

    group_ids: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItemView(SaleItem):
    """A sale item, and the groups that it is itself restricted to."""

    group_ids: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing as rules name it: `type` and `id`. `event_id` is that of a sale item."""

    type: Entity
    id: str
    name: str
    event_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed so far, the beginning of an id or of a name's word, and the kind wanted. Nothing finds all."""

    q: Annotated[str, MaxLen(200)] = ""
    type: Entity | None = None


@endpoint(Scope.ORGANISER, body=Named, answer=Schedule, conditional=True)
def put_schedule(call: Call, request: Named, schedule_id: str) -> Schedule:
    """Make or change a schedule, a series of events."""
    return _save(call, Schedule(schedule_id=schedule_id, name=request.name))


@endpoint(Scope.ORGANISER, answer=Schedule)
def schedule(call: Call, schedule_id: str) -> Schedule:
    """One schedule."""
    return _thing_of(call, Schedule, Entity.SCHEDULE, schedule_id)


@endpoint(Scope.ORGANISER, body=EventRequest, answer=EventView, conditional=True)
def put_event(call: Call, request: EventRequest, event_id: str) -> EventView:
    """Make or change an event."""
    return _event_view(call, _save(call, Event(event_id=event_id, **asdict(request))))


@endpoint(Scope.ORGANISER, answer=EventView)
def event(call: Call, event_id: str) -> EventView:
    """One event, and what is sold of it."""
    return _event_view(call, _thing_of(call, Event, Entity.EVENT, event_id))


@endpoint(Scope.ORGANISER, body=Named, answer=InventoryItemView, conditional=True)
def put_inventory_item(call: Call, request: Named, inventory_item_id: str) -> InventoryItemView:
    """Make or change an inventory item, which sale items of several events may share."""
    return _inventory_view(call, _save(call, InventoryItem(inventory_item_id=inventory_item_id, name=request.name)))


@endpoint(Scope.ORGANISER, answer=InventoryItemView)
def inventory_item(call: Call, inventory_item_id: str) -> InventoryItemView:
    """One inventory item."""
    return _inventory_view(call, _thing_of(call, InventoryItem, Entity.INVENTORY_ITEM, inventory_item_id))


@endpoint(Scope.ORGANISER, body=SaleItemRequest, answer=SaleItemView, conditional=True)
def put_sale_item(call: Call, request: SaleItemRequest, sale_item_id: str) -> SaleItemView:
    """Make or change a sale item; its restriction stays."""
    return _sale_item_view(call, _save(call, SaleItem(sale_item_id=sale_item_id, **asdict(request))))


@endpoint(Scope.ORGANISER, answer=SaleItemView)
def sale_item(call: Call, sale_item_id: str) -> SaleItemView:
    """One sale item."""
    return _sale_item_view(call, _thing_of(call, SaleItem, Entity.SALE_ITEM, sale_item_id))


@endpoint(Scope.ORGANISER, query=Typed, answer=Found, listed=True)
def search(call: Call) -> Listed:
    """Things to name in a rule, found as their id or name is typed."""
    after = call.page.after("after", None)
    every = adapters.catalogues().search_catalogue(call.org, call.query.q, after)
    fitting = (candidate for candidate in every if call.query.type in {None, entity_of(candidate[1])})
    return call.page.of(fitting, lambda row: {"after": row[0]}).map(lambda row: _entry(row[1]))


def _entry(thing: Thing) -> Found:
    event_id = thing.event_id if isinstance(thing, SaleItem) else None
    return Found(type=entity_of(thing), id=id_of(thing), name=thing.name, event_id=event_id)


def _save(call: Call, thing: T) -> T:
    by = call.token.name
    keep(call.org, thing, call.now, by, adapters.catalogues(), adapters.catalogue_groups(), new=call.new)
    return thing


def _thing_of(call: Call, kind: type[T], entity: Entity, thing_id: str) -> T:
    thing = adapters.catalogues().get_thing(call.org, entity, thing_id)
    if not isinstance(thing, kind):
        raise Unknown(f"There is no {entity.value.replace('_', ' ')} {thing_id}.")
    return thing


def _event_view(call: Call, event: Event) -> EventView:
    sales = adapters.sales().read_sales(call.org, event.event_id)
    view = EventSalesView(capacity=event.capacity, sold=sales.sold, imported=sales.imported)
    return EventView(**asdict(event), sales=view)


def _inventory_view(call: Call, item: InventoryItem) -> InventoryItemView:
    groups = adapters.catalogues().restrictions(call.org).inventory.get(item.inventory_item_id)
    return InventoryItemView(**asdict(item), group_ids=groups)


def _sale_item_view(call: Call, item: SaleItem) -> SaleItemView:
    indexed = adapters.catalogues().restrictions(call.org).items.get(item.sale_item_id)
    return SaleItemView(**asdict(item), group_ids=indexed.group_ids if indexed else None)
