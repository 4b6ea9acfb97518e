"""Timers fired by hand, and the wait until nothing is left to do."""

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
    """A timer's function raised; the message is what it raised."""


@dataclass(frozen=True, slots=True)
class Timers:
    """The timers of the deployed stack."""

    client: Client
    outputs: Mapping[str, str]
    ending: Event

    def run(self, name: str) -> Mapping[str, Any]:
        """Fire that timer; returns when its work is done and all that it set off. Raises `TimerFailed`."""
        answers = [self._invoke(self.outputs[function]) for function in _FUNCTIONS[name]]
        waiting = self.settle()
        return {"timer": name, "answers": answers, "settled": not waiting, "waiting": waiting}

    def settle(self) -> list[str]:
        """Wait until nothing waits: files, webhooks that were just woken, mails; for two minutes at most.

        Answers what still waits then: the names of queues, and the references of mails.
        """
        end = monotonic() + _SECONDS
        while True:
            # In this order: what a message sets off stands in the outbox before the message goes.
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
        """Queues with messages for workers; of those for webhooks not the delayed ones, retries of another time."""
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
        """Mails that are owed or being sent now; not those put back for later."""
        outbox = Outbox(Table(Boto(self.client("dynamodb")), self.outputs["TableName"]))
        whenever = clock.now() + _ANY_TIME
        owed = chain(outbox.due(whenever), outbox.due(whenever, WELCOMES_DUE))
        return [
            f"{item.kind} {item.reference}: {item.status}"
            for item in owed
            if item.attempts == 0 or item.status is MailStatus.SENDING
        ]


def fired() -> dict[str, Any]:
    """What EventBridge sends when a timer fires, as of now."""
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
