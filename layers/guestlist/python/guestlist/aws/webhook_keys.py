"""The keys of webhooks, in addition to `keys`: all partitions begin with `…#WEBHOOK`."""

from guestlist.aws import keys
from guestlist.aws.keys import Key


def webhooks(org: str) -> Key:
    """The organiser's webhooks."""
    return Key(_partition(org), "WEBHOOKS")


def worker(org: str, webhook_id: str) -> Key:
    """The worker that currently delivers to a webhook, and when the next one must start."""
    return Key(_partition(org, webhook_id), "WORKER")


def expired_groups(org: str) -> Key:
    """The instant up to which expired groups have been reported."""
    return Key(_partition(org, ""), "EXPIRED")


def subject(org: str, webhook_id: str, name: str) -> str:
    """The partition of all deliveries to a webhook about one subject, in the order of its events."""
    return _partition(org, webhook_id, name)


def deliveries(org: str, shard: int) -> str:
    """A shard of the list of an organiser's deliveries, sorted by webhook and age."""
    return _partition(org, "", str(shard))


def due_deliveries(org: str, webhook_id: str) -> str:
    """The kind of work of one webhook's deliveries in the due index."""
    return f"webhook#{org}#{webhook_id}"


def webhook_of(key: Key) -> tuple[str, str]:
    """The organiser and the webhook id of a `worker` key."""
    _, org, _, webhook_id = key.pk.split("#")
    return org, webhook_id


def _partition(org: str, *parts: str) -> str:
    return "#".join([keys.organiser(org).pk, "WEBHOOK", *parts])
