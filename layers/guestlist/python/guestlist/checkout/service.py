"""A checkout's two questions from beginning to end: may this customer, and take it for this order."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from guestlist.checkout.check import check
from guestlist.checkout.findings import Explain
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.guess_limits import Allowance, allowance, guard
from guestlist.checkout.ports import Reading
from guestlist.checkout.redemption import Ask
from guestlist.checkout.request import Question
from guestlist.checkout.response import Answer, Reason
from guestlist.model.errors import Unknown

if TYPE_CHECKING:
    from guestlist.checkout.redeem import Outcome

NewExplain = Callable[[FirstRead, Question], Explain]


def ask(
    reading: Reading, bearer: str, question: Question, now: datetime, explaining: NewExplain | None = None
) -> tuple[Answer, Allowance | None]:
    """The answer to a question, and what guessing is still allowed; sentences if they are asked for and can be had.

    Raises `Unauthenticated`, and `TooManyRequests` for a code after too many that nobody knows.
    """
    first_read = reading.open(bearer, question, now)
    allowed = allowance(first_read.tried, now)
    guard(allowed)
    state = reading.state(first_read, question, now)
    explain = explaining(first_read, question) if explaining is not None and question.explain else None
    answer = check(question, state, now, explain)
    if answer.code is not None and Reason.UNKNOWN_CODE in answer.code.reasons:
        allowed = allowance(reading.guessed(first_read, now).tried, now)
    return answer, allowed


def take(reading: Reading, bearer: str, wanted: Ask, attempt: str, now: datetime) -> "tuple[Outcome, Allowance | None]":
    """What became of the request for a redemption, and what guessing is still allowed.

    Raises as `redeem`, and `Unauthenticated` or `TooManyRequests` as above.
    """
    # A process whose first call is a check starts faster without it.
    from guestlist.checkout.redeem import RedeemAttempt, redeem

    first_read = reading.begin(bearer, wanted, now)
    allowed = allowance(first_read.tried, now)
    guard(allowed)
    redeem_attempt = RedeemAttempt(
        ask=wanted, ledger=reading.ledger(first_read), lists=reading.lists(first_read, now), attempt=attempt, now=now
    )
    try:
        return redeem(redeem_attempt, first_read.former, first_read.restrictions), allowed
    except Unknown as error:
        if error.code == Reason.UNKNOWN_CODE:
            reading.guessed(first_read, now)
        raise
