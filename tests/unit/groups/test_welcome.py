"""The welcome mail of a group."""

from dataclasses import dataclass, replace

import pytest

from guestlist.customers.model import Customer
from guestlist.groups import lifecycle
from guestlist.groups.group_settings import GroupChanges, WelcomeChanges
from guestlist.groups.model import Group, WelcomeEmail
from guestlist.groups.welcome import WelcomeMails, render_welcome
from guestlist.mail.model import MailKind, OutboxItem
from guestlist.messages.language import LANGUAGES, Language
from guestlist.messages.problems import fault_sentence
from guestlist.model.errors import Invalid, Unknown
from guestlist.organisers.model import Organiser
from tests.fakes.groups import FakeCustomers, FakeGroups
from tests.unit.groups.builders import CATALOGUE, DEMO, NOW, create

SENDER = "noreply@example.com"
OWN = {
    "subject": "Hi {name} of {group}",
    "header": "The {organiser} club",
    "greeting": "Dear {name}!",
    "body": "First line.\n\nSecond { 1 } <b>line</b>.",
}


@dataclass
class FakeOrganisers:
    """One organiser."""

    organiser: Organiser = DEMO

    def get_organiser(self, org: str) -> Organiser:
        if org != self.organiser.organiser_id:
            raise Unknown("not_found.organiser", id=org)
        return self.organiser


@pytest.fixture
def groups() -> FakeGroups:
    return FakeGroups()


def with_texts(groups: FakeGroups, **texts: str) -> Group:
    request = GroupChanges(welcome_email=WelcomeChanges(enabled=True, **texts))
    group = create(groups, "Friends")
    return lifecycle.change(DEMO, group.group_id, request, NOW, "me", groups, CATALOGUE)


def item(group: Group, email: str = "ann@example.com") -> OutboxItem:
    facts = {"group_id": group.group_id, "email": email}
    return OutboxItem(organiser_id="demo", kind=MailKind.WELCOME, reference="r", owed_at=NOW, facts=facts)


def mails(groups: FakeGroups, name: str = "Ann") -> WelcomeMails:
    customers = FakeCustomers()
    customers.ensure_customers("demo", [Customer(email="Ann@example.com", name=name, created_at=NOW)])
    return WelcomeMails(groups=groups, customers=customers, organisers=FakeOrganisers(), default_sender=SENDER)


@pytest.mark.behaviour(122)
def test_the_default_texts_name_the_group_and_the_organiser(groups: FakeGroups) -> None:
    mail = mails(groups).compose(item(with_texts(groups)))
    assert mail is not None
    assert (mail.to, mail.sender, mail.kind, mail.reference) == ("Ann@example.com", SENDER, MailKind.WELCOME, "r")
    assert mail.subject == "Welcome to Friends"
    assert "Hello Ann," in mail.text
    assert "You are now in the group Friends of Demo," in mail.text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", ("Welkom bij Friends", "Hallo Ann Example,", "Je zit nu in de groep Friends van Demo.")),
        ("da", ("Velkommen til Friends", "Hej Ann Example,", "Du er nu med i gruppen Friends hos Demo.")),
    ],
)
def test_the_default_texts_are_in_the_organisers_language(
    groups: FakeGroups, language: Language, expected: tuple[str, str, str]
) -> None:
    words = render_welcome(with_texts(groups), replace(DEMO, language=language), SENDER)
    assert (words.subject, words.greeting, words.body[: len(expected[2])]) == expected
    assert f'<html lang="{language}">' in words.letter.html


def test_a_greeting_without_a_name_is_complete_in_every_language(groups: FakeGroups) -> None:
    group = with_texts(groups)
    greetings = [render_welcome(group, replace(DEMO, language=one), SENDER, "").greeting for one in LANGUAGES]
    assert greetings == ["Hello,", "Hallo,", "Hej,"]


@pytest.mark.behaviour(229, 230, 231, 232, 233)
def test_an_organisers_own_texts_are_used(groups: FakeGroups) -> None:
    mail = mails(groups).compose(item(with_texts(groups, **OWN)))
    assert mail is not None
    assert mail.subject == "Hi Ann of Friends"
    for words in ("The Demo club", "Dear Ann!", "First line.", "Second { 1 } <b>line</b>."):
        assert words in mail.text
    assert "&lt;b&gt;line&lt;/b&gt;" in mail.html


@pytest.mark.behaviour(122)
def test_the_mail_names_the_group_whatever_the_texts(groups: FakeGroups) -> None:
    mail = mails(groups).compose(item(with_texts(groups, subject="Hi", header="Hi", greeting="Hi", body="Hi")))
    assert mail is not None
    assert "Friends" in mail.text


def test_a_customer_without_a_name_is_greeted_without_one(groups: FakeGroups) -> None:
    mail = mails(groups, name="").compose(item(with_texts(groups)))
    assert mail is not None
    assert "Hello," in mail.text


