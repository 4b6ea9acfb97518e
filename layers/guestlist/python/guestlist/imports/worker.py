"""The import worker: reads the file and runs the import of its kind until it ends or waits for review."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from guestlist.imports.explanation import explanation_fields
from guestlist.imports.job import BadOption, ImportFailed, Job, StartOver, WorkerContext, fail_unreadable
from guestlist.imports.lease import Lease, LeaseLost, OutOfTime
from guestlist.imports.model import Counts, Reason
from guestlist.imports.ports import FileMissing
from guestlist.imports.reading.refused_rows import Refusals
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Sheet, Unreadable, open_sheet
from guestlist.imports.service import SIZE_LIMIT
from guestlist.messages.message import Message

MAX_STARTS = 3
"""How often one worker reads the file when other changes of its list are published first."""


def work(lease: Lease, worker_context: WorkerContext) -> bool:
    """Run the claimed import until it ends, waits for review, or this worker runs out of time.

    Returns False when the lease was lost: the import was cancelled, ended or taken over.
    """
    try:
        if not _run_to_end(lease, worker_context):
            lease.release()
            worker_context.queue.resume(lease.record.organiser_id, lease.record.import_id)
    except LeaseLost:
        return False
    return True


def _run_to_end(lease: Lease, worker_context: WorkerContext) -> bool:
    """Run the import until it ends or waits; False if time ran out or other changes kept being published first."""
    try:
        return any(_try_run(lease, worker_context) for _ in range(MAX_STARTS))
    except OutOfTime:
        return False


def _try_run(lease: Lease, worker_context: WorkerContext) -> bool:
    with TemporaryDirectory(dir=worker_context.folder) as folder:
        try:
            _run(lease, Path(folder), worker_context)
        except StartOver:
            return False
    return True


def _run(lease: Lease, folder: Path, worker_context: WorkerContext) -> None:
    try:
        job = _open_job(lease, folder, worker_context)
    except ImportFailed as fault:
        fail_unreadable(lease, fault, worker_context.imports, worker_context.time)
        return
    try:
        if job.sheet.issue_reason is None:
            job.check_questions()
            worker_context.runs[lease.record.kind](job)
        else:
            _stop_for_issue(job, job.sheet.issue_reason)
    except ImportFailed as fault:
        job.fail(fault)


def _open_job(lease: Lease, folder: Path, worker_context: WorkerContext) -> Job:
    record = lease.record
    if record.reason is Reason.BAD_OPTION or record.source is None:
        if record.detail or record.detail_messages:
            raise BadOption(record)
        raise ImportFailed(Reason.BAD_OPTION, Message("option_unreadable"))
    if record.source.size > SIZE_LIMIT:
        raise ImportFailed(Reason.TOO_LARGE, Message("file_too_large", {"size": SIZE_LIMIT >> 20}))
    path = folder / "file.csv"
    try:
        worker_context.files.download(record.source, path)
        sheet, correction_error = _open_sheet(path, lease)
    except FileMissing:
        raise ImportFailed(Reason.EMPTY_FILE, Message("file_deleted")) from None
    except Unreadable as fault:
        raise ImportFailed(fault.reason, *fault.messages) from fault
    lease.update(detected=sheet.detected, preview=sheet.preview(), preview_lines=sheet.preview_lines())
    refusals = Refusals(folder)
    return Job(
        lease=lease,
        sheet=sheet,
        refusals=refusals,
        row_notes=RowNotes(),
        folder=folder,
        worker_context=worker_context,
        correction_error=correction_error,
    )


def _open_sheet(path: Path, lease: Lease) -> tuple[Sheet, Unreadable | None]:
    """The parsed file, with the options before its correction and the error where it cannot be read as corrected."""
    record = lease.record
    try:
        return open_sheet(path, SCHEMAS[record.kind], record.options, lease.keep_alive), None
    except Unreadable as fault:
        detected = record.detected
        if detected is None or record.confirmed:
            raise
        format_options = {
            "encoding": detected.encoding,
            "delimiter": detected.delimiter or None,
            "header_rows": detected.header_rows,
        }
        options = replace(record.options, **format_options)  # type: ignore[arg-type]
        sheet = open_sheet(path, SCHEMAS[record.kind], options, lease.keep_alive)
        lease.update(options=options)
        return sheet, fault


def _stop_for_issue(job: Job, reason: Reason) -> None:
    """Stop for a review, or raise `ImportFailed` if none was requested."""
    if not job.record.options.review:
        raise ImportFailed(reason, *job.sheet.issue_messages)
    job.await_review(Counts(), reason=reason, **explanation_fields(*job.sheet.issue_messages))
