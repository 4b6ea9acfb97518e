"""Request, confirm and cancel imports."""

from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.groups.index import is_group_name
from guestlist.imports.explanation import explanation_fields
from guestlist.imports.lease import undo_due_at
from guestlist.imports.model import Consent, Import, Kind, Mode, Options, Status
from guestlist.imports.ports import Files, Imports, Queue, UploadForm
from guestlist.imports.request import Correction, ImportRequest
from guestlist.model.email_address import is_email
from guestlist.model.errors import BadInstant, ConcurrentModification, Conflict, FieldFault, Invalid
from guestlist.organisers.model import Token

UPLOAD_WAIT = timedelta(hours=1)
"""How long an import waits for its file."""
EVENT_DELAY = timedelta(minutes=5)
"""How long before the end of that wait its upload form expires, as the event of an upload may be late."""
REVIEW_WAIT = timedelta(days=7)
"""How long an import waits for its review."""
SIZE_LIMIT = 1 << 30
"""The most bytes of a file."""


def upload_key(org: str, import_id: str) -> str:
    """The bucket key of an uploaded file; no part of it comes from the user."""
    return f"uploads/{org}/{import_id}"


def request_import(
    token: Token, request: ImportRequest, import_id: str, now: datetime, imports: Imports, files: Files
) -> tuple[Import, UploadForm]:
    """Create an import that awaits its file. Raises `Invalid` for options that its kind lacks or cannot have."""
    check_options(request.kind, request.options)
    if request.publish_at is not None and request.publish_at <= now:
        raise BadInstant.field("publish_at", "bad_instant.past")
    upload = files.create_upload_form(upload_key(token.organiser_id, import_id), SIZE_LIMIT, UPLOAD_WAIT - EVENT_DELAY)
    record = Import(
        organiser_id=token.organiser_id,
        import_id=import_id,
        kind=request.kind,
        file_name=request.file_name,
        options=request.options,
        created_at=now,
        created_by=token.name,
        expires_at=now + UPLOAD_WAIT,
        due_at=now + UPLOAD_WAIT,
        event_id=request.event_id,
        group_name=request.group,
        consent=Consent(by=token.name, at=now, notify=request.notify) if request.consent else None,
    )
    imports.add_import(record)
    return record, upload


def check_options(kind: Kind, options: Options) -> None:
    """Raises `Invalid` with every option that this kind requires and lacks, or cannot have."""
    faults = [
        FieldFault(field, "required.option", kind=kind.value, option=field)
        for field in _REQUIRED.get(kind, ())
        if getattr(options, field) is None
    ]
    defaults = Options()
    faults += [
        FieldFault(field, "not_allowed.option", kind=kind.value, option=field)
        for field, kinds in _ONLY_FOR.items()
        if kind not in kinds and getattr(options, field) != getattr(defaults, field)
    ]
    if options.publish_at is not None and options.mode in {Mode.APPEND, Mode.REMOVE}:
        faults.append(FieldFault("publish_at", "not_allowed.publish_at"))
    if options.group is not None and not is_group_name(options.group):
        faults.append(FieldFault("group", "blank.group_name"))
    if options.notify is not None and not is_email(options.notify):
        faults.append(FieldFault("notify", "invalid.email"))
    if faults:
        raise Invalid(faults)


_REQUIRED = {Kind.TARGET_GROUP: ("group",), Kind.TICKETS: ("event_id", "when_full")}
_ONLY_FOR = {
    "group": {Kind.TARGET_GROUP},
    "mode": {Kind.TARGET_GROUP},
    "publish_at": {Kind.TARGET_GROUP},
    "event_id": {Kind.TICKETS},
    "when_full": {Kind.TICKETS},
    "order_grouping": {Kind.TICKETS},
    "items": {Kind.PURCHASES},
}


def confirm(
    record: Import, correction: Correction, token: Token, now: datetime, imports: Imports, queue: Queue
) -> Import:
    """Run the import after its review or, with `correction.review`, read the file again for another review.

    A repeat changes nothing. Raises `Conflict` when the import is not in review.
    """
    if record.confirmed and not record.status.is_waiting:
        return record
    if record.status is not Status.AWAITING_REVIEW:
        raise Conflict("not_in_review", status=record.status.value)
    consent = Consent(by=token.name, at=now, notify=record.options.notify) if correction.consent else record.consent
    confirmed = replace(
        record,
        options=correction.applied(record.options),
        consent=consent,
        confirmed=not correction.review,
        status=Status.READING if correction.review else Status.IMPORTING,
        progress=0.0,
        reason=None,
        **explanation_fields(),
        decisions=(),
        suggested=None,
        attempts=0,
        worker=None,
        due_at=now,
    )
    saved = _save(confirmed, imports)
    queue.resume(record.organiser_id, record.import_id)
    return saved


def cancel(record: Import, now: datetime, imports: Imports) -> Import:
    """Cancel an import that has not ended: its worker stops at its next step, and stored rows are undone.

    A repeat changes nothing. Raises `Conflict` when it has ended otherwise.
    """
    if record.status is Status.CANCELLED:
        return record
    if record.status.ended:
        raise Conflict("already_ended.undo", status=record.status.value)
    due_at = undo_due_at(record, now)
    ended = replace(record.without_effect(), status=Status.CANCELLED, finished_at=now, worker=None, due_at=due_at)
    try:
        return imports.finish(ended, mail=record.sends_mail)
    except ConcurrentModification:
        return cancel(imports.get_import(record.organiser_id, record.import_id), now, imports)


def _save(record: Import, imports: Imports) -> Import:
    try:
        return imports.save_import(record)
    except ConcurrentModification as error:
        raise Conflict("raced") from error
