"""Lists of redemptions: of a code, an order or a person, and the uses of a list by hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chalicelib.bootstrap.search_indexes import entries, indexed_group
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.fields import EmailInQuery
from chalicelib.web.pagination import Listed
from guestlist.aws.table import table
from guestlist.checkout.redemption import Redemption, matches
from guestlist.checkout.redemption_store import Redemptions, cursor_of
from guestlist.checkout.redemption_view import RedemptionView, redemption_view
from guestlist.checkout.redemptions_by_hour import MAX_ENTRIES, count_by_hour, newest_redemptions
from guestlist.lists.entry_store import EntryFilter
from guestlist.lists.target_group import require_entries
from guestlist.lists.usage import Usage
from guestlist.model.errors import Invalid
from guestlist.organisers.model import Scope

Text = Annotated[str, MinLen(1), MaxLen(200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionFilter:
    """A filter of redemptions by code, address or order, and optionally by group."""

    code: Text | None = None
    email: EmailInQuery | None = None
    order_id: Text | None = None
    group_id: Annotated[str, MinLen(1), MaxLen(128)] | None = None

    def __post_init__(self) -> None:
        if self.code is None and self.email is None and self.order_id is None:
            raise Invalid.field("code", "missing.code_email_or_order")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedHour:
    """An hour in which uses were redeemed."""

    start: datetime
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesInTime:
    """The redeemed uses of a list by hour; `partial` if further entries may be used that are not counted."""

    entries: int
    partial: bool
    hours: tuple[UsedHour, ...]


@endpoint(Scope.ORGANISER, query=RedemptionFilter, answer=RedemptionView, listed=True)
def list_redemptions(call: Call) -> Listed:
    """List redemptions and holds of a code, an address or an order, newest first, including released ones.

    The address is that of the redeemed entry. Several filters narrow the list further.
    """
    filters = call.query
    fitting = (
        redemption
        for redemption in _redemptions(call)
        if matches(redemption, filters.code, filters.email, filters.order_id, filters.group_id)
    )
    page = call.page.of(fitting, lambda redemption: {"before": cursor_of(redemption)})
    return page.map(lambda redemption: redemption_view(redemption, call.now))


@endpoint(Scope.ORGANISER, answer=UsesInTime, conflicts=("not_target_group",))
def uses_by_hour(call: Call, group_id: str) -> UsesInTime:
    """Count the redeemed uses of a target group's list by the hour, for at most a hundred of its used entries."""
    group = indexed_group(call.org, group_id)
    require_entries(group.type)
    filters = EntryFilter(used=Usage.SOME)
    used_entries, following = entries().list_entries(call.org, group, filters, MAX_ENTRIES, call.now)
    redemptions = newest_redemptions(table(), call.org, [(entry.code, entry.email) for entry in used_entries])
    hours = count_by_hour(redemptions, group_id)
    counted = tuple(UsedHour(start=start, uses=number) for start, number in hours.items())
    return UsesInTime(entries=len(used_entries), partial=following is not None, hours=counted)


def _redemptions(call: Call) -> Iterator[Redemption]:
    filters, redemptions = call.query, Redemptions(table())
    before = call.page.after("before", None)
    if filters.order_id is not None:
        return redemptions.of_order(call.org, filters.order_id, before)
    if filters.email is not None:
        return redemptions.of_person(call.org, filters.email, before)
    return redemptions.of_code(call.org, filters.code, call.page.limit, before)
