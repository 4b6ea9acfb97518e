"""The erasure of a person: its request, its progress, and the search for their address in texts."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import normalize

from guestlist.model.email_address import fold_email

REDACTED = "(erased)"
"""Replaces an erased address in a sentence that stays."""
_END = r"(?![\w\-]|\.(?!(?:csv|tsv|txt)\b)\w)"
"""What may follow an address: nothing that would continue its domain, except the extension of a file name."""


class Step(StrEnum):
    """The steps of an erasure, in order: the person's own items, files, import records, lists."""

    PERSON = "person"
    FILES = "files"
    RECORDS = "records"
    LISTS = "lists"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureProgress:
    """The progress of an erasure: in this step, everything up to and including `after` is done.

    In lists, `after` is the current group: its versions in `done` are clean and, of `version_id`, the partitions before
    `bucket`. `changed` says that a list of the group may have lost rows, `again` that everything must be checked once
    more, because a worker may have been writing meanwhile.
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
    """A request to erase a person: when, and by whom."""

    email: str
    asked_at: datetime
    by: str
    progress: ErasureProgress = ErasureProgress()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The record of an erasure, without the person's address; `done_at` is None until it is complete."""

    asked_at: datetime
    by: str
    done_at: datetime | None = None


class AddressMatcher:
    """Finds an address in texts, ignoring case, but not as part of a longer address."""

    def __init__(self, email: str) -> None:
        self._folded = _plain(fold_email(email))
        self._pattern = re.compile(rf"(?<![\w.+\-]){re.escape(self._folded)}{_END}", re.IGNORECASE)

    @property
    def email(self) -> str:
        """The folded address."""
        return self._folded

    def matches(self, text: str) -> bool:
        """Whether the text contains the address."""
        plain = _plain(text.lower())
        return self._folded in plain and self._pattern.search(plain) is not None

    def redact(self, text: str) -> str:
        """The text with the address replaced by a mark."""
        if not self.matches(text):
            return text
        rest = self._pattern.sub(REDACTED, text)
        return REDACTED if self.matches(rest) else rest


def _plain(text: str) -> str:
    return text if text.isascii() else normalize("NFC", text)
