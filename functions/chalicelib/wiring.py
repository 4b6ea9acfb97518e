"""Where ports meet adapters: each is made once per process, when first asked for."""

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from guestlist import clock
from guestlist.aws.bucket import bucket
from guestlist.aws.group_index import GroupIndexes
from guestlist.aws.imports import Imports
from guestlist.aws.organisers import Organisers
from guestlist.aws.queue import queue
from guestlist.aws.table import table

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from guestlist.aws.catalogues import Catalogues
    from guestlist.aws.contacts import Contacts
    from guestlist.aws.customers import Customers
    from guestlist.aws.discounts import Discounts
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
    from guestlist.imports.arrival import Door
    from guestlist.imports.job import Bench
    from guestlist.imports.record import Options
    from guestlist.imports.ticket_files import TicketFiles
    from guestlist.imports.ticket_ports import TicketPorts

_TEXTS = {"group", "event_id", "notify", "delimiter", "encoding"}


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

    return Shelf(table(), org, group_id)


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
    from guestlist.imports.ticket_ports import TicketPorts

    return TicketPorts(tickets=Tickets(table()), sales=sales(), contacts=contacts(), customers=customers())


def ticket_files() -> "TicketFiles":
    """What runs ticket imports."""
    from guestlist.catalogue import Event
    from guestlist.imports.ticket_files import TicketFiles
    from guestlist.imports.ticket_rows import read_tickets
    from guestlist.rule import Entity

    def event(org: str, event_id: str) -> Event | None:
        found = catalogues().get(org, Entity.EVENT, event_id)
        return found if isinstance(found, Event) else None

    return TicketFiles(
        ports=ticket_ports(),
        event=event,
        rows=lambda job: read_tickets(
            job.sheet, job.record.options, job.notices, organisers().get(job.record.organiser_id).zone
        ),
    )


def folder() -> Path:
    """Where large files are put down."""
    return Path(os.environ.get("GUESTLIST_FOLDER") or gettempdir())


def door() -> "Door":
    """What decides which import an object is."""
    from guestlist.imports.arrival import Door

    return Door(imports(), bucket(), organisers(), _read_options)


def _read_options(said: Mapping[str, str]) -> "Options":
    """Metadata as options; a name that is no option of ours is left alone. Raises `Invalid`."""
    from chalicelib.reading import read
    from guestlist.imports.record import Options

    known = {field.name for field in fields(Options)}
    return read(Options, {name: _value(name, text) for name, text in said.items() if name in known})


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def bench(context: "LambdaContext") -> "Bench":
    """What a worker needs whose time is that of this Lambda invocation."""
    from chalicelib import people_files
    from chalicelib.events import short_of_time
    from guestlist.imports.job import Bench
    from guestlist.imports.ports import Time
    from guestlist.imports.record import Kind
    from guestlist.imports.target_group import TargetGroups

    target_groups = TargetGroups(groups=indexes(), shelf=shelf, retired=retired())
    return Bench(
        imports=imports(),
        files=bucket(),
        queue=queue(),
        time=Time(now=clock.now, short=lambda: short_of_time(context)),
        folder=folder(),
        runs={
            Kind.TARGET_GROUP: target_groups.run,
            Kind.CUSTOMERS: people_files.customer_files().run,
            Kind.TICKETS: ticket_files().run,
            Kind.PURCHASES: people_files.purchase_files().run,
        },
    )
