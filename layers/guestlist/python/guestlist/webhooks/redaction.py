"""Deliveries without the address of a person who is erased."""

import json
from dataclasses import replace

from guestlist.erasure.model import AddressMatcher
from guestlist.erasure.records import without_values
from guestlist.webhooks.model import Delivery


def redacted(delivery: Delivery, person: AddressMatcher) -> Delivery:
    """The delivery with a mark wherever its payload or the receiver's answer had the address."""
    payload = json.loads(delivery.body)
    (cleared,) = without_values([payload], person)
    answer = person.redacted(delivery.answer)
    if cleared == payload:
        return replace(delivery, answer=answer)
    return replace(delivery, body=json.dumps(cleared, ensure_ascii=False, separators=(",", ":")), answer=answer)
