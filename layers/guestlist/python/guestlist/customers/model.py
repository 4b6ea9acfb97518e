"""Customers: people whom an organiser knows by an e-mail address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zlib import crc32

from annotated_types import MaxLen

from guestlist.model.email_address import Email, fold_email

SHARDS = 8
"""Number of partitions of each list of people, each sorted by e-mail, so that none is hot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One person. `email` is as first written; addresses that fold to the same are one person.

    `name` may be empty. Only the organiser changes a name, by a call for that customer or a customers file; purchases
    and other imports fill in an empty one.
    """

    email: Email
    name: Annotated[str, MaxLen(200)] = ""
    created_at: datetime

    @property
    def key(self) -> str:
        """The folded e-mail."""
        return fold_email(self.email)


def shard_of(email: str) -> int:
    """The person's partition in every list of people, 0 to `SHARDS` - 1."""
    return crc32(fold_email(email).encode()) % SHARDS
