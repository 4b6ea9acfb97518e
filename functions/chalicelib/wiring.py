"""Where ports meet adapters: each is made once per process, when first asked for."""

import os
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from guestlist.aws.group_index import GroupIndexes
from guestlist.aws.imports import Imports
from guestlist.aws.organisers import Organisers
from guestlist.aws.table import checkout_table, table

if TYPE_CHECKING:
    from guestlist.aws.catalogues import Catalogues
    from guestlist.aws.contacts import Contacts
    from guestlist.aws.customers import Customers
    from guestlist.aws.discounts import Discounts
    from guestlist.aws.erasures import Erasures
    from guestlist.aws.groups import Groups
    from guestlist.aws.memberships import Memberships
    from guestlist.aws.pages import Pages
    from guestlist.aws.purchases import Purchases
    from guestlist.aws.retired import Retired
    from guestlist.aws.sales import EventSales
    from guestlist.aws.shelf import Shelf
    from guestlist.aws.syncs import Syncs
    from guestlist.groups.buying import Till
    from guestlist.groups.follow import Engine
    from guestlist.groups.listing import Shelf as GroupShelf
    from guestlist.imports.tickets.ports import TicketPorts


@cache
def imports() -> Imports:
    """The records of imports."""
    return Imports(table(), indexes())


@cache
def indexes() -> GroupIndexes:
    """The group indexes."""
    return GroupIndexes(table())


@cache
def organisers() -> Organisers:
    """Organisers and their tokens."""
    return Organisers(table())


@cache
def groups() -> "Groups":
    """The records of groups."""
    from guestlist.aws.groups import Groups

    return Groups(table(), indexes())


@cache
def syncs() -> "Syncs":
    """How far the syncing of automatic groups has come."""
    from guestlist.aws.syncs import Syncs

    return Syncs(table())


@cache
def memberships() -> "Memberships":
    """Who is in which group."""
    from guestlist.aws.memberships import Memberships

    return Memberships(table())


@cache
def customers() -> "Customers":
    """The people that organisers know."""
    from guestlist.aws.customers import Customers

    return Customers(table())


def many_customers() -> "Customers":
    """The same, for whoever may insert many at once."""
    from guestlist.aws.customers import Customers

    return Customers(table(), table().insert_many)


def group_views() -> "GroupShelf":
    """What a view of a group is put together from."""
    from guestlist.groups.listing import Shelf as GroupShelf

    return GroupShelf(groups=groups(), syncs=syncs(), counts=memberships())


@cache
def catalogues() -> "Catalogues":
    """What is sold, and to whom."""
    from guestlist.aws.catalogues import Catalogues
    from guestlist.aws.restriction_index import RestrictionIndexes

    return Catalogues(table(), RestrictionIndexes(table()))


@cache
def discounts() -> "Discounts":
    """The discounts."""
    from guestlist.aws.discounts import Discounts

    return Discounts(table())


@cache
def sales() -> "EventSales":
    """What is sold of events."""
    from guestlist.aws.sales import EventSales

    return EventSales(table())


@cache
def purchases() -> "Purchases":
    """What people bought."""
    from guestlist.aws.purchases import Purchases

    return Purchases(table(), sales())


def pages() -> "Pages":
    """All that is kept of people."""
    from guestlist.aws.pages import Pages

    return Pages(table(), purchases())


def erasures() -> "Erasures":
    """Who is being erased."""
    from guestlist.aws.erasures import Erasures

    return Erasures(table())


def till() -> "Till":
    """Where purchases are kept and counted."""
    from guestlist.groups.buying import Till

    return Till(purchases=purchases(), customers=customers(), catalogues=catalogues())


def engine() -> "Engine":
    """What the syncing of automatic groups works with."""
    from guestlist.groups.follow import Engine

    return Engine(
        groups=groups(),
        syncs=syncs(),
        memberships=memberships(),
        catalogues=catalogues(),
        purchases=purchases(),
        at_once=table().together,
    )


def shelf(org: str, group_id: str) -> "Shelf":
    """Where the packed versions of a group's list stand."""
    from guestlist.aws.shelf import Shelf

    return Shelf(checkout_table(), org, group_id)


def retired() -> "Retired":
    """The versions that are to be deleted."""
    from guestlist.aws.retired import Retired

    return Retired(table())


def contacts() -> "Contacts":
    """Buyers whom imports met."""
    from guestlist.aws.contacts import Contacts

    return Contacts(table())


def ticket_ports() -> "TicketPorts":
    """What ticket imports work with."""
    from guestlist.aws.tickets import Tickets
    from guestlist.imports.tickets.ports import TicketPorts

    return TicketPorts(tickets=Tickets(table()), sales=sales(), contacts=contacts(), customers=many_customers())


def folder() -> Path:
    """Where large files are put down."""
    return Path(os.environ.get("GUESTLIST_FOLDER") or gettempdir())
