"""Suppressed addresses: list them, and lift a suppression."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.pagination import Listed
from guestlist.mail.suppressions import Suppression
from guestlist.mail.unsubscriptions import list_sort_key
from guestlist.organisers.model import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionSearch:
    """The search: `q` is a prefix of an address; an empty one lists all."""

    q: Annotated[str, MaxLen(254)] = ""


@endpoint(Scope.ORGANISER, query=SuppressionSearch, answer=Suppression, listed=True)
def list_suppressions(call: Call) -> Listed:
    """List the addresses that get no mail, by e-mail, and why: mails bounced, or the person complained or unsubscribed.

    People who unsubscribed still get other mails than welcome mails.
    """
    rows = adapters.suppressions().list_suppressions(
        call.org, call.query.q, call.page.most, call.page.after("email", "")
    )
    return call.page.of(rows, lambda row: {"email": list_sort_key(row.email, row.why)})


@endpoint(Scope.ORGANISER, status=204, conflicts=("complained", "unsubscribed"))
def lift(call: Call, email: str) -> Reply:
    """Lift the suppression of an address after a bounce; never after a complaint or an unsubscription."""
    suppressions = adapters.suppressions()
    if suppressions.why(call.org, email) is None:
        adapters.unsubscriptions().refuse_lifting(call.org, email)
    suppressions.lift(call.org, email)
    return Reply()
