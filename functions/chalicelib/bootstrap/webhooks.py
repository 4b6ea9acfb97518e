"""The adapters of webhooks."""

from functools import cache
from random import random

from chalicelib.bootstrap import adapters, webhook_sender
from guestlist.aws.settings import settings
from guestlist.aws.sqs import WebhookQueue, webhook_queue
from guestlist.aws.table import table
from guestlist.model import clock
from guestlist.webhooks.delivery_store import Deliveries
from guestlist.webhooks.model import Event
from guestlist.webhooks.store import WebhookItems
from guestlist.webhooks.worker import WorkerPorts
from guestlist.webhooks.worker_store import WebhookWorkers

resolve = webhook_sender.addresses


@cache
def webhooks() -> WebhookItems:
    """The webhooks of organisers."""
    return WebhookItems(table())


@cache
def deliveries() -> Deliveries:
    """The deliveries to webhooks."""
    return Deliveries(table())


@cache
def workers() -> WebhookWorkers:
    """The workers of webhooks."""
    return WebhookWorkers(table())


def digest_key() -> bytes:
    """The key for digests of people."""
    return table().digest_key


def worker_ports() -> WorkerPorts:
    """The ports of a webhook worker."""
    return WorkerPorts(
        webhooks=webhooks(),
        deliveries=deliveries(),
        workers=workers(),
        queue=queue(),
        send=webhook_sender.send,
        resolve=resolve,
        run_parallel=table().run_parallel,
        jitter=random,
        now=clock.now,
        true_time=clock.machine,
        loopback=loopback(),
    )


def erased(event: Event) -> bool:
    """Whether the person named in the event has been erased since."""
    email = event.personal.get("email")
    proof = adapters.erasures().proof(event.organiser_id, email) if email else None
    return proof is not None and proof.asked_at >= event.at


def queue() -> WebhookQueue:
    """The queue of the webhook workers."""
    return webhook_queue()


def loopback() -> bool:
    """Whether deliveries to this machine are allowed: only on the local stack, whose engine has its own address."""
    return settings().endpoint is not None
