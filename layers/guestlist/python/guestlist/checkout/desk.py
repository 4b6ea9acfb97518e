"""A checkout's two questions from beginning to end: may this customer, and take it for this order."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from guestlist.checkout.answer import Answer, Reason
from guestlist.checkout.check import check
from guestlist.checkout.finding import Explain
from guestlist.checkout.guesses import Allowance, allowance, guard
from guestlist.checkout.opening import Opening
from guestlist.checkout.ports import Reading
from guestlist.checkout.question import Question
from guestlist.checkout.redemption import Ask
from guestlist.errors import Unknown

if TYPE_CHECKING:
    from guestlist.checkout.redeem import Outcome

NewExplain = Callable[[Opening, Question], Explain]


def ask(
    reading: Reading, bearer: str, question: Question, now: datetime, explaining: NewExplain | None = None
) -> tuple[Answer, Allowance | None]:
    """The answer to a question, and what guessing is still allowed; sentences if they are asked for and can be had.

    Raises `Unauthenticated`, and `TooManyRequests` for a code after too many that nobody knows.
    """
    opening = reading.open(bearer, question, now)
    allowed = allowance(opening.tried, now)
    guard(allowed)
    state = reading.state(opening, question, now)
    explain = explaining(opening, question) if explaining is not None and question.explain else None
    answer = check(question, state, now, explain)
    if answer.code is not None and Reason.UNKNOWN_CODE in answer.code.reasons:
        allowed = allowance(reading.guessed(opening, now).tried, now)
    return answer, allowed


def take(reading: Reading, bearer: str, wanted: Ask, attempt: str, now: datetime) -> "tuple[Outcome, Allowance | None]":
    """What became of the request for a redemption, and what guessing is still allowed.

    Raises as `redeem`, and `Unauthenticated` or `TooManyRequests` as above.
    """
    # A process whose first call is a check starts faster without it.
    from guestlist.checkout.redeem import Till, redeem

    opening = reading.begin(bearer, wanted, now)
    allowed = allowance(opening.tried, now)
    guard(allowed)
    till = Till(ask=wanted, ledger=reading.ledger(opening), lists=reading.lists(opening, now), attempt=attempt, now=now)
    try:
        return redeem(till, opening.former, opening.restrictions), allowed
    except Unknown as error:
        if error.code == Reason.UNKNOWN_CODE:
            reading.guessed(opening, now)
        raise
