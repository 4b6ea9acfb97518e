"""Rendering of messages: a key and parameters, in one language.

Each language is a JSON file next to this module, loaded on first use. A message is one text, or one text for a count
`n` of one and another for other counts; `{names}` in braces are parameters. The console renders the same files by the
same rules (`layers/console/src/messages.ts`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from guestlist.messages.language import ENGLISH, Language

Param = str | int | Sequence[str] | Sequence[int]
Params = Mapping[str, Param]
Text = str | Mapping[str, str]
"""The text of a message: one, or `one` and `other`."""

_PARAM = re.compile(r"\{(\w+)\}")
_NONE: Params = {}
_THOUSAND = 1_000


@cache
def texts(language: Language) -> Mapping[str, Text]:
    """All messages of a language by key."""
    messages: Mapping[str, Text] = json.loads(Path(__file__).with_name(f"{language}.json").read_text(encoding="utf-8"))
    return messages


def render(key: str, params: Params = _NONE, language: Language = ENGLISH) -> str:
    """Render the message in this language. Raises `KeyError` for an unknown key."""
    text = texts(language)[key]
    if not isinstance(text, str):
        text = text["one" if params.get("n") == 1 else "other"]
    parts = list(_parts(text))
    for at in range(1, len(parts), 2):
        parts[at] = _render_param(parts[at], params, language)
    return "".join(parts)


def params_of(key: str) -> set[str]:
    """The names of the parameters of a message."""
    text = texts(ENGLISH)[key]
    forms = [text] if isinstance(text, str) else text.values()
    return {name for form in forms for name in _PARAM.findall(form)}


def key_of(kind: str, code: str, params: Params = _NONE) -> str:
    """The key of a code word's message: that of the `reason` among the parameters, if the code has several messages."""
    key, reason = f"{kind}.{code}", params.get("reason")
    return key if reason is None or f"{key}.{reason}" not in texts(ENGLISH) else f"{key}.{reason}"


def number(value: int, language: Language = ENGLISH) -> str:
    """The number with the language's thousands separator."""
    if -_THOUSAND < value < _THOUSAND:
        return str(value)
    return f"{value:,}".replace(",", str(texts(language)["number.thousands"]))


def day(at: datetime, language: Language = ENGLISH) -> str:
    """The date, such as “2 July 2026”."""
    return render("date.day", _day_params(at, language), language)


def moment(at: datetime, zone: str, language: Language = ENGLISH) -> str:
    """The date and time with the name of the time zone."""
    params = {**_day_params(at, language), "hour": f"{at:%H}", "minute": f"{at:%M}", "zone": zone}
    return render("date.moment", params, language)


@dataclass(frozen=True, slots=True)
class Translator:
    """Renders messages in one language."""

    language: Language = ENGLISH

    def __call__(self, key: str, **params: Param) -> str:
        """The message with this key."""
        return render(key, params, self.language)

    def has(self, key: str) -> bool:
        """Whether there is a message with this key."""
        return key in texts(self.language)

    def number(self, value: int) -> str:
        """The number with the language's thousands separator."""
        return number(value, self.language)

    def moment(self, at: datetime, zone: str) -> str:
        """The date and time with the name of the time zone."""
        return moment(at, zone, self.language)


def _day_params(at: datetime, language: Language) -> dict[str, str]:
    return {"day": str(at.day), "month": str(texts(language)[f"month.{at.month}"]), "year": str(at.year)}


@cache
def _parts(text: str) -> tuple[str, ...]:
    """Split a text at its parameters (at odd indexes); cached, since a file may have a million problems."""
    return tuple(_PARAM.split(text))


def _render_param(name: str, params: Params, language: Language) -> str:
    value = params.get(name)
    if isinstance(value, str):
        return value
    if value is None:
        return f"{{{name}}}"
    return number(value, language) if isinstance(value, int) else _list(value, params.get("n"))


def _list(values: Sequence[str] | Sequence[int], count: object) -> str:
    """The values, texts in quotation marks; with an ellipsis if there are more in all."""
    joined = ", ".join(f"“{value}”" if isinstance(value, str) else str(value) for value in values)
    return f"{joined}, …" if isinstance(count, int) and count > len(values) else joined
