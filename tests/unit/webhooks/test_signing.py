"""Signatures are those of the Standard Webhooks specification: its vector, and its own library, accept them."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from guestlist.model.ids import new_key
from guestlist.webhooks.model import EventType, Webhook
from guestlist.webhooks.signing import KEY_BYTES, headers, secret_of, sign

SOME_DAY = datetime(2026, 11, 29, tzinfo=UTC)
BODY = '{"type":"code.redeemed","data":{"name":"José"}}'
NEW = Webhook(webhook_id="crm", url="https://example.com/", events=(EventType.CODE_HELD,), created_at=SOME_DAY)


def test_the_signature_of_the_specifications_vector_is_equal():
    signed = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_library_accepts_signed_payloads_alone():
    now = datetime.now(UTC)  # the library accepts five minutes around the true time
    secret = secret_of(new_key(KEY_BYTES))
    signed_headers = headers(NEW.rotated(secret, now).secrets, "delivery-1", now, BODY, now)
    assert Verifier(secret).verify(BODY, signed_headers)["data"] == {"name": "José"}
    for body, other in [(BODY + " ", signed_headers), (BODY, {**signed_headers, "webhook-id": "delivery-2"})]:
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(body, other)


def test_both_secrets_are_valid_for_a_day_after_a_rotation_and_a_third_ends_the_first():
    now = datetime.now(UTC)
    first, second, third = (secret_of(new_key(KEY_BYTES)) for _ in range(3))
    webhook = NEW.rotated(first, now).rotated(second, now)

    def accepted(webhook: Webhook, after: timedelta) -> list[bool]:
        signed_headers = headers(webhook.secrets, "delivery-1", now, BODY, now + after)
        return [_verified(secret, signed_headers) for secret in (first, second, third)]

    assert accepted(webhook, timedelta(hours=23, minutes=59)) == [True, True, False]
    assert accepted(webhook, timedelta(hours=24)) == [False, True, False]
    assert accepted(webhook.rotated(third, now), timedelta()) == [False, True, True]


def _verified(secret: str, signed_headers: dict[str, str]) -> bool:
    try:
        Verifier(secret).verify(BODY, signed_headers)
    except WebhookVerificationError:
        return False
    return True


def test_a_secret_has_256_random_bits_and_no_representation_shows_it():
    secret = secret_of(new_key(KEY_BYTES))
    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 44
    assert secret not in repr(NEW.rotated(secret, SOME_DAY))
