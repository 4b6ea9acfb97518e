"""What webhooks work with."""

from functools import cache

from chalicelib.bootstrap import webhook_sender
from guestlist.aws.settings import settings
from guestlist.aws.sqs import WebhookQueue, webhook_queue
from guestlist.aws.table import table
from guestlist.webhooks.delivery_store import Deliveries
from guestlist.webhooks.store import WebhookItems

resolve = webhook_sender.addresses


@cache
def webhooks() -> WebhookItems:
    """The webhooks of organisers."""
    return WebhookItems(table())


@cache
def deliveries() -> Deliveries:
    """The deliveries to webhooks."""
    return Deliveries(table())


def queue() -> WebhookQueue:
    """What wakes workers that deliver."""
    return webhook_queue()


def loopback() -> bool:
    """Whether deliveries may go to this machine: on the local stack alone, whose engine has an address of its own."""
    return settings().endpoint is not None
