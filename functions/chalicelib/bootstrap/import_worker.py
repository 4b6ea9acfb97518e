"""The dependencies of an import worker: the resolver of objects, and the runner of each kind of import."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.bootstrap import adapters, row_imports
from chalicelib.events.handler import short_of_time
from chalicelib.web.validation import read
from guestlist.aws.bucket import bucket
from guestlist.aws.settings import settings
from guestlist.aws.sqs import queue
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Event
from guestlist.imports.import_resolver import ImportResolver
from guestlist.imports.job import Job, WorkerContext
from guestlist.imports.model import Kind, Options
from guestlist.imports.ports import Time
from guestlist.imports.reading.ticket_rows import read_tickets
from guestlist.lists.importing.service import TargetGroups
from guestlist.model import clock
from guestlist.tickets.importing.service import Rows, TicketFiles

_TEXTS = {"group", "event_id", "notify", "delimiter", "encoding"}


def import_resolver() -> ImportResolver:
    """The resolver of objects in the bucket to imports."""
    return ImportResolver(adapters.imports(), bucket(), adapters.organisers(), _read_options)


def worker_context(context: LambdaContext) -> WorkerContext:
    """The dependencies of a worker that runs within this Lambda invocation."""
    lists = TargetGroups(
        groups=adapters.indexes(),
        list_store=adapters.list_store,
        expired_versions=adapters.expired_versions(),
        keyed_since=settings().keyed_since,
    )
    tickets = TicketFiles(ports=row_imports.ticket_ports(), find_event=_event, read_rows=_tickets)
    return WorkerContext(
        imports=adapters.imports(),
        files=bucket(),
        queue=queue(),
        time=Time(now=clock.now, has_time=lambda: not short_of_time(context)),
        folder=adapters.folder(),
        language_of=lambda org: adapters.organisers().get_organiser(org).language,
        fast=settings().fast_reading,
        runs={
            Kind.TARGET_GROUP: lists.run,
            Kind.CUSTOMERS: row_imports.customer_files().run,
            Kind.TICKETS: tickets.run,
            Kind.PURCHASES: row_imports.purchase_files().run,
        },
    )


def _event(org: str, event_id: str) -> Event | None:
    entity = adapters.catalogues().get_entity(org, EntityType.EVENT, event_id)
    return entity if isinstance(entity, Event) else None


def _tickets(job: Job) -> Rows:
    zone = adapters.organisers().get_organiser(job.record.organiser_id).zone
    return read_tickets(job.sheet, job.record.options, job.row_notes, zone)


def _read_options(metadata: Mapping[str, str]) -> Options:
    """Parse an object's metadata as options; other names are ignored. Raises `Invalid`."""
    names = {field.name for field in fields(Options)}
    values = {name: _value(name, text) for name, text in metadata.items() if name in names}
    if "leave_out" in values and values["leave_out"] is None:
        values["all_rows"] = True
    return read(Options, values)


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
