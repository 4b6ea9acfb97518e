"""The audit history of memberships and groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.customers.service import require_customer
from guestlist.groups.membership import AuditEntry, ChangeType, Source
from guestlist.messages.language import Language
from guestlist.messages.message import Message
from guestlist.organisers.model import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntryView:
    """A change of a membership or, with a null `email`, of the group.

    `by` is a token's name, or `purchase`, `lapse`, `sync` or `timer`. A change by an import has the name of its
    sender's token, the import's id and the line of its file. `email` is null for an erased person, too.
    """

    at: datetime
    what: ChangeType
    group_id: str
    group: str | None
    email: str | None
    source: Source | None
    by: str
    import_id: str | None
    line: int | None
    reason: str
    because: Message | None


@endpoint(Scope.ORGANISER, answer=AuditEntryView, listed=True, localised=True)
def of_customer(call: Call, email: str) -> Listed:
    """List the changes of a customer's memberships, newest first."""
    email = adapters.customers().resolve_email(call.org, email)
    require_customer(adapters.customers().get_customer(call.org, email))
    start = {"before": call.page.start["before"]} if call.page.start else {}
    return _page(call, adapters.memberships().audit_entries_of(call.org, email, call.page.most, **start))


@endpoint(Scope.ORGANISER, answer=AuditEntryView, listed=True, localised=True)
def of_group(call: Call, group_id: str) -> Listed:
    """List the changes of a group and its memberships, newest first; also of a deleted group."""
    adapters.groups().get_group(call.org, group_id)
    start = {"before": call.page.start["before"]} if call.page.start else {}
    return _page(call, adapters.memberships().audit_entries_in(call.org, group_id, call.page.most, **start))


def _page(call: Call, entries: Sequence[tuple[str, AuditEntry]]) -> Listed:
    page = call.page.of(entries, lambda row: {"before": row[0]})
    groups = adapters.groups().get_groups(call.org, sorted({audit_entry.group_id for _, audit_entry in page.items}))
    names = {group_id: group.name for group_id, group in groups.items()}
    return page.map(lambda row: _view(row[1], names.get(row[1].group_id), call.language))


def _view(audit_entry: AuditEntry, group: str | None, language: Language) -> AuditEntryView:
    return AuditEntryView(
        at=audit_entry.at,
        what=audit_entry.what,
        group_id=audit_entry.group_id,
        group=group,
        email=audit_entry.email,
        source=audit_entry.source,
        by=audit_entry.by,
        import_id=audit_entry.import_id,
        line=audit_entry.line,
        reason=audit_entry.text(language),
        because=audit_entry.because,
    )
