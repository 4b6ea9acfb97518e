"""Mails as SES receives them, and the meaning of its responses, which are stubbed where no engine gives them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import ANY

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from botocore.stub import Stubber

from guestlist.aws.clients import ses
from guestlist.aws.ses import Mailbox
from guestlist.aws.table import Table
from guestlist.mail.delivery import Deferred, Refused
from guestlist.mail.model import MailKind
from guestlist.mail.suppressions import Suppressions
from tests.fakes.mail import NOW, a_mail, an_item

MAIL = a_mail(an_item())


def client(address: str | None = None) -> Any:
    return boto3.client(
        "sesv2",
        endpoint_url=address,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_a_mail_arrives_with_its_subject_text_and_html(ministack: str, ministack_table: Table) -> None:
    connection = client(ministack)
    connection.create_email_identity(EmailIdentity=MAIL.sender)
    Mailbox(connection, Suppressions(ministack_table)).send(MAIL)
    messages = requests.get(f"{ministack}/_ministack/ses/messages", timeout=10).json()
    content = str(messages)
    for part in (MAIL.to, MAIL.sender, MAIL.subject, MAIL.text, MAIL.html):
        assert part in content


def test_a_suppressed_address_gets_no_mail_however_it_is_written(table: Table) -> None:
    suppressions = Suppressions(table)
    suppressions.add_suppression("demo", "ANN@Example.org", "bounce", NOW)
    with Stubber(connection := client()), pytest.raises(Refused, match="bounce"):
        Mailbox(connection, suppressions).send(MAIL)


def test_an_address_is_suppressed_for_its_organiser_alone_and_is_not_stored(table: Table) -> None:
    suppressions = Suppressions(table)
    suppressions.add_suppression("demo", "ann@example.org", "complaint", datetime(2026, 1, 1, tzinfo=UTC))
    assert suppressions.why("demo", "ann@example.org") == "complaint"
    assert suppressions.why("other", "ann@example.org") is None
    assert "ann@" not in str(table.query_all("O#demo"))


def test_an_address_with_letters_that_ses_does_not_take_is_refused_without_asking_it(table: Table) -> None:
    with Stubber(connection := client()), pytest.raises(Refused, match="not_ascii"):
        Mailbox(connection, Suppressions(table)).send(replace(MAIL, to="jösé@example.org"))


@pytest.mark.parametrize("kind", MailKind)
def test_an_unsubscribed_person_gets_every_mail_but_welcome_mails(ministack_table: Table, kind: MailKind) -> None:
    connection = client()
    mailbox = Mailbox(
        connection, Suppressions(ministack_table), unsubscribed=lambda org, to: (org, to) == ("demo", MAIL.to)
    )
    with Stubber(connection) as stub:
        if kind is MailKind.WELCOME:
            with pytest.raises(Refused, match="unsubscribed"):
                mailbox.send(replace(MAIL, kind=kind))
        else:
            stub.add_response("send_email", {"MessageId": "1"})
            mailbox.send(replace(MAIL, kind=kind))
            stub.assert_no_pending_responses()


def test_headers_are_sent_and_domains_are_encoded_in_ascii(ministack_table: Table) -> None:
    connection = client()
    people = {"to": "ann@bücher.example", "sender": "an@bücher.example", "reply_to": "re@bücher.example"}
    with Stubber(connection) as stub:
        expected_request = {
            "FromEmailAddress": "an@xn--bcher-kva.example",
            "Destination": {"ToAddresses": ["ann@xn--bcher-kva.example"]},
            "ReplyToAddresses": ["re@xn--bcher-kva.example"],
            "Content": {
                "Simple": {"Subject": ANY, "Body": ANY, "Headers": [{"Name": "List-Unsubscribe", "Value": "<x>"}]}
            },
        }
        stub.add_response("send_email", {"MessageId": "1"}, expected_request)
        mail = replace(MAIL, headers={"List-Unsubscribe": "<x>"}, **people)
        Mailbox(connection, Suppressions(ministack_table)).send(mail)
        stub.assert_no_pending_responses()


def send_error(table: Table, code: str, **how: str) -> Exception:
    connection = client()
    with Stubber(connection) as stub:
        stub.add_client_error("send_email", code)
        with pytest.raises(Exception) as error:  # noqa: PT011 - the class is what is asked for
            Mailbox(connection, Suppressions(table), **how).send(MAIL)
    return error.value


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException", "MessageRejected"])
def test_a_throttling_response_defers_the_mail(ministack_table: Table, code: str) -> None:
    assert isinstance(send_error(ministack_table, code), Deferred)


def test_an_address_that_cannot_be_read_is_refused(ministack_table: Table) -> None:
    assert isinstance(send_error(ministack_table, "BadRequestException"), Refused)


def test_an_error_that_leaves_the_outcome_open_is_raised(ministack_table: Table) -> None:
    assert type(send_error(ministack_table, "InternalFailure")) is ClientError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectTimeoutError(endpoint_url="https://ses"), Deferred),
        (ReadTimeoutError(endpoint_url="https://ses"), ReadTimeoutError),
    ],
    ids=["never connected", "answer lost"],
)
def test_a_lost_connection_is_deferred_only_if_nothing_can_have_been_sent(
    ministack_table: Table, error: Exception, expected: type[Exception]
) -> None:
    connection = client()

    def fail(**_request: object) -> None:
        raise error

    connection.meta.events.register("before-send", fail)
    with pytest.raises(expected):
        Mailbox(connection, Suppressions(ministack_table)).send(MAIL)


def test_a_mail_has_the_configuration_set_and_the_organiser(ministack_table: Table) -> None:
    connection = client()
    with Stubber(connection) as stub:
        expected_request = {
            "FromEmailAddress": MAIL.sender,
            "Destination": {"ToAddresses": [MAIL.to]},
            "Content": ANY,
            "ConfigurationSetName": "events",
            "EmailTags": [{"Name": "organiser", "Value": "64656d6f"}],
        }
        stub.add_response("send_email", {"MessageId": "1"}, expected_request)
        Mailbox(connection, Suppressions(ministack_table), "events").send(MAIL)
        stub.assert_no_pending_responses()


def test_the_mailboxs_client_never_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert ses().meta.config.retries["total_max_attempts"] == 1
