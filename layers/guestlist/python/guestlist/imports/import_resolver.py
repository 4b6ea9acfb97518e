"""Resolution of an object in the bucket to its import."""

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
"""How long the import of a dropped file may wait before it ends."""
DROP_ACTOR = "bucket"
"""The creator of the import of a dropped file, in place of the name of a token."""
REWRITES = "rewrites"
"""Metadata field of an object that an erasure rewrote: the id of the version that it replaces."""
_KINDS = {
    "target-groups": Kind.TARGET_GROUP,
    "customers": Kind.CUSTOMERS,
    "tickets": Kind.TICKETS,
    "purchases": Kind.PURCHASES,
}

ReadOptions = Callable[[Mapping[str, str]], Options]
"""Parses the metadata of an object as options. Raises `Invalid`."""


@dataclass(frozen=True, slots=True)
class ImportResolver:
    """Resolves objects to their imports, and creates the import of a dropped object."""

    imports: Imports
    files: Files
    organisers: Organisers
    read_options: ReadOptions

    def resolve(self, source: Source, import_id: str, now: datetime) -> Import | None:
        """The import of this object, created if the object was dropped; None if its key has no organiser or import.

        `import_id` is the id of a new import; the same version of the same object is always the same import.
        """
        folder, *path = source.key.split("/")
        try:
            if folder == "uploads" and len(path) == 2 and path[1]:
                return self.imports.get_import(path[0], path[1])
            if folder == "drop" and len(path) > 1 and path[-1]:
                return self._dropped(self.organisers.get_organiser(path[0]), path[1:], source, import_id, now)
        except Unknown:
            return None
        return None

    def is_stale_upload(self, record: Import, source: Source) -> bool:
        """Whether this object, not the file of its import, was uploaded with a form that was used or had expired."""
        if source.dropped or (record.source and record.source.version_id == source.version_id):
            return False
        metadata = self._metadata(source)
        return metadata is not None and REWRITES not in metadata  # a form cannot set it, only an erasure does

    def _dropped(self, organiser: Organiser, path: list[str], source: Source, import_id: str, now: datetime) -> Import:
        """The import of a dropped object, created at its first event. Raises `Unknown` if the object is gone."""
        org = organiser.organiser_id
        metadata = self._metadata(source)
        if metadata is None and not self.imports.find_dropped(org, source.key, source.version_id):
            raise Unknown("not_found.file")
        replaced = (metadata or {}).get(REWRITES, "")
        if not (replaced and self.imports.find_dropped(org, source.key, replaced)):
            replaced = source.version_id  # anybody may write metadata
        import_id, since = self.imports.register_drop(org, replace(source, version_id=replaced), import_id, now)
        try:
            return self.imports.get_import(org, import_id)
        except Unknown:
            self.imports.add_import(self._record(organiser, path, source, import_id, since))
            return self.imports.get_import(org, import_id)

    def _record(self, organiser: Organiser, path: list[str], source: Source, import_id: str, since: datetime) -> Import:
        record = Import(
            organiser_id=organiser.organiser_id,
            import_id=import_id,
            kind=_KINDS.get(path[0], Kind.TARGET_GROUP),
            file_name=path[-1],
            options=Options(),
            created_at=since,
            created_by=DROP_ACTOR,
            expires_at=since + DROP_WAIT,
            due_at=since,
            source=source,
            status=Status.READING,
        )
        try:
            options = self._options(path, self._metadata(source) or {})
        except Invalid as error:
            return replace(record, reason=Reason.BAD_OPTION, **explanation_fields(*error_messages(error)))
        return replace(record, **_import_values(options, organiser, since))

    def _metadata(self, source: Source) -> Mapping[str, str] | None:
        """The metadata of the object; None if it was deleted."""
        try:
            return self.files.metadata(source)
        except FileMissing:
            return None

    def _options(self, path: list[str], metadata: Mapping[str, str]) -> Options:
        """The options of a dropped object, from the folders in its key and from its metadata. Raises `Invalid`."""
        match path:
            case ["target-groups", group, _]:
                values = {**metadata, "group": group}
            case ["tickets", event_id, "continue" | "stop" as when_full, _]:
                values = {**metadata, "event_id": event_id, "when_full": WhenFull(when_full).value}
            case ["customers" | "purchases", _]:
                values = dict(metadata)
            case _:
                raise Invalid.field("key", "unknown_place", place="/".join(path))
        options = self.read_options(values)
        check_options(_KINDS[path[0]], options)
        return options


def _import_values(options: Options, organiser: Organiser, now: datetime) -> dict[str, Any]:
    """The fields of an import's record that follow from its options."""
    consent = options.consent or organiser.consent_on_drop
    return {
        "options": replace(options, consent=consent),
        "group_name": options.group,
        "event_id": options.event_id,
        "consent": Consent(by=DROP_ACTOR, at=now, notify=options.notify) if consent else None,
    }
