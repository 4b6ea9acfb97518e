"""Add, change and remove single entries of a target group's list."""

from dataclasses import dataclass

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from guestlist.lists.editing import EditResult, EntryFault, EntryName, EntryNames, EntryRow, ListEditor
from guestlist.lists.editing import Entries as EntryRows
from guestlist.lists.importing.changes import Edit
from guestlist.messages.language import Language
from guestlist.messages.message import Message
from guestlist.organisers.model import Scope

_REFUSALS = ("not_target_group", "group_expired")


@dataclass(frozen=True, slots=True)
class NewEntries:
    """Entries to add, or to give a new quantity."""

    entries: EntryRows


@dataclass(frozen=True, slots=True)
class EntriesToRemove:
    """Entries to remove."""

    entries: EntryNames


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntryView:
    """A refused entry of a request: its 0-based index and the reason."""

    index: int
    code: EntryFault
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedEntries:
    """The result of adding entries; `import_id` undoes it, and is None if nothing was added."""

    added: int
    refused: tuple[RefusedEntryView, ...]
    import_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedEntries:
    """The result of changing entries; `import_id` undoes it, and is None if nothing was changed."""

    changed: int
    refused: tuple[RefusedEntryView, ...]
    import_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedEntries:
    """The result of removing entries; `import_id` undoes it, and is None if nothing was removed."""

    removed: int
    refused: tuple[RefusedEntryView, ...]
    import_id: str | None


@endpoint(Scope.ORGANISER, body=NewEntries, answer=AddedEntries, conflicts=_REFUSALS, idempotent=True, localised=True)
def add(call: Call, request: NewEntries, group_id: str) -> AddedEntries:
    """Add entries to a target group's list at once; invalid ones are refused individually.

    The change is in the group's history, and can be undone like an import, by its `import_id`.
    """
    edited = _edit(call, group_id, Edit.ADD, request.entries)
    return AddedEntries(added=edited.number, refused=_refused(edited, call.language), import_id=edited.import_id)


@endpoint(Scope.ORGANISER, body=NewEntries, answer=ChangedEntries, conflicts=_REFUSALS, idempotent=True, localised=True)
def change(call: Call, request: NewEntries, group_id: str) -> ChangedEntries:
    """Change the quantity of entries of a target group's list, identified by code, e-mail, category and seat.

    Their used quantity stays.
    """
    edited = _edit(call, group_id, Edit.CHANGE, request.entries)
    return ChangedEntries(changed=edited.number, refused=_refused(edited, call.language), import_id=edited.import_id)


@endpoint(
    Scope.ORGANISER, body=EntriesToRemove, answer=RemovedEntries, conflicts=_REFUSALS, idempotent=True, localised=True
)
def remove(call: Call, request: EntriesToRemove, group_id: str) -> RemovedEntries:
    """Remove entries from a target group's list, identified by code, e-mail, category and seat."""
    edited = _edit(call, group_id, Edit.REMOVE, request.entries)
    return RemovedEntries(removed=edited.number, refused=_refused(edited, call.language), import_id=edited.import_id)


def _edit(call: Call, group_id: str, how: Edit, rows: tuple[EntryRow | EntryName, ...]) -> EditResult:
    adapters.groups().get_group(call.org, group_id)
    editor = ListEditor(
        org=call.org,
        by=call.token.name,
        now=call.now,
        imports=adapters.imports(),
        indexes=adapters.indexes(),
        list_store=adapters.list_store,
        expired_versions=adapters.expired_versions(),
        folder=adapters.folder(),
    )
    return editor.edit(group_id, how, rows, call.new_id())


def _refused(edited: EditResult, language: Language) -> tuple[RefusedEntryView, ...]:
    return tuple(
        RefusedEntryView(
            index=entry.index, code=entry.code, detail=Message(entry.code.value, entry.params).text("entry", language)
        )
        for entry in edited.refused
    )
