"""The reader of the table's stream that routes changes to queues.

DynamoDB recommends at most two readers of a stream. One sends urgent mails; this one queues everything else that
follows from a change.
"""

from collections.abc import Iterator
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Blueprint

from chalicelib.events.handler import event_handler
from chalicelib.events.webhooks import record_changes
from guestlist.aws.items import Item, unmarshal_item
from guestlist.aws.keys import Key
from guestlist.aws.sqs import welcome_queue
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import SORT_KEY

blueprint = Blueprint(__name__)


# The template replaces this stream by the real one.
@blueprint.on_dynamodb_record(
    stream_arn="arn:aws:dynamodb:eu-west-1:000000000000:table/table/stream/changes", name="route_changes"
)
@event_handler
def route_changes(event: dict[str, Any], _context: LambdaContext) -> None:
    """Queue new welcome mails, and store deliveries of webhook events; a batch that fails is retried completely.

    Both may be repeated. Mails come first, so that a webhook event cannot delay a mail of its batch.
    """
    welcome_queue().send(list(_welcome_mails(event)))
    record_changes([image for _, image in _images(event)])


def _welcome_mails(event: dict[str, Any]) -> Iterator[Key]:
    """The new welcome mails, without postponed ones, which are left to the timer."""
    for name, image in _images(event):
        if name == "INSERT" and image["sk"] == SORT_KEY and image["kind"] == MailKind.WELCOME:
            yield Key(image["pk"], image["sk"])


def _images(event: dict[str, Any]) -> Iterator[tuple[str, Item]]:
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage")
        if image:
            yield record["eventName"], unmarshal_item(image)
