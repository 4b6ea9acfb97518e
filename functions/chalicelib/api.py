"""The routes of the HTTP API.

A handler's module is imported at the first call of a handler in it, so that a cold start for a check loads
only the check. `/openapi.json` is generated from these routes and the metadata of their endpoints.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from chalice.app import Blueprint, Response

from chalicelib.startup import gc_frozen
from chalicelib.web import dispatch, problems, telemetry
from chalicelib.web.endpoint import JSON, Endpoint

CALLS = {
    "POST /v1/check": "check.check",
    "POST /v1/redemptions": "redemptions.redeem",
    "GET /v1/redemptions": "redemption_lists.list_redemptions",
    "GET /v1/redemptions/{redemption_id}": "redemptions.show",
    "POST /v1/redemptions/{redemption_id}/confirm": "redemptions.confirm",
    "POST /v1/redemptions/{redemption_id}/release": "redemptions.release",
    "GET /v1/memberships": "redemptions.memberships",
    "POST /v1/purchases": "purchases.record",
    "POST /v1/purchases/refund": "purchases.refund_by_number",
    "POST /v1/purchases/{order_id}/refund": "purchases.refund",
    "POST /v1/scans": "scans.admit",
    "POST /v1/scans/batch": "scans.merge_batch",
    "GET /v1/events/{event_id}/snapshot": "snapshots.download",
    "GET /v1/keys": "snapshots.public_keys",
    "GET /v1/events/{event_id}/scan-conflicts": "scans.list_conflicts",
    "GET /v1/events/{event_id}/attendance": "events.attendance_by_hour",
    "GET /v1/events/{event_id}/orders": "events.list_orders",
    "POST /v1/imports": "imports.create",
    "GET /v1/imports": "imports.list_imports",
    "GET /v1/imports/{import_id}": "imports.show",
    "POST /v1/imports/{import_id}/confirm": "imports.confirm",
    "POST /v1/imports/{import_id}/cancel": "imports.cancel",
    "POST /v1/imports/{import_id}/undo": "imports.undo",
    "GET /v1/imports/{import_id}/tickets": "tickets.list_of_import",
    "GET /v1/imports/{import_id}/contacts": "tickets.list_contacts",
    "GET /v1/imports/{import_id}/refused.csv": "imports.refused_rows",
    "GET /v1/samples/target_group.csv": "samples.target_group",
    "GET /v1/samples/customers.csv": "samples.customers",
    "GET /v1/samples/tickets.csv": "samples.tickets",
    "GET /v1/samples/purchases.csv": "samples.purchases",
    "POST /v1/groups": "groups.create",
    "GET /v1/groups": "groups.list_groups",
    "GET /v1/groups/{group_id}": "groups.show",
    "PATCH /v1/groups/{group_id}": "groups.change",
    "DELETE /v1/groups/{group_id}": "groups.delete",
    "POST /v1/groups/{group_id}/restore": "groups.restore",
    "POST /v1/groups/{group_id}/resync": "syncs.resync",
    "POST /v1/rules/preview": "syncs.preview_rules",
    "GET /v1/groups/{group_id}/members": "members.list_members",
    "POST /v1/groups/{group_id}/members": "members.add_members",
    "POST /v1/groups/{group_id}/members/remove": "members.remove_members",
    "PATCH /v1/groups/{group_id}/members/{email}": "members.change_member",
    "GET /v1/groups/{group_id}/entries": "members.list_entries",
    "POST /v1/groups/{group_id}/entries": "entries.add",
    "POST /v1/groups/{group_id}/entries/change": "entries.change",
    "POST /v1/groups/{group_id}/entries/remove": "entries.remove",
    "GET /v1/groups/{group_id}/uses": "redemption_lists.uses_by_hour",
    "GET /v1/groups/{group_id}/versions": "versions.list_versions",
    "POST /v1/groups/{group_id}/versions/{version_id}/publish": "versions.publish",
    "GET /v1/groups/{group_id}/versions/{version_id}/diff.csv": "versions.difference",
    "DELETE /v1/groups/{group_id}/versions/{version_id}": "versions.cancel",
    "POST /v1/groups/{group_id}/codes": "codes.generate",
    "GET /v1/groups/{group_id}/export.csv": "exports.export",
    "GET /v1/groups/{group_id}/history": "history.of_group",
    "GET /v1/groups/{group_id}/welcome-email/preview": "welcome_mail.preview",
    "POST /v1/groups/{group_id}/welcome-email/preview": "welcome_mail.preview_changes",
    "POST /v1/groups/{group_id}/welcome-email/test": "welcome_mail.send_test",
    "GET /v1/catalogue": "catalogue.search",
    "PUT /v1/schedules/{schedule_id}": "catalogue.put_schedule",
    "GET /v1/schedules/{schedule_id}": "catalogue.schedule",
    "PUT /v1/events/{event_id}": "catalogue.put_event",
    "GET /v1/events/{event_id}": "catalogue.event",
    "POST /v1/events/{event_id}/tickets": "tickets.add",
    "GET /v1/events/{event_id}/tickets": "tickets.list_of_event",
    "PUT /v1/inventory-items/{inventory_item_id}": "catalogue.put_inventory_item",
    "GET /v1/inventory-items/{inventory_item_id}": "catalogue.inventory_item",
    "PUT /v1/sale-items/{sale_item_id}": "catalogue.put_sale_item",
    "GET /v1/sale-items/{sale_item_id}": "catalogue.sale_item",
    "PUT /v1/sale-items/{sale_item_id}/restriction": "restrictions.restrict_sale_item",
    "DELETE /v1/sale-items/{sale_item_id}/restriction": "restrictions.unrestrict_sale_item",
    "PUT /v1/inventory-items/{inventory_item_id}/restriction": "restrictions.restrict_inventory_item",
    "DELETE /v1/inventory-items/{inventory_item_id}/restriction": "restrictions.unrestrict_inventory_item",
    "GET /v1/discounts": "restrictions.list_discounts",
    "PUT /v1/discounts/{code}": "restrictions.put_discount",
    "GET /v1/discounts/{code}": "restrictions.discount",
    "DELETE /v1/discounts/{code}": "restrictions.delete_discount",
    "GET /v1/customers": "customers.list_customers",
    "GET /v1/customers/{email}": "customers.show",
    "PATCH /v1/customers/{email}": "customers.rename",
    "DELETE /v1/customers/{email}": "customers.erase",
    "GET /v1/customers/{email}/erasure": "customers.erasure_proof",
    "GET /v1/customers/{email}/history": "history.of_customer",
    "POST /v1/customers/{email}/resync": "customers.resync",
    "GET /v1/suppressions": "suppressions.list_suppressions",
    "DELETE /v1/suppressions/{email}": "suppressions.lift",
    "GET /v1/unsubscribe/{unsubscribe_token}": "unsubscribe.page",
    "POST /v1/unsubscribe/{unsubscribe_token}": "unsubscribe.unsubscribe",
    "GET /v1/webhooks": "webhooks.list_webhooks",
    "PUT /v1/webhooks/{webhook_id}": "webhooks.put",
    "GET /v1/webhooks/{webhook_id}": "webhooks.show",
    "DELETE /v1/webhooks/{webhook_id}": "webhooks.delete",
    "POST /v1/webhooks/{webhook_id}/rotate": "webhooks.rotate",
    "GET /v1/webhooks/{webhook_id}/deliveries": "webhooks.list_deliveries",
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": "webhooks.replay",
    "GET /v1/organiser": "organiser.settings",
    "PUT /v1/organiser": "organiser.change_settings",
    "GET /v1/tokens": "tokens.list_tokens",
    "POST /v1/tokens": "tokens.create",
    "DELETE /v1/tokens/{token_id}": "tokens.revoke",
    "POST /v1/session": "sessions.create",
    "GET /v1/sessions": "sessions.list_sessions",
    "GET /v1/sessions/{session_id}": "sessions.show",
    "DELETE /v1/sessions/{session_id}": "sessions.end",
}


class Route(NamedTuple):
    """A route: method and path, and the module and name of its handler."""

    method: str
    path: str
    module: str
    name: str

    @property
    def requires_json(self) -> bool:
        """Whether a body must be JSON, even if the handler takes none.

        Unsubscribing is the exception: mail programs send a form (RFC 8058).
        """
        return self.method in {"POST", "PUT", "PATCH"} and self.module != "unsubscribe"

    @property
    def endpoint(self) -> Endpoint:
        """The handler with its metadata."""
        return _handler(self.module, self.name)


@cache
def _handler(module: str, name: str) -> Endpoint:
    with gc_frozen():
        handler: Endpoint = getattr(import_module(f"chalicelib.routes.{module}"), name)
    return handler


def routes() -> Iterator[Route]:
    """All routes, in the order of `CALLS`."""
    for call, handler in CALLS.items():
        yield Route(*call.split(" "), *handler.split("."))


def blueprint() -> Blueprint:
    """The blueprint of all routes, with their middleware."""
    calls = Blueprint(__name__)
    calls.register_middleware(telemetry.middleware, "http")
    calls.register_middleware(problems.middleware, "http")
    for route in routes():
        types = [JSON] if route.requires_json else []
        calls.route(route.path, methods=[route.method], content_types=types, name=route.name)(_view(route, calls))
    calls.route("/openapi.json", content_types=[])(openapi)
    _console(calls)
    return calls


def _console(calls: Blueprint) -> None:
    @calls.route("/", content_types=[])
    def page() -> Response:
        from chalicelib.web import console

        return console.page(calls.current_request)

    @calls.route("/docs", content_types=[])
    def docs() -> Response:
        from chalicelib.web import console

        return console.docs(calls.current_request)

    @calls.route("/console/{name}", content_types=[])
    def part(name: str) -> Response:
        from chalicelib.web import console

        return console.part(calls.current_request, name)


def _view(route: Route, calls: Blueprint) -> Callable[..., Response]:
    def view(**params: str) -> Response:
        return dispatch.respond(route.endpoint, calls.current_request, params)

    return view


def openapi() -> Response:
    """The OpenAPI document."""
    from pathlib import Path

    document = Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")
    return Response(document, {"Content-Type": JSON})
