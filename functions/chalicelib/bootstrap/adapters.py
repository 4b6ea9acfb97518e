"""The stores and ports of this stage, each created once per process, at its first use."""

import os
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from guestlist.aws.table import checkout_table, table
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.slot_store import Slots
from guestlist.imports.store import Imports
from guestlist.model.ids import new_secret
from guestlist.organisers.store import Organisers

if TYPE_CHECKING:
    from guestlist.catalogue.discount_store import Discounts
    from guestlist.catalogue.store import Catalogues
    from guestlist.customers.profile_store import PersonalDataStore
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
    from guestlist.messages.language import Language
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
    return Slots(table(), new_secret)


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
    """The progress of syncs of automatic groups."""
    from guestlist.groups.sync_store import Syncs

    return Syncs(table())


@cache
def memberships() -> "Memberships":
    """The memberships of groups."""
    from guestlist.groups.membership_store import Memberships

    return Memberships(table())


@cache
def customers() -> "Customers":
    """The customers of organisers."""
    from guestlist.customers.store import Customers

    return Customers(table())


def group_views(language: "Language") -> "GroupViewPorts":
    """The ports of a group's view in this language."""
    from guestlist.groups.listing import GroupViewPorts

    return GroupViewPorts(groups=groups(), syncs=syncs(), counts=memberships(), language=language)


@cache
def catalogues() -> "Catalogues":
    """The catalogues of organisers, with restrictions."""
    from guestlist.catalogue.restriction_store import RestrictionIndexes
    from guestlist.catalogue.store import Catalogues

    return Catalogues(table(), RestrictionIndexes(table()))


def catalogue_groups() -> "CatalogueGroups":
    """The catalogue's port for groups."""
    from guestlist.groups.catalogue_groups import CatalogueGroups

    return CatalogueGroups(groups(), syncs())


@cache
def discounts() -> "Discounts":
    """The discounts."""
    from guestlist.catalogue.discount_store import Discounts

    return Discounts(table())


@cache
def sales() -> "EventSales":
    """The sales of events."""
    from guestlist.tickets.sales_store import EventSales

    return EventSales(table())


@cache
def purchases() -> "Purchases":
    """The recorded purchases."""
    from guestlist.purchases.store import Purchases

    return Purchases(table(), sales())


def personal_data() -> "PersonalDataStore":
    """The stored data of people: everything in the table under a person's key."""
    from guestlist.customers.profile_store import PersonalDataStore

    return PersonalDataStore(table(), purchases())


def erasures() -> "Erasures":
    """The erasures of people."""
    from guestlist.erasure.store import Erasures

    return Erasures(table())


def suppressions() -> "Suppressions":
    """The suppressed addresses."""
    from guestlist.mail.suppressions import Suppressions

    return Suppressions(table())


@cache
def unsubscriptions() -> "Unsubscriptions":
    """The people who unsubscribed from an organiser's welcome mails."""
    from guestlist.mail.unsubscriptions import Unsubscriptions

    return Unsubscriptions(table())


def purchase_ports() -> "PurchasePorts":
    """The ports of the purchase service."""
    from guestlist.purchases.service import PurchasePorts

    return PurchasePorts(
        purchases=purchases(), customers=customers(), catalogues=catalogues(), digest_key=table().digest_key
    )


def sync_ports() -> "SyncPorts":
    """The ports of syncs of automatic groups."""
    from guestlist.groups.reevaluation import SyncPorts

    return SyncPorts(
        groups=groups(),
        syncs=syncs(),
        memberships=memberships(),
        catalogues=catalogues(),
        purchases=purchases(),
        in_parallel=table().run_parallel,
    )


def list_store(org: str, group_id: str) -> "PackedListStore":
    """The packed-list store of a group."""
    from guestlist.lists.store import PackedListStore

    return PackedListStore(checkout_table(), org, group_id)


def expired_versions() -> "ExpiredVersions":
    """The list versions that are scheduled for deletion."""
    from guestlist.lists.expired_versions import ExpiredVersions

    return ExpiredVersions(table())


def list_versions() -> "ListVersions":
    """The records of list versions."""
    from guestlist.lists.version_store import ListVersions

    return ListVersions(table(), indexes())


def version_service() -> "Versions":
    """The service that shows and publishes list versions."""
    from guestlist.lists.publishing import Versions

    return Versions(groups=groups(), imports=imports(), store=list_versions(), list_store=list_store)


def contacts() -> "Contacts":
    """The buyers in ticket imports."""
    from guestlist.tickets.contact_store import Contacts

    return Contacts(table())


def folder() -> Path:
    """This process's folder for large temporary files; those of killed workers are removed."""
    from chalicelib.scratch import scratch_folder

    return scratch_folder(Path(os.environ.get("GUESTLIST_FOLDER") or gettempdir()))
