"""The languages that messages are written in."""

from typing import Literal, get_args

Language = Literal["en", "nl", "da"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
ENGLISH: Language = "en"


def language_of(accepted: str, default: Language = ENGLISH) -> Language:
    """The best supported language for an Accept-Language header; the default if it names none."""
    best, weight = default, 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        language = next((known for known in LANGUAGES if known == tag.strip().lower().split("-")[0]), None)
        quality = _weight(parameters)
        if language is not None and quality > weight:
            best, weight = language, quality
    return best


def _weight(parameters: str) -> float:
    """The quality value of a language in an Accept-Language header, 1 without one and 0 for a malformed one."""
    try:
        return float(parameters.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
