"""Removal of an erased person's address from deliveries."""

import json
from dataclasses import replace

from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.erasure.records import without_values
from guestlist.webhooks.model import Delivery


def redacted(delivery: Delivery, person: AddressMatcher) -> Delivery:
    """The delivery with the address in its payload and the receiver's response replaced by a mark.

    The response to a payload with the address is removed completely: it may repeat the payload, escaped or cut.
    """
    payload = json.loads(delivery.body)
    (cleared,) = without_values([payload], person)
    if cleared == payload:
        return replace(delivery, answer=person.redact(delivery.answer))
    answer = REDACTED if delivery.answer else ""
    return replace(delivery, body=json.dumps(cleared, ensure_ascii=False, separators=(",", ":")), answer=answer)
