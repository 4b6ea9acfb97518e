"""Checkout service: check access, and create a redemption, both with guessing protection."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from guestlist.checkout.check import check
from guestlist.checkout.findings import Explain, Finding, Level
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.guess_limits import WRONG_TRY_REASONS, Allowance, allowance_of, too_many_tries, wrong_tries
from guestlist.checkout.ports import CheckoutReads
from guestlist.checkout.redemption import RedemptionRequest
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import CheckedCode, CheckedDiscount, CheckResponse, Reason
from guestlist.model.errors import Conflict, Unknown

if TYPE_CHECKING:
    from guestlist.checkout.redeem import Outcome

NewExplain = Callable[[FirstRead, CheckRequest], Explain]
"""Creates the explainer of one check."""


def check_access(
    reads: CheckoutReads, bearer: str, request: CheckRequest, now: datetime, new_explain: NewExplain | None = None
) -> tuple[CheckResponse, Allowance | None]:
    """Answer a check, with the allowance of wrong tries; `new_explain` creates the explainer if one is requested.

    After too many wrong tries a wrong code or discount gets `too_many_tries`. Raises `Unauthenticated`.
    """
    first_read = reads.read_check(bearer, request, now)
    allowance = allowance_of(first_read.tries_by_limit, now)
    context = reads.read_context(first_read, request, now)
    explain = new_explain(first_read, request) if new_explain is not None and request.explain else None
    if allowance is not None and allowance.locked:
        without_codes = replace(request, code=None, discount=None)
        response = check(without_codes, context._replace(by_code=(), discount=None), now, explain)
        return _with_too_many_tries(response, request, allowance, explain), allowance
    response = check(request, context, now, explain)
    parts = [part for part in (response.code, response.discount) if part is not None]
    tries = wrong_tries(*(part.reasons for part in parts))
    if not tries or allowance is None:
        return response, allowance
    if not allowance.remaining:
        response = _with_too_many_tries(response, request, allowance, explain)
    return response, allowance_of(reads.count_wrong_tries(first_read, tries, now).tries_by_limit, now)


def _with_too_many_tries(
    response: CheckResponse, request: CheckRequest, allowance: Allowance, explain: Explain | None
) -> CheckResponse:
    """The response with `too_many_tries` in place of the reasons of a wrong, or unchecked, code or discount."""

    def sentences(level: Level) -> tuple[str, ...] | None:
        return explain([Finding(reason=Reason.TOO_MANY_TRIES, level=level)]) if explain else None

    code, discount, reasons = response.code, response.discount, (Reason.TOO_MANY_TRIES,)
    if request.code is not None and (code is None or not WRONG_TRY_REASONS.isdisjoint(code.reasons)):
        explanation = sentences(Level.CODE)
        code = CheckedCode(valid=False, reasons=reasons, explanation=explanation, retry_after=allowance.reset)
    if request.discount is not None and (discount is None or not WRONG_TRY_REASONS.isdisjoint(discount.reasons)):
        explanation = sentences(Level.DISCOUNT)
        discount = CheckedDiscount(
            accepted=False, reasons=reasons, explanation=explanation, retry_after=allowance.reset
        )
    return replace(response, code=code, discount=discount)


def create_redemption(
    reads: CheckoutReads, bearer: str, request: RedemptionRequest, attempt: str, now: datetime
) -> "tuple[Outcome, Allowance | None]":
    """Create a redemption or hold, or return that of a repeated request, with the allowance of wrong tries.

    Raises what `redeem` raises, `Unauthenticated`, and `TooManyRequests` for a wrong try after too many, but
    never for a repeated request.
    """
    with reads.load_shedding(bearer, request, attempt, now), reads.retry_deadline():
        return _redeem_limited(reads, bearer, request, attempt, now)


def _redeem_limited(
    reads: CheckoutReads, bearer: str, request: RedemptionRequest, attempt: str, now: datetime
) -> "tuple[Outcome, Allowance | None]":
    # Imported here: a process that serves only checks starts faster without it.
    from guestlist.checkout.redeem import RedeemAttempt, redeem

    first_read = reads.read_redemption(bearer, request, now)
    allowance = allowance_of(first_read.tries_by_limit, now)
    is_repeated = first_read.former is not None and first_read.former.is_active(now)
    if allowance is not None and allowance.locked and not is_repeated:
        raise too_many_tries(allowance)
    redeem_attempt = RedeemAttempt(
        request=request,
        request_key=first_read.request,
        ledger=reads.ledger(first_read),
        lists=reads.lists(first_read, now),
        attempt_id=attempt,
        now=now,
    )
    try:
        return redeem(redeem_attempt, first_read.former, first_read.restrictions), allowance
    except (Unknown, Conflict) as error:
        if allowance is not None and wrong_tries((error.code,)):
            reads.count_wrong_tries(first_read, 1, now)
            if not allowance.remaining:
                raise too_many_tries(allowance) from None
        raise
