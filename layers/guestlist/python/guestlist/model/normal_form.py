"""The one form in which texts are kept and compared, whatever keyboard, phone or system wrote them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from unicodedata import normalize

import annotated_types
from annotated_types import MaxLen

_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_UNSEEN_LETTERS = "".join(map(chr, _UNSEEN))


FAILED_PREDICATE = "unmet"
"""In the facts of an error, the code word of the condition that failed."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Says how a text that comes in is cleaned before anything is demanded of it."""

    clean: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """How pydantic reads what is annotated with it."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.clean, handler(source))


class Predicate(annotated_types.Predicate):
    """A condition `is_…` or `resembles_…`. Where it fails, the code word is `bad_…`, which the catalogue explains."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """How pydantic reads what is annotated with it."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def checked(self, value: Any) -> Any:
        """The value, if the condition holds. Raises what pydantic takes for an error."""
        from pydantic_core import PydanticCustomError

        if not self.func(value):
            code: Any = f"bad_{self.func.__name__.removeprefix('is_').removeprefix('resembles_')}"
            raise PydanticCustomError(code, "is not as it must be", {FAILED_PREDICATE: code})
        return value


def normal(text: str) -> str:
    """The text with its accents composed, and without characters that nobody sees and that separate nothing."""
    if text.isascii():
        return text
    # Nearly no text has any, and to look for them one by one is many times as fast as to translate it.
    return normalize("NFC", text.translate(_UNSEEN) if has_unseen(text) else text)


def has_unseen(text: str) -> bool:
    """Whether the normal form lacks characters of the text."""
    return not text.isascii() and any(letter in text for letter in _UNSEEN_LETTERS)


def spellings(text: str) -> tuple[str, ...]:
    """The normal form, and the others in which an earlier version may have stored the text."""
    if text.isascii():
        return (text,)
    return tuple(dict.fromkeys([normal(text), text, normalize("NFD", normal(text))]))


Name = Annotated[str, Cleaned(normal), MaxLen(200)]
"""A person's name."""
