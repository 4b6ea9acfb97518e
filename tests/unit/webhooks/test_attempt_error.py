"""The sentence of an attempt without a response: from the catalogue, or as an earlier version stored it."""

from datetime import UTC, datetime

import pytest

from guestlist.messages.language import LANGUAGES
from guestlist.model.errors import Params
from guestlist.webhooks.attempt_error import attempt_error
from guestlist.webhooks.model import Attempt, NoAnswer

NOW = datetime(2026, 11, 30, tzinfo=UTC)

PARAMS: dict[NoAnswer, Params] = {
    NoAnswer.TIMEOUT: {"seconds": "10"},
    NoAnswer.CERTIFICATE: {"why": "certificate has expired"},
    NoAnswer.CONNECTION: {"why": "Connection refused"},
    NoAnswer.URL_NOT_ALLOWED: {"reason": "private"},
}


@pytest.mark.parametrize("reason", NoAnswer)
def test_every_reason_has_a_sentence_in_every_language(reason: NoAnswer) -> None:
    attempt = Attempt(at=NOW, reason=reason, params=PARAMS.get(reason, {}))
    sentences = {attempt_error(attempt, language) or "" for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)
    assert not [sentence for sentence in sentences if "{" in sentence or not sentence]


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (Attempt(at=NOW, status_code=204), None),
        (
            Attempt(at=NOW, reason=NoAnswer.TIMEOUT, params={"seconds": "0.5"}),
            "Der kom intet svar inden for 0.5 sekunder.",
        ),
        (
            Attempt(at=NOW, reason=NoAnswer.CONNECTION, params={"reason": "closed"}),
            "Forbindelsen blev afbrudt, før der var et svar.",
        ),
        (Attempt(at=NOW, error="no answer within 10 seconds"), "no answer within 10 seconds"),
        (Attempt(at=NOW, error="the answer was not HTTP", reason=NoAnswer.NOT_HTTP), "the answer was not HTTP"),
    ],
)
def test_an_attempts_error_is_in_the_requested_language_unless_stored_as_a_sentence(
    attempt: Attempt, sentence: str | None
) -> None:
    assert attempt_error(attempt, "da") == sentence
