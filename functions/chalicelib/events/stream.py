"""The way out for mail: woken by the table's stream when a mail is owed, and by a timer for what was left."""

from collections.abc import Callable
from functools import cache
from itertools import takewhile
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Blueprint

from chalicelib.bootstrap import adapters
from chalicelib.events.handler import count, event_handler, logger, short_of_time
from guestlist.aws.ses import mailbox
from guestlist.aws.settings import settings
from guestlist.aws.table import table
from guestlist.groups.rule import Entity
from guestlist.groups.welcome import WelcomeMails
from guestlist.imports.result.notify import ResultMails
from guestlist.mail.delivery import deliver
from guestlist.mail.model import Mail, MailKind, OutboxItem
from guestlist.mail.outbox import SORT_KEY, Outbox, from_stored
from guestlist.model import clock

blueprint = Blueprint(__name__)
processor = BatchProcessor(event_type=EventType.DynamoDBStreams)


# The template puts the real stream in place of this one.
@blueprint.on_dynamodb_record(
    stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/table/stream/stream", name="send_mail"
)
@event_handler
def send_mail(event: dict[str, Any], context: LambdaContext) -> Any:
    """Send the mails that the new items owe; answers the records that are to come again."""
    return process_partial_response(event=event, record_handler=_record, processor=processor, context=context)


def send_left(context: LambdaContext) -> int:
    """Send what is due, as long as there is time: a welcome mail that is cut off is never sent. Answers how many."""
    looked_at = 0
    for item in takewhile(lambda _item: not short_of_time(context), _outbox().due(clock.now())):
        looked_at += 1
        try:
            _deliver(item)
        except Exception:  # noqa: BLE001 - the failure of one mail must not keep back the others
            logger.exception("a mail could not be sent", kind=item.kind, reference=item.reference)
    return looked_at


def _record(record: DynamoDBRecord) -> None:
    image = record.dynamodb.new_image if record.dynamodb else None
    # An item that is put back is owed again too, but only later: the timer sends that one.
    if image and image.get("sk") == SORT_KEY and record.raw_event.get("eventName") == "INSERT":
        _deliver(from_stored(image))


def _deliver(item: OutboxItem) -> None:
    outcome = deliver(item, _outbox(), mailbox(), _composers()[item.kind], clock.now())
    count(f"Mail{outcome.name.title().replace('_', '')}")
    logger.info("mail", kind=item.kind, reference=item.reference, outcome=outcome)


@cache
def _outbox() -> Outbox:
    return Outbox(table())


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
    }


def _unsubscribe_link(org: str, reference: str, email: str) -> str:
    address = settings().address
    return adapters.unsubscriptions().link(org, reference, email, address) if address else ""


def _event_name(org: str, event_id: str) -> str | None:
    event = adapters.catalogues().get(org, Entity.EVENT, event_id)
    return event.name if event else None