@pytest.mark.parametrize("name", ["Win at https://evil.example now", "x" * 61])
def test_a_name_that_is_a_link_or_a_sentence_is_left_out(groups: FakeGroups, name: str) -> None:
    mail = mails(groups, name=name).compose(item(with_texts(groups, subject="Hi {name}")))
    assert mail is not None
    assert "Hello," in mail.text
    assert name not in mail.subject + mail.text + mail.html


def test_a_name_of_sixty_letters_is_greeted(groups: FakeGroups) -> None:
    mail = mails(groups, name="x" * 60).compose(item(with_texts(groups)))
    assert mail is not None
    assert f"Hello {'x' * 60}," in mail.text


def test_a_placeholder_in_a_name_is_not_expanded(groups: FakeGroups) -> None:
    group = replace(with_texts(groups), name="{organiser}{name}")
    assert render_welcome(group, DEMO, SENDER).subject == "Welcome to {organiser}{name}"


@pytest.mark.parametrize("field", ["subject", "header", "greeting", "body"])
@pytest.mark.parametrize("place", ["{nmae}", "{Name}", "{first name}", "{name.__class__}"])
def test_an_unknown_placeholder_is_refused(groups: FakeGroups, field: str, place: str) -> None:
    with pytest.raises(Invalid, match="unknown_placeholder") as caught:
        with_texts(groups, **{field: f"Hello {{name}}, {place}"})
    (fault,) = caught.value.faults
    assert (fault.field, fault.code) == (f"welcome_email.{field}", "unknown_placeholder")
    assert (
        fault_sentence(fault)
        == f"{place} is not a placeholder. The placeholders are: {{name}}, {{group}}, {{organiser}}."
    )


def test_other_text_in_braces_is_kept(groups: FakeGroups) -> None:
    plain = "{} {0} {{group}} ${group} %s $name { name } {% if %} {\n}"
    shown = render_welcome(with_texts(groups, body=plain), DEMO, SENDER).body
    assert shown == plain.replace("{group}", "Friends")


@pytest.mark.parametrize("field", ["group", "name", "organiser"])
def test_html_in_a_name_is_escaped(groups: FakeGroups, field: str) -> None:
    bad = "<img src=x onerror=alert(1)>\"'&"
    group, organiser, name = with_texts(groups), DEMO, "Ann"
    match field:
        case "group":
            group = replace(group, name=bad)
        case "organiser":
            organiser = replace(organiser, name=bad)
        case _:
            name = bad
    page = render_welcome(group, organiser, SENDER, name).letter.html
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_name_with_line_breaks_adds_no_line_to_the_subject(groups: FakeGroups) -> None:
    shown = render_welcome(with_texts(groups, subject="Hi {name}"), DEMO, SENDER, "Ann\r\nBcc: bob@example.com")
    assert shown.subject == "Hi Ann Bcc: bob@example.com"


def test_the_sender_is_the_organisers_own_if_set(groups: FakeGroups) -> None:
    organiser = replace(DEMO, from_email="club@example.com", reply_to="box@club.example", senders=("example.com",))
    mail = render_welcome(with_texts(groups), organiser, SENDER)
    assert (mail.sender, mail.reply_to) == ("club@example.com", "box@club.example")


def test_replies_go_to_a_sender_that_is_not_granted(groups: FakeGroups) -> None:
    organiser = replace(DEMO, from_email="club@example.com")
    mail = render_welcome(with_texts(groups), organiser, SENDER)
    assert (mail.sender, mail.reply_to) == (SENDER, "club@example.com")


@pytest.mark.behaviour(234)
def test_a_preview_has_all_the_texts(groups: FakeGroups) -> None:
    shown = render_welcome(with_texts(groups, **OWN), DEMO, SENDER)
    assert (shown.sender, shown.subject, shown.header) == (SENDER, "Hi Ann Example of Friends", "The Demo club")
    assert (shown.greeting, shown.body.splitlines()[0]) == ("Dear Ann Example!", "First line.")
    assert "First line." in shown.letter.html


def test_no_welcome_mail_is_sent_to_an_unknown_customer_or_for_a_deleted_group(groups: FakeGroups) -> None:
    group = with_texts(groups)
    assert mails(groups).compose(item(group, "bob@example.com")) is None
    assert mails(groups).compose(replace(item(group), organiser_id="other")) is None
    lifecycle.delete("demo", group.group_id, NOW, "me", groups)
    assert mails(groups).compose(item(group)) is None


def test_blank_texts_are_replaced_by_the_default_ones(groups: FakeGroups) -> None:
    group = replace(with_texts(groups), welcome=WelcomeEmail(subject="  ", body="\n\u200b"))
    shown = render_welcome(group, DEMO, SENDER)
    assert shown.subject == "Welcome to Friends"
    assert shown.body.startswith("You are now in the group Friends")
