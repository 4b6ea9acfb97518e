"""Dead letters: messages that failed repeatedly, and how each is replayed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote_plus


class DeadLetterQueue(StrEnum):
    """The dead-letter queues, named after the work that failed."""

    UPLOADS = "uploads"
    MAIL = "mail"
    TIMERS = "timers"
    WEBHOOKS = "webhooks"


class ReplayMethod(StrEnum):
    """The method by which a dead letter is replayed."""

    QUEUE = "to its queue"
    FUNCTION = "to its function"
    WATCHDOG = "left to the watchdog"
    NOWHERE = "not sent again"


_WORK = {
    "resume": "import {organiser_id}/{import_id}",
    "export": "export of {organiser_id}/{group_id}",
    "index": "search index of {organiser_id}/{group_id}",
    "erase": "an erasure of {organiser_id}",
}
"""The description of the work that a message in the queue of uploads requests, by the name of its request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message in a dead-letter queue. `target` is the function of a timer's event that never reached it."""

    queue: DeadLetterQueue
    message_id: str
    sent_at: datetime
    body: str = field(repr=False)
    target: str = ""

    @property
    def content(self) -> Mapping[str, Any]:
        """The message's content; empty if it is not a JSON object."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def method(self) -> ReplayMethod:
        """The method by which the message is replayed.

        A batch of the table's stream is not sent again: its mails are still pending in the outbox, its webhook
        events are lost.
        """
        if self.queue is DeadLetterQueue.UPLOADS or self._webhook:
            return ReplayMethod.QUEUE
        if self.queue is DeadLetterQueue.WEBHOOKS:
            return ReplayMethod.NOWHERE
        return ReplayMethod.FUNCTION if self.function else ReplayMethod.WATCHDOG

    @property
    def function(self) -> str:
        """The ARN of the function that failed; empty if the message names none."""
        context = self.content.get("requestContext", {})
        return self.target or (str(context.get("functionArn", "")) if "requestPayload" in self.content else "")

    @property
    def payload(self) -> str:
        """The payload to invoke the function with, as JSON."""
        return json.dumps(self.content["requestPayload"]) if "requestPayload" in self.content else self.body

    @property
    def about(self) -> tuple[str, ...]:
        """A description: the requested work, the names of uploaded files, or the function."""
        if self._work:
            return tuple(text.format_map(self.content[name]) for name, text in _WORK.items() if name in self.content)
        if self._webhook:
            return (f"webhook {self._webhook}",)
        if self._files:
            return tuple(f"file {key}" for key in self._files)
        return (self.function.rpartition(":")[2] or "a piece of the table's stream",)

    def concerns(self, org: str) -> bool:
        """Whether it is about this organiser's file or work."""
        return org in {self._work.get("organiser_id"), *(key.split("/")[1] for key in self._files)}

    @property
    def _work(self) -> Mapping[str, str]:
        return next((self.content[name] for name in _WORK if name in self.content), {})

    @property
    def _webhook(self) -> str:
        """The webhook to deliver to; empty if there is none."""
        return "{organiser_id}/{webhook_id}".format_map(self.content) if "webhook_id" in self.content else ""

    @property
    def _files(self) -> list[str]:
        """The keys of uploaded files."""
        records = self.content.get("Records", [])
        return [unquote_plus(record["s3"]["object"]["key"]) for record in records if "s3" in record]
