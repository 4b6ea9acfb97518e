"""Unsubscribing from an organiser's welcome mails, by the link in one of them."""

import re

import pytest

from guestlist.aws.table import Table
from guestlist.customers.store import Customers
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership_items import welcome_keys
from guestlist.groups.store import Groups
from guestlist.groups.welcome import WelcomeMails
from guestlist.mail.model import Mail
from guestlist.mail.outbox import Outbox
from guestlist.mail.suppressions import Suppressions
from guestlist.mail.unsubscribe_link import read_token
from guestlist.mail.unsubscriptions import Unsubscriptions
from guestlist.model import clock
from guestlist.organisers.store import Organisers
from tests.engines.tables import contents, keyed
from tests.functions.builders import DIGEST_KEY
from tests.functions.conftest import Api

ADDRESS = "https://api.example.com/api"
ANN = "Ann@bücher.example"


@pytest.fixture
def mail(call: Api, api_table: Table) -> Mail:
    """The welcome mail of somebody who was just added to a group."""
    group_id = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    call(f"PATCH /v1/groups/{group_id}", {"welcome_email": {"enabled": True}})
    call(f"POST /v1/groups/{group_id}/members", {"customers": [{"email": ANN, "name": "Ann"}]})
    item = Outbox(api_table).get_item(welcome_keys("demo", group_id, "ann@xn--bcher-kva.example", DIGEST_KEY)[0])
    unsubscriptions = Unsubscriptions(keyed(api_table, DIGEST_KEY))
    mails = WelcomeMails(
        groups=Groups(api_table, GroupIndexes(api_table)),
        customers=Customers(api_table),
        organisers=Organisers(api_table),
        default_sender="tickets@example.com",
        unsubscribe_link=lambda org, reference, email: unsubscriptions.link(org, reference, email, ADDRESS),
    )
    welcome_mail = mails.compose(item) if item else None
    assert welcome_mail is not None
    return welcome_mail


def path(mail: Mail) -> str:
    """The path of the link, as its header has it."""
    match = re.fullmatch(rf"<{ADDRESS}(/v1/unsubscribe/[\w.~-]+)>", mail.headers["List-Unsubscribe"])
    assert match is not None
    return match[1]


def test_a_welcome_mail_offers_one_click_and_shows_the_link(mail: Mail):
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = f"{ADDRESS}{path(mail)}"
    assert f"Unsubscribe: {link}\n" in mail.text
    assert f'href="{link}"' in mail.html


def test_the_unsubscribe_link_contains_no_address(mail: Mail):
    token = read_token(path(mail).rpartition("/")[2])
    assert token is not None
    assert "ann" not in f"{token.reference}{token.digest}".lower()


def test_the_page_shows_a_button_and_changes_nothing(call: Api, api_table: Table, mail: Mail):
    before = contents(api_table)
    page = call.as_(None)(f"GET {path(mail)}")
    assert page.status == 200
    assert '<form method="post"><button>' in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert contents(api_table) == before


@pytest.mark.parametrize(
    ("languages", "language", "title", "sentence"),
    [
        ({}, "nl", "Afmelden", "Je krijgt geen welkomstmails meer van"),
        ({"Accept_Language": "fr"}, "nl", "Afmelden", "Je krijgt geen welkomstmails meer van"),
        ({"Accept_Language": "da, en;q=0.5"}, "da", "Afmeld", "Du får ikke flere velkomstmails fra"),
    ],
)
def test_the_pages_are_in_the_language_of_the_reader_or_else_the_organiser(
    call: Api, mail: Mail, languages: dict[str, str], language: str, title: str, sentence: str
):
    call("PUT /v1/organiser", {"language": "nl", "name": "Bell & Co"})
    form, result = (call.as_(None)(f"{method} {path(mail)}", b"", **languages).text for method in ("GET", "POST"))
    assert f'<html lang="{language}">' in form
    assert f"<h1>{title}</h1>" in form
    assert f"<button>{title}</button>" in form
    assert f"<p>{sentence} Bell &amp; Co.</p>" in result


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click',
        ),
        ("", b""),
    ],
)
def test_one_click_without_a_token_ends_the_welcome_mails_of_that_organiser(
    call: Api, api_table: Table, mail: Mail, media_type: str, body: bytes
):
    headers = {"Content_Type": media_type} if media_type else {}
    for _ in range(2):
        assert call.as_(None)(f"POST {path(mail)}", body, **headers).status == 200
    unsubscriptions = Unsubscriptions(keyed(api_table, DIGEST_KEY))
    assert unsubscriptions.has_unsubscribed("demo", ANN)
    assert unsubscriptions.has_unsubscribed("demo", "ann@xn--bcher-kva.example")
    assert not unsubscriptions.has_unsubscribed("other", ANN)
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", ANN) is None


