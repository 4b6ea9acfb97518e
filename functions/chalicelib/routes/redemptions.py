"""Redemptions: hold, redeem, confirm and release uses; and a person's memberships for checkouts."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_urlsafe

from chalicelib.routes.check import allowance, checkout_reads
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.fields import EmailInQuery
from guestlist.aws.table import checkout_table
from guestlist.checkout import holds
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.memberships import GrantingMembership
from guestlist.checkout.redemption import RedemptionRequest, Status
from guestlist.checkout.redemption_view import RedemptionView, find_redemption
from guestlist.checkout.request import Quantity
from guestlist.checkout.response import RedemptionResult
from guestlist.checkout.service import create_redemption
from guestlist.organisers.model import Scope

_REFUSALS = (
    "used_up",
    "held_by_others",
    "quantity_too_high",
    "wrong_email",
    "not_in_group",
    "group_expired",
    "not_yet",
    "group_deleted",
    "wrong_category",
    "wrong_seat",
    "unknown_item",
    "idempotency_conflict",
)

_COUNTED = {Status.HELD: "Holds", Status.REDEEMED: "Redemptions"}


def counts(reply: Reply) -> Mapping[str, int]:
    """Metrics of a hold or a redemption; none for a repeated request."""
    return {_COUNTED[reply.body.status]: 1} if reply.status == HTTPStatus.CREATED else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """The number of uses to release; without a `quantity`, all that are left."""

    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipQuery:
    """The person whose memberships are requested."""

    email: EmailInQuery


@dataclass(frozen=True, slots=True)
class Memberships:
    """A person's memberships that grant something now, the oldest first."""

    groups: tuple[GrantingMembership, ...]


@endpoint(
    Scope.CHECKOUT,
    lazy_auth=True,
    body=RedemptionRequest,
    answer=RedemptionResult,
    status=201,
    statuses=(200,),
    exclude_none=("hold_expires_at",),
    not_found=("unknown_code", "not_found"),
    conflicts=_REFUSALS,
    rate_limited=True,
    idempotent=True,
    counts=counts,
)
def redeem(call: Call, request: RedemptionRequest) -> Reply:
    """Redeem or hold uses of a code or e-mail for an order; never more than are available.

    A repeat for the same order gets the first response again, with 200. Send the `client` that you serve: wrong codes
    are counted per client, and too many of them get 429.
    """
    outcome, allowed = create_redemption(checkout_reads(), call.bearer, request, _attempt(), call.now)
    return Reply(outcome.result, status=201 if outcome.is_new else 200, headers=allowance(allowed))


@endpoint(Scope.CHECKOUT, answer=RedemptionView)
def show(call: Call, redemption_id: str) -> RedemptionView:
    """Get a redemption or hold, also one that was released or has lapsed."""
    return find_redemption(_ledger(call), redemption_id, call.now)


@endpoint(
    Scope.CHECKOUT,
    answer=RedemptionResult,
    exclude_none=("hold_expires_at",),
    conflicts=("hold_expired",),
    idempotent=True,
    counts=lambda _reply: {"Confirmations": 1},
)
def confirm(call: Call, redemption_id: str) -> RedemptionResult:
    """Confirm a hold, which makes it a redemption."""
    return holds.confirm(_ledger(call), redemption_id, call.now, quantity_of=_quantity_of(call))


@endpoint(
    Scope.CHECKOUT,
    body=ReleaseRequest,
    answer=RedemptionResult,
    exclude_none=("hold_expires_at",),
    idempotent=True,
    counts=lambda _reply: {"Releases": 1},
)
def release(call: Call, request: ReleaseRequest, redemption_id: str) -> RedemptionResult:
    """Release a hold or a redemption, completely or in part.

    Without an Idempotency-Key each call releases again, but never more than was taken.
    """
    return holds.release(
        _ledger(call),
        redemption_id,
        _attempt(),
        call.now,
        quantity=request.quantity,
        call=call.request,
        quantity_of=_quantity_of(call),
    )


@endpoint(Scope.CHECKOUT, query=MembershipQuery, answer=Memberships)
def memberships(call: Call) -> Memberships:
    """List the memberships of a person that grant something now."""
    return Memberships(checkout_reads().memberships(call.org, call.query.email, call.now))


def _ledger(call: Call) -> Ledger:
    return Ledger(checkout_table(), call.org)


def _quantity_of(call: Call) -> holds.QuantityOf:
    return lambda redemption: checkout_reads().read_quantity(call.org, redemption, call.now)


def _attempt() -> str:
    """A short random id of this attempt at a request; short because it is stored in the item of a counter."""
    return token_urlsafe(6)
