"""Imports of people and of what they bought, put together from ports and adapters."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.orders import Orders
from guestlist.aws.table import table
from guestlist.customers.importing.journal import Journal
from guestlist.customers.importing.ports import CustomerPorts
from guestlist.customers.importing.service import CustomerFiles
from guestlist.customers.importing.undo import undo_customers
from guestlist.imports.model import Import
from guestlist.imports.row_results import RowResults
from guestlist.purchases.importing.journal import OrderNotes
from guestlist.purchases.importing.service import PurchaseFiles
from guestlist.purchases.importing.undo import undo_purchases


def customer_files() -> CustomerFiles:
    """What runs customer imports."""
    return CustomerFiles(ports=_ports(), zone=_zone, feature=_feature)


def take_customers_back(record: Import, now: datetime) -> Import:
    """The record of a customer import, taken back."""
    return adapters.imports().save(replace(record, undone=undo_customers(record, now, _ports())))


def purchase_files() -> PurchaseFiles:
    """What runs purchase imports."""
    return PurchaseFiles(
        orders=Orders(replace(adapters.purchase_ports(), customers=adapters.many_customers()), adapters.sync_ports()),
        notes=OrderNotes(table()),
        row_results=RowResults(table()),
        zone=_zone,
    )


def take_purchases_back(record: Import, now: datetime) -> Import:
    """The record of a purchase import, taken back."""
    undone = undo_purchases(record, now, Orders(adapters.purchase_ports(), adapters.sync_ports()), OrderNotes(table()))
    return adapters.imports().save(replace(record, undone=undone))


def _ports() -> CustomerPorts:
    return CustomerPorts(
        groups=adapters.groups(),
        customers=adapters.many_customers(),
        memberships=adapters.memberships(),
        journal=Journal(table()),
        row_results=RowResults(table()),
    )


def _zone(org: str) -> ZoneInfo:
    return adapters.organisers().get(org).zone


def _feature(org: str) -> bool:
    return adapters.organisers().get(org).customer_groups
