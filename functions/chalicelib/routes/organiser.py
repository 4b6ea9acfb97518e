"""The organiser's own settings."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from annotated_types import MaxLen, MinLen
from typing_extensions import TypedDict

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from guestlist.aws.table import table
from guestlist.groups.lifecycle import move_expiries
from guestlist.messages.language import Language
from guestlist.model.email_address import MailableEmail
from guestlist.model.errors import Immutable
from guestlist.model.normal_form import Predicate
from guestlist.organisers.model import Organiser, Scope
from guestlist.organisers.store import Organisers


def is_time_zone(name: str) -> bool:
    """Whether the text is the name of a time zone, such as Europe/Amsterdam."""
    try:
        return bool(ZoneInfo(name).key)
    except (LookupError, ValueError, OSError):
        return False


Address = MailableEmail | Literal[""] | None


class Settings(TypedDict, total=False):
    """The settings to change; omitted ones stay, and null or an empty text clears an e-mail address.

    `organiser_id` and `senders` are accepted if they are unchanged, so that a client can send back the settings that it
    got.
    """

    organiser_id: Annotated[str, MaxLen(128)]
    name: Annotated[str, MinLen(1), MaxLen(200)]
    time_zone: Annotated[str, Predicate(is_time_zone)]
    from_email: Address
    reply_to: Address
    notify_email: Address
    language: Language
    senders: Annotated[tuple[Annotated[str, MaxLen(254)], ...], MaxLen(1_000)]
    customer_groups: bool
    consent_on_drop: bool


@endpoint(Scope.ORGANISER, answer=Organiser)
def settings(call: Call) -> Organiser:
    """Get the organiser's own settings."""
    return call.organiser


@endpoint(Scope.ORGANISER, body=Settings, answer=Organiser, invalid=("immutable", "sender_not_granted"))
def change_settings(call: Call, settings: Settings) -> Organiser:
    """Change some or all of the organiser's settings.

    A new time zone also applies to the expiry dates of groups, except of expired ones.
    """
    changes: dict[str, Any] = {name: "" if value is None else value for name, value in settings.items()}
    if changes.pop("organiser_id", call.org) != call.org:
        raise Immutable.field("organiser_id", "immutable")
    if "senders" in changes and changes.pop("senders") != call.organiser.senders:
        raise Immutable.field("senders", "immutable.senders")
    if changes.get("from_email"):
        call.organiser.require_sender(changes["from_email"])
    organiser = Organisers(table()).change(call.org, changes)
    if "time_zone" in changes:
        move_expiries(organiser, call.now, call.token.name, adapters.groups())
    return organiser
