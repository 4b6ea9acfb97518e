"""Run a ticket import: review, storing of tickets, and its end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guestlist.catalogue.model import Event
from guestlist.imports.job import ImportFailed, Job, StartOver, rows_refused_error
from guestlist.imports.lease import LeaseLost
from guestlist.imports.model import OnError, Reason, Status, WhenFull
from guestlist.imports.reading import fields
from guestlist.imports.reading.problems import Problem
from guestlist.messages.message import Message
from guestlist.model.errors import ConcurrentModification
from guestlist.tickets.importing.blocks import Row
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.review import Forecast, review_tickets
from guestlist.tickets.importing.rows import Progress, TicketFile, import_tickets
from guestlist.tickets.importing.tally import Tally
from guestlist.tickets.importing.undo import undo_tickets

REVIEW_SHARE = 0.5

Rows = Iterable[Row | Problem]
ReadRows = Callable[[Job], Rows]
FindEvent = Callable[[str, str], Event | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFiles:
    """Service of ticket imports.

    `find_event` takes an organiser and an event id, `read_rows` reads the rows of a job's file.
    """

    ports: TicketPorts
    find_event: FindEvent
    read_rows: ReadRows

    def run(self, job: Job) -> None:
        """Import the file's tickets, or stop for review. Raises `ImportFailed`, `LeaseLost` and `OutOfTime`."""
        file, event = _file(job, self.ports.digest_key), self._event(job)
        dry_run_first = job.record.options.on_error is OnError.ABORT and job.record.checkpoint is None
        if job.for_review or dry_run_first:
            forecast = self._review(job, file, event)
            if job.for_review:
                _await_review(job, forecast)
                return
            _check_all_valid(forecast)
        job.lease.update(status=Status.IMPORTING, event_id=event.event_id, checkpoint={"storing": 1})
        tally = self._import(job, file, event, REVIEW_SHARE if dry_run_first else 0.0)
        if tally.counts.refused and job.record.options.on_error is OnError.ABORT:
            self._undo_all(job, tally)
        _finish(job, tally)

    def _undo_all(self, job: Job, tally: Tally) -> None:
        """Undo all tickets, as a row was refused after the dry run had accepted all. Raises `ImportFailed`."""
        try:
            undo_tickets(job.record, job.record.event_id or "", job.worker_context.time.now(), self.ports)
        except ConcurrentModification as error:
            raise StartOver from error
        raise rows_refused_error(tally.counts, **tally.facts_without_tickets())

    def _event(self, job: Job) -> Event:
        event_id = job.record.event_id or job.record.options.event_id or ""
        event = self.find_event(job.record.organiser_id, event_id)
        if event is None:
            raise ImportFailed(Reason.UNKNOWN_EVENT, Message("no_event", {"event": event_id}))
        return event

    def _review(self, job: Job, file: TicketFile, event: Event) -> Forecast:
        capacity = event.capacity if _stops_when_full(job) else None
        progress_share = 1.0 if job.for_review else REVIEW_SHARE
        return review_tickets(
            self.read_rows(job),
            file,
            self.ports,
            capacity,
            job.folder,
            _progress(job, 0.0, progress_share),
            job.refusals.add,
        )

    def _import(self, job: Job, file: TicketFile, event: Event, progress_start: float) -> Tally:
        def capacity() -> int | None:
            current_event = self.find_event(job.record.organiser_id, event.event_id) or event
            return current_event.capacity if _stops_when_full(job) else None

        progress = _progress(job, progress_start, 1.0 - progress_start)
        try:
            return import_tickets(self.read_rows(job), file, self.ports, capacity, progress, job.refusals.add)
        except ConcurrentModification as error:
            raise LeaseLost from error


def _file(job: Job, digest_key: bytes) -> TicketFile:
    record = job.record
    return TicketFile(
        organiser_id=record.organiser_id,
        import_id=record.import_id,
        event_id=record.event_id or record.options.event_id or "",
        at=record.created_at,
        grouping=record.options.order_grouping,
        code_column=job.sheet.label(fields.TICKET_CODE),
        digest_key=digest_key,
    )


def _stops_when_full(job: Job) -> bool:
    return job.record.options.when_full is WhenFull.STOP


def _progress(job: Job, progress_start: float, progress_share: float) -> Progress:
    return lambda _line: job.lease.heartbeat(progress_start + progress_share * job.sheet.progress)


def _await_review(job: Job, forecast: Forecast) -> None:
    facts = forecast.tally.facts()
    job.await_review(
        forecast.tally.counts, effect=forecast.effect(), tickets=facts["tickets"], contacts=facts["contacts"]
    )


def _check_all_valid(forecast: Forecast) -> None:
    """Raise `ImportFailed` if a row would be refused."""
    if forecast.tally.counts.refused:
        raise rows_refused_error(forecast.tally.counts, **forecast.tally.facts_without_tickets())


def _finish(job: Job, tally: Tally) -> None:
    if not tally.counts.imported:
        raise ImportFailed(
            Reason.NO_GOOD_ROW, Message("no_good_row"), counts=tally.counts, **tally.facts_without_tickets()
        )
    job.save_refusals()
    job.finish(tally.counts, **tally.facts())
