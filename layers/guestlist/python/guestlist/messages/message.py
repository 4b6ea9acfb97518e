"""A message that is stored: its code word and its parameters, to be rendered for whoever reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guestlist.messages.catalogue import key_of, render
from guestlist.messages.language import ENGLISH, Language

Value = str | int | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A code word, and what fills its message."""

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def text(self, kind: str, language: Language = ENGLISH) -> str:
        """The message among those of that kind. Raises `KeyError` where there is none."""
        return render(key_of(kind, self.code, self.params), self.params, language)


def texts_of(kind: str, messages: Iterable[Message], language: Language = ENGLISH) -> tuple[str, ...]:
    """The messages, all of that kind, as sentences."""
    return tuple(message.text(kind, language) for message in messages)
