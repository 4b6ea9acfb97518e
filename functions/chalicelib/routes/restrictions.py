"""Restrictions of sale items and inventory items, and discounts."""

from dataclasses import asdict, dataclass
from typing import Annotated

from annotated_types import Interval, MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.catalogue.restrictions import Discount
from guestlist.catalogue.service import restrict_inventory, restrict_item, validate_discount
from guestlist.model.ids import Id
from guestlist.organisers.model import Scope

Groups = Annotated[tuple[Id, ...], MaxLen(100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """The groups of which a customer must be in one; at least one of them."""

    group_ids: Groups


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionView:
    """The restricted item and its groups; null means open to all."""

    sale_item_id: str | None = None
    inventory_item_id: str | None = None
    group_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountRequest:
    """Either a `percent` or an `amount` off; without groups for everybody, without sale items on all of them."""

    percent: Annotated[float, Interval(ge=0.001, le=100)] | None = None
    amount: Annotated[float, Interval(ge=0.001, le=1_000_000_000)] | None = None
    group_ids: Groups | None = None
    sale_item_ids: Annotated[tuple[Id, ...], MaxLen(1000)] | None = None


_OPTIONAL = ("sale_item_id", "inventory_item_id")


@endpoint(Scope.ORGANISER, body=Restriction, answer=RestrictionView, exclude_none=_OPTIONAL)
def restrict_sale_item(call: Call, request: Restriction, sale_item_id: str) -> RestrictionView:
    """Restrict a sale item: only members of these groups may see and buy it."""
    restrict_item(call.org, sale_item_id, request.group_ids, adapters.catalogues(), adapters.catalogue_groups())
    return RestrictionView(sale_item_id=sale_item_id, group_ids=request.group_ids)


@endpoint(Scope.ORGANISER, answer=RestrictionView, exclude_none=_OPTIONAL)
def unrestrict_sale_item(call: Call, sale_item_id: str) -> RestrictionView:
    """Remove a sale item's own restriction; that of its inventory item stays."""
    restrict_item(call.org, sale_item_id, None, adapters.catalogues(), adapters.catalogue_groups())
    return RestrictionView(sale_item_id=sale_item_id)


@endpoint(Scope.ORGANISER, body=Restriction, answer=RestrictionView, exclude_none=_OPTIONAL)
def restrict_inventory_item(call: Call, request: Restriction, inventory_item_id: str) -> RestrictionView:
    """Restrict an inventory item: only members of these groups may see and buy its sale items, of any event."""
    restrict_inventory(
        call.org, inventory_item_id, request.group_ids, adapters.catalogues(), adapters.catalogue_groups()
    )
    return RestrictionView(inventory_item_id=inventory_item_id, group_ids=request.group_ids)


@endpoint(Scope.ORGANISER, answer=RestrictionView, exclude_none=_OPTIONAL)
def unrestrict_inventory_item(call: Call, inventory_item_id: str) -> RestrictionView:
    """Remove an inventory item's restriction; those of its sale items stay."""
    restrict_inventory(call.org, inventory_item_id, None, adapters.catalogues(), adapters.catalogue_groups())
    return RestrictionView(inventory_item_id=inventory_item_id)


@endpoint(Scope.ORGANISER, body=DiscountRequest, answer=Discount, conditional=True)
def put_discount(call: Call, request: DiscountRequest, code: str) -> Discount:
    """Create or change a discount."""
    discount = Discount(code=code, **asdict(request))
    validate_discount(call.org, discount, adapters.catalogues(), adapters.catalogue_groups())
    adapters.discounts().save_discount(call.org, discount, new=call.new)
    return discount


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountSearch:
    """The search of discounts: `q` is a prefix of their codes, in any case. An empty `q` lists all."""

    q: Annotated[str, MaxLen(128)] = ""


@endpoint(Scope.ORGANISER, query=DiscountSearch, answer=Discount, listed=True)
def list_discounts(call: Call) -> Listed:
    """List discounts by code, all or those whose codes have a prefix."""
    after = call.page.after("code", "")
    items = adapters.discounts().list_discounts(call.org, call.page.most, after, call.query.q.strip())
    return call.page.of(items, lambda item: {"code": item.key})


@endpoint(Scope.ORGANISER, answer=Discount)
def discount(call: Call, code: str) -> Discount:
    """Get a discount by its code, in any case."""
    return adapters.discounts().get_discount(call.org, code)


@endpoint(Scope.ORGANISER, answer=Discount)
def delete_discount(call: Call, code: str) -> Discount:
    """Delete a discount; the response is the deleted discount."""
    removed = adapters.discounts().get_discount(call.org, code)
    adapters.discounts().delete_discount(call.org, code)
    return removed
