"""Management of webhooks: create or change, rotate the secret, delete, replay a delivery."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import Conflict, Exists, Unknown
from guestlist.webhooks.model import MAX_WEBHOOKS, Delivery, EventType, Webhook, Webhooks
from guestlist.webhooks.policy import reset_for_replay
from guestlist.webhooks.ports import DeliveryStore, Resolve, WebhookQueue, WebhookStore
from guestlist.webhooks.urls import permitted_address, target_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """The settings of a webhook that an organiser chooses."""

    url: str
    events: tuple[EventType, ...]
    enabled: bool = True
    include_personal: bool = False


def require_allowed(url: str, resolve: Resolve, *, loopback: bool) -> None:
    """Raise `UrlNotAllowed` for a URL that deliveries must not be sent to, by the host's current addresses.

    An https host without an address is accepted, since each attempt checks it again; plain http must resolve to this
    machine.
    """
    target = target_of(url, loopback=loopback)
    addresses = resolve(target.host, target.port)
    if addresses or target.scheme == "http":
        permitted_address(addresses, target.scheme, loopback=loopback)


def save_webhook(
    org: str, webhook_id: str, settings: WebhookSettings, secret: str, now: datetime, store: WebhookStore, *, new: bool
) -> tuple[Webhook, bool]:
    """Create the webhook with this secret, or change its settings; returns it, and whether it was created.

    Raises `Exists` if it must be `new` and is not, and `Conflict` if there are too many.
    """

    def step() -> tuple[Webhook, bool]:
        webhooks = store.get_webhooks(org)
        existing = webhooks.webhooks.get(webhook_id)
        if existing is not None and new:
            raise Exists("exists.webhook", id=webhook_id)
        if existing is None and len(webhooks.webhooks) >= MAX_WEBHOOKS:
            raise Conflict("too_many_webhooks", most=MAX_WEBHOOKS)
        webhook = _changed(existing, settings) if existing else _created(webhook_id, settings, secret, now)
        store.save_webhooks(org, webhooks.with_webhook(webhook))
        return webhook, existing is None

    return retry_on_conflict(step)


def _created(webhook_id: str, settings: WebhookSettings, secret: str, now: datetime) -> Webhook:
    webhook = Webhook(webhook_id=webhook_id, url=settings.url, events=(), created_at=now)
    return _changed(webhook.rotated(secret, now), settings)


def _changed(webhook: Webhook, settings: WebhookSettings) -> Webhook:
    """The webhook with these settings; saving it also ends an automatic disabling."""
    return replace(
        webhook,
        url=settings.url,
        events=tuple(dict.fromkeys(settings.events)),
        enabled=settings.enabled,
        include_personal=settings.include_personal,
        disabled_at=None,
        disabled_reason=None,
    )


def get_webhook(org: str, webhook_id: str, store: WebhookStore) -> Webhook:
    """The webhook with this id. Raises `Unknown`."""
    return require(store.get_webhooks(org), webhook_id)


def rotate_secret(org: str, webhook_id: str, secret: str, now: datetime, store: WebhookStore) -> Webhook:
    """Replace the webhook's secret; the former one stays valid for a day. Raises `Unknown`."""
    return _revised(org, webhook_id, store, lambda webhook: webhook.rotated(secret, now))


def _revised(org: str, webhook_id: str, store: WebhookStore, change: Callable[[Webhook], Webhook]) -> Webhook:
    def step() -> Webhook:
        webhooks = store.get_webhooks(org)
        webhook = change(require(webhooks, webhook_id))
        store.save_webhooks(org, webhooks.with_webhook(webhook))
        return webhook

    return retry_on_conflict(step)


def delete_webhook(org: str, webhook_id: str, store: WebhookStore) -> None:
    """Delete the webhook; its pending deliveries are no longer made. Raises `Unknown`."""

    def step() -> None:
        webhooks = store.get_webhooks(org)
        require(webhooks, webhook_id)
        store.save_webhooks(org, webhooks.without(webhook_id))

    retry_on_conflict(step)


def replay_delivery(
    org: str, webhook: Webhook, delivery_id: str, now: datetime, store: DeliveryStore, queue: WebhookQueue
) -> Delivery:
    """Deliver again, whatever the delivery's state. Raises `Unknown`, and `Conflict` if the webhook is disabled."""
    if not webhook.enabled:
        raise Conflict("webhook_disabled")

    def step() -> Delivery:
        delivery = store.find_delivery(org, webhook.webhook_id, delivery_id)
        if delivery is None or delivery.created_at < webhook.created_at:
            raise Unknown("not_found.delivery", id=delivery_id)
        return store.revise(reset_for_replay(delivery, now))

    delivery = retry_on_conflict(step)
    queue.wake(org, webhook.webhook_id, fresh=True)
    return delivery


def require(webhooks: Webhooks, webhook_id: str) -> Webhook:
    """The webhook with this id. Raises `Unknown`."""
    if webhook_id not in webhooks.webhooks:
        raise Unknown("not_found.webhook", id=webhook_id)
    return webhooks.webhooks[webhook_id]
