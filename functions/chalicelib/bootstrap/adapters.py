"""Where ports meet adapters: each is made once per process, when first asked for."""

import os
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from guestlist.aws.table import checkout_table, table
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.slot_store import Slots
from guestlist.imports.store import Imports
from guestlist.organisers.store import Organisers

if TYPE_CHECKING:
    from guestlist.catalogue.discount_store import Discounts
    from guestlist.catalogue.store import Catalogues
    from guestlist.customers.profile_store import Pages
    from guestlist.customers.store import Customers
    from guestlist.erasure.store import Erasures
    from guestlist.groups.catalogue_groups import CatalogueGroups
    from guestlist.groups.listing import GroupViewPorts
    from guestlist.groups.membership_store import Memberships
    from guestlist.groups.reevaluation import SyncPorts
    from guestlist.groups.store import Groups
    from guestlist.groups.sync_store import Syncs
    from guestlist.lists.expired_versions import ExpiredVersions
    from guestlist.lists.publishing import Versions
    from guestlist.lists.store import PackedListStore
    from guestlist.lists.version_store import ListVersions
    from guestlist.mail.suppressions import Suppressions
    from guestlist.mail.unsubscriptions import Unsubscriptions
    from guestlist.purchases.service import PurchasePorts
    from guestlist.purchases.store import Purchases
    from guestlist.tickets.contact_store import Contacts
    from guestlist.tickets.sales_store import EventSales


@cache
def imports() -> Imports:
    """The records of imports."""
    return Imports(table(), indexes())


@cache
def import_slots() -> Slots:
    """The slots of the organisers' import workers."""
    return Slots(table())


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
    from guestlist.groups.store import Groups

    return Groups(table(), indexes())


@cache
def syncs() -> "Syncs":
    """How far the syncing of automatic groups has come."""
    from guestlist.groups.sync_store import Syncs

    return Syncs(table())


@cache
def memberships() -> "Memberships":
    """Who is in which group."""
    from guestlist.groups.membership_store import Memberships

    return Memberships(table())


@cache
def customers() -> "Customers":
    """The people that organisers know."""
    from guestlist.customers.store import Customers

    return Customers(table())


def group_views() -> "GroupViewPorts":
    """What a view of a group is put together from."""
    from guestlist.groups.listing import GroupViewPorts

    return GroupViewPorts(groups=groups(), syncs=syncs(), counts=memberships())


@cache
def catalogues() -> "Catalogues":
    """What is sold, and to whom."""
    from guestlist.catalogue.restriction_store import RestrictionIndexes
    from guestlist.catalogue.store import Catalogues

    return Catalogues(table(), RestrictionIndexes(table()))


def catalogue_groups() -> "CatalogueGroups":
    """The groups as the catalogue sees them."""
    from guestlist.groups.catalogue_groups import CatalogueGroups

    return CatalogueGroups(groups(), syncs())


@cache
def discounts() -> "Discounts":
    """The discounts."""
    from guestlist.catalogue.discount_store import Discounts

    return Discounts(table())


@cache
def sales() -> "EventSales":
    """What is sold of events."""
    from guestlist.tickets.sales_store import EventSales

    return EventSales(table())


@cache
def purchases() -> "Purchases":
    """What people bought."""
    from guestlist.purchases.store import Purchases

    return Purchases(table(), sales())


def pages() -> "Pages":
    """All that is kept of people."""
    from guestlist.customers.profile_store import Pages

    return Pages(table(), purchases())


def erasures() -> "Erasures":
    """Who is being erased."""
    from guestlist.erasure.store import Erasures

    return Erasures(table())


def suppressions() -> "Suppressions":
    """Which addresses get no mail."""
    from guestlist.mail.suppressions import Suppressions

    return Suppressions(table())


@cache
def unsubscriptions() -> "Unsubscriptions":
    """Who wants no welcome mails of an organiser any more."""
    from guestlist.mail.unsubscriptions import Unsubscriptions

    return Unsubscriptions(table())


def purchase_ports() -> "PurchasePorts":
    """Where purchases are kept and counted."""
    from guestlist.purchases.service import PurchasePorts

    return PurchasePorts(
        purchases=purchases(), customers=customers(), catalogues=catalogues(), digest_key=table().digest_key
    )


def sync_ports() -> "SyncPorts":
    """What the syncing of automatic groups works with."""
    from guestlist.groups.reevaluation import SyncPorts

    return SyncPorts(
        groups=groups(),
        syncs=syncs(),
        memberships=memberships(),
        catalogues=catalogues(),
        purchases=purchases(),
        in_parallel=table().together,
    )


def list_store(org: str, group_id: str) -> "PackedListStore":
    """Where the packed versions of a group's list stand."""
    from guestlist.lists.store import PackedListStore

    return PackedListStore(checkout_table(), org, group_id)


def expired_versions() -> "ExpiredVersions":
    """The versions that are to be deleted."""
    from guestlist.lists.expired_versions import ExpiredVersions

    return ExpiredVersions(table())


def list_versions() -> "ListVersions":
    """What is kept of the versions of lists."""
    from guestlist.lists.version_store import ListVersions

    return ListVersions(table(), indexes())


def version_service() -> "Versions":
    """What shows and publishes the versions of lists."""
    from guestlist.lists.publishing import Versions

    return Versions(groups=groups(), imports=imports(), store=list_versions(), list_store=list_store)


def contacts() -> "Contacts":
    """Buyers whom imports met."""
    from guestlist.tickets.contact_store import Contacts

    return Contacts(table())


def folder() -> Path:
    """Where large files are put down; what a killed worker left there is removed when a new one starts."""
    from chalicelib.scratch import scratch_folder

    return scratch_folder(Path(os.environ.get("GUESTLIST_FOLDER") or gettempdir()))
