"""The erasure of a person: who, since when, how far it has come, and where a text names them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import normalize

from guestlist.model.email_address import fold_email

REDACTED = "(erased)"
"""What stands in the place of an erased address, where a sentence around it stays."""
_NO_MORE = r"(?![\w\-]|\.(?!(?:csv|tsv|txt)\b)\w)"
"""Behind an address: nothing that would make its domain a longer one, but perhaps the end of a file's name."""


class Step(StrEnum):
    """What is erased from, one after the other: the person's own page, files, imports' records, lists."""

    PERSON = "person"
    FILES = "files"
    RECORDS = "records"
    LISTS = "lists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far an erasure has come: all up to and including `after` is done of this step.

    In lists `after` is the group that is being gone over: its versions `done` are, and of `version_id` the
    buckets before `bucket`. `changed` says that a list of this group may have lost rows, and `again` that
    all must be gone over once more, because somebody may have been writing meanwhile.
    """

    step: Step = Step.PERSON
    after: str = ""
    done: tuple[str, ...] = ()
    version_id: str = ""
    bucket: int = 0
    changed: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Who is to be erased, since when, and who asked for it."""

    email: str
    asked_at: datetime
    by: str
    reached: Reached = Reached()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That a person was erased, without saying who; `done_at` is None until nothing of them is left."""

    asked_at: datetime
    by: str
    done_at: datetime | None = None


class AddressMatcher:
    """Finds one address in any text: in any case, and not within another, longer one."""

    def __init__(self, email: str) -> None:
        self._folded = _plain(fold_email(email))
        self._found = re.compile(rf"(?<![\w.+\-]){re.escape(self._folded)}{_NO_MORE}", re.IGNORECASE)

    @property
    def email(self) -> str:
        """The folded address."""
        return self._folded

    def named_in(self, text: str) -> bool:
        """Whether the text has the address."""
        plain = _plain(text.lower())
        return self._folded in plain and self._found.search(plain) is not None

    def redacted(self, text: str) -> str:
        """The text with a mark in the place of the address; a text without it as it is."""
        if not self.named_in(text):
            return text
        rest = self._found.sub(REDACTED, text)
        return REDACTED if self.named_in(rest) else rest


def _plain(text: str) -> str:
    return text if text.isascii() else normalize("NFC", text)
