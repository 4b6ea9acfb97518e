"""One worker runs one import: read its file, do what its kind needs, and bring it to an end."""

from pathlib import Path
from tempfile import TemporaryDirectory

from guestlist.imports.hold import Hold, Interrupted, Lost
from guestlist.imports.job import Bench, Failed, Job, StartOver, end_early
from guestlist.imports.ports import Gone
from guestlist.imports.reading.columns import SCHEMAS
from guestlist.imports.reading.notices import Notices
from guestlist.imports.reading.refused import Refusals
from guestlist.imports.reading.sheet import Unreadable, open_sheet
from guestlist.imports.record import Counts, Reason
from guestlist.imports.requests import SIZE_LIMIT

STARTS = 3


def work(hold: Hold, bench: Bench) -> bool:
    """Run the claimed import to its end, to its review, or to the end of this worker's time.

    False when it was no longer this worker's: cancelled, ended or taken over.
    """
    try:
        if not _finished(hold, bench):
            hold.give_up()
            bench.queue.resume(hold.record.organiser_id, hold.record.import_id)
    except Lost:
        return False
    return True


def _finished(hold: Hold, bench: Bench) -> bool:
    try:
        return any(_done(hold, bench) for _ in range(STARTS))
    except Interrupted:
        return False


def _done(hold: Hold, bench: Bench) -> bool:
    with TemporaryDirectory(dir=bench.folder) as folder:
        try:
            _run(hold, Path(folder), bench)
        except StartOver:
            return False
    return True


def _run(hold: Hold, folder: Path, bench: Bench) -> None:
    try:
        job = _opened(hold, folder, bench)
    except Failed as fault:
        end_early(hold, fault, bench.imports, bench.time)
        return
    try:
        if not _in_doubt(job):
            bench.runs[hold.record.kind](job)
    except Failed as fault:
        job.fail(fault)


def _opened(hold: Hold, folder: Path, bench: Bench) -> Job:
    record = hold.record
    if record.reason is Reason.BAD_OPTION or record.source is None:
        raise Failed(Reason.BAD_OPTION, record.detail or "An option cannot be read.")
    if record.source.size > SIZE_LIMIT:
        raise Failed(Reason.TOO_LARGE, f"The file is larger than {SIZE_LIMIT >> 20} MB; split it in parts.")
    path = folder / "file.csv"
    try:
        bench.files.fetch(record.source, path)
        sheet = open_sheet(path, SCHEMAS[record.kind], record.options)
    except Gone:
        raise Failed(Reason.EMPTY_FILE, "The file was deleted before it was read; send it again.") from None
    except Unreadable as fault:
        raise Failed(fault.reason, fault.detail) from fault
    hold.change(detected=sheet.detected, preview=sheet.preview(), preview_lines=sheet.preview_lines())
    refusals = Refusals(folder)
    return Job(hold=hold, sheet=sheet, refusals=refusals, notices=Notices(), folder=folder, bench=bench)


def _in_doubt(job: Job) -> bool:
    doubt = job.sheet.doubt
    if doubt is None:
        return False
    if not job.record.options.review:
        raise Failed(doubt, job.sheet.doubt_detail)
    job.await_review(Counts(), reason=doubt, detail=job.sheet.doubt_detail)
    return True
