"""Redaction of an erased person's address in deliveries."""

import json
from dataclasses import replace

from guestlist.erasure.model import REDACTED, AddressMatcher
from guestlist.erasure.records import redact_texts
from guestlist.webhooks.model import Delivery


def redact_delivery(delivery: Delivery, person: AddressMatcher) -> Delivery:
    """The delivery with the address redacted in its payload and in the receiver's response.

    The response to a payload with the address is removed completely: it may repeat the payload, escaped or cut.
    """
    payload = json.loads(delivery.body)
    redacted_payload = redact_texts(payload, person)
    if redacted_payload == payload:
        return replace(delivery, answer=person.redact(delivery.answer))
    answer = REDACTED if delivery.answer else ""
    return replace(
        delivery, body=json.dumps(redacted_payload, ensure_ascii=False, separators=(",", ":")), answer=answer
    )
