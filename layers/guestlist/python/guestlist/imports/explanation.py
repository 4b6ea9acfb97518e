"""The sentences that explain the reason of an import, as messages of the catalogue."""

from collections.abc import Sequence
from typing import Any

from guestlist.imports.model import Import
from guestlist.messages.language import ENGLISH, Language
from guestlist.messages.message import Message
from guestlist.messages.problems import problem_sentence, sentence_of
from guestlist.model.errors import FieldFault, GuestlistError, Invalid

_DETAIL, _QUESTION, _PROBLEM, _FAULT = "import_detail", "decision", "problem", "fault"


def explanation(messages: Sequence[Message], language: Language = ENGLISH) -> str:
    """The messages as sentences in that language; questions that a file leaves open and errors are among them."""
    return " ".join(_sentence(message, language) for message in messages)


def explanation_of(record: Import, language: Language = ENGLISH) -> str | None:
    """The explanation why the import failed, waits or was not undone, in that language; a stored sentence as it is."""
    return explanation(record.detail_messages, language) or record.detail


def explanation_fields(*messages: Message) -> dict[str, Any]:
    """The fields of an import's record that contain these messages."""
    return {"detail": None, "detail_messages": messages}


def error_messages(error: GuestlistError) -> tuple[Message, ...]:
    """The messages of an error, for the record of an import."""
    if isinstance(error, Invalid):
        return tuple(
            Message(f"{_FAULT}.{fault.code}", {**fault.params, "field": fault.field}) for fault in error.faults
        )
    return (Message(f"{_PROBLEM}.{error.code}", error.params),)


def _sentence(message: Message, language: Language) -> str:
    kind, _, code = message.code.partition(".")
    params = {name: value for name, value in message.params.items() if isinstance(value, str | int)}
    if code and kind == _PROBLEM:
        return problem_sentence(code, params, language)
    if code and kind == _FAULT:
        return sentence_of(Invalid([FieldFault(str(params.pop("field")), code, **params)]), language)
    return message.text(_DETAIL if message.has(_DETAIL) else _QUESTION, language)
