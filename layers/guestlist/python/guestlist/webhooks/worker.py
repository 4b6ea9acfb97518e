"""The webhook worker: it delivers what is due, each subject's events in order, several subjects in parallel.

One worker at a time serves a webhook and none serves two, so that a slow or unreachable receiver delays only its own
deliveries.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import ConcurrentModification
from guestlist.webhooks.model import Attempt, Delivery, DeliveryStatus, DisabledReason, NoAnswer, Webhook, Webhooks
from guestlist.webhooks.policy import after_attempt, reason_to_disable
from guestlist.webhooks.ports import DeliveryStore, Reply, Resolve, Send, WebhookQueue, WebhookStore
from guestlist.webhooks.signing import headers
from guestlist.webhooks.urls import UrlNotAllowed, permitted_address, target_of

LEASE = timedelta(minutes=5)
"""Longer than the lifetime of any worker."""
RECHECK_DELAY = timedelta(minutes=1)
"""The due index has caught up with added deliveries by then."""
CONCURRENCY = 8
"""How many subjects are delivered in parallel."""
_SOON = timedelta(seconds=5)
"""The pause when nothing could be delivered, as the eventually consistent index still lists it as due."""
_BACKOFF = timedelta(seconds=30)
"""The pause after a receiver accepted none of several deliveries."""
_MAX_QUEUE_DELAY = timedelta(seconds=900)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """The state of a webhook between turns.

    `failing_since` is the first failure without a success since, `woken_for` the time of the message in the queue,
    `due_at` the time at which the timer starts a worker.
    """

    failing_since: datetime | None = None
    woken_for: datetime | None = None
    due_at: datetime | None = None


class Workers(Protocol):
    """The workers that currently serve webhooks."""

    def claim(self, org: str, webhook_id: str, worker: str, now: datetime, until: datetime) -> WorkerState | None:
        """Lock the webhook for this worker; if another has it, ask that one to look again, and return None."""

    def release(self, org: str, webhook_id: str, worker: str, state: WorkerState) -> bool:
        """Save the state and release the lock; False, without doing so, if this worker was asked to look again."""


class DisablingStore(WebhookStore, Protocol):
    """A store of webhooks and of mails about disabling them."""

    def disable(self, org: str, webhooks: Webhooks, webhook: Webhook) -> None:
        """Save the next revision, and a pending mail about this webhook. Raises `ConcurrentModification`."""


class DueDeliveries(DeliveryStore, Protocol):
    """Deliveries by the time at which they are due."""

    def current(self, delivery: Delivery) -> Delivery | None:
        """The current state of the delivery."""

    def next_due(self, org: str, webhook_id: str) -> datetime | None:
        """The time of the webhook's next pending delivery; None without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPorts:
    """The ports of a worker. `true_time` is the time that receivers compare a signature's timestamp with."""

    webhooks: DisablingStore
    deliveries: DueDeliveries
    workers: Workers
    queue: WebhookQueue
    send: Send
    resolve: Resolve
    run_parallel: Callable[..., list[Any]]
    jitter: Callable[[], float]
    now: Callable[[], datetime]
    true_time: Callable[[], datetime]
    loopback: bool = False


def deliver_due(
    org: str, webhook_id: str, worker: str, has_time: Callable[[], bool], ports: WorkerPorts, *, fresh: bool
) -> int:
    """Deliver what is due to the webhook, unless another worker does; returns the number of attempts.

    A `fresh` turn was started by a new event.
    """
    now = ports.now()
    state = ports.workers.claim(org, webhook_id, worker, now, now + LEASE)
    if state is None:
        return 0
    turn = _Turn(org, webhook_id, state.failing_since, ports)
    while True:
        turn.deliver(has_time)
        next_state, wake_at = _next_state(turn, state, fresh=fresh)
        if ports.workers.release(org, webhook_id, worker, next_state):
            break
        fresh = True
    if wake_at is not None:
        ports.queue.wake(org, webhook_id, max(0, int((wake_at - ports.now()).total_seconds()) + 1))
    return turn.attempt_count


def _next_state(turn: "_Turn", state: WorkerState, *, fresh: bool) -> tuple[WorkerState, datetime | None]:
    """The state after the turn, and the time for which to queue a message, if any."""
    now, due_at = turn.ports.now(), turn.next_due()
    queued_for = state.woken_for if state.woken_for and state.woken_for > now else None
    wake_at = due_at
    if due_at is None or due_at > now + _MAX_QUEUE_DELAY or (queued_for is not None and queued_for <= due_at):
        wake_at = None
    check_at = now + RECHECK_DELAY if due_at is None and fresh else due_at
    return WorkerState(failing_since=turn.failing_since, woken_for=wake_at or queued_for, due_at=check_at), wake_at


