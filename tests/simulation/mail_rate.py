"""Welcome mails at the pace that is kept, on the model: workers book their turns of what SES takes a second."""

from collections import Counter

from guestlist.aws.sqs import WelcomeQueue
from guestlist.mail.sending_rate import SendingRate
from tests.simulation.capacity import Capacity
from tests.simulation.network import Model

RATE, WORKERS = 500, 40


def mails_per_second(mails: int, seed: int = 0) -> Counter[int]:
    """The mails begun in each virtual second, by workers that take one message after the other."""
    model, seconds = Model(seed, Capacity(40_000, 40_000)), Counter[int]()
    messages = [WelcomeQueue.MAILS] * (mails // WelcomeQueue.MAILS)

    def work() -> None:
        pace = SendingRate(model.table(), RATE)
        while messages:
            pending = messages.pop()
            while pending:
                turn = pace.book(some := min(pending, pace.max_batch), model.time.instant)
                if turn is None:
                    model.time.elapse(1)
                    continue
                model.time.elapse((turn - model.time.instant).total_seconds())
                # Instants are of microseconds.
                seconds[int(model.time.now + 0.0001)] += some
                model.time.elapse(0.02 * some)
                pending -= some

    with model.running():
        for _ in range(WORKERS):
            model.time.spawn(work)
        model.time.run()
    return seconds
