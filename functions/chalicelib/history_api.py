"""What was done to memberships: by whom or what, when, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib import wiring
from chalicelib.paging import Listed
from chalicelib.ways import Call, way
from guestlist.errors import Unknown
from guestlist.membership import Deed, Source, What
from guestlist.organiser import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedView:
    """What was done: to one person's membership or, with a `what` of its own and nobody's `email`, to the group.

    `by` is a token's name, or `purchase`, `lapse`, `sync` or `timer`; what an import did is by its sender's
    token, with the import's id and the line of its file. `email` is null, too, for somebody who was erased.
    """

    at: datetime
    what: What
    group_id: str
    group: str | None
    email: str | None
    source: Source | None
    by: str
    import_id: str | None
    line: int | None
    reason: str


@way(Scope.ORGANISER, answer=DeedView, listed=True)
def of_customer(call: Call, email: str) -> Listed:
    """All that was done to one customer's memberships, newest first."""
    if wiring.customers().get(call.org, email) is None:
        raise Unknown("There is no such customer.")
    start = {"before": call.page.start["before"]} if call.page.start else {}
    return _page(call, wiring.memberships().deeds_of(call.org, email, call.page.limit + 1, **start))


@way(Scope.ORGANISER, answer=DeedView, listed=True)
def of_group(call: Call, group_id: str) -> Listed:
    """All that was done to a group and in it, newest first, deleted groups too."""
    wiring.groups().get(call.org, group_id)
    start = {"before": call.page.start["before"]} if call.page.start else {}
    return _page(call, wiring.memberships().deeds_in(call.org, group_id, call.page.limit + 1, **start))


def _page(call: Call, found: Sequence[tuple[str, Deed]]) -> Listed:
    shown = found[: call.page.limit]
    groups = wiring.groups().many(call.org, sorted({deed.group_id for _, deed in shown}))
    names = {group_id: group.name for group_id, group in groups.items()}
    following = {"before": shown[-1][0]} if len(found) > len(shown) else None
    return Listed([_view(deed, names.get(deed.group_id)) for _, deed in shown], following)


def _view(deed: Deed, group: str | None) -> DeedView:
    return DeedView(
        at=deed.at,
        what=deed.what,
        group_id=deed.group_id,
        group=group,
        email=deed.email,
        source=deed.source,
        by=deed.by,
        import_id=deed.import_id,
        line=deed.line,
        reason=deed.why,
    )
