"""Webhooks: store deliveries for changes of the table, and send those that are due, by one worker per webhook."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Blueprint

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap import webhooks as bootstrap
from chalicelib.events.handler import event_handler, logger, metrics, short_of_time
from guestlist.aws.items import Item
from guestlist.model import clock
from guestlist.webhooks import model
from guestlist.webhooks.policy import RETENTION
from guestlist.webhooks.recording import expiry_events, record_events
from guestlist.webhooks.stream_events import events_of
from guestlist.webhooks.worker import deliver_due

blueprint = Blueprint(__name__)
processor = BatchProcessor(event_type=EventType.SQS)


def record_changes(images: Iterable[Item]) -> None:
    """Store deliveries for the events of changed items, and start workers; repeating it adds none."""
    now = clock.now()
    digest_key = bootstrap.digest_key()
    events = [event for image in images for event in events_of(image, now, digest_key)]
    if events:
        _record(events, now)


def _record(events: list[model.Event], now: datetime) -> None:
    woken = record_events(events, now, bootstrap.webhooks(), bootstrap.deliveries(), bootstrap.erased)
    for org, webhook_id in sorted(woken):
        bootstrap.queue().wake(org, webhook_id, fresh=True)


# The template replaces this queue by the real one.
@blueprint.on_sqs_message(queue_arn="arn:aws:sqs:eu-west-1:000000000000:webhooks", batch_size=1)
@event_handler
def deliver_webhooks(event: dict[str, Any], context: LambdaContext) -> Any:
    """Deliver what is due to the webhooks in the messages, and return the messages to be retried."""

    def handle(record: SQSRecord) -> None:
        message = record.json_body
        org, webhook_id = message["organiser_id"], message["webhook_id"]
        worker = f"{context.aws_request_id}.{record.message_id}"
        tries = deliver_due(
            org,
            webhook_id,
            worker,
            lambda: not short_of_time(context),
            bootstrap.worker_ports(),
            fresh=message["fresh"],
        )
        metrics.add_metric(name="WebhookTries", unit=MetricUnit.Count, value=tries)
        logger.info("webhook", organiser=org, webhook_id=webhook_id, tries=tries)

    return process_partial_response(event=event, record_handler=handle, processor=processor, context=context)


def wake_workers(now: datetime) -> int:
    """Report expired groups, and start the workers of webhooks that are due; returns their number."""
    for organiser in adapters.organisers().list_organisers():
        try:
            _report_expired_groups(organiser.organiser_id, now)
        except Exception:  # noqa: BLE001 - the failure of one organiser must not keep back the others
            logger.exception("expired groups not reported", organiser=organiser.organiser_id)
    due = list(bootstrap.workers().due(now))
    for org, webhook_id in due:
        bootstrap.queue().wake(org, webhook_id)
    return len(due)


def _report_expired_groups(org: str, now: datetime) -> None:
    webhooks = bootstrap.webhooks().get_webhooks(org).webhooks.values()
    if not any(webhook.subscribes_to(model.EventType.GROUP_EXPIRED) for webhook in webhooks):
        return
    since = bootstrap.workers().expired_groups_reported_until(org) or now - RETENTION
    events = expiry_events(org, adapters.groups().index(org).groups.values(), since, now)
    if events:
        _record(events, now)
        bootstrap.workers().save_expired_groups_reported(org, now)
