"""The adapters of imports of customers, tickets and purchases.

Rows are read and written with our own DynamoDB client, since boto3 takes most of the processor time of a row.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.orders import Orders
from guestlist.aws.worker_table import worker_table
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.store import Catalogues
from guestlist.customers.importing.journal import Journal
from guestlist.customers.importing.ports import CustomerPorts
from guestlist.customers.importing.service import CustomerFiles
from guestlist.customers.importing.undo import undo_customers
from guestlist.customers.store import Customers
from guestlist.groups.membership_store import Memberships
from guestlist.imports.model import Import
from guestlist.imports.row_results import RowResults
from guestlist.purchases.importing.journal import OrderJournal
from guestlist.purchases.importing.service import PurchaseFiles
from guestlist.purchases.importing.undo import undo_purchases
from guestlist.purchases.service import PurchasePorts
from guestlist.purchases.store import Purchases
from guestlist.tickets.contact_store import Contacts
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.sales_store import EventSales
from guestlist.tickets.store import Tickets


def customer_files() -> CustomerFiles:
    """The runner of customer imports."""
    return CustomerFiles(ports=_customer_ports(), zone=_zone, feature=_feature)


def undo_customer_import(record: Import, now: datetime) -> Import:
    """Undo a customer import and return its record."""
    return adapters.imports().save_import(replace(record, undone=undo_customers(record, now, _customer_ports())))


def purchase_files() -> PurchaseFiles:
    """The runner of purchase imports."""
    return PurchaseFiles(
        orders=_orders(), journal=OrderJournal(worker_table()), row_results=RowResults(worker_table()), zone=_zone
    )


def undo_purchase_import(record: Import, now: datetime) -> Import:
    """Undo a purchase import and return its record."""
    undone = undo_purchases(record, now, _orders(), OrderJournal(worker_table()))
    return adapters.imports().save_import(replace(record, undone=undone))


def ticket_ports() -> TicketPorts:
    """The ports of ticket imports."""
    table = worker_table()
    return TicketPorts(
        tickets=Tickets(table),
        sales=EventSales(table),
        contacts=Contacts(table),
        customers=_customers(),
        digest_key=table.digest_key,
    )


def _customer_ports() -> CustomerPorts:
    table = worker_table()
    return CustomerPorts(
        groups=adapters.groups(),
        customers=_customers(),
        memberships=Memberships(table),
        journal=Journal(table),
        row_results=RowResults(table),
    )


def _orders() -> Orders:
    table = worker_table()
    catalogues = Catalogues(table, RestrictionIndexes(table))
    purchases = Purchases(table, EventSales(table))
    ports = PurchasePorts(
        purchases=purchases, customers=_customers(), catalogues=catalogues, digest_key=table.digest_key
    )
    sync_ports = replace(
        adapters.sync_ports(),
        memberships=Memberships(table),
        catalogues=catalogues,
        purchases=purchases,
        in_parallel=table.run_parallel,
    )
    return Orders(ports, sync_ports)


def _customers() -> Customers:
    return Customers(worker_table(), worker_table().insert_many)


def _zone(org: str) -> ZoneInfo:
    return adapters.organisers().get_organiser(org).zone


def _feature(org: str) -> bool:
    return adapters.organisers().get_organiser(org).customer_groups
