"""The welcome mail of a group: its texts, its preview, and the mail to one person.

The texts are the organiser's; the placeholders `{name}`, `{group}` and `{organiser}` are replaced by the names of
the member, the group and the organiser. Other placeholders are refused, and there is no further markup.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from guestlist.groups.model import Group, WelcomeEmail
from guestlist.groups.ports import Customers, Groups
from guestlist.mail.letter import Letter, Paragraph, one_line
from guestlist.mail.model import Mail, OutboxItem
from guestlist.mail.unsubscribe_link import headers
from guestlist.messages import catalogue
from guestlist.messages.language import Language
from guestlist.model.errors import FieldFault, Invalid, Unknown
from guestlist.organisers.model import Organiser

EXAMPLE_NAME = "Ann Example"
MAX_NAME_LENGTH = 60
_PLACEHOLDER = re.compile(r"( ?)\{(name|group|organiser)\}")
_KNOWN_PLACEHOLDERS = "{name}, {group}, {organiser}"
_ANY_PLACEHOLDER = re.compile(r"\{([^\W\d][\w .-]*)\}")


class Organisers(Protocol):
    """The organisers' settings."""

    def get_organiser(self, org: str) -> Organiser:
        """The organiser's settings. Raises `errors.Unknown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeMail:
    """A welcome mail as text; the body has one line per paragraph."""

    sender: str
    reply_to: str
    subject: str
    header: str
    greeting: str
    body: str
    footer: str
    language: Language
    unsubscribe: str = ""

    @property
    def letter(self) -> Letter:
        """The mail as a letter, for rendering as text or HTML."""
        lines = [self.greeting, *self.body.splitlines()]
        blocks = [Paragraph(line) for line in lines if line.strip()]
        return Letter(self.header, blocks, self.footer, self.language, self.unsubscribe)


def validate_texts(texts: WelcomeEmail) -> WelcomeEmail:
    """Return the same texts. Raises `Invalid` for an unknown placeholder."""
    content = {name: getattr(texts, name) for name in ("subject", "header", "greeting", "body")}
    faults = [
        FieldFault(f"welcome_email.{name}", "unknown_placeholder", place=match[0], known=_KNOWN_PLACEHOLDERS)
        for name, text in content.items()
        for match in _ANY_PLACEHOLDER.finditer(text)
        if not _PLACEHOLDER.fullmatch(match[0])
    ]
    if faults:
        raise Invalid(faults)
    return texts


def render_welcome(group: Group, organiser: Organiser, default_sender: str, name: str = EXAMPLE_NAME) -> WelcomeMail:
    """Render the welcome mail to a person of that name, which may be empty.

    A blank text is replaced by the default one in the organiser's language.
    """
    names = {"name": name, "group": group.name, "organiser": organiser.name}

    texts, envelope, language = group.welcome, organiser.envelope(default_sender), organiser.language

    def text(part: str) -> str:
        own_text = str(getattr(texts, part))
        template = own_text if one_line(own_text) else str(catalogue.texts(language)[f"welcome.{part}"])
        return _PLACEHOLDER.sub(lambda match: _replacement(match, names), template)

    return WelcomeMail(
        sender=envelope.sender,
        reply_to=envelope.reply_to,
        subject=one_line(text("subject")),
        header=one_line(text("header")),
        greeting=text("greeting"),
        body=text("body"),
        footer=catalogue.render("welcome.footer", {"group": group.name, "organiser": organiser.name}, language),
        language=language,
    )


def salutation_name(name: str) -> str:
    """The name for the greeting; empty if it is long or has a link: anybody can type a name into a checkout."""
    return "" if "://" in name or len(name) > MAX_NAME_LENGTH else name


def _replacement(match: re.Match[str], names: Mapping[str, str]) -> str:
    """The name with the space before the placeholder; neither if the name is empty."""
    return f"{match[1]}{names[match[2]]}" if names[match[2]] else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeMails:
    """Composer of welcome mails from the group and the customer at the time of sending.

    `unsubscribe_link` returns the link for an organiser, a mail's reference and an address; empty for none.
    """

    groups: Groups
    customers: Customers
    organisers: Organisers
    default_sender: str
    unsubscribe_link: Callable[[str, str, str], str] = lambda _org, _reference, _email: ""

    def compose(self, item: OutboxItem) -> Mail | None:
        """Compose the mail of an outbox item; None if the group is deleted or the customer no longer exists."""
        org, email = item.organiser_id, item.facts["email"]
        try:
            group, organiser = self.groups.get_group(org, item.facts["group_id"]), self.organisers.get_organiser(org)
        except Unknown:
            return None
        customer = self.customers.get_customers(org, [email]).get(email)
        if customer is None or group.deleted_at is not None:
            return None
        welcome_mail = render_welcome(group, organiser, self.default_sender, salutation_name(customer.name))
        link = self.unsubscribe_link(org, item.reference, email)
        return _mail(item, replace(welcome_mail, unsubscribe=link), customer.email)

    def compose_trial(self, item: OutboxItem) -> Mail | None:
        """Compose a test mail, with an example name, to the organiser's current address.

        None if the group or the address no longer exists.
        """
        try:
            group = self.groups.get_group(item.organiser_id, item.facts["group_id"])
        except Unknown:
            return None
        organiser = self.organisers.get_organiser(item.organiser_id)
        welcome_mail = render_welcome(group, organiser, self.default_sender)
        return _mail(item, welcome_mail, organiser.notify_email) if organiser.notify_email else None


def _mail(item: OutboxItem, welcome_mail: WelcomeMail, to: str) -> Mail:
    return Mail(
        organiser_id=item.organiser_id,
        kind=item.kind,
        reference=item.reference,
        to=to,
        sender=welcome_mail.sender,
        reply_to=welcome_mail.reply_to,
        subject=welcome_mail.subject,
        text=welcome_mail.letter.text,
        html=welcome_mail.letter.html,
        headers=headers(welcome_mail.unsubscribe),
    )
