"""Random histories of two webhooks: what happens is told twice, workers die, receivers answer late, wrong and never.

What the stream, the queue and the timer do here is what the functions do, each in a process of its own.
"""

import json
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

from guestlist.webhooks.delivery_store import Deliveries
from guestlist.webhooks.model import Event, EventType, NoAnswer, Webhook, Webhooks
from guestlist.webhooks.ports import Reply
from guestlist.webhooks.recording import record_events
from guestlist.webhooks.store import WebhookItems
from guestlist.webhooks.worker import WorkerPorts, deliver_due
from guestlist.webhooks.worker_store import WebhookWorkers
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES, ORG
from tests.simulation.network import Faults, Model
from tests.simulation.virtual_time import Died

STORM = Faults(lost_request=0.02, lost_answer=0.02, dies=0.02, skew=2)
CALM, SLOW = "calm", "slow"
_SUBJECTS, _EVENTS, _TRIES = 3, 3, 3
_TIMER, _TIMERS = 300.0, 60
_LONGEST = 10.0
_AT_ONCE = 120.0
"""Within so many seconds a receiver that accepts everything gets what happens, once nothing fails any more."""


class WebhookHistory:
    """Two webhooks of an organiser, one of them slow; `run` answers which laws their history broke."""

    def __init__(self, seed: int) -> None:
        self.model = Model(seed, Capacity(40_000, 40_000))
        self.accepted_count: Counter[tuple[str, str, str]] = Counter()
        self.order: dict[tuple[str, str], list[str]] = {}
        self.at: dict[tuple[str, str, str], float] = {}
        self.recorded: set[tuple[str, str]] = set()
        self.stormy = True
        self.workers = 0

    def run(self) -> set[str]:
        """The broken laws."""
        model = self.model
        with model.running():
            self._open()
            model.network.faults = STORM
            for subject in range(_SUBJECTS):
                model.time.spawn(lambda subject=subject: self._happens(f"s{subject}"))
            for run in range(1, _TIMERS):
                model.time.spawn(self._timer, model.time.now + run * _TIMER)
            model.time.run(model.time.now + 3 * _TIMER)
            model.network.faults, self.stormy = Faults(), False
            model.time.run(model.time.now + 3 * _TIMER)  # until then a webhook may be that of a worker that died
            began = model.time.now
            model.time.spawn(lambda: self._tell(_event("late", 0, model)))
            model.time.run(began + _TIMERS * _TIMER)
            return self._broken(began)

    def _open(self) -> None:
        now = self.model.time.instant
        webhooks = Webhooks(1, {})
        for name in (CALM, SLOW):
            url = f"https://{name}.example/"
            webhook = Webhook(webhook_id=name, url=url, events=tuple(EventType), created_at=now - timedelta(days=1))
            webhooks = Webhooks(1, {**webhooks.webhooks, name: webhook})
        WebhookItems(self.model.table()).save_webhooks(ORG, webhooks)

    # What is done

    def _happens(self, subject: str) -> None:
        for number in range(_EVENTS):
            self.model.time.elapse(self.model.time.random.expovariate(0.05))
            self._tell(_event(subject, number, self.model))

    def _tell(self, event: Event) -> None:
        """The stream tells of it until that succeeds, and now and then once more."""
        for _ in range(_TRIES):
            with suppress(*FAILURES):
                self._record(event)
                self.recorded.add((event.subject, event.sequence))
                if self.model.time.random.random() < 0.7:
                    return

    def _record(self, event: Event) -> None:
        table = self.model.table(self.model.clock())
        now = self.model.time.instant
        for org, webhook_id in sorted(record_events([event], now, WebhookItems(table), Deliveries(table), _nobody)):
            self.wake(org, webhook_id, fresh=True)

    def wake(self, org: str, webhook_id: str, delay: int = 0, *, fresh: bool = False) -> None:
        """Have a worker look, as the queue does, perhaps twice."""
        for _ in range(self.model.time.random.choice([1, 1, 2])):
            when = self.model.time.now + delay + 0.1
            self.model.time.spawn(lambda: self._work(org, webhook_id, fresh=fresh), when)

    def _work(self, org: str, webhook_id: str, *, fresh: bool) -> None:
        with suppress(*FAILURES):
            self.workers += 1
            deliver_due(org, webhook_id, f"w{self.workers}", lambda: True, self._ports(), fresh=fresh)

    def _ports(self) -> WorkerPorts:
        now = self.model.clock()
        table = self.model.table(now)
        return WorkerPorts(
            webhooks=WebhookItems(table),
            deliveries=Deliveries(table),
            workers=WebhookWorkers(table),
            queue=self,
            send=self.send,  # type: ignore[arg-type]
            resolve=lambda _host, _port: ["93.184.216.34"],
            run_parallel=lambda *calls: [call() for call in calls],
            jitter=self.model.time.random.random,
            now=now,
            true_time=now,
        )

    def send(self, target: Any, _address: str, _headers: object, body: str) -> Reply:
        """Receive as a customer's server does: in a storm with timeouts and errors; the slow one always late."""
        name = target.host.partition(".")[0]
        chance = self.model.time.random.random() if self.stormy else 1.0
        self.model.time.elapse(_LONGEST if name == SLOW else 0.05)
        if chance < 0.05:
            raise Died
        if chance < 0.3:
            return Reply(reason=NoAnswer.TIMEOUT, params={"seconds": "10"}) if chance < 0.2 else Reply(500)
        self._accept(name, body)
        if chance < 0.35:
            raise Died
        return Reply(reason=NoAnswer.TIMEOUT, params={"seconds": "10"}) if chance < 0.4 else Reply(204)

    def _accept(self, name: str, body: str) -> None:
        payload = json.loads(body)["data"]
        subject, sequence = payload["subject"], payload["sequence"]
        if not self.accepted_count[name, subject, sequence]:
            self.order.setdefault((name, subject), []).append(sequence)
            self.at[name, subject, sequence] = self.model.time.now
        self.accepted_count[name, subject, sequence] += 1

    def _timer(self) -> None:
        now = self.model.clock()
        with suppress(*FAILURES):
            for org, webhook_id in list(WebhookWorkers(self.model.table(now)).due(now())):
                self.wake(org, webhook_id)

    # Laws

    def _broken(self, calm_since: float) -> set[str]:
        broken = set()
        for name in (CALM, SLOW):
            if any(not self.accepted_count[name, subject, number] for subject, number in self.recorded):
                broken.add("every event is accepted at least once")
            if any(order != sorted(order) for (who, _), order in self.order.items() if who == name):
                broken.add("events of one subject are accepted in their order")
        late = self.at.get((CALM, "late", "0"))
        if late is None or late > calm_since + _AT_ONCE:
            broken.add("a slow receiver delays nobody else")
        return broken


def _nobody(_event: Event) -> bool:
    """Whether the person whom the event names was erased."""
    return False


def _event(subject: str, number: int, model: Model) -> Event:
    return Event(
        organiser_id=ORG,
        type=EventType.CODE_HELD,
        subject=subject,
        sequence=f"{number}",
        at=model.time.instant,
        ids={"subject": subject, "sequence": f"{number}"},
    )
