"""The keys of webhooks, a page of their own beside `keys`: all partitions begin with `…#WEBHOOK`."""

from guestlist.aws import keys
from guestlist.aws.keys import Key


def webhooks(org: str) -> Key:
    """All webhooks of the organiser."""
    return Key(_partition(org), "WEBHOOKS")


def worker(org: str, webhook_id: str) -> Key:
    """Which worker delivers to a webhook now, and when one is to go on."""
    return Key(_partition(org, webhook_id), "WORKER")


def expired_groups(org: str) -> Key:
    """Up to when the groups that expired were told of."""
    return Key(_partition(org, ""), "EXPIRED")


def subject(org: str, webhook_id: str, name: str) -> str:
    """The partition of all deliveries to a webhook about one subject, in the order of its events."""
    return _partition(org, webhook_id, name)


def deliveries(org: str, shard: int) -> str:
    """One part of the list of all deliveries of an organiser, sorted by webhook and age."""
    return _partition(org, "", str(shard))


def due_deliveries(org: str, webhook_id: str) -> str:
    """The kind of work that deliveries to one webhook are, each webhook's apart from all others."""
    return f"webhook#{org}#{webhook_id}"


def webhook_of(key: Key) -> tuple[str, str]:
    """The organiser and the id of the webhook whose `worker` that is."""
    _, org, _, webhook_id = key.pk.split("#")
    return org, webhook_id


def _partition(org: str, *parts: str) -> str:
    return "#".join([keys.organiser(org).pk, "WEBHOOK", *parts])
