"""Sending mail through Amazon SES, one mail per call."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from guestlist.aws.clients import ses
from guestlist.aws.settings import settings
from guestlist.aws.table import table
from guestlist.mail.delivery import Deferred, Refused
from guestlist.mail.model import Mail, MailKind, NotSent
from guestlist.mail.suppressions import COMPLAINT, Suppressions
from guestlist.mail.unsubscriptions import Unsubscriptions
from guestlist.model.email_address import ascii_email, is_mailable

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

TAG = "organiser"
_REFUSALS = {
    "BadRequestException": NotSent.UNREADABLE,
    "InvalidParameterValue": NotSent.UNREADABLE,
}
_DEFERRALS = {
    "TooManyRequestsException": NotSent.THROTTLED,
    "LimitExceededException": NotSent.QUOTA_USED_UP,
    "AccountSuspendedException": NotSent.ACCOUNT_SUSPENDED,
    "SendingPausedException": NotSent.SENDING_PAUSED,
    "MailFromDomainNotVerifiedException": NotSent.DOMAIN_NOT_VERIFIED,
    "MessageRejected": NotSent.REJECTED,
    "NotFoundException": NotSent.NO_CONFIGURATION_SET,
    "Throttling": NotSent.THROTTLED,
    "ThrottlingException": NotSent.THROTTLED,
    "AccessDeniedException": NotSent.NOT_PERMITTED,
}


class Mailbox:
    """Sends mail through SES, never to a suppressed address, and no welcome mail to a person who unsubscribed."""

    def __init__(
        self,
        client: "SESV2Client",
        suppressions: Suppressions,
        configuration_set: str = "",
        unsubscribed: Callable[[str, str], bool] = lambda _org, _email: False,
    ) -> None:
        self._client = client
        self._suppressions = suppressions
        self._unsubscribed = unsubscribed
        self._configuration_set = configuration_set

    def send(self, mail: Mail) -> None:
        """Send a mail. Raises `Refused` or `Deferred` if it was not sent."""
        why = self._suppressions.why(mail.organiser_id, mail.to)
        if why:
            raise Refused(NotSent.COMPLAINED if why == COMPLAINT else NotSent.BOUNCED)
        if mail.kind is MailKind.WELCOME and self._unsubscribed(mail.organiser_id, mail.to):
            raise Refused(NotSent.UNSUBSCRIBED)
        if not is_mailable(mail.to):
            raise Refused(NotSent.NOT_ASCII)
        try:
            self._client.send_email(**self._request(mail))
        except ClientError as error:
            raise _translated(error) from error
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise Deferred(NotSent.UNREACHABLE) from error

    def _request(self, mail: Mail) -> dict[str, Any]:
        content: dict[str, Any] = {
            "Subject": _utf8(mail.subject),
            "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
        }
        if mail.headers:
            content["Headers"] = [{"Name": name, "Value": value} for name, value in mail.headers.items()]
        request: dict[str, Any] = {
            "FromEmailAddress": ascii_email(mail.sender),
            "Destination": {"ToAddresses": [ascii_email(mail.to)]},
            "Content": {"Simple": content},
        }
        request |= {"ReplyToAddresses": [ascii_email(mail.reply_to)]} if mail.reply_to else {}
        if self._configuration_set:
            tags = [{"Name": TAG, "Value": _tag(mail.organiser_id)}]
            request |= {"ConfigurationSetName": self._configuration_set, "EmailTags": tags}
        return request


def organiser_of(tag: str) -> str:
    """The organiser that a mail's tag encodes. Raises `ValueError` for any other tag."""
    return bytes.fromhex(tag).decode()


def _tag(org: str) -> str:
    # A tag may contain letters, digits and hyphens only, an organiser's id more characters: hence hexadecimal.
    return org.encode().hex()


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _translated(error: ClientError) -> Exception:
    """The port's exception for an error of SES; the error itself if the mail may have been sent."""
    code = error.response["Error"]["Code"]
    if code in _REFUSALS:
        return Refused(_REFUSALS[code])
    if code in _DEFERRALS:
        return Deferred(_DEFERRALS[code])
    return error


@cache
def mailbox() -> Mailbox:
    """The mailbox of this stage."""
    return Mailbox(
        ses(), Suppressions(table()), settings().configuration_set, Unsubscriptions(table()).has_unsubscribed
    )
