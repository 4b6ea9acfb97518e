"""A message to be stored and rendered later: a code word and parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guestlist.messages.catalogue import key_of, params_of, render, texts
from guestlist.messages.language import ENGLISH, Language

Value = str | int | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A code word and the parameters of its message."""

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def has(self, kind: str) -> bool:
        """Whether the catalogue has such a message of this kind, and no parameter is missing."""
        key = key_of(kind, self.code, self.params)
        return key in texts(ENGLISH) and params_of(key) <= self.params.keys()

    def text(self, kind: str, language: Language = ENGLISH) -> str:
        """The message of this kind. Raises `KeyError` if there is none."""
        return render(key_of(kind, self.code, self.params), self.params, language)


def texts_of(kind: str, messages: Iterable[Message], language: Language = ENGLISH) -> tuple[str, ...]:
    """The texts of the messages, all of this kind."""
    return tuple(message.text(kind, language) for message in messages)
