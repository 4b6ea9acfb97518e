"""A checkout's two questions from beginning to end: may this customer, and take it for this order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from guestlist.checkout.check import check
from guestlist.checkout.findings import Explain, Finding, Level
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.guess_limits import WRONG, Allowance, allowance, refused, wrong_tries
from guestlist.checkout.ports import Reading
from guestlist.checkout.redemption import Ask
from guestlist.checkout.request import Question
from guestlist.checkout.response import Answer, CodeAnswer, DiscountAnswer, Reason
from guestlist.model.errors import Conflict, Unknown

if TYPE_CHECKING:
    from guestlist.checkout.redeem import Outcome

NewExplain = Callable[[FirstRead, Question], Explain]


def ask(
    reading: Reading, bearer: str, question: Question, now: datetime, explaining: NewExplain | None = None
) -> tuple[Answer, Allowance | None]:
    """The answer to a question, and what guessing is still allowed; sentences if they are asked for and can be had.

    Raises `Unauthenticated`. A wrong code or discount after too many is answered `too_many_tries`.
    """
    first_read = reading.open(bearer, question, now)
    allowed = allowance(first_read.tried, now)
    state = reading.state(first_read, question, now)
    explain = explaining(first_read, question) if explaining is not None and question.explain else None
    if allowed is not None and allowed.locked:
        unsaid = replace(question, code=None, discount=None)
        answer = check(unsaid, state._replace(by_code=(), discount=None), now, explain)
        return _too_many(answer, question, allowed, explain), allowed
    answer = check(question, state, now, explain)
    parts = [part for part in (answer.code, answer.discount) if part is not None]
    tries = wrong_tries(*(part.reasons for part in parts))
    if not tries or allowed is None:
        return answer, allowed
    if not allowed.remaining:
        answer = _too_many(answer, question, allowed, explain)
    return answer, allowance(reading.guessed(first_read, tries, now).tried, now)


def _too_many(answer: Answer, question: Question, allowed: Allowance, explain: Explain | None) -> Answer:
    """The answer with `too_many_tries` in place of what is said of a wrong code or discount, or not said of any."""

    def sentences(level: Level) -> tuple[str, ...] | None:
        return explain([Finding(reason=Reason.TOO_MANY_TRIES, level=level)]) if explain else None

    code, discount, reasons = answer.code, answer.discount, (Reason.TOO_MANY_TRIES,)
    if question.code is not None and (code is None or not WRONG.isdisjoint(code.reasons)):
        explanation = sentences(Level.CODE)
        code = CodeAnswer(valid=False, reasons=reasons, explanation=explanation, retry_after=allowed.reset)
    if question.discount is not None and (discount is None or not WRONG.isdisjoint(discount.reasons)):
        explanation = sentences(Level.DISCOUNT)
        discount = DiscountAnswer(accepted=False, reasons=reasons, explanation=explanation, retry_after=allowed.reset)
    return replace(answer, code=code, discount=discount)


def take(
    reading: Reading, bearer: str, request: Ask, attempt: str, now: datetime
) -> "tuple[Outcome, Allowance | None]":
    """What became of the request for a redemption, and what guessing is still allowed.

    Raises as `redeem`, `Unauthenticated`, and `TooManyRequests` for a wrong try after too many; a request that
    stands is answered as at first, whatever its client has tried since.
    """
    with reading.retry_deadline():
        return _redeem_limited(reading, bearer, request, attempt, now)


def _redeem_limited(
    reading: Reading, bearer: str, request: Ask, attempt: str, now: datetime
) -> "tuple[Outcome, Allowance | None]":
    # A process whose first call is a check starts faster without it.
    from guestlist.checkout.redeem import RedeemAttempt, redeem

    first_read = reading.begin(bearer, request, now)
    allowed = allowance(first_read.tried, now)
    repeated = first_read.former is not None and first_read.former.stands(now)
    if allowed is not None and allowed.locked and not repeated:
        raise refused(allowed)
    redeem_attempt = RedeemAttempt(
        ask=request,
        request=first_read.request,
        ledger=reading.ledger(first_read),
        lists=reading.lists(first_read, now),
        attempt=attempt,
        now=now,
    )
    try:
        return redeem(redeem_attempt, first_read.former, first_read.restrictions), allowed
    except (Unknown, Conflict) as error:
        if allowed is not None and wrong_tries((error.code,)):
            reading.guessed(first_read, 1, now)
            if not allowed.remaining:
                raise refused(allowed) from None
        raise
