"""The function that records bounces and complaints, invoked as by SNS."""

import json
from typing import Any

import pytest

from chalicelib.events import notifications
from guestlist.aws.table import Table
from guestlist.erasure.model import Erasure
from guestlist.erasure.store import Erasures
from guestlist.mail.suppressions import Suppressions
from tests.fakes.contexts import context
from tests.fakes.mail import NOW
from tests.fakes.ses_notices import ANN, MAIL, bounce, complaint
from tests.functions.builders import log_text

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
CONTEXT = context("note_bounces")
NOTIFICATION = {"Type": "Notification", "Subject": "Amazon SES Email Event Notification", "MessageAttributes": {}}


@pytest.fixture
def suppressions(table: Table, monkeypatch: pytest.MonkeyPatch) -> Suppressions:
    """The suppression list that the function writes."""
    suppression_list = Suppressions(table)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    monkeypatch.setattr(notifications, "_suppressions", lambda: suppression_list)
    monkeypatch.setattr(notifications, "_erasures", lambda: Erasures(table))
    monkeypatch.setattr(notifications.clock, "now", lambda: NOW)
    return suppression_list


def deliver_notifications(*messages: str) -> None:
    records = [{"EventSource": "aws:sns", "Sns": {**NOTIFICATION, "Message": one}} for one in messages]
    notifications.note_bounces({"Records": records}, CONTEXT)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (bounce("Permanent"), "bounce"),
        (complaint(), "complaint"),
        (complaint(None), "complaint"),
        (bounce("Transient"), None),
        (bounce("Undetermined"), None),
        (complaint("not-spam"), None),
    ],
    ids=["permanent", "complaint", "complaint without a type", "transient", "undetermined", "not spam after all"],
)
def test_only_a_permanent_bounce_or_a_complaint_suppresses_the_address(
    suppressions: Suppressions, message: str, why: str | None
) -> None:
    deliver_notifications(message)
    assert suppressions.why("demo", "ann@example.org") == why


def test_an_address_is_suppressed_for_the_organiser_of_the_mail_alone(suppressions: Suppressions) -> None:
    deliver_notifications(bounce("Permanent"))
    assert suppressions.why("other", ANN) is None


def test_a_repeated_notice_changes_nothing(suppressions: Suppressions) -> None:
    deliver_notifications(complaint(), complaint())
    assert suppressions.why("demo", ANN) == "complaint"


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        "null",
        "[]",
        "{}",
        bounce("Permanent", tags={}),
        bounce("Permanent", tags={"organiser": ["not hexadecimal"]}),
        bounce("Permanent", tags={"organiser": ["ff"]}),
        json.dumps({"mail": MAIL, "bounce": {"bounceType": "Permanent"}}),
    ],
    ids=["a greeting", "nothing", "null", "a list", "no fields", "no tag", "no hex", "no text", "no recipients"],
)
def test_an_unreadable_notice_is_skipped_without_logging_its_content(
    suppressions: Suppressions, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    deliver_notifications(message, bounce("Permanent", "bob@example.org"))
    assert suppressions.why("demo", "bob@example.org") == "bounce"
    assert suppressions.why("demo", ANN) is None
    assert "not a notification" in log_text(caplog)
    assert "ann@" not in log_text(caplog).casefold()


def test_a_notice_is_retried_when_the_table_does_not_answer(
    suppressions: Suppressions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_more: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr(suppressions, "add_suppression", fail)
    with pytest.raises(TimeoutError):
        deliver_notifications(bounce("Permanent"))


@pytest.mark.usefixtures("suppressions")
def test_no_address_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    deliver_notifications(bounce("Permanent"), complaint())
    assert "suppressed" in log_text(caplog)
    assert "example.org" not in log_text(caplog).casefold()


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        ("<Ann@example.org>", ANN),
        ("Ann Jones <ann@example.org>", ANN),
        ("bo@xn--bcher-kva.example", "bo@bücher.example"),
        ("<bo@BÜCHER.example>", "bo@xn--bcher-kva.example"),
    ],
)
def test_the_address_is_suppressed_however_the_notice_names_it(
    suppressions: Suppressions, recipient: str, address: str
) -> None:
    deliver_notifications(bounce("Permanent", recipient))
    assert suppressions.why("demo", address) == "bounce"


def test_a_bounce_does_not_replace_a_complaint(suppressions: Suppressions) -> None:
    deliver_notifications(complaint(), bounce("Permanent"))
    assert suppressions.why("demo", ANN) == "complaint"
    deliver_notifications(bounce("Permanent", "bo@example.org"), bounce("Permanent", "bo@example.org"))
    assert suppressions.why("demo", "bo@example.org") == "bounce"


@pytest.mark.parametrize("address", [ANN, "<ann@example.org>"])
def test_a_notice_after_an_erasure_does_not_store_the_address_again(
    table: Table, suppressions: Suppressions, address: str
) -> None:
    Erasures(table).begin("demo", Erasure(email=ANN, asked_at=NOW, by="me"))
    deliver_notifications(bounce("Permanent", address))
    assert suppressions.why("demo", ANN) == "bounce"
    assert suppressions.list_suppressions("demo", "", 9) == []
