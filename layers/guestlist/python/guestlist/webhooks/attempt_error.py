"""The sentence that says why an attempt to deliver had no response."""

from guestlist.messages.language import Language
from guestlist.messages.message import Message
from guestlist.messages.problems import fault_sentence
from guestlist.model.errors import FieldFault
from guestlist.webhooks.model import Attempt, NoAnswer


def attempt_error(attempt: Attempt, language: Language) -> str | None:
    """The sentence in that language, or the English one that an earlier version stored; None after a response."""
    if attempt.error is not None or attempt.reason is None:
        return attempt.error
    if attempt.reason is NoAnswer.URL_NOT_ALLOWED:
        return fault_sentence(FieldFault("url", attempt.reason.value, **attempt.params), language)
    return Message(attempt.reason.value, attempt.params).text("api.no_answer", language)
