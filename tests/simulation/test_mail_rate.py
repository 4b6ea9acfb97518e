"""Welcome mails at the pace that is kept, on the model: fast, and never so fast that no other mail gets through."""

from guestlist.mail.sending_rate import SHARE
from tests.simulation.mail_rate import RATE, mails_per_second

MAILS = 8_000


def test_many_welcome_mails_take_hardly_longer_than_their_share_of_the_send_rate_allows() -> None:
    seconds = mails_per_second(MAILS)
    assert sum(seconds.values()) == MAILS
    assert max(seconds.values()) <= RATE * SHARE
    assert len(range(min(seconds), max(seconds) + 1)) <= 1.08 * MAILS / (RATE * SHARE)
