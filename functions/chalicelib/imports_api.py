"""Imports: asking for one, watching it, and deciding about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib import wiring
from chalicelib.paging import Listed
from chalicelib.ways import Call, Reply, way
from guestlist.aws.bucket import bucket
from guestlist.aws.queue import queue
from guestlist.errors import Unknown
from guestlist.imports import requests
from guestlist.imports.record import Consent, Counts, Detected, Import, Kind, Options, Reason, Status, Undone
from guestlist.imports.undo import ask_undo
from guestlist.imports.wish import Correction, ImportRequest
from guestlist.organiser import Scope

LINK_LASTS = timedelta(minutes=5)
_SOMETIMES = ("group_id", "event_id", "preview", "preview_lines", "tickets", "contacts", "effect", "problems")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Where to send the file, and the form fields to send before it."""

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An import that awaits its file until `expires_at`."""

    import_id: str
    status: Status
    upload: Upload
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProblem:
    """One thing wrong in the file. `line` is the physical line on which its row starts, header included."""

    line: int
    column: str | None
    value: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """An import as its organiser sees it; `problems` are the first 100, only there when one import is asked for."""

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
    counts: Counts
    tickets: Mapping[str, int] | None
    contacts: Mapping[str, int] | None
    effect: Mapping[str, int] | None
    problems: Sequence[ShownProblem] | None
    refused_file: bool
    consent: Consent | None
    undoing: datetime | None
    undone: Undone | None
    undone_by: str | None
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which imports: those of one kind, or all."""

    kind: Kind | None = None


@way(Scope.ORGANISER, body=ImportRequest, answer=Opened, status=201, repeatable=True)
def ask(call: Call, wanted: ImportRequest) -> Opened:
    """Ask for an import; the answer says where to send the file.

    The form takes that one file, up to the size limit, until shortly before `expires_at`.
    """
    record, form = requests.request_import(call.token, wanted, call.new_id(), call.now, wiring.imports(), bucket())
    upload = Upload(url=form.url, fields=form.fields)
    return Opened(import_id=record.import_id, status=record.status, upload=upload, expires_at=record.expires_at)


@way(Scope.ORGANISER, query=Wanted, answer=ImportView, listed=True, sometimes=_SOMETIMES)
def newest(call: Call) -> Listed:
    """All imports of files, newest first."""
    found = (record for record in wiring.imports().newest(call.org, call.page.start) if _fits(record, call.query))
    records = list(islice(found, call.page.limit + 1))
    items = [_view(record, call.now) for record in records[: call.page.limit]]
    more = len(records) > call.page.limit
    return Listed(items, {"import_id": items[-1].import_id} if more else None)


@way(Scope.ORGANISER, answer=ImportView, sometimes=_SOMETIMES)
def show(call: Call, import_id: str) -> ImportView:
    """One import: how far it is, how its file was read, what was refused."""
    record = wiring.imports().get(call.org, import_id)
    return _view(record, call.now, wiring.imports().problems(call.org, import_id))


@way(
    Scope.ORGANISER,
    body=Correction,
    answer=ImportView,
    sometimes=_SOMETIMES,
    conflicts=("not_in_review", "raced"),
    repeatable=True,
)
def confirm(call: Call, correction: Correction, import_id: str) -> ImportView:
    """Go on after the review, with corrections if need be; nothing is stored before.

    With `review` the file is only read anew, as corrected, and waits to be confirmed again.
    """
    record = wiring.imports().get(call.org, import_id).at(call.now)
    confirmed = requests.confirm(record, correction, call.token, call.now, wiring.imports(), queue())
    return _view(confirmed, call.now)


@way(Scope.ORGANISER, answer=ImportView, sometimes=_SOMETIMES, conflicts=("already_ended",), repeatable=True)
def cancel(call: Call, import_id: str) -> ImportView:
    """Stop an import that has not ended; nothing of it is stored."""
    record = wiring.imports().get(call.org, import_id).at(call.now)
    return _view(requests.cancel(record, call.now, wiring.imports()), call.now)


@way(
    Scope.ORGANISER,
    answer=ImportView,
    sometimes=_SOMETIMES,
    also=(202,),
    conflicts=("nothing_stored", "superseded", "too_late", "raced"),
    repeatable=True,
)
def take_back(call: Call, import_id: str) -> Reply:
    """Take back what an import stored; what had to be kept is listed in `undone`. A repeat changes nothing.

    A large one is answered with 202 and `undoing`, since when; look at it again until it is `undone`.
    """
    from chalicelib.undoing import check, undos

    record = wiring.imports().get(call.org, import_id).at(call.now)
    taken = ask_undo(record, call.now, call.token.name, undos(), check, wiring.imports(), queue())
    return Reply(_view(taken, call.now), 202 if taken.undoing else 200)


@way(Scope.ORGANISER, status=302)
def refused(call: Call, import_id: str) -> Reply:
    """The refused rows as they stood, each with its reason at its end; mended, the file imports as it is."""
    from guestlist.imports.job import refused_key

    record = wiring.imports().get(call.org, import_id)
    if not record.refused_file:
        raise Unknown("No row of this import was refused.", code="nothing_refused")
    link = bucket().link(refused_key(record), f"refused-{import_id}.csv", LINK_LASTS)
    return Reply(headers={"Location": link})


def _fits(record: Import, wanted: Wanted) -> bool:
    return wanted.kind in {None, record.kind}


def _view(record: Import, now: datetime, problems: Sequence[Mapping[str, Any]] | None = None) -> ImportView:
    seen = record.at(now)
    same = {name: getattr(seen, name) for name in ImportView.__dataclass_fields__ if hasattr(seen, name)}
    shown = None if problems is None else [ShownProblem(**one) for one in problems]
    return ImportView(**same, group=seen.group_name, problems=shown)
