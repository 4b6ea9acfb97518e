"""Removal of a person from objects in the bucket: originals and reports are rewritten, exports deleted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from guestlist.erasure.csv_files import names, read_as, rewrite
from guestlist.erasure.model import AddressMatcher
from guestlist.erasure.ports import Ports, Stored
from guestlist.imports.model import Import, Kind, Options, Reason, Source, Status
from guestlist.imports.ports import FileMissing
from guestlist.imports.reading.unreadable import Unreadable
from guestlist.model.errors import ConcurrentModification, Unknown

_PLACES = ("drop", "exports", "reports", "uploads")
_DROPS, _EXPORTS, _REPORTS, _UPLOADS = _PLACES
_RUNNABLE = {Status.AWAITING_UPLOAD, Status.READING, Status.IMPORTING}
_KINDS = {"customers": Kind.CUSTOMERS, "tickets": Kind.TICKETS, "purchases": Kind.PURCHASES}
_TRIES = 20


@dataclass(frozen=True, slots=True)
class CleaningProgress:
    """All objects up to this key are clean; `again` if a worker may have been writing from a former version."""

    after: str
    again: bool = False


def clean_files(org: str, person: AddressMatcher, after: str, ports: Ports) -> Iterator[CleaningProgress]:
    """Remove the person from every object of the organiser after this key, reporting each version.

    Files that workers are still writing must be checked again.
    """
    key = after
    for place in _PLACES:
        prefix = f"{place}/{org}/"
        if after >= prefix and not after.startswith(prefix):
            continue
        for stored in ports.files.versions(prefix, after if after.startswith(prefix) else ""):
            after, key = (key if stored.key != key else after), stored.key
            yield CleaningProgress(after, _clean(org, stored, person, ports))
    yield CleaningProgress(key, again=ports.files.has_multipart_uploads(f"{_EXPORTS}/{org}/"))


def _clean(org: str, stored: Stored, person: AddressMatcher, ports: Ports) -> bool:
    """Clean one version; returns whether this interrupted a running import."""
    if stored.key.startswith(_EXPORTS) or person.matches(stored.key):
        ports.files.delete_version(stored)
        return False
    if stored.marker:
        return False
    record = _import_of(org, stored, ports)
    with ports.folder() as folder:
        path = Path(folder) / "cleaned.csv"
        if not _try_rewrite(stored, record, person, path, ports):
            return False
        stopped = False
        if path.exists() and (stored.newest or _is_needed(stored, record) or ports.files.is_rewritten(stored)):
            version_id, size = ports.files.rewrite(stored, path), path.stat().st_size
            record = record or _import_of(org, stored, ports)  # the upload's message may have arrived meanwhile
            dropped = stored.key.startswith(_DROPS)
            source = Source(stored.key, version_id, size, ports.now(), dropped=dropped)
            stopped = record is not None and _repoint(record, stored, source, ports)
    ports.files.delete_version(stored)
    return stopped


def _try_rewrite(stored: Stored, record: Import | None, person: AddressMatcher, to: Path, ports: Ports) -> bool:
    """Whether the version must be replaced; `to` then contains it without the person, if it can be read at all."""
    path = to.with_name("file.csv")
    source = Source(stored.key, stored.version_id, 0, ports.now())
    kind, options = (record.kind, record.options) if record else (_kind(stored.key), Options())
    try:
        ports.files.download(source, path)
        text = read_as(path, kind, options)
    except FileMissing:
        return False
    except Unreadable as fault:
        return fault.reason is not Reason.EMPTY_FILE
    return names(text, person) and rewrite(text, person, to) > 0


def _import_of(org: str, stored: Stored, ports: Ports) -> Import | None:
    """The import whose file or report this is; None if there is none."""
    place, _, name, *more = stored.key.split("/")
    import_id = None if place == _UPLOADS and more else name
    if place == _DROPS:
        import_id = ports.imports.find_dropped(org, stored.key, stored.version_id)
    if not import_id:
        return None
    try:
        return ports.imports.get_import(org, import_id)
    except Unknown:
        return None


def _kind(key: str) -> Kind:
    return _KINDS.get(key.split("/")[2], Kind.TARGET_GROUP)


def _is_file_of(stored: Stored, record: Import) -> bool:
    source = record.source
    if source is None:
        return record.status is Status.AWAITING_UPLOAD and not stored.key.startswith(_REPORTS)
    return (source.key, source.version_id) == (stored.key, stored.version_id)


def _is_needed(stored: Stored, record: Import | None) -> bool:
    """Whether an import will still read this version."""
    return record is not None and not record.status.ended and _is_file_of(stored, record)


def _repoint(record: Import, stored: Stored, source: Source, ports: Ports) -> bool:
    """Have the import read the new version; a worker that reads the former one loses its lease, which is returned."""
    if source.dropped:
        ports.imports.register_drop(record.organiser_id, source, record.import_id, record.created_at)
    for _ in range(_TRIES):
        if not _is_file_of(stored, record):
            return False
        running = record.status in _RUNNABLE
        released = {"worker": None, "due_at": ports.now()} if running else {}
        repointed = replace(record.source or source, version_id=source.version_id, size=source.size)
        try:
            ports.imports.save_import(replace(record, source=repointed, **released))  # type: ignore[arg-type]
        except ConcurrentModification:
            record = ports.imports.get_import(record.organiser_id, record.import_id)
        else:
            if running:
                ports.queue.resume(record.organiser_id, record.import_id)
            return running
    raise ConcurrentModification
