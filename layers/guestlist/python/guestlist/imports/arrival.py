"""Resolve an object in the bucket to its import."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from guestlist.imports.explanation import error_messages, explanation_fields
from guestlist.imports.model import Consent, Import, Kind, Options, Reason, Source, Status, WhenFull
from guestlist.imports.ports import FileMissing, Files, Imports, Organisers
from guestlist.imports.service import check_options
from guestlist.model.errors import Invalid, Unknown
from guestlist.organisers.model import Organiser

DROP_WAIT = timedelta(days=7)
DROP_ACTOR = "bucket"
REWRITES = "rewrites"
"""Metadata field of an object that an erasure rewrote: the id of the version that it replaces."""
_KINDS = {
    "target-groups": Kind.TARGET_GROUP,
    "customers": Kind.CUSTOMERS,
    "tickets": Kind.TICKETS,
    "purchases": Kind.PURCHASES,
}

ReadOptions = Callable[[Mapping[str, str]], Options]


@dataclass(frozen=True, slots=True)
class ImportResolver:
    """Dependencies of `resolve_import`: ports, and the function that parses metadata as options (raises `Invalid`)."""

    imports: Imports
    files: Files
    organisers: Organisers
    read_options: ReadOptions


def resolve_import(source: Source, import_id: str, now: datetime, import_resolver: ImportResolver) -> Import | None:
    """The import of this object, created if the object was dropped; None if its key belongs to no organiser or import.

    `import_id` is the id of a new import; the same version of the same object is always the same import.
    """
    place = source.key.split("/")
    try:
        if place[0] == "uploads" and len(place) == 3 and place[2]:
            return import_resolver.imports.get_import(place[1], place[2])
        if place[0] == "drop" and len(place) > 2 and place[-1]:
            return _dropped(
                import_resolver.organisers.get_organiser(place[1]), place[2:], source, (import_id, now), import_resolver
            )
    except Unknown:
        return None
    return None


def is_stale_upload(record: Import, source: Source, import_resolver: ImportResolver) -> bool:
    """Whether this object, not the file of its import, was uploaded with a form that was used before or had expired."""
    if source.dropped or (record.source and record.source.version_id == source.version_id):
        return False
    metadata = _metadata(source, import_resolver.files)
    return metadata is not None and REWRITES not in metadata  # of forms, only an erasure can say so


def _dropped(
    organiser: Organiser, place: list[str], source: Source, new: tuple[str, datetime], import_resolver: ImportResolver
) -> Import:
    org = organiser.organiser_id
    metadata = _metadata(source, import_resolver.files)
    if metadata is None and not import_resolver.imports.find_dropped(org, source.key, source.version_id):
        raise Unknown("not_found.file")
    former = (metadata or {}).get(REWRITES, "")
    if not (former and import_resolver.imports.find_dropped(org, source.key, former)):
        former = source.version_id  # anybody may write metadata
    import_id, since = import_resolver.imports.register_drop(org, replace(source, version_id=former), *new)
    try:
        return import_resolver.imports.get_import(org, import_id)
    except Unknown:
        import_resolver.imports.add_import(_record(organiser, place, source, (import_id, since), import_resolver))
        return import_resolver.imports.get_import(org, import_id)


def _record(
    organiser: Organiser, place: list[str], source: Source, new: tuple[str, datetime], import_resolver: ImportResolver
) -> Import:
    import_id, since = new
    record = Import(
        organiser_id=organiser.organiser_id,
        import_id=import_id,
        kind=_KINDS.get(place[0], Kind.TARGET_GROUP),
        file_name=place[-1],
        options=Options(),
        created_at=since,
        created_by=DROP_ACTOR,
        expires_at=since + DROP_WAIT,
        due_at=since,
        source=source,
        status=Status.READING,
    )
    try:
        options = _options(place, _metadata(source, import_resolver.files) or {}, import_resolver.read_options)
    except Invalid as error:
        return replace(record, reason=Reason.BAD_OPTION, **explanation_fields(*error_messages(error)))
    return replace(record, **_import_values(options, organiser, since))


def _metadata(source: Source, files: Files) -> Mapping[str, str] | None:
    try:
        return files.metadata(source)
    except FileMissing:
        return None


def _import_values(options: Options, organiser: Organiser, now: datetime) -> dict[str, Any]:
    consent = options.consent or organiser.consent_on_drop
    return {
        "options": replace(options, consent=consent),
        "group_name": options.group,
        "event_id": options.event_id,
        "consent": Consent(by=DROP_ACTOR, at=now, notify=options.notify) if consent else None,
    }


def _options(place: list[str], metadata: Mapping[str, str], read_options: ReadOptions) -> Options:
    match place:
        case ["target-groups", group, _]:
            values = {**metadata, "group": group}
        case ["tickets", event_id, "continue" | "stop" as when_full, _]:
            values = {**metadata, "event_id": event_id, "when_full": WhenFull(when_full).value}
        case ["customers" | "purchases", _]:
            values = dict(metadata)
        case _:
            raise Invalid.field("key", "unknown_place", place="/".join(place))
    options = read_options(values)
    check_options(_KINDS[place[0]], options)
    return options
