"""Sending of mail: by the table's stream for a new mail, and by a timer for mails that the stream missed.

Mails about imports are sent directly from the stream. Welcome mails, which `changes` queues, are sent by many workers,
which together leave a part of SES's rate to the others.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import chain
from time import sleep
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Blueprint

from chalicelib.bootstrap import adapters
from chalicelib.events.handler import count, event_handler, logger, short_of_time
from guestlist.aws.keys import Key
from guestlist.aws.ses import mailbox
from guestlist.aws.settings import settings
from guestlist.aws.sqs import WelcomeQueue, mails_in, welcome_queue
from guestlist.aws.table import table
from guestlist.catalogue.entity_type import EntityType
from guestlist.groups.welcome import WelcomeMails
from guestlist.imports.result.composer import ResultMails
from guestlist.mail.delivery import deliver
from guestlist.mail.model import Mail, MailKind, MailStatus, OutboxItem
from guestlist.mail.outbox import SORT_KEY, WELCOMES_DUE, Outbox, from_stored, key_of
from guestlist.mail.sending_rate import SendingRate
from guestlist.model import clock
from guestlist.webhooks.disabled_mail import WebhookMails

blueprint = Blueprint(__name__)
processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
_PENDING = {MailStatus.OWED, MailStatus.SENDING}
_MIN_REMAINING_MS = 40_000
"""With less time left, waiting for a booked second and sending a message's mails could exceed the timeout."""


# The template replaces this stream by the real one.
@blueprint.on_dynamodb_record(
    stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/table/stream/stream", name="send_mail"
)
@event_handler
def send_mail(event: dict[str, Any], context: LambdaContext) -> Any:
    """Send the mails of new items, and return the records to be retried."""
    return process_partial_response(event=event, record_handler=_record, processor=processor, context=context)


# The template replaces this queue by the real one.
@blueprint.on_sqs_message(queue_arn="arn:aws:sqs:eu-west-1:000000000000:welcomes", name="send_welcomes", batch_size=1)
@event_handler
def send_welcomes(event: dict[str, Any], context: LambdaContext) -> Any:
    """Send the welcome mails in the messages, and return the messages to be retried."""
    failed = [message["messageId"] for message in event["Records"] if not _send_all(mails_in(message["body"]), context)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _send_all(mails: list[Key], context: LambdaContext) -> bool:
    """Send these mails within the rate; False if some are left, so that the message must be retried."""
    pending = [item for item in map(_outbox().get_item, mails) if item and item.status in _PENDING]
    failures = 0
    for at in range(0, len(pending), _sending_rate().max_batch):
        batch = pending[at : at + _sending_rate().max_batch]
        has_time = context.get_remaining_time_in_millis() > _MIN_REMAINING_MS
        send_at = _sending_rate().book(len(batch), clock.now()) if has_time else None
        if send_at is None:
            return False
        sleep(max(0.0, (send_at - clock.now()).total_seconds()))
        failures += sum(not _try_deliver(item) for item in batch)
    return failures == 0


def send_due_mails(context: LambdaContext) -> int:
    """Send due mails and queue due welcome mails while there is time. Returns their number."""
    now = clock.now()
    welcomes = list[OutboxItem]()
    count_of_due = 0
    for item in chain(_outbox().due(now), _outbox().due(now, WELCOMES_DUE)):
        if short_of_time(context):
            break
        count_of_due += 1
        if item.kind is MailKind.WELCOME and item.status is MailStatus.OWED:
            welcomes.append(item)
        else:
            _try_deliver(item)
        if len(welcomes) == WelcomeQueue.MAILS:
            _enqueue_welcomes(welcomes, now)
            welcomes = []
    if welcomes:
        _enqueue_welcomes(welcomes, now)
    return count_of_due


def _enqueue_welcomes(items: list[OutboxItem], now: datetime) -> None:
    welcome_queue().send([key_of(item) for item in items])
    for item in items:
        _outbox().mark_queued(item, now)


def _record(record: DynamoDBRecord) -> None:
    item = _pending_mail(record)
    if item:
        _deliver(item)


def _pending_mail(record: DynamoDBRecord) -> OutboxItem | None:
    """The pending mail of a new item, without postponed ones, which are left to the timer."""
    image = record.dynamodb.new_image if record.dynamodb else None
    new = image and image.get("sk") == SORT_KEY and record.raw_event.get("eventName") == "INSERT"
    return from_stored(image) if image and new else None


def _try_deliver(item: OutboxItem) -> bool:
    """Deliver a mail; False if that failed, which must not prevent other mails."""
    try:
        _deliver(item)
    except Exception:  # noqa: BLE001 - whatever it is, it is in the log
        logger.exception("mail not sent", kind=item.kind, reference=item.reference)
        return False
    return True


def _deliver(item: OutboxItem) -> None:
    outcome = deliver(item, _outbox(), mailbox(), _composers()[item.kind], clock.now())
    count(f"Mail{outcome.name.title().replace('_', '')}")
    logger.info("mail", kind=item.kind, reference=item.reference, outcome=outcome)


@cache
def _outbox() -> Outbox:
    return Outbox(table())


@cache
def _sending_rate() -> SendingRate:
    return SendingRate(table(), settings().mail_rate)


@cache
def _composers() -> dict[MailKind, Callable[[OutboxItem], Mail | None]]:
    results = ResultMails(
        imports=adapters.imports(),
        organisers=adapters.organisers(),
        event_name=_event_name,
        default_sender=settings().default_sender,
        address=settings().address,
    )
    welcomes = WelcomeMails(
        groups=adapters.groups(),
        customers=adapters.customers(),
        organisers=adapters.organisers(),
        default_sender=settings().default_sender,
        unsubscribe_link=_unsubscribe_link,
    )
    return {
        MailKind.RESULT: results.compose,
        MailKind.WAITING: results.compose,
        MailKind.WELCOME: welcomes.compose,
        MailKind.TRIAL: welcomes.compose_trial,
        MailKind.WEBHOOK: WebhookMails(
            organisers=adapters.organisers(), default_sender=settings().default_sender
        ).compose,
    }


def _unsubscribe_link(org: str, reference: str, email: str) -> str:
    address, signed = settings().address, bool(settings().digest_key)
    return adapters.unsubscriptions().link(org, reference, email, address) if address and signed else ""


def _event_name(org: str, event_id: str) -> str | None:
    event = adapters.catalogues().get_entity(org, EntityType.EVENT, event_id)
    return event.name if event else None
