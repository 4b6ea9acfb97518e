"""An import while a worker runs it, and its outcomes: finished, failed, or stopped for review."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from guestlist.imports.decision import Question
from guestlist.imports.explanation import explanation_fields
from guestlist.imports.file_options import OnQuestion
from guestlist.imports.lease import Lease, LeaseLost
from guestlist.imports.model import Counts, Import, Kind, OnError, Reason, Status
from guestlist.imports.ports import Files, Imports, Queue, Time
from guestlist.imports.reading.refused_rows import Refusals
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.sheet import Sheet
from guestlist.imports.reading.unreadable import Unreadable
from guestlist.imports.service import REVIEW_WAIT
from guestlist.messages.language import Language
from guestlist.messages.message import Message
from guestlist.model.errors import ConcurrentModification

PROBLEMS_SHOWN = 100
"""How many problems are stored with the record; all are in the file of refused rows."""


class ImportFailed(Exception):
    """The import as a whole fails, with a reason, its messages, and the counts so far.

    `fields` are further fields of the record, such as the counts that only tickets have.
    """

    def __init__(
        self, reason: Reason, *messages: Message, counts: Counts | None = None, **fields: Mapping[str, int]
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.explanation_fields = explanation_fields(*messages)
        self.counts = counts or Counts()
        self.fields = fields


class BadOption(ImportFailed):
    """An option that came with the file cannot be read; the record says which, and why."""

    def __init__(self, record: Import) -> None:
        super().__init__(Reason.BAD_OPTION)
        self.explanation_fields = {"detail": record.detail, "detail_messages": record.detail_messages}


def rows_refused_error(counts: Counts, **fields: Mapping[str, int]) -> ImportFailed:
    """The failure of an import with `on_error` abort, some of whose rows were refused; `counts` are of its rows."""
    message = Message("rows_refused", {"n": counts.refused})
    return ImportFailed(Reason.ROWS_REFUSED, message, counts=replace(counts, imported=0), **fields)


class StartOver(Exception):
    """Another change was published first: read the file and build again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """Dependencies of a worker: ports, a folder for large files, and the function that runs each kind of import.

    `language_of` returns the language of an organiser's files of refused rows. With `fast`, plain rows are read in
    blocks; the result is the same.
    """

    imports: Imports
    files: Files
    queue: Queue
    time: Time
    folder: Path
    runs: Mapping[Kind, "Run"]
    language_of: Callable[[str], Language]
    fast: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An import under a lease: the parsed file, and the collectors of its refused rows and of notes on others.

    `correction_error` is why the file cannot be read with the options of its correction; it is then read with
    the options before.
    """

    lease: Lease
    sheet: Sheet
    refusals: Refusals
    row_notes: RowNotes
    folder: Path
    worker_context: WorkerContext
    correction_error: Unreadable | None = None

    @property
    def record(self) -> Import:
        """The record as this worker last saved it."""
        return self.lease.record

    @property
    def for_review(self) -> bool:
        """Whether this run stops for review before it stores anything."""
        return not self.record.confirmed and (self.record.options.review or bool(self.open_questions))

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions that wait for an answer; a confirmation without one accepts the suggestions."""
        waits = self.record.options.on_question is OnQuestion.WAIT and not self.record.confirmed
        return self.sheet.questions if waits else ()

    def with_question(self, question: Question) -> "Job":
        """A copy of the job with one more question. Raises `ImportFailed` when the import must not wait for answers."""
        job = replace(self, sheet=self.sheet.with_question(question))
        job.check_questions()
        return job

    def check_questions(self) -> None:
        """Raises `ImportFailed` when the file raises a question and the option `on_question` is fail."""
        fails = self.record.options.on_question is OnQuestion.FAIL and not self.record.confirmed
        if fails and self.sheet.questions:
            raise ImportFailed(Reason.DECISION_REQUIRED, *self.sheet.question_messages)

    def save_refusals(self) -> None:
        """Store the first problems and, when a row was refused, all refused rows as a file."""
        first = [problem.record() for problem in self.refusals.first(PROBLEMS_SHOWN)]
        self.worker_context.imports.save_problems(self.record, first)
        if self.refusals.count:
            path = self.folder / "refused.csv"
            language = self.worker_context.language_of(self.record.organiser_id)
            self.refusals.write_csv(self.sheet, path, language, fast=self.worker_context.fast)
            self.worker_context.files.upload(refused_key(self.record), path, "text/csv; charset=utf-8")

    def updated_record(self) -> Import:
        """The record with the notes of the whole file, and whether there is a file of refused rows."""
        notes = (
            *self._suggestion_notes(),
            *self._left_out_notes(),
            *self._publication_notes(),
            *self.row_notes.messages(),
        )
        detected = self.sheet.detected.with_notes(*notes)
        return replace(self.record, detected=detected, refused_file=self.refusals.count > 0)

    def _suggestion_notes(self) -> tuple[Message, ...]:
        """Notes of the questions for which the suggestion was taken, as the option `on_question` asked."""
        answered = self.record.options.on_question is OnQuestion.SUGGESTED and not self.record.confirmed
        questions = self.sheet.questions if answered else ()
        return tuple(question.decision.accepted_note for question in questions)

    def _left_out_notes(self) -> tuple[Message, ...]:
        number = self.sheet.left_out
        return (Message("left_out", {"n": number}),) if number else ()

    def _publication_notes(self) -> tuple[Message, ...]:
        at = self.record.options.publish_at
        return (Message("publish_at", {"at": f"{at:%Y-%m-%d %H:%M:%S} UTC"}),) if at else ()

    def with_left_out(self, counts: Counts) -> Counts:
        """The counts plus the rows of the file that were left out."""
        return replace(counts, total=counts.total + self.sheet.left_out, left_out=self.sheet.left_out)

    def must_abort(self, counts: Counts) -> bool:
        """Whether a row was refused and the option `on_error` is abort."""
        return counts.refused > 0 and self.record.options.on_error is OnError.ABORT

    def check_counts(self, counts: Counts) -> None:
        """Raises `ImportFailed` when nothing is imported: a row was refused and aborts, or no row is valid."""
        if self.must_abort(counts):
            raise rows_refused_error(counts)
        if not counts.imported:
            raise ImportFailed(Reason.NO_GOOD_ROW, Message("no_good_row"), counts=counts)

    def ended_record(self, counts: Counts) -> Import:
        """The record of the finished import: complete, or partial when rows were refused."""
        status = Status.PARTIAL if counts.refused else Status.COMPLETE
        return with_end(self.updated_record(), status, self.worker_context.time, counts=self.with_left_out(counts))

    def finish(self, counts: Counts, **fields: object) -> None:
        """Save the import as complete or partial and queue its mail. Raises `LeaseLost`."""
        end = replace(self.ended_record(counts), **fields)  # type: ignore[arg-type]
        _finish(end, self.worker_context.imports)

    def fail(self, fault: ImportFailed) -> None:
        """Save the import as failed, with its refused rows, and queue its mail. Raises `LeaseLost`."""
        self.save_refusals()
        fields = {
            "reason": fault.reason,
            **fault.explanation_fields,
            "counts": self.with_left_out(fault.counts),
            **fault.fields,
        }
        _finish(
            with_end(self.updated_record().without_effect(), Status.FAILED, self.worker_context.time, **fields),
            self.worker_context.imports,
        )

    def await_review(self, counts: Counts, reason: Reason | None = None, **fields: object) -> None:
        """Stop until the organiser confirms, corrects or cancels the import. Raises `LeaseLost`.

        A file that was dropped into the bucket may have nobody watching it, so its organiser gets one mail.
        An unreadable correction comes before open questions, and both before `reason`.
        """
        self.save_refusals()
        imports, now = self.worker_context.imports, self.worker_context.time.now()
        until = now + REVIEW_WAIT
        sends_mail = self.record.dropped and not self.record.told
        waiting = replace(
            self.updated_record().without_effect(),
            status=Status.AWAITING_REVIEW,
            counts=replace(self.with_left_out(counts), imported=0, would_import=counts.imported),
            decisions=tuple(question.decision for question in self.open_questions),
            suggested=self.sheet.suggested if self.open_questions else None,
            worker=None,
            checkpoint=None,
            confirmed=False,
            told=self.record.told or sends_mail,
            expires_at=until,
            due_at=until,
            **{**fields, **self._review_reason(reason)},  # type: ignore[arg-type]
        )
        try:
            if sends_mail:
                imports.save_waiting(waiting, now)
            else:
                imports.save_import(waiting)
        except ConcurrentModification as error:
            raise LeaseLost from error

    def _review_reason(self, reason: Reason | None) -> dict[str, object]:
        """The reason for the review, with the explanation of an unreadable correction or of open questions."""
        if self.correction_error:
            return {"reason": self.correction_error.reason, **explanation_fields(*self.correction_error.messages)}
        if self.open_questions:
            return {"reason": Reason.DECISION_REQUIRED, **explanation_fields(*self.sheet.question_messages)}
        return {"reason": reason}


Run = Callable[[Job], None]


def refused_key(record: Import) -> str:
    """The bucket key of the file of refused rows."""
    return f"reports/{record.organiser_id}/{record.import_id}/refused.csv"


def with_end(record: Import, status: Status, time: Time, **fields: object) -> Import:
    """The record with a final status, without a worker and without a timer."""
    return replace(
        record,
        status=status,
        finished_at=time.now(),
        progress=1.0,
        worker=None,
        due_at=None,
        **fields,  # type: ignore[arg-type]
    )


def fail_unreadable(lease: Lease, fault: ImportFailed, imports: Imports, time: Time) -> None:
    """Save as failed an import whose file could not be read, and queue its mail. Raises `LeaseLost`."""
    record = lease.record.without_effect()
    _finish(with_end(record, Status.FAILED, time, reason=fault.reason, **fault.explanation_fields), imports)


def _finish(record: Import, imports: Imports) -> None:
    try:
        imports.finish(record, mail=True)
    except ConcurrentModification as error:
        raise LeaseLost from error
