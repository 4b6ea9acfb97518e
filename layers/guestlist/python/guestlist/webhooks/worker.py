"""A worker's turn at a webhook: what is due is delivered, about each subject in order, several subjects at a time.

One worker at a time is at a webhook and none is at two, so that a receiver that is slow, or does not answer, delays
its own deliveries alone.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import ConcurrentModification
from guestlist.webhooks.model import Attempt, Delivery, DeliveryStatus, DisabledReason, Webhook, Webhooks
from guestlist.webhooks.policy import reason_to_disable, tried
from guestlist.webhooks.ports import DeliveryStore, Reply, Resolve, Send, WebhookQueue, WebhookStore
from guestlist.webhooks.signing import headers
from guestlist.webhooks.urls import UrlNotAllowed, permitted, target_of

LEASE = timedelta(minutes=5)
"""Longer than any worker lives."""
LOOK_AGAIN = timedelta(minutes=1)
"""The list of what is due has caught up by then with what was just added."""
SIDE_BY_SIDE = 8
_SOON = timedelta(seconds=5)
_REST = timedelta(seconds=30)
"""For a receiver that accepted nothing of several deliveries."""
_LONGEST_DELAY = timedelta(seconds=900)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """What is kept of a webhook between turns.

    `failing_since` is since when it accepted nothing that was tried, `woken_for` for when the queue holds a message,
    `due_at` when the timer has a worker look at it.
    """

    failing_since: datetime | None = None
    woken_for: datetime | None = None
    due_at: datetime | None = None


class Workers(Protocol):
    """Which worker is at which webhook."""

    def claim(self, org: str, webhook_id: str, worker: str, now: datetime, until: datetime) -> WorkerState | None:
        """Take the webhook for this worker; where another has it, have that one look again, and answer None."""

    def free(self, org: str, webhook_id: str, worker: str, state: WorkerState) -> bool:
        """Keep the state and let others take it; False, and nothing, where this worker is to look again."""


class DisablingStore(WebhookStore, Protocol):
    """Webhooks, and the mails that tell of their end."""

    def disable(self, org: str, webhooks: Webhooks, webhook: Webhook) -> None:
        """Make this the next revision and owe a mail about that webhook. Raises `ConcurrentModification`."""


class DueDeliveries(DeliveryStore, Protocol):
    """Deliveries, by when they are due."""

    def current(self, delivery: Delivery) -> Delivery | None:
        """The delivery as it is now."""

    def next_due(self, org: str, webhook_id: str) -> datetime | None:
        """When the first pending delivery to that webhook is due; None without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPorts:
    """What a worker works with. `true_time` is what receivers compare the time of a signature with."""

    webhooks: DisablingStore
    deliveries: DueDeliveries
    workers: Workers
    queue: WebhookQueue
    send: Send
    resolve: Resolve
    together: Callable[..., list[Any]]
    jitter: Callable[[], float]
    now: Callable[[], datetime]
    true_time: Callable[[], datetime]
    loopback: bool = False


def deliver_due(
    org: str, webhook_id: str, worker: str, has_time: Callable[[], bool], ports: WorkerPorts, *, fresh: bool
) -> int:
    """Deliver what is due to the webhook, unless another worker is at it; answers how many tries that took.

    A `fresh` turn is one that a new event asked for.
    """
    now = ports.now()
    state = ports.workers.claim(org, webhook_id, worker, now, now + LEASE)
    if state is None:
        return 0
    turn = _Turn(org, webhook_id, state.failing_since, ports)
    while True:
        turn.deliver(has_time)
        following, wake_at = _following(turn, state, fresh=fresh)
        if ports.workers.free(org, webhook_id, worker, following):
            break
        fresh = True
    if wake_at is not None:
        ports.queue.wake(org, webhook_id, max(0, int((wake_at - ports.now()).total_seconds()) + 1))
    return turn.tries


def _following(turn: "_Turn", state: WorkerState, *, fresh: bool) -> tuple[WorkerState, datetime | None]:
    """The state after the turn, and for when the queue is to have a message, if for any time."""
    now, due_at = turn.ports.now(), turn.next_due()
    coming = state.woken_for if state.woken_for and state.woken_for > now else None
    wake_at = due_at
    if due_at is None or due_at > now + _LONGEST_DELAY or (coming is not None and coming <= due_at):
        wake_at = None
    looking = now + LOOK_AGAIN if due_at is None and fresh else due_at
    return WorkerState(failing_since=turn.failing_since, woken_for=wake_at or coming, due_at=looking), wake_at


