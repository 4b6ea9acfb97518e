"""How far the full pass over an automatic group has come, and when the group was last in step."""

from dataclasses import dataclass
from datetime import datetime

from guestlist.customers.model import SHARDS

BEGINNING = ""
DONE = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One automatic group's syncing.

    A full pass is wanted while `asked_at` is there. While one runs it has a `run_id`, and each shard a
    cursor: the e-mail up to which it has been looked at, inclusive; `BEGINNING` sorts before and `DONE`
    behind every e-mail. `synced_at` is when the group was last known to be in step with its rules, and
    `passed_at` when a full pass last came to its end.
    """

    organiser_id: str
    group_id: str
    asked_at: datetime | None = None
    asked_by: str = ""
    run_id: str | None = None
    started_at: datetime | None = None
    cursors: tuple[str, ...] = (BEGINNING,) * SHARDS
    synced_at: datetime | None = None
    passed_at: datetime | None = None

    @property
    def done(self) -> bool:
        """Whether the running pass has been over every shard."""
        return all(cursor == DONE for cursor in self.cursors)
