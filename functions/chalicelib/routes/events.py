"""Attendance and orders of an event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.aws.table import table
from guestlist.catalogue.service import require_event
from guestlist.organisers.model import Scope
from guestlist.tickets.attendance import attendance
from guestlist.tickets.event_lists import EventLists, EventOrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedHour:
    """An hour in which tickets were scanned."""

    start: datetime
    scanned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceView:
    """The number of imported tickets of an event, and of those that were scanned, by hour."""

    tickets: int
    scanned: int
    hours: tuple[ScannedHour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrder:
    """A line of an order: one sale item of an event, net of refunds."""

    order_id: str
    email: str
    name: str
    sale_item_id: str
    sale_item: str
    quantity: int
    purchased_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSearch:
    """The search of orders: `q` is a prefix of the buyer's e-mail."""

    q: Annotated[str, MaxLen(254)] = ""


@endpoint(Scope.ORGANISER, answer=AttendanceView)
def attendance_by_hour(call: Call, event_id: str) -> AttendanceView:
    """Count the imported tickets of an event that were scanned, by the hour."""
    require_event(call.org, event_id, adapters.catalogues())
    counted = attendance(EventLists(table()).scan_times(call.org, event_id))
    hours = tuple(ScannedHour(start=start, scanned=number) for start, number in counted.hours.items())
    return AttendanceView(tickets=counted.tickets, scanned=counted.scanned, hours=hours)


@endpoint(Scope.ORGANISER, query=OrderSearch, answer=EventOrder, listed=True)
def list_orders(call: Call, event_id: str) -> Listed:
    """List the orders of an event by the buyer's e-mail, a line for each sale item."""
    require_event(call.org, event_id, adapters.catalogues())
    items = adapters.catalogues().read_catalogue(call.org).sale_items
    names = {name: item.name for name, item in items.items() if item.event_id == event_id}
    if not names:
        return Listed([])
    after = call.page.after("after", "")
    lines = EventLists(table()).list_order_lines(call.org, names, call.page.most, begins=call.query.q, after=after)
    page = call.page.of(lines, lambda line: {"after": line.cursor})
    people = adapters.customers().get_customers(call.org, [line.email for line in page.items])
    return page.map(lambda line: _view(line, names, people[line.email].name if line.email in people else ""))


def _view(line: EventOrderLine, names: dict[str, str], name: str) -> EventOrder:
    return EventOrder(
        order_id=line.order_id,
        email=line.email,
        name=name,
        sale_item_id=line.sale_item_id,
        sale_item=names[line.sale_item_id],
        quantity=line.quantity,
        purchased_at=line.at,
    )
