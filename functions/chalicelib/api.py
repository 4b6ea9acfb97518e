"""Every call of the HTTP API, on one page.

A module of handlers is loaded when the first call for it comes: a cold start for a check pays for
nothing but the check. `/openapi.json` is made from this page and from what the handlers say of themselves.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from chalice.app import Blueprint, Response

from chalicelib import http, problems
from chalicelib.lasting import lasting
from chalicelib.ways import JSON, Way

CALLS = {
    "POST /v1/check": "checkout.check",
    "POST /v1/redemptions": "redemptions.redeem",
    "POST /v1/redemptions/{redemption_id}/confirm": "redemptions.confirm",
    "POST /v1/redemptions/{redemption_id}/release": "redemptions.release",
    "GET /v1/memberships": "redemptions.memberships",
    "POST /v1/purchases": "purchases_api.record",
    "POST /v1/purchases/{order_id}/refund": "purchases_api.refund",
    "POST /v1/scans": "door.admit",
    "POST /v1/imports": "imports_api.ask",
    "GET /v1/imports": "imports_api.newest",
    "GET /v1/imports/{import_id}": "imports_api.show",
    "POST /v1/imports/{import_id}/confirm": "imports_api.confirm",
    "POST /v1/imports/{import_id}/cancel": "imports_api.cancel",
    "POST /v1/imports/{import_id}/undo": "imports_api.take_back",
    "GET /v1/imports/{import_id}/tickets": "tickets_api.of_import",
    "GET /v1/imports/{import_id}/contacts": "tickets_api.contacts",
    "GET /v1/imports/{import_id}/refused.csv": "imports_api.refused",
    "GET /v1/samples/target_group.csv": "samples.target_group",
    "GET /v1/samples/customers.csv": "samples.customers",
    "GET /v1/samples/tickets.csv": "samples.tickets",
    "GET /v1/samples/purchases.csv": "samples.purchases",
    "POST /v1/groups": "groups_api.create",
    "GET /v1/groups": "groups_api.newest",
    "GET /v1/groups/{group_id}": "groups_api.show",
    "PATCH /v1/groups/{group_id}": "groups_api.change",
    "DELETE /v1/groups/{group_id}": "groups_api.delete",
    "POST /v1/groups/{group_id}/restore": "groups_api.restore",
    "POST /v1/groups/{group_id}/resync": "syncs_api.resync",
    "POST /v1/rules/preview": "syncs_api.try_rules",
    "GET /v1/groups/{group_id}/members": "members_api.listed",
    "POST /v1/groups/{group_id}/members": "members_api.add_members",
    "POST /v1/groups/{group_id}/members/remove": "members_api.remove_members",
    "PATCH /v1/groups/{group_id}/members/{email}": "members_api.change_member",
    "GET /v1/groups/{group_id}/entries": "members_api.entries",
    "GET /v1/groups/{group_id}/export.csv": "exports_api.export",
    "GET /v1/groups/{group_id}/history": "history_api.of_group",
    "GET /v1/groups/{group_id}/welcome-email/preview": "welcome_api.preview",
    "POST /v1/groups/{group_id}/welcome-email/preview": "welcome_api.try_changes",
    "POST /v1/groups/{group_id}/welcome-email/test": "welcome_api.send_trial",
    "GET /v1/catalogue": "catalogue_api.search",
    "PUT /v1/schedules/{schedule_id}": "catalogue_api.put_schedule",
    "GET /v1/schedules/{schedule_id}": "catalogue_api.schedule",
    "PUT /v1/events/{event_id}": "catalogue_api.put_event",
    "GET /v1/events/{event_id}": "catalogue_api.event",
    "POST /v1/events/{event_id}/tickets": "tickets_api.add",
    "GET /v1/events/{event_id}/tickets": "tickets_api.of_event",
    "PUT /v1/inventory-items/{inventory_item_id}": "catalogue_api.put_inventory_item",
    "GET /v1/inventory-items/{inventory_item_id}": "catalogue_api.inventory_item",
    "PUT /v1/sale-items/{sale_item_id}": "catalogue_api.put_sale_item",
    "GET /v1/sale-items/{sale_item_id}": "catalogue_api.sale_item",
    "PUT /v1/sale-items/{sale_item_id}/restriction": "restrictions_api.restrict_sale_item",
    "DELETE /v1/sale-items/{sale_item_id}/restriction": "restrictions_api.open_sale_item",
    "PUT /v1/inventory-items/{inventory_item_id}/restriction": "restrictions_api.restrict_inventory_item",
    "DELETE /v1/inventory-items/{inventory_item_id}/restriction": "restrictions_api.open_inventory_item",
    "GET /v1/discounts": "restrictions_api.discounts",
    "PUT /v1/discounts/{code}": "restrictions_api.put_discount",
    "GET /v1/discounts/{code}": "restrictions_api.discount",
    "DELETE /v1/discounts/{code}": "restrictions_api.remove_discount",
    "GET /v1/customers": "customers_api.listed",
    "GET /v1/customers/{email}": "customers_api.show",
    "DELETE /v1/customers/{email}": "customers_api.remove",
    "GET /v1/customers/{email}/erasure": "customers_api.erased",
    "GET /v1/customers/{email}/history": "history_api.of_customer",
    "POST /v1/customers/{email}/resync": "customers_api.resync",
    "GET /v1/organiser": "organiser.settings",
    "PUT /v1/organiser": "organiser.change_settings",
}


class Route(NamedTuple):
    """One call: its method, its path, and where its handler stands."""

    method: str
    path: str
    module: str
    name: str

    @property
    def sends(self) -> bool:
        """Whether requests send something; what they send must be JSON, even where nothing is asked for."""
        return self.method in {"POST", "PUT", "PATCH"}

    @property
    def way(self) -> Way:
        """The handler and what it says of itself."""
        return _handler(self.module, self.name)


@cache
def _handler(module: str, name: str) -> Way:
    with lasting():
        found: Way = getattr(import_module(f"chalicelib.{module}"), name)
    return found


def routes() -> Iterator[Route]:
    """All calls, in the order of the page."""
    for call, handler in CALLS.items():
        yield Route(*call.split(" "), *handler.split("."))


def blueprint() -> Blueprint:
    """The calls, for an app to register."""
    made = Blueprint(__name__)
    made.register_middleware(problems.shaped, "http")
    for route in routes():
        types = [JSON] if route.sends else []
        made.route(route.path, methods=[route.method], content_types=types, name=route.name)(_view(route, made))
    made.route("/openapi.json", content_types=[])(openapi)
    _console(made)
    return made


def _console(made: Blueprint) -> None:
    @made.route("/", content_types=[])
    def page() -> Response:
        from chalicelib import pages

        return pages.page(made.current_request)

    @made.route("/console/{name}", content_types=[])
    def part(name: str) -> Response:
        from chalicelib import pages

        return pages.part(made.current_request, name)


def _view(route: Route, made: Blueprint) -> Callable[..., Response]:
    def view(**params: str) -> Response:
        return http.respond(route.way, made.current_request, params)

    return view


def openapi() -> Response:
    """The document of this API."""
    from pathlib import Path

    document = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")
    return Response(document, {"Content-Type": JSON})
