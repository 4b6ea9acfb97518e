"""Timers run on request, and the wait until all work is done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from threading import Event
from time import monotonic
from typing import Any

from guestlist.aws.boto import Boto
from guestlist.aws.table import Table
from guestlist.mail.model import MailStatus
from guestlist.mail.outbox import WELCOMES_DUE, Outbox
from guestlist.model import clock
from infra.local.deploy import Client
from infra.local.engine import REGION

_FUNCTIONS = {"resync": ("ResyncFunction",), "expiry": ("ExpiryFunction", "WatchdogFunction")}
_SECONDS = 120
_ANY_TIME = timedelta(days=365)


class TimerFailed(Exception):
    """A timer's function raised an error, which is the message."""


@dataclass(frozen=True, slots=True)
class Timers:
    """The timers of the deployed stack."""

    client: Client
    outputs: Mapping[str, str]
    ending: Event

    def run(self, name: str) -> Mapping[str, Any]:
        """Run this timer; returns when all work that it started is done. Raises `TimerFailed`."""
        answers = [self._invoke(self.outputs[function]) for function in _FUNCTIONS[name]]
        waiting = self.wait_until_idle()
        return {"timer": name, "answers": answers, "settled": not waiting, "waiting": waiting}

    def wait_until_idle(self) -> list[str]:
        """Wait until no file, due webhook or mail is pending, two minutes at most; return what is pending then."""
        end = monotonic() + _SECONDS
        while True:
            # In this order: what a message causes is in the outbox before the message is deleted.
            waiting = [*self._messages(), *self._mails()]
            if not waiting or monotonic() > end or self.ending.wait(0.1):
                return waiting

    def _invoke(self, function: str) -> Any:
        event = fired()
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
        payload = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            raise TimerFailed(payload.get("errorMessage", "the timer's function failed"))
        return payload

    def _messages(self) -> list[str]:
        """Queues with messages for workers, without delayed ones for webhooks, which are later retries."""
        names = ["", "NotVisible"]
        counts = {
            "queue of imports": self._counted("QueueUrl", [*names, "Delayed"]),
            "queue of webhooks": self._counted("WebhookQueueUrl", names),
        }
        return [f"{queue}: {count} messages" for queue, count in counts.items() if count]

    def _counted(self, queue: str, names: Sequence[str]) -> int:
        attributes = [f"ApproximateNumberOfMessages{name}" for name in names]
        answer = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=attributes)
        return sum(int(answer["Attributes"][name]) for name in attributes)

    def _mails(self) -> list[str]:
        """Mails that are pending or being sent now, without postponed ones."""
        outbox = Outbox(Table(Boto(self.client("dynamodb")), self.outputs["TableName"]))
        whenever = clock.now() + _ANY_TIME
        owed = chain(outbox.due(whenever), outbox.due(whenever, WELCOMES_DUE))
        return [
            f"{item.kind} {item.reference}: {item.status}"
            for item in owed
            if item.attempts == 0 or item.status is MailStatus.SENDING
        ]


def fired() -> dict[str, Any]:
    """The event that EventBridge sends when a timer fires, with the present time."""
    return {
        "version": "0",
        "id": "fired-by-hand",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [],
        "detail": {},
    }