class _Turn:
    """One worker at one webhook."""

    def __init__(self, org: str, webhook_id: str, failing_since: datetime | None, ports: WorkerPorts) -> None:
        self.ports = ports
        self.failing_since = failing_since
        self.tries = 0
        self._org = org
        self._webhook_id = webhook_id
        self._enabled = True
        self._pause = timedelta()

    def deliver(self, has_time: Callable[[], bool]) -> None:
        """Deliver until nothing is due, the receiver accepts nothing, or time is short."""
        self._pause = timedelta()
        seen: set[str] = set()
        while has_time():
            webhook = self.ports.webhooks.get(self._org).webhooks.get(self._webhook_id)
            if webhook is None or not webhook.enabled:
                self._end()
                return
            subjects = self._due_subjects()
            attempts = self._round(webhook, subjects)
            self._note(webhook, attempts)
            if not self._enabled:
                return
            nothing = not attempts and seen.issuperset(subjects)
            refused = bool(attempts) and not any(attempt.accepted for attempt in attempts)
            if nothing or refused:
                self._pause = _REST if refused else _SOON
                return
            seen.update(subjects)

    def next_due(self) -> datetime | None:
        """When somebody is to go on."""
        due_at = self.ports.deliveries.next_due(self._org, self._webhook_id) if self._enabled else None
        return max(due_at, self.ports.now() + self._pause) if due_at else None

    def _due_subjects(self) -> list[str]:
        subjects: dict[str, None] = {}
        for delivery in self.ports.deliveries.due(self._org, self._webhook_id, self.ports.now()):
            subjects[delivery.subject] = None
            if len(subjects) == SIDE_BY_SIDE:
                break
        return list(subjects)

    def _round(self, webhook: Webhook, subjects: Sequence[str]) -> list[Attempt]:
        calls = [partial(self._deliver_subject, webhook, subject) for subject in subjects]
        attempts = [attempt for tries in self.ports.together(*calls) for attempt in tries]
        self.tries += len(attempts)
        return attempts

    def _deliver_subject(self, webhook: Webhook, subject: str) -> list[Attempt]:
        """Deliver what is pending about the subject, one after the other, until one is not accepted."""
        attempts: list[Attempt] = []
        pending = self.ports.deliveries.pending_of(self._org, self._webhook_id, subject)
        for number, delivery in enumerate(pending):
            if delivery.created_at < webhook.created_at:
                # It is of a former webhook of this id, which was deleted.
                self._revise(replace(delivery, status=DeliveryStatus.SET_ASIDE, due_at=None))
                continue
            if delivery.due_at is not None and delivery.due_at > self.ports.now():
                self._delay(pending[number + 1 :], delivery.due_at)
                break
            attempt, after = self._try(webhook, delivery)
            attempts.append(attempt)
            if not attempt.accepted:
                self._delay(pending[number + 1 :], after.due_at)
                break
        return attempts

    def _delay(self, later: Sequence[Delivery], due_at: datetime | None) -> None:
        """Have those that wait for an earlier one of their subject be due no sooner."""
        for delivery in later:
            if due_at is not None and delivery.due_at is not None and delivery.due_at < due_at:
                self._revise(replace(delivery, due_at=due_at))

    def _revise(self, delivery: Delivery) -> None:
        with suppress(ConcurrentModification):  # whoever changed it meanwhile knew better
            self.ports.deliveries.revise(delivery)

    def _try(self, webhook: Webhook, delivery: Delivery) -> tuple[Attempt, Delivery]:
        reply = self._send(webhook, delivery)
        attempt = Attempt(at=self.ports.now(), status_code=reply.status_code, error=reply.error)
        jitter = self.ports.jitter()

        def step() -> Delivery:
            current = self.ports.deliveries.current(delivery)
            if current is None:
                return delivery
            # What was erased from the body since may stand in the answer too.
            answer = reply.answer if current.body == delivery.body else ""
            return self.ports.deliveries.revise(tried(current, attempt, answer, jitter))

        return attempt, retry_on_conflict(step)

    def _send(self, webhook: Webhook, delivery: Delivery) -> Reply:
        loopback = self.ports.loopback
        try:
            target = target_of(webhook.url, loopback=loopback)
            found = self.ports.resolve(target.host, target.port)
            address = permitted(found, target.scheme, loopback=loopback)
        except UrlNotAllowed as error:
            return Reply(error=error.faults[0].detail)
        signed = headers(webhook.secrets, delivery.delivery_id, self.ports.true_time(), delivery.body, self.ports.now())
        return self.ports.send(target, address, signed, delivery.body)

    def _note(self, webhook: Webhook, attempts: Sequence[Attempt]) -> None:
        """Keep since when nothing was accepted, and disable the webhook when that is too long."""
        accepted = any(attempt.accepted for attempt in attempts)
        if accepted:
            self.failing_since = None
        elif attempts:
            self.failing_since = self.failing_since or attempts[0].at
        reasons = {reason_to_disable(attempt, self.failing_since) for attempt in attempts if not attempt.accepted}
        if DisabledReason.GONE in reasons:
            self._disable(webhook, DisabledReason.GONE)
        elif DisabledReason.FAILING in reasons:
            self._disable(webhook, DisabledReason.FAILING)

    def _disable(self, webhook: Webhook, reason: DisabledReason) -> None:
        def step() -> None:
            webhooks = self.ports.webhooks.get(self._org)
            current = webhooks.webhooks.get(self._webhook_id)
            if current is None or not current.enabled or current.url != webhook.url:
                return
            disabled = current.disabled(reason, self.ports.now())
            self.ports.webhooks.disable(self._org, webhooks.with_webhook(disabled), disabled)

        retry_on_conflict(step)
        self._end()

    def _end(self) -> None:
        self._enabled = False
        self.failing_since = None
