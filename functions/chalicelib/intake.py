"""What an import worker is made of: the door that knows a file, and a bench with a run for each kind."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib import people_files, wiring
from chalicelib.events import short_of_time
from chalicelib.reading import read
from guestlist import clock
from guestlist.aws.bucket import bucket
from guestlist.aws.queue import queue
from guestlist.aws.settings import settings
from guestlist.catalogue import Event
from guestlist.imports.arrival import Door
from guestlist.imports.job import Bench, Job
from guestlist.imports.lists.target_group import TargetGroups
from guestlist.imports.ports import Time
from guestlist.imports.reading.ticket_rows import read_tickets
from guestlist.imports.record import Kind, Options
from guestlist.imports.tickets.run import Rows, TicketFiles
from guestlist.rule import Entity

_TEXTS = {"group", "event_id", "notify", "delimiter", "encoding"}


def door() -> Door:
    """What decides which import an object is."""
    return Door(wiring.imports(), bucket(), wiring.organisers(), _read_options)


def bench(context: LambdaContext) -> Bench:
    """What a worker needs whose time is that of this Lambda invocation."""
    lists = TargetGroups(groups=wiring.indexes(), shelf=wiring.shelf, retired=wiring.retired())
    tickets = TicketFiles(ports=wiring.ticket_ports(), event=_event, rows=_tickets)
    return Bench(
        imports=wiring.imports(),
        files=bucket(),
        queue=queue(),
        time=Time(now=clock.now, short=lambda: short_of_time(context)),
        folder=wiring.folder(),
        fast=settings().fast_reading,
        runs={
            Kind.TARGET_GROUP: lists.run,
            Kind.CUSTOMERS: people_files.customer_files().run,
            Kind.TICKETS: tickets.run,
            Kind.PURCHASES: people_files.purchase_files().run,
        },
    )


def _event(org: str, event_id: str) -> Event | None:
    found = wiring.catalogues().get(org, Entity.EVENT, event_id)
    return found if isinstance(found, Event) else None


def _tickets(job: Job) -> Rows:
    zone = wiring.organisers().get(job.record.organiser_id).zone
    return read_tickets(job.sheet, job.record.options, job.notices, zone)


def _read_options(said: Mapping[str, str]) -> Options:
    """Metadata as options; a name that is no option of ours is left alone. Raises `Invalid`."""
    known = {field.name for field in fields(Options)}
    return read(Options, {name: _value(name, text) for name, text in said.items() if name in known})


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
