"""Details of a redemption or hold for the organiser."""

from dataclasses import dataclass
from datetime import datetime

from guestlist.checkout.ports import Ledger
from guestlist.checkout.redemption import Redemption, Status, parse_redemption_id
from guestlist.checkout.refusal import no_such_redemption


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionView:
    """Details of a redemption. `remaining_quantity` is the number of uses that were not released.

    `order_id` and the texts of the entry are None in a record of an earlier release, `email` also for an erased
    person; `quantity` and `at` are None if an earlier release overwrote it with a later redemption of the order.
    """

    redemption_id: str
    status: Status
    group_id: str
    code: str | None
    email: str | None
    category: str | None
    seat: str | None
    quantity: int | None
    remaining_quantity: int
    order_id: str | None
    at: datetime | None
    hold_expires_at: datetime | None


def find_redemption(ledger: Ledger, redemption_id: str, now: datetime) -> RedemptionView:
    """Find a redemption by its id. Raises `Unknown`."""
    parts = parse_redemption_id(redemption_id)
    redemption = ledger.redemption(parts[0]) if parts else None
    if parts is None or redemption is None or redemption.generation < parts[1]:
        raise no_such_redemption()
    if redemption.generation == parts[1]:
        return redemption_view(redemption, now)
    former = ledger.former_redemption(*parts)
    return _view_of_overwritten(redemption_id, redemption) if former is None else redemption_view(former, now)


def redemption_view(redemption: Redemption, now: datetime) -> RedemptionView:
    """The view of a redemption at this instant."""
    status = Status.LAPSED if redemption.has_lapsed(now) else redemption.status
    return RedemptionView(
        redemption_id=redemption.redemption_id,
        status=status,
        group_id=redemption.group_id,
        code=redemption.code or None,
        email=redemption.email or None,
        category=redemption.category.strip() or None,
        seat=redemption.seat.strip() or None,
        quantity=redemption.quantity,
        remaining_quantity=redemption.outstanding if redemption.is_active(now) else 0,
        order_id=redemption.order_id or None,
        at=redemption.at,
        hold_expires_at=redemption.until if status is Status.HELD else None,
    )


def _view_of_overwritten(redemption_id: str, later: Redemption) -> RedemptionView:
    """The view of a generation that an earlier release overwrote, which it did only after all uses were released."""
    return RedemptionView(
        redemption_id=redemption_id,
        status=Status.RELEASED,
        group_id=later.group_id,
        code=None,
        email=None,
        category=None,
        seat=None,
        quantity=None,
        remaining_quantity=0,
        order_id=later.order_id or None,
        at=None,
        hold_expires_at=None,
    )
