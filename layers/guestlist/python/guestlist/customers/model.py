"""A person an organiser knows by an e-mail address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zlib import crc32

from annotated_types import MaxLen

from guestlist.model.email_address import Email, fold_email

SHARDS = 8
"""People are listed in so many parts side by side, each sorted by e-mail, so that no part is hot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One person. `email` is as first written; two that fold to the same are one person.

    `name` may be empty. Only the organiser's own word changes a name: a call for that customer, or a customers file;
    others fill in an empty one.
    """

    email: Email
    name: Annotated[str, MaxLen(200)] = ""
    created_at: datetime

    @property
    def key(self) -> str:
        """The folded e-mail."""
        return fold_email(self.email)


def shard_of(email: str) -> int:
    """The part of every list that this person stands in, 0 to `SHARDS` - 1."""
    return crc32(fold_email(email).encode()) % SHARDS
