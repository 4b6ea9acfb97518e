"""The welcome mail of a group: preview it, preview changes, and send a test."""

from dataclasses import dataclass

from typing_extensions import TypedDict

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from guestlist.aws.settings import settings
from guestlist.aws.table import table
from guestlist.groups.group_settings import WelcomeChanges, with_welcome_changes
from guestlist.groups.model import Group
from guestlist.groups.welcome import render_welcome
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import Outbox
from guestlist.model.errors import Conflict
from guestlist.organisers.model import Scope

WelcomePreview = TypedDict(
    "WelcomePreview", {"from": str, "subject": str, "header": str, "greeting": str, "body": str, "html": str}
)
WelcomePreview.__doc__ = "The welcome mail as its recipient would get it, as text and as HTML."


@dataclass(frozen=True, slots=True)
class TestMail:
    """The recipient of a test mail: the organiser's address."""

    to: str


@endpoint(Scope.ORGANISER, answer=WelcomePreview)
def preview(call: Call, group_id: str) -> WelcomePreview:
    """Preview the welcome mail of a group, addressed to a fictitious person."""
    return _preview(call, adapters.groups().get_group(call.org, group_id))


@endpoint(Scope.ORGANISER, body=WelcomeChanges, answer=WelcomePreview, not_found=("not_found",))
def preview_changes(call: Call, changes: WelcomeChanges, group_id: str) -> WelcomePreview:
    """Preview the welcome mail with these changes; nothing is stored."""
    return _preview(call, with_welcome_changes(adapters.groups().get_group(call.org, group_id), changes))


@endpoint(Scope.ORGANISER, answer=TestMail, status=202, not_found=("not_found",), conflicts=("no_notify_email",))
def send_test(call: Call, group_id: str) -> TestMail:
    """Send the welcome mail as a test to the organiser's own `notify_email`, addressed to a fictitious person."""
    group, to = adapters.groups().get_group(call.org, group_id), call.organiser.notify_email
    if not to:
        raise Conflict("no_notify_email")
    facts = {"group_id": group.group_id}
    Outbox(table()).add_mail(call.org, MailKind.TRIAL, call.new_id(), call.now, facts)
    return TestMail(to)


def _preview(call: Call, group: Group) -> WelcomePreview:
    words = render_welcome(group, call.organiser, settings().default_sender)
    return {
        "from": words.sender,
        "subject": words.subject,
        "header": words.header,
        "greeting": words.greeting,
        "body": words.body,
        "html": words.letter.html,
    }
