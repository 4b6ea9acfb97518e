"""Removal of a person from objects in the bucket: originals and reports are rewritten, exports deleted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from guestlist.erasure.csv_files import contains, open_csv, rewrite
from guestlist.erasure.model import AddressMatcher
from guestlist.erasure.ports import ObjectVersion, Ports
from guestlist.imports.model import Import, Kind, Options, Reason, Source, Status
from guestlist.imports.ports import FileMissing
from guestlist.imports.reading.unreadable import Unreadable
from guestlist.model.errors import ConcurrentModification, Unknown

_FOLDERS = ("drop", "exports", "reports", "uploads")
_DROPS, _EXPORTS, _REPORTS, _UPLOADS = _FOLDERS
_RUNNABLE = {Status.AWAITING_UPLOAD, Status.READING, Status.IMPORTING}
_KINDS = {"customers": Kind.CUSTOMERS, "tickets": Kind.TICKETS, "purchases": Kind.PURCHASES}
_MAX_TRIES = 20


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
    for folder in _FOLDERS:
        prefix = f"{folder}/{org}/"
        if after >= prefix and not after.startswith(prefix):
            continue
        for version in ports.files.versions(prefix, after if after.startswith(prefix) else ""):
            after, key = (key if version.key != key else after), version.key
            yield CleaningProgress(after, _clean(org, version, person, ports))
    yield CleaningProgress(key, again=ports.files.has_multipart_uploads(f"{_EXPORTS}/{org}/"))


def _clean(org: str, version: ObjectVersion, person: AddressMatcher, ports: Ports) -> bool:
    """Clean one version; returns whether this interrupted a running import."""
    if version.key.startswith(_EXPORTS) or person.matches(version.key):
        ports.files.delete_version(version)
        return False
    if version.marker:
        return False
    record = _import_of(org, version, ports)
    with ports.folder() as folder:
        path = Path(folder) / "cleaned.csv"
        if not _try_rewrite(version, record, person, path, ports):
            return False
        interrupted = False
        if path.exists() and (version.newest or _is_needed(version, record) or ports.files.is_rewritten(version)):
            version_id, size = ports.files.rewrite(version, path), path.stat().st_size
            record = record or _import_of(org, version, ports)  # the upload's message may have arrived meanwhile
            dropped = version.key.startswith(_DROPS)
            source = Source(version.key, version_id, size, ports.now(), dropped=dropped)
            interrupted = record is not None and _repoint(record, version, source, ports)
    ports.files.delete_version(version)
    return interrupted


def _try_rewrite(version: ObjectVersion, record: Import | None, person: AddressMatcher, to: Path, ports: Ports) -> bool:
    """Whether the version must be replaced; `to` then contains it without the person, if it can be read at all."""
    path = to.with_name("file.csv")
    source = Source(version.key, version.version_id, 0, ports.now())
    kind, options = (record.kind, record.options) if record else (_kind(version.key), Options())
    try:
        ports.files.download(source, path)
        text = open_csv(path, kind, options)
    except FileMissing:
        return False
    except Unreadable as fault:
        return fault.reason is not Reason.EMPTY_FILE
    return contains(text, person) and rewrite(text, person, to) > 0


def _import_of(org: str, version: ObjectVersion, ports: Ports) -> Import | None:
    """The import whose file or report this is; None if there is none."""
    folder, _, name, *path = version.key.split("/")
    import_id = None if folder == _UPLOADS and path else name
    if folder == _DROPS:
        import_id = ports.imports.find_dropped(org, version.key, version.version_id)
    if not import_id:
        return None
    try:
        return ports.imports.get_import(org, import_id)
    except Unknown:
        return None


def _kind(key: str) -> Kind:
    return _KINDS.get(key.split("/")[2], Kind.TARGET_GROUP)


def _is_file_of(version: ObjectVersion, record: Import) -> bool:
    source = record.source
    if source is None:
        return record.status is Status.AWAITING_UPLOAD and not version.key.startswith(_REPORTS)
    return (source.key, source.version_id) == (version.key, version.version_id)


def _is_needed(version: ObjectVersion, record: Import | None) -> bool:
    """Whether an import will still read this version."""
    return record is not None and not record.status.ended and _is_file_of(version, record)


def _repoint(record: Import, version: ObjectVersion, source: Source, ports: Ports) -> bool:
    """Have the import read the new version; a worker that reads the former one loses its lease, which is returned."""
    if source.dropped:
        ports.imports.register_drop(record.organiser_id, source, record.import_id, record.created_at)
    for _ in range(_MAX_TRIES):
        if not _is_file_of(version, record):
            return False
        is_running = record.status in _RUNNABLE
        released = {"worker": None, "due_at": ports.now()} if is_running else {}
        repointed = replace(record.source or source, version_id=source.version_id, size=source.size)
        try:
            ports.imports.save_import(replace(record, source=repointed, **released))  # type: ignore[arg-type]
        except ConcurrentModification:
            record = ports.imports.get_import(record.organiser_id, record.import_id)
        else:
            if is_running:
                ports.queue.resume(record.organiser_id, record.import_id)
            return is_running
    raise ConcurrentModification
