"""Sync progress of an automatic group: the cursors of its full pass, and its last sync."""

from dataclasses import dataclass
from datetime import datetime

from guestlist.customers.model import SHARDS

START = ""
END = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Sync progress of one automatic group.

    `asked_at` is set while a full pass is requested, `run_id` while one runs. A shard's cursor is the last
    e-mail checked; `START` sorts before and `END` after every e-mail. `synced_at` is when the members
    were last known to match the rules, `passed_at` when a full pass last completed.
    """

    organiser_id: str
    group_id: str
    asked_at: datetime | None = None
    asked_by: str = ""
    run_id: str | None = None
    started_at: datetime | None = None
    cursors: tuple[str, ...] = (START,) * SHARDS
    synced_at: datetime | None = None
    passed_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether the running pass has checked every shard."""
        return all(cursor == END for cursor in self.cursors)
