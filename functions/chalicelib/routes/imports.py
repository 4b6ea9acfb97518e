"""Imports: request, show, confirm, cancel and undo them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.pagination import Listed
from guestlist.aws.bucket import bucket
from guestlist.aws.sqs import queue
from guestlist.imports import service as imports_service
from guestlist.imports.decision import Decision
from guestlist.imports.explanation import explanation_of
from guestlist.imports.model import Consent, Counts, Import, Kind, LostMembership, Options, Reason, Status
from guestlist.imports.notes import Detected, UndoResult
from guestlist.imports.problem_record import ProblemRecord, problem_text
from guestlist.imports.request import Correction, ImportRequest
from guestlist.imports.undo import request_undo
from guestlist.messages.language import Language
from guestlist.model.errors import Expired, Unknown
from guestlist.organisers.model import Scope

LINK_LASTS = timedelta(minutes=5)
REPORT_KEPT = timedelta(days=90)
"""The retention of reports in the bucket's lifecycle rule."""
_OPTIONAL = (
    *("group_id", "event_id", "preview", "preview_lines", "tickets", "contacts", "effect", "problems"),
    *("decisions", "suggested", "would_import", "losses", "lost_memberships", "left_out", "repeated"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Where to send the file, and the form fields to send before it."""

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedImport:
    """An import that awaits its file until `expires_at`."""

    import_id: str
    status: Status
    upload: Upload
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProblem:
    """A problem in the file. `line` is the physical line on which its row starts, header included."""

    line: int
    column: str | None
    value: str
    code: str
    detail: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsView:
    """The numbers of rows of a file by result; `left_out` and `repeated` are omitted if there are none."""

    total: int
    imported: int
    refused: int
    left_out: int | None
    repeated: int | None
    would_import: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """An import as the API shows it; `problems` are the first 100, and only present when one import is requested.

    While it waits with the reason `decision_required`, `decisions` are its open questions, and `suggested` are the
    options that answer them, in the form of the body of `confirm`.
    """

    import_id: str
    kind: Kind
    status: Status
    reason: Reason | None
    detail: str | None
    file_name: str
    group: str | None
    group_id: str | None
    event_id: str | None
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    expires_at: datetime
    progress: float
    detected: Detected | None
    preview: Sequence[Sequence[str]] | None
    preview_lines: Sequence[int] | None
    counts: CountsView
    tickets: Mapping[str, int] | None
    contacts: Mapping[str, int] | None
    effect: Mapping[str, int] | None
    losses: Mapping[str, int] | None
    lost_memberships: Sequence[LostMembership] | None
    decisions: Sequence[Decision] | None
    suggested: Mapping[str, object] | None
    problems: Sequence[ShownProblem] | None
    refused_file: bool
    consent: Consent | None
    undoing: datetime | None
    undone: UndoResult | None
    undone_by: str | None
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """A filter of imports by kind."""

    kind: Kind | None = None


@endpoint(
    Scope.ORGANISER, body=ImportRequest, answer=RequestedImport, status=201, idempotent=True, invalid=("bad_instant",)
)
def create(call: Call, request: ImportRequest) -> RequestedImport:
    """Request an import; the response says where to upload the file.

    The form accepts one file, up to the size limit, until shortly before `expires_at`.
    """
    record, form = imports_service.request_import(
        call.token, request, call.new_id(), call.now, adapters.imports(), bucket()
    )
    upload = Upload(url=form.url, fields=form.fields)
    return RequestedImport(
        import_id=record.import_id, status=record.status, upload=upload, expires_at=record.expires_at
    )


@endpoint(Scope.ORGANISER, query=ImportFilter, answer=ImportView, listed=True, exclude_none=_OPTIONAL, localised=True)
def list_imports(call: Call) -> Listed:
    """List imports, newest first."""
    after = call.page.after("import_id", None)
    fitting = (record for record in adapters.imports().newest(call.org, after) if _fits(record, call.query))
    page = call.page.of(fitting, lambda record: {"import_id": record.import_id})
    return page.map(lambda record: _view(record, call))


@endpoint(Scope.ORGANISER, answer=ImportView, exclude_none=_OPTIONAL, localised=True)
def show(call: Call, import_id: str) -> ImportView:
    """Get an import: its progress, how its file was read, and what was refused."""
    record = adapters.imports().get_import(call.org, import_id)
    return _view(record, call, adapters.imports().problems(call.org, import_id))


@endpoint(
    Scope.ORGANISER,
    body=Correction,
    answer=ImportView,
    exclude_none=_OPTIONAL,
    conflicts=("not_in_review", "raced"),
    idempotent=True,
    localised=True,
)
def confirm(call: Call, correction: Correction, import_id: str) -> ImportView:
    """Confirm an import after its review, optionally with corrections; until then nothing is stored.

    With `review` the corrected file is only read again, for another review.
    """
    record = adapters.imports().get_import(call.org, import_id).at(call.now)
    confirmed = imports_service.confirm(record, correction, call.token, call.now, adapters.imports(), queue())
    return _view(confirmed, call)


@endpoint(
    Scope.ORGANISER,
    answer=ImportView,
    exclude_none=_OPTIONAL,
    conflicts=("already_ended",),
    idempotent=True,
    localised=True,
)
def cancel(call: Call, import_id: str) -> ImportView:
    """Cancel an import that has not ended; rows that it has stored are undone."""
    record = adapters.imports().get_import(call.org, import_id).at(call.now)
    return _view(imports_service.cancel(record, call.now, adapters.imports()), call)


@endpoint(
    Scope.ORGANISER,
    answer=ImportView,
    exclude_none=_OPTIONAL,
    statuses=(202,),
    conflicts=("nothing_stored", "superseded", "too_late", "raced"),
    idempotent=True,
    localised=True,
)
def undo(call: Call, import_id: str) -> Reply:
    """Undo an import; `undone` lists what had to be kept, such as used entries. A repeat changes nothing.

    A large one gets 202 and `undoing`, the instant of the request; poll the import until it is `undone`.
    """
    from chalicelib.bootstrap.undo import check, undos

    record = adapters.imports().get_import(call.org, import_id).at(call.now)
    latest = request_undo(record, call.now, call.token.name, undos(), check, adapters.imports(), queue())
    return Reply(_view(latest, call), 202 if latest.undoing else 200)


@endpoint(Scope.ORGANISER, status=302, not_found=("not_found", "nothing_refused"), expired=("report_expired",))
def refused_rows(call: Call, import_id: str) -> Reply:
    """Download the refused rows, each with its reason at the end. Correct them and import the file as it is."""
    from guestlist.imports.job import refused_key

    record = adapters.imports().get_import(call.org, import_id)
    if not record.refused_file:
        raise Unknown("nothing_refused")
    if record.finished_at and call.now >= record.finished_at + REPORT_KEPT:
        raise Expired("report_expired", days=REPORT_KEPT.days)
    link = bucket().link(refused_key(record), f"refused-{import_id}.csv", LINK_LASTS)
    return Reply(headers={"Location": link})


def _fits(record: Import, filters: ImportFilter) -> bool:
    return filters.kind in {None, record.kind}


def _view(record: Import, call: Call, problems: Sequence[ProblemRecord] | None = None) -> ImportView:
    current, language = record.at(call.now), call.language
    same: dict[str, Any] = {
        name: getattr(current, name) for name in ImportView.__dataclass_fields__ if hasattr(current, name)
    }
    same["counts"] = _counts(current.counts)
    same["detail"] = explanation_of(current, language)
    same["detected"] = current.detected and replace(current.detected, notes=current.detected.texts(language))
    same["undone"] = current.undone and replace(current.undone, kept=current.undone.texts(language))
    decisions = [replace(decision, detail=decision.text(language)) for decision in current.decisions]
    same["decisions"] = decisions or None
    same["losses"] = current.losses or None
    same["lost_memberships"] = current.lost_memberships or None
    same["suggested"] = current.suggested.options() if current.suggested else None
    problem_views = None if problems is None else [_problem(problem, language) for problem in problems]
    return ImportView(**same, group=current.group_name, problems=problem_views)


def _problem(problem: ProblemRecord, language: Language) -> ShownProblem:
    return ShownProblem(
        line=problem["line"],
        column=problem["column"],
        value=problem["value"],
        code=problem["code"],
        params=problem.get("params", {}),
        detail=problem_text(problem, language),
    )


def _counts(counts: Counts) -> CountsView:
    few = {"left_out": counts.left_out or None, "repeated": counts.repeated or None}
    return CountsView(
        total=counts.total,
        imported=counts.imported,
        refused=counts.refused,
        would_import=counts.would_import,
        **few,
    )
