"""The import workers: they import uploaded files, and do queued work."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice import Blueprint

from chalicelib.bootstrap import adapters, import_worker
from chalicelib.bootstrap.search_indexes import build_indexes, request_indexes
from chalicelib.bootstrap.undo import undos
from chalicelib.events.erasures import erase
from chalicelib.events.handler import count, event_handler, logger, short_of_time
from guestlist.aws.bucket import bucket
from guestlist.aws.keys import Key
from guestlist.aws.sqs import queue
from guestlist.exports.service import run_export
from guestlist.imports.lease import claim, is_claimable, wait_for_turn
from guestlist.imports.model import Import, Source
from guestlist.imports.undo import run_undo, undo_cancelled
from guestlist.imports.worker import work
from guestlist.model import clock, ids
from guestlist.model.errors import ConcurrentModification, Unknown
from guestlist.tickets.snapshots import make_snapshot

blueprint = Blueprint(__name__)
processor = BatchProcessor(event_type=EventType.SQS)


# The template replaces this queue by the real one.
@blueprint.on_sqs_message(queue_arn="arn:aws:sqs:eu-west-1:000000000000:uploads", batch_size=1)
@event_handler
def import_files(event: dict[str, Any], context: LambdaContext) -> Any:
    """Process the messages: import files, or create exports, indexes and snapshots; returns those to be retried."""

    def handle(record: SQSRecord) -> None:
        process_message(record.json_body, context)

    return process_partial_response(event=event, record_handler=handle, processor=processor, context=context)


def process_message(message: dict[str, Any], context: LambdaContext) -> None:
    """Do the work of one message if the organiser has a free slot for it; otherwise store it until there is one."""
    if "export" in message:
        _export_in_turn(message, context)
    if "index" in message:
        _index_in_turn(message)
    if "snapshot" in message:
        _snapshot_in_turn(message)
    if "erase" in message:
        key = message["erase"]
        erase(Key(key["pk"], key["sk"]), context)
    for import_record, source in _imports_of(message):
        _run_in_turn(import_record, source, context)


def _imports_of(message: dict[str, Any]) -> Iterator[tuple[Import, Source | None]]:
    """The imports of a message: one to be resumed, or those of uploaded files, each with its object."""
    if "resume" in message:
        resumed = message["resume"]
        try:
            yield adapters.imports().get_import(resumed["organiser_id"], resumed["import_id"]), None
        except Unknown:
            logger.warning("unknown import", import_id=resumed["import_id"])
    for event in message.get("Records", []):
        source = _source(event)
        now = clock.now()
        record = import_worker.import_resolver().resolve(source, ids.new_id(now), now)
        if record is None:
            logger.warning("object of no organiser or import", version_id=source.version_id)
        else:
            yield record, source


def _run_in_turn(record: Import, source: Source | None, context: LambdaContext) -> None:
    org, import_id = record.organiser_id, record.import_id
    if record.undoing is None and not is_claimable(record, source, clock.now()):
        logger.info("import not claimable", import_id=import_id, status=record.status.value)
        if source and import_worker.import_resolver().is_stale_upload(record, source):
            bucket().discard(source)
        _wake(org)
        return
    with _slot(org, import_id) as has_slot:
        if has_slot:
            _run(record, source, context)
            return
    if record.undoing is None:
        # After a concurrent change nothing is left to save: the worker that resumes the import reads the record anew.
        with suppress(ConcurrentModification):
            wait_for_turn(record, source, adapters.imports(), clock.now())
    _wait(org, import_id, {"resume": {"organiser_id": org, "import_id": import_id}})


def _export_in_turn(message: dict[str, Any], context: LambdaContext) -> None:
    request = message["export"]
    with _slot(request["organiser_id"], request["export_id"]) as has_slot:
        if has_slot:
            _export(request, context)
            return
    _wait(request["organiser_id"], request["export_id"], message)


def _index_in_turn(message: dict[str, Any]) -> None:
    org, group_id = message["index"]["organiser_id"], message["index"]["group_id"]
    with _slot(org, f"index-{group_id}") as has_slot:
        if has_slot:
            index_count = build_indexes(org, group_id)
            logger.info("search index", organiser=org, group_id=group_id, built=index_count)
            return
    _wait(org, f"index-{group_id}", message)


def _snapshot_in_turn(message: dict[str, Any]) -> None:
    from chalicelib.bootstrap.snapshots import snapshot_ports

    org, event_id = message["snapshot"]["organiser_id"], message["snapshot"]["event_id"]
    with _slot(org, f"snapshot-{event_id}") as has_slot:
        if has_slot:
            event_snapshot = make_snapshot(org, event_id, clock.now(), snapshot_ports(org))
            logger.info("snapshot", organiser=org, event_id=event_id, version=event_snapshot.version)
            return
    _wait(org, f"snapshot-{event_id}", message)


@contextmanager
def _slot(org: str, name: str) -> Iterator[bool]:
    """Acquire a slot of the organiser for this work, if one is free; its release starts the work that waits longest."""
    slots = adapters.import_slots()
    if not slots.acquire(org, name, clock.now()):
        yield False
        return
    try:
        yield True
    finally:
        slots.release(org, name)
        _wake(org)


def _wait(org: str, name: str, message: dict[str, Any]) -> None:
    """Store the message until a slot is free; if one has become free meanwhile, queue it at once."""
    adapters.import_slots().enqueue(org, name, message)
    logger.info("waiting for a slot", organiser=org)
    _wake(org)


def _wake(org: str) -> None:
    """Queue the longest waiting work if the organiser has a free slot."""
    slots = adapters.import_slots()
    if slots.has_free(org, clock.now()) and (message := slots.pop_waiting(org)):
        queue().send(message)


def _export(request: dict[str, str], context: LambdaContext) -> None:
    from chalicelib.bootstrap.exports import export_ports

    org, group_id = request["organiser_id"], request["group_id"]
    logger.append_keys(organiser=org, group_id=group_id)
    name = request.get("name") or request.get("used", "")  # the name in messages of an earlier version
    export = run_export(
        org, group_id, request["export_id"], clock.now, lambda: not short_of_time(context), export_ports(), name
    )
    if export and export.ready_at:
        count("Exports")
    logger.info("export", ready=bool(export and export.ready_at), parts=len(export.parts) if export else None)


def _source(event: dict[str, Any]) -> Source:
    stored = event["s3"]["object"]
    key = unquote_plus(stored["key"])
    return Source(
        key=key,
        version_id=stored.get("versionId") or "null",
        size=stored.get("size", 0),
        modified=datetime.fromisoformat(event["eventTime"]).astimezone(UTC),
        sequencer=stored.get("sequencer", ""),
        dropped=key.startswith("drop/"),
    )


def _run(record: Import, source: Source | None, context: LambdaContext) -> None:
    if record.undoing is not None:
        run_undo(record, context.aws_request_id, clock.now(), undos(), adapters.imports())
        logger.info("undone", organiser=record.organiser_id, import_id=record.import_id)
        return
    worker_context = import_worker.worker_context(context)
    lease = claim(record, context.aws_request_id, source, worker_context.imports, worker_context.time)
    if lease is None:
        logger.info("import not claimable", import_id=record.import_id, status=record.status.value)
        return
    logger.append_keys(organiser=record.organiser_id, import_id=record.import_id)
    if not work(lease, worker_context):
        undo_cancelled(lease, clock.now(), undos(), worker_context.imports)
    # The lease does not see the publication, which ends most imports.
    ended = worker_context.imports.get_import(record.organiser_id, record.import_id)
    logger.info("run", status=ended.status.value)
    if ended.status.ended:
        count(f"Imports.{ended.status.value}")
    if ended.version_id and ended.group_id:
        request_indexes(record.organiser_id, ended.group_id)