class _Turn:
    """The deliveries of one worker to one webhook, until nothing is due or time is short."""

    def __init__(self, org: str, webhook_id: str, failing_since: datetime | None, ports: WorkerPorts) -> None:
        self.ports = ports
        self.failing_since = failing_since
        self.attempt_count = 0
        self._org = org
        self._webhook_id = webhook_id
        self._enabled = True
        self._pause = timedelta()

    def deliver(self, has_time: Callable[[], bool]) -> None:
        """Deliver until nothing is due, the receiver accepts nothing, or time is short."""
        self._pause = timedelta()
        tried_subjects: set[str] = set()
        while has_time():
            webhook = self.ports.webhooks.get_webhooks(self._org).webhooks.get(self._webhook_id)
            if webhook is None or not webhook.enabled:
                self._end()
                return
            subjects = self._due_subjects()
            attempts = self._round(webhook, subjects)
            self._record_outcome(webhook, attempts)
            if not self._enabled:
                return
            has_no_progress = not attempts and tried_subjects.issuperset(subjects)
            all_refused = bool(attempts) and not any(attempt.accepted for attempt in attempts)
            if has_no_progress or all_refused:
                self._pause = _BACKOFF if all_refused else _SOON
                return
            tried_subjects.update(subjects)

    def next_due(self) -> datetime | None:
        """The time at which to continue."""
        due_at = self.ports.deliveries.next_due(self._org, self._webhook_id) if self._enabled else None
        return max(due_at, self.ports.now() + self._pause) if due_at else None

    def _due_subjects(self) -> list[str]:
        subjects: dict[str, None] = {}
        for delivery in self.ports.deliveries.due(self._org, self._webhook_id, self.ports.now()):
            subjects[delivery.subject] = None
            if len(subjects) == CONCURRENCY:
                break
        return list(subjects)

    def _round(self, webhook: Webhook, subjects: Sequence[str]) -> list[Attempt]:
        calls = [partial(self._deliver_subject, webhook, subject) for subject in subjects]
        attempts = [attempt for subject_attempts in self.ports.run_parallel(*calls) for attempt in subject_attempts]
        self.attempt_count += len(attempts)
        return attempts

    def _deliver_subject(self, webhook: Webhook, subject: str) -> list[Attempt]:
        """Deliver the pending events of the subject in order, until one is not accepted."""
        attempts: list[Attempt] = []
        pending = self.ports.deliveries.pending_of(self._org, self._webhook_id, subject)
        for number, delivery in enumerate(pending):
            if delivery.created_at < webhook.created_at:
                # It belongs to a deleted webhook with the same id.
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
        """Postpone the deliveries that wait for an earlier one of their subject."""
        for delivery in later:
            if due_at is not None and delivery.due_at is not None and delivery.due_at < due_at:
                self._revise(replace(delivery, due_at=due_at))

    def _revise(self, delivery: Delivery) -> None:
        with suppress(ConcurrentModification):  # a concurrent change takes precedence
            self.ports.deliveries.revise(delivery)

    def _try(self, webhook: Webhook, delivery: Delivery) -> tuple[Attempt, Delivery]:
        reply = self._send(webhook, delivery)
        now = self.ports.now()
        attempt = Attempt(at=now, status_code=reply.status_code, reason=reply.reason, params=reply.params)
        jitter = self.ports.jitter()

        def step() -> Delivery:
            current = self.ports.deliveries.current(delivery)
            if current is None:
                return delivery
            # What was erased from the body meanwhile may be repeated in the response.
            answer = reply.answer if current.body == delivery.body else ""
            return self.ports.deliveries.revise(after_attempt(current, attempt, answer, jitter))

        return attempt, retry_on_conflict(step)

    def _send(self, webhook: Webhook, delivery: Delivery) -> Reply:
        loopback = self.ports.loopback
        try:
            target = target_of(webhook.url, loopback=loopback)
            addresses = self.ports.resolve(target.host, target.port)
            address = permitted_address(addresses, target.scheme, loopback=loopback)
        except UrlNotAllowed as error:
            return Reply(reason=NoAnswer.URL_NOT_ALLOWED, params=error.faults[0].params)
        signed = headers(webhook.secrets, delivery.delivery_id, self.ports.true_time(), delivery.body, self.ports.now())
        return self.ports.send(target, address, signed, delivery.body)

    def _record_outcome(self, webhook: Webhook, attempts: Sequence[Attempt]) -> None:
        """Record since when nothing was accepted, and disable the webhook if that is too long."""
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
            webhooks = self.ports.webhooks.get_webhooks(self._org)
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
