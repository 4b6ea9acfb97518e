"""Deliveries without the address of a person who is erased."""

import json
from dataclasses import replace

from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.erasure.records import without_values
from guestlist.webhooks.model import Delivery


def redacted(delivery: Delivery, person: AddressMatcher) -> Delivery:
    """The delivery with a mark wherever its payload or the receiver's answer had the address.

    What was answered to a payload that had it goes whole: a receiver may repeat what it got, escaped or cut short.
    """
    payload = json.loads(delivery.body)
    (cleared,) = without_values([payload], person)
    if cleared == payload:
        return replace(delivery, answer=person.redacted(delivery.answer))
    answer = REDACTED if delivery.answer else ""
    return replace(delivery, body=json.dumps(cleared, ensure_ascii=False, separators=(",", ":")), answer=answer)
