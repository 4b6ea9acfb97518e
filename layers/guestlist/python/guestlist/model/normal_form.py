"""The Unicode normal form in which texts are stored and compared."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from unicodedata import normalize

import annotated_types
from annotated_types import MaxLen

_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNSEEN_LETTERS = "".join(map(chr, _UNSEEN))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Annotation: the function that normalises an input text before its validation."""

    clean: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """How pydantic reads what is annotated with it."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.clean, handler(source))


class Predicate(annotated_types.Predicate):
    """Annotation: a predicate `is_…` or `resembles_…`. If it fails, the code is `bad_…`, which has a message."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """How pydantic reads what is annotated with it."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def checked(self, value: Any) -> Any:
        """Return the value if the predicate holds. Raises `PydanticCustomError`."""
        from pydantic_core import PydanticCustomError

        if not self.func(value):
            code: Any = f"bad_{self.func.__name__.removeprefix('is_').removeprefix('resembles_')}"
            raise PydanticCustomError(code, code)
        return value


def normal(text: str) -> str:
    """Normalise to NFC without invisible characters that separate nothing."""
    if text.isascii():
        return text
    # Hardly any text has some, and searching for each is many times as fast as translating.
    return normalize("NFC", text.translate(_UNSEEN) if has_unseen(text) else text)


def person_name(text: str) -> str:
    """Normalise a person's name, and put it on one line: without control characters or further spaces."""
    return " ".join(CONTROL_CHARACTERS.sub(" ", normal(text)).split())


def has_unseen(text: str) -> bool:
    """Whether the text has invisible characters that its normal form lacks."""
    return not text.isascii() and any(letter in text for letter in _UNSEEN_LETTERS)


def spellings(text: str) -> tuple[str, ...]:
    """The spellings of a text: its normal form, then those that earlier releases may have stored."""
    if text.isascii():
        return (text,)
    return tuple(dict.fromkeys([normal(text), text, normalize("NFD", normal(text))]))


Name = Annotated[str, Cleaned(person_name), MaxLen(200)]
"""A person's name."""
