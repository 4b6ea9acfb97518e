"""Webhooks, and their deliveries."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from annotated_types import MaxLen, MinLen

from chalicelib.bootstrap import webhooks as bootstrap
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.pagination import Listed
from guestlist.messages.language import Language
from guestlist.model.ids import new_key, timed_id
from guestlist.organisers.model import Scope
from guestlist.organisers.sessions import token_required
from guestlist.webhooks.attempt_error import attempt_error
from guestlist.webhooks.model import Delivery, DeliveryStatus, DisabledReason, EventType, NoAnswer, Webhook
from guestlist.webhooks.service import (
    WebhookSettings,
    delete_webhook,
    get_webhook,
    replay_delivery,
    require_allowed,
    rotate_secret,
    save_webhook,
)
from guestlist.webhooks.signing import KEY_BYTES, secret_of
from guestlist.webhooks.urls import MAX_URL_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """A webhook to create or change. With `include_personal` its payloads contain codes and addresses."""

    url: Annotated[str, MinLen(1), MaxLen(MAX_URL_LENGTH)]
    events: Annotated[tuple[EventType, ...], MinLen(1), MaxLen(len(EventType))]
    enabled: bool = True
    include_personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """A webhook without its secret."""

    webhook_id: str
    url: str
    events: tuple[EventType, ...]
    enabled: bool
    include_personal: bool
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedWebhookView(WebhookView):
    """A webhook, with its secret if that is new."""

    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """An attempt to deliver: the status of the response, or why there was none."""

    at: datetime
    status_code: int | None
    error: str | None
    reason: NoAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """A delivery: its payload, its latest attempts and the beginning of the last response."""

    delivery_id: str
    type: EventType
    status: DeliveryStatus
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: tuple[AttemptView, ...]
    answer: str
    payload: Mapping[str, Any]


@endpoint(Scope.ORGANISER, secret=True, answer=WebhookView, listed=True)
def list_webhooks(call: Call) -> Listed:
    """List all webhooks, newest first; there are at most 10."""
    webhooks = sorted(bootstrap.webhooks().get_webhooks(call.org).webhooks.values(), key=_sort_key)
    after = call.page.after("after", list[float | str]())
    rest = (webhook for webhook in webhooks if _sort_key(webhook) > after)
    return call.page.of(rest, lambda webhook: {"after": _sort_key(webhook)}).map(_view)


@endpoint(Scope.ORGANISER, secret=True, answer=WebhookView)
def show(call: Call, webhook_id: str) -> WebhookView:
    """Get a webhook."""
    return _view(get_webhook(call.org, webhook_id, bootstrap.webhooks()))


@endpoint(
    Scope.ORGANISER,
    body=WebhookRequest,
    answer=SavedWebhookView,
    exclude_none=("secret",),
    conditional=True,
    forbidden=("token_required",),
    conflicts=("too_many_webhooks", "busy"),
    invalid=("url_not_allowed",),
)
def put(call: Call, request: WebhookRequest, webhook_id: str) -> SavedWebhookView:
    """Create or change a webhook; the response to its creation has its secret, which no other response shows.

    A change ends an automatic disabling; if the webhook is enabled, its pending events are delivered. A session may
    change a webhook, but not create one: the console asks for the token again.
    """
    if call.token.session_of and webhook_id not in bootstrap.webhooks().get_webhooks(call.org).webhooks:
        raise token_required()
    require_allowed(request.url, bootstrap.resolve, loopback=bootstrap.loopback())
    settings = WebhookSettings(**asdict(request))
    secret = secret_of(new_key(KEY_BYTES))
    saved, created = save_webhook(call.org, webhook_id, settings, secret, call.now, bootstrap.webhooks(), new=call.new)
    if saved.enabled and not created:
        bootstrap.queue().wake(call.org, webhook_id, fresh=True)
    return _saved(saved, secret if created else None)


@endpoint(Scope.ORGANISER, token_only=True, answer=SavedWebhookView, exclude_none=("secret",), conflicts=("busy",))
def rotate(call: Call, webhook_id: str) -> SavedWebhookView:
    """Rotate the secret of a webhook; for 24 hours deliveries are signed with the former one too."""
    secret = secret_of(new_key(KEY_BYTES))
    return _saved(rotate_secret(call.org, webhook_id, secret, call.now, bootstrap.webhooks()), secret)


@endpoint(Scope.ORGANISER, status=204, conflicts=("busy",))
def delete(call: Call, webhook_id: str) -> Reply:
    """Delete a webhook; nothing more is delivered to it."""
    delete_webhook(call.org, webhook_id, bootstrap.webhooks())
    return Reply()


@endpoint(Scope.ORGANISER, secret=True, answer=DeliveryView, listed=True, localised=True)
def list_deliveries(call: Call, webhook_id: str) -> Listed:
    """List the deliveries to a webhook of the last 30 days, newest first."""
    webhook = get_webhook(call.org, webhook_id, bootstrap.webhooks())
    since = timed_id(webhook.created_at, 0)
    start = {"before": call.page.start["before"]} if call.page.start else {}
    rows = bootstrap.deliveries().newest(call.org, webhook_id, call.page.most, since, **start)
    page, language = call.page.of(rows, lambda delivery: {"before": delivery.delivery_id}), call.language
    return page.map(lambda delivery: _delivery(delivery, language))


@endpoint(Scope.ORGANISER, answer=DeliveryView, status=202, conflicts=("webhook_disabled", "busy"), localised=True)
def replay(call: Call, webhook_id: str, delivery_id: str) -> DeliveryView:
    """Deliver an event again under the same `webhook-id`, whatever its status."""
    webhook = get_webhook(call.org, webhook_id, bootstrap.webhooks())
    store, queue = bootstrap.deliveries(), bootstrap.queue()
    return _delivery(replay_delivery(call.org, webhook, delivery_id, call.now, store, queue), call.language)


def _sort_key(webhook: Webhook) -> list[float | str]:
    return [-webhook.created_at.timestamp(), webhook.webhook_id]


def _view(webhook: Webhook) -> WebhookView:
    return WebhookView(**_fields(webhook))


def _saved(webhook: Webhook, secret: str | None) -> SavedWebhookView:
    return SavedWebhookView(**_fields(webhook), secret=secret)


def _fields(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookView.__dataclass_fields__}


def _delivery(delivery: Delivery, language: Language) -> DeliveryView:
    return DeliveryView(
        delivery_id=delivery.delivery_id,
        type=delivery.type,
        status=delivery.status,
        created_at=delivery.created_at,
        next_attempt_at=delivery.due_at,
        attempts=tuple(
            AttemptView(
                at=attempt.at,
                status_code=attempt.status_code,
                error=attempt_error(attempt, language),
                reason=attempt.reason,
            )
            for attempt in delivery.attempts
        ),
        answer=delivery.answer,
        payload=json.loads(delivery.body),
    )
