"""The sentences that explain the reason of an import, as messages of the catalogue."""

from collections.abc import Sequence
from typing import Any

from guestlist.messages.language import ENGLISH, Language
from guestlist.messages.message import Message

_DETAIL, _QUESTION = "import_detail", "decision"


def explanation(messages: Sequence[Message], language: Language = ENGLISH) -> str:
    """The messages as sentences in that language; questions that a file leaves open are among them."""
    return " ".join(message.text(_DETAIL if message.has(_DETAIL) else _QUESTION, language) for message in messages)


def explanation_fields(*messages: Message) -> dict[str, Any]:
    """What the record of an import keeps of these messages."""
    return {"detail": explanation(messages) if messages else None, "detail_messages": messages}
