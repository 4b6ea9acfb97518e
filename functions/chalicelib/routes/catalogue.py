"""The catalogue: schedules, events, inventory items and sale items, and a search of them."""

from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar

from annotated_types import Interval, MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Entity, Event, InventoryItem, ItemName, SaleItem, Schedule, id_of, type_of
from guestlist.catalogue.service import save
from guestlist.model.errors import Unknown
from guestlist.model.ids import Id
from guestlist.organisers.model import Scope

T = TypeVar("T", Schedule, Event, InventoryItem, SaleItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRequest:
    """A catalogue entity that has only a name."""

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
    """The sales of an event, including imported tickets. They exceed the capacity if an import was allowed to."""

    capacity: int | None
    sold: int
    imported: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView(Event):
    """An event and its sales."""

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
class CatalogueEntry:
    """A search result as rules refer to it: `type` and `id`. `event_id` is set for a sale item."""

    type: EntityType
    id: str
    name: str
    event_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueSearch:
    """A search by `q`, a prefix of an id or of a word of a name, and by type. An empty `q` lists everything."""

    q: Annotated[str, MaxLen(200)] = ""
    type: EntityType | None = None


@endpoint(Scope.ORGANISER, body=NameRequest, answer=Schedule, conditional=True)
def put_schedule(call: Call, request: NameRequest, schedule_id: str) -> Schedule:
    """Create or change a schedule, a series of events."""
    return _save(call, Schedule(schedule_id=schedule_id, name=request.name))


@endpoint(Scope.ORGANISER, answer=Schedule)
def schedule(call: Call, schedule_id: str) -> Schedule:
    """Get a schedule."""
    return _entity_of(call, Schedule, EntityType.SCHEDULE, schedule_id)


@endpoint(Scope.ORGANISER, body=EventRequest, answer=EventView, conditional=True)
def put_event(call: Call, request: EventRequest, event_id: str) -> EventView:
    """Create or change an event."""
    return _event_view(call, _save(call, Event(event_id=event_id, **asdict(request))))


@endpoint(Scope.ORGANISER, answer=EventView)
def event(call: Call, event_id: str) -> EventView:
    """Get an event and its sales."""
    return _event_view(call, _entity_of(call, Event, EntityType.EVENT, event_id))


@endpoint(Scope.ORGANISER, body=NameRequest, answer=InventoryItemView, conditional=True)
def put_inventory_item(call: Call, request: NameRequest, inventory_item_id: str) -> InventoryItemView:
    """Create or change an inventory item, which sale items of several events may share."""
    return _inventory_view(call, _save(call, InventoryItem(inventory_item_id=inventory_item_id, name=request.name)))


@endpoint(Scope.ORGANISER, answer=InventoryItemView)
def inventory_item(call: Call, inventory_item_id: str) -> InventoryItemView:
    """Get an inventory item."""
    return _inventory_view(call, _entity_of(call, InventoryItem, EntityType.INVENTORY_ITEM, inventory_item_id))


@endpoint(Scope.ORGANISER, body=SaleItemRequest, answer=SaleItemView, conditional=True)
def put_sale_item(call: Call, request: SaleItemRequest, sale_item_id: str) -> SaleItemView:
    """Create or change a sale item; its restriction stays."""
    return _sale_item_view(call, _save(call, SaleItem(sale_item_id=sale_item_id, **asdict(request))))


@endpoint(Scope.ORGANISER, answer=SaleItemView)
def sale_item(call: Call, sale_item_id: str) -> SaleItemView:
    """Get a sale item."""
    return _sale_item_view(call, _entity_of(call, SaleItem, EntityType.SALE_ITEM, sale_item_id))


@endpoint(Scope.ORGANISER, query=CatalogueSearch, answer=CatalogueEntry, listed=True)
def search(call: Call) -> Listed:
    """Search the catalogue by a prefix of an id or of a word of a name."""
    after = call.page.after("after", None)
    every = adapters.catalogues().search_catalogue(call.org, call.query.q, after)
    fitting = (candidate for candidate in every if call.query.type in {None, type_of(candidate[1])})
    return call.page.of(fitting, lambda row: {"after": row[0]}).map(lambda row: _entry(row[1]))


def _entry(entity: Entity) -> CatalogueEntry:
    event_id = entity.event_id if isinstance(entity, SaleItem) else None
    return CatalogueEntry(type=type_of(entity), id=id_of(entity), name=entity.name, event_id=event_id)


def _save(call: Call, entity: T) -> T:
    by = call.token.name
    save(call.org, entity, call.now, by, adapters.catalogues(), adapters.catalogue_groups(), new=call.new)
    return entity


def _entity_of(call: Call, kind: type[T], entity_type: EntityType, entity_id: str) -> T:
    entity = adapters.catalogues().get_entity(call.org, entity_type, entity_id)
    if not isinstance(entity, kind):
        raise Unknown(f"not_found.{entity_type.value}", id=entity_id)
    return entity


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
