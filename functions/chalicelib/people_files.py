"""Imports of people and of what they bought, put together from ports and adapters."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.orders import Orders
from guestlist.aws.journal import Journal
from guestlist.aws.order_notes import OrderNotes
from guestlist.aws.table import table
from guestlist.aws.verdicts import Verdicts
from guestlist.imports.customers.ports import CustomerPorts
from guestlist.imports.customers.run import CustomerFiles
from guestlist.imports.customers.undo import undo_customers
from guestlist.imports.purchases.run import PurchaseFiles
from guestlist.imports.purchases.undo import undo_purchases
from guestlist.imports.record import Import


def customer_files() -> CustomerFiles:
    """What runs customer imports."""
    return CustomerFiles(ports=_ports(), zone=_zone, feature=_feature)


def take_customers_back(record: Import, now: datetime) -> Import:
    """The record of a customer import, taken back."""
    return wiring.imports().save(replace(record, undone=undo_customers(record, now, _ports())))


def purchase_files() -> PurchaseFiles:
    """What runs purchase imports."""
    return PurchaseFiles(
        orders=Orders(replace(wiring.till(), customers=wiring.many_customers()), wiring.engine()),
        notes=OrderNotes(table()),
        verdicts=Verdicts(table()),
        zone=_zone,
    )


def take_purchases_back(record: Import, now: datetime) -> Import:
    """The record of a purchase import, taken back."""
    undone = undo_purchases(record, now, Orders(wiring.till(), wiring.engine()), OrderNotes(table()))
    return wiring.imports().save(replace(record, undone=undone))


def _ports() -> CustomerPorts:
    return CustomerPorts(
        groups=wiring.groups(),
        customers=wiring.many_customers(),
        memberships=wiring.memberships(),
        journal=Journal(table()),
        verdicts=Verdicts(table()),
    )


def _zone(org: str) -> ZoneInfo:
    return wiring.organisers().get(org).zone


def _feature(org: str) -> bool:
    return wiring.organisers().get(org).customer_groups
