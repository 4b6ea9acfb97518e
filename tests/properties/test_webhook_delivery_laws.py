"""Events are accepted in the order of their subjects, whatever receivers answer and whenever workers run."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.webhooks.model import Delivery, DeliveryStatus, EventType, Webhook, Webhooks
from guestlist.webhooks.policy import MAX_RETRY_PERIOD
from guestlist.webhooks.ports import Reply
from guestlist.webhooks.worker import WorkerPorts, WorkerState, deliver_due

START = datetime(2026, 6, 1, tzinfo=UTC)
HOOK = Webhook(webhook_id="crm", url="https://hooks.example/", events=tuple(EventType), created_at=START)
ANSWERS = st.sampled_from([200, 204, 302, 404, 500, None])


@dataclass
class World:
    """Deliveries, one webhook and its worker, in memory."""

    answers: Iterator[int | None]
    now: datetime = START
    deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    webhooks: Webhooks = field(default_factory=lambda: Webhooks(1, {"crm": HOOK}))
    state: WorkerState = field(default_factory=WorkerState)
    accepted: list[str] = field(default_factory=list)
    messages: list[datetime] = field(default_factory=list)

    def get_webhooks(self, _org: str) -> Webhooks:
        return self.webhooks

    def save_webhooks(self, _org: str, webhooks: Webhooks) -> None:
        self.webhooks = webhooks

    def disable(self, _org: str, webhooks: Webhooks, _webhook: Webhook) -> None:
        self.webhooks = webhooks

    def claim(self, *_who: object) -> WorkerState:
        return self.state

    def release(self, _org: str, _webhook_id: str, _worker: str, state: WorkerState) -> bool:
        self.state = state
        return True

    def wake(self, _org: str, _webhook_id: str, delay: int = 0, *, fresh: bool = False) -> None:
        assert not fresh
        self.messages = [at for at in self.messages if at > self.now] + [self.now + timedelta(seconds=delay)]

    def find_delivery(self, _org: str, _webhook_id: str, delivery_id: str) -> Delivery | None:
        return next((one for one in self.deliveries.values() if one.delivery_id == delivery_id), None)

    def current(self, delivery: Delivery) -> Delivery | None:
        return self.deliveries[delivery.subject, delivery.sequence]

    def revise(self, delivery: Delivery) -> Delivery:
        assert self.deliveries[delivery.subject, delivery.sequence].revision == delivery.revision
        following = replace(delivery, revision=delivery.revision + 1)
        self.deliveries[delivery.subject, delivery.sequence] = following
        return following

    def due(self, _org: str, _webhook_id: str, now: datetime) -> Iterator[Delivery]:
        return iter([one for one in self.deliveries.values() if one.due_at is not None and one.due_at <= now])

    def next_due(self, _org: str, _webhook_id: str) -> datetime | None:
        return min((one.due_at for one in self.deliveries.values() if one.due_at is not None), default=None)

    def pending_of(self, _org: str, _webhook_id: str, subject: str) -> list[Delivery]:
        deliveries = [one for one in self.deliveries.values() if one.subject == subject]
        pending = [one for one in deliveries if one.status is DeliveryStatus.PENDING]
        return sorted(pending, key=lambda one: one.sequence)

    def add(self, subject: str, sequence: int) -> None:
        self.deliveries[subject, f"{sequence:03}"] = Delivery(
            organiser_id="demo",
            webhook_id="crm",
            delivery_id=f"{subject}.{sequence:03}",
            type=EventType.CODE_HELD,
            subject=subject,
            sequence=f"{sequence:03}",
            body="{}",
            created_at=self.now,
            since=self.now,
            due_at=self.now,
        )

    def send(self, _target: object, address: str, headers: dict[str, str], _body: str) -> Reply:
        assert address == "93.184.216.34"
        status_code = next(self.answers, 200)
        if status_code is not None and status_code < 300:
            self.accepted.append(headers["webhook-id"])
        return Reply(status_code)

    def run(self) -> None:
        """A worker's turn."""
        ports = WorkerPorts(
            webhooks=self,
            deliveries=self,
            workers=self,
            queue=self,
            send=self.send,  # type: ignore[arg-type]
            resolve=lambda _host, _port: ["93.184.216.34"],
            run_parallel=lambda *calls: [call() for call in calls],
            jitter=lambda: 0.5,
            now=lambda: self.now,
            true_time=lambda: self.now,
        )
        deliver_due("demo", "crm", "worker", lambda: True, ports, fresh=True)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(ANSWERS, max_size=60),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4000)), min_size=1, max_size=12),
)
def test_each_event_is_accepted_once_in_the_order_of_its_subject(
    answers: list[int | None], events: list[tuple[str, int]]
):
    world = World(iter(answers))
    for number, (subject, seconds) in enumerate(events):
        world.add(subject, number)
        world.run()
        world.now += timedelta(seconds=seconds)
    while world.state.due_at is not None and world.now < START + 2 * MAX_RETRY_PERIOD:
        assert len(world.messages) <= len(events) + 1
        world.now = max(world.state.due_at, world.now + timedelta(seconds=1))
        world.run()
        if world.next_due("demo", "crm") is None:
            break
    assert sorted(world.accepted) == sorted(one.delivery_id for one in world.deliveries.values())
    for subject in "abc":
        delivery_ids = [delivery_id for delivery_id in world.accepted if delivery_id.startswith(subject)]
        assert delivery_ids == sorted(delivery_ids)
    assert {one.status for one in world.deliveries.values()} == {DeliveryStatus.DELIVERED}
    assert world.webhooks.webhooks["crm"].enabled


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4000)), min_size=1, max_size=6))
def test_a_receiver_that_accepts_nothing_is_disabled_after_three_days_of_few_attempts(
    events: list[tuple[str, int]],
):
    world = World(iter([500] * 100_000))
    for number, (subject, _seconds) in enumerate(events):
        world.add(subject, number)
    turns = 0
    while world.webhooks.webhooks["crm"].enabled:
        world.run()
        turns += 1
        assert world.state.due_at is not None
        world.now = max(world.state.due_at, world.now + timedelta(seconds=1))
    assert world.now >= START + MAX_RETRY_PERIOD
    assert turns < 60 * len(events)
    assert world.accepted == []
