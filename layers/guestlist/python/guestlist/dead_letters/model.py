"""What was tried until nobody would try it again, and where each is to be tried once more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote_plus


class Letters(StrEnum):
    """The queues of dead letters, by what was to be done."""

    UPLOADS = "uploads"
    MAIL = "mail"
    TIMERS = "timers"
    WEBHOOKS = "webhooks"


class ReplayMethod(StrEnum):
    """What is done with a dead letter that is replayed."""

    QUEUE = "to its queue"
    FUNCTION = "to its function"
    WATCHDOG = "left to the watchdog"
    NOWHERE = "not sent again"


_ASKED = {
    "resume": "import {organiser_id}/{import_id}",
    "export": "export of {organiser_id}/{group_id}",
    "index": "search index of {organiser_id}/{group_id}",
    "erase": "an erasure of {organiser_id}",
}
"""What a worker may be asked for in the queue of uploads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One message as it lies there. `target` is the function that a timer's event was for, if it never reached it."""

    letters: Letters
    message_id: str
    sent_at: datetime
    body: str = field(repr=False)
    target: str = ""

    @property
    def said(self) -> Mapping[str, Any]:
        """The message's content; nothing where it is no JSON object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def way(self) -> ReplayMethod:
        """Where it goes when it is replayed.

        A piece of the table's stream is not sent again: its mails are still owed in the outbox, its webhook events
        were not kept.
        """
        if self.letters is Letters.UPLOADS or self._webhook:
            return ReplayMethod.QUEUE
        if self.letters is Letters.WEBHOOKS:
            return ReplayMethod.NOWHERE
        return ReplayMethod.FUNCTION if self.function else ReplayMethod.WATCHDOG

    @property
    def function(self) -> str:
        """The ARN of the function that could not do it; empty where no function is named."""
        context = self.said.get("requestContext", {})
        return self.target or (str(context.get("functionArn", "")) if "requestPayload" in self.said else "")

    @property
    def payload(self) -> str:
        """What the function is to be called with, as JSON."""
        return json.dumps(self.said["requestPayload"]) if "requestPayload" in self.said else self.body

    @property
    def about(self) -> tuple[str, ...]:
        """What it is about, in words: what a worker was asked for, files by the names they were given, a function."""
        if self._asked:
            return tuple(words.format_map(self.said[word]) for word, words in _ASKED.items() if word in self.said)
        if self._webhook:
            return (f"webhook {self._webhook}",)
        if self._files:
            return tuple(f"file {key}" for key in self._files)
        return (self.function.rpartition(":")[2] or "a piece of the table's stream",)

    def concerns(self, org: str) -> bool:
        """Whether it is about a file of that organiser, or something that a worker was asked for."""
        return org in {self._asked.get("organiser_id"), *(key.split("/")[1] for key in self._files)}

    @property
    def _asked(self) -> Mapping[str, str]:
        return next((self.said[word] for word in _ASKED if word in self.said), {})

    @property
    def _webhook(self) -> str:
        """The webhook that was to be delivered to; empty where there is none."""
        return "{organiser_id}/{webhook_id}".format_map(self.said) if "webhook_id" in self.said else ""

    @property
    def _files(self) -> list[str]:
        return [unquote_plus(one["s3"]["object"]["key"]) for one in self.said.get("Records", []) if "s3" in one]