def test_the_organiser_sees_an_unsubscription_and_cannot_remove_it(call: Api, api_table: Table, mail: Mail):
    call.as_(None)(f"POST {path(mail)}")
    Suppressions(keyed(api_table, DIGEST_KEY)).add_suppression("demo", "zoe@example.com", "bounce", clock.now())
    first = call("GET /v1/suppressions?limit=1").json
    second = call(f"GET /v1/suppressions?limit=1&cursor={first['next']}").json
    items = [(one["email"], one["why"]) for one in first["items"] + second["items"]]
    assert items == [("ann@xn--bcher-kva.example", "unsubscribed"), ("zoe@example.com", "bounce")]
    refusal = call("DELETE /v1/suppressions/ann@xn--bcher-kva.example")
    assert (refusal.status, refusal.code) == (409, "unsubscribed")
    assert Unsubscriptions(keyed(api_table, DIGEST_KEY)).has_unsubscribed("demo", ANN)


def test_a_bounce_of_somebody_who_unsubscribed_is_lifted_alone(call: Api, api_table: Table, mail: Mail):
    call.as_(None)(f"POST {path(mail)}")
    Suppressions(keyed(api_table, DIGEST_KEY)).add_suppression("demo", ANN, "bounce", clock.now())
    assert [one["why"] for one in call("GET /v1/suppressions").json["items"]] == ["bounce", "unsubscribed"]
    assert call("DELETE /v1/suppressions/ann@xn--bcher-kva.example").status == 204
    assert Unsubscriptions(keyed(api_table, DIGEST_KEY)).has_unsubscribed("demo", ANN)


def test_an_erased_person_stays_unsubscribed_under_a_keyed_digest_alone(call: Api, api_table: Table, mail: Mail):
    call.as_(None)(f"POST {path(mail)}")
    call("DELETE /v1/customers/ann@xn--bcher-kva.example")
    assert Unsubscriptions(keyed(api_table, DIGEST_KEY)).has_unsubscribed("demo", ANN)
    assert call("GET /v1/suppressions").json["items"] == []
    call.as_(None)(f"POST {path(mail)}")
    about = [item for item in contents(api_table) if "SUPPRESSED" in item["pk"]]
    assert not any("ann@" in str(item).lower() for item in about)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + "-",
        lambda token: f"{token}A",
        lambda token: f".{token}",
        lambda _: "x.y",
        lambda _: "é",
    ],
)
def test_a_link_without_a_valid_signature_does_nothing(call: Api, api_table: Table, mail: Mail, method: str, spoil):
    start, _, token = path(mail).rpartition("/")
    before = contents(api_table)
    answer = call.as_(None)(f"{method} {start}/{spoil(token)}")
    assert (answer.status, answer.code) == (404, "not_found")
    assert contents(api_table) == before


def test_a_link_that_another_organiser_signed_for_one_of_ours_does_nothing(api_table: Table, mail: Mail):
    unsubscriptions = Unsubscriptions(keyed(api_table, DIGEST_KEY))
    theirs = unsubscriptions.link("other", "r", ANN, "").rpartition("/")[2]
    ours = path(mail).rpartition("/")[2]
    assert unsubscriptions.verify_token(theirs) != unsubscriptions.verify_token(ours)
    assert unsubscriptions.verify_token(f"{ours.partition('.')[0]}.{theirs.partition('.')[2]}") is None


def test_a_link_signed_with_another_key_is_invalid(api_table: Table, mail: Mail):
    token = path(mail).rpartition("/")[2]
    assert Unsubscriptions(keyed(api_table, DIGEST_KEY)).verify_token(token)
    assert Unsubscriptions(keyed(api_table, b"another")).verify_token(token) is None
    forged_token = Unsubscriptions(keyed(api_table, b"")).link("demo", "r", ANN, "").rpartition("/")[2]
    assert Unsubscriptions(keyed(api_table, b"")).verify_token(forged_token) is None
