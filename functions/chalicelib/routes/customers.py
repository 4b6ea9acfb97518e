"""Customers: search, profile, re-evaluation of their automatic groups, and erasure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.erasures import erasure_request_ports
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.checkout.memberships import GrantingMembership, granting_memberships
from guestlist.customers.model import Customer
from guestlist.customers.profile import OrderView, ProfileTicket, orders
from guestlist.customers.service import require_customer
from guestlist.erasure.model import Proof
from guestlist.erasure.service import erase_person, proof_of
from guestlist.groups.membership import ChangeType
from guestlist.groups.reevaluation import reevaluate
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.normal_form import Name
from guestlist.organisers.model import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSearch:
    """The search: `q` is a prefix of an e-mail or of a word of a name. An empty `q` lists everybody."""

    q: Annotated[str, MaxLen(200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A customer of the organiser."""

    email: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanges:
    """The customer's new name; an empty one removes it."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(CustomerView):
    """A customer's profile: groups that grant something now, orders newest first, and imported tickets."""

    groups: Sequence[GrantingMembership]
    orders: Sequence[OrderView]
    tickets: Sequence[ProfileTicket]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change of a membership."""

    group_id: str
    what: ChangeType


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """The changes that the re-evaluation of the customer's automatic groups made."""

    changes: Sequence[ChangeView]


@endpoint(Scope.ORGANISER, query=CustomerSearch, answer=CustomerView, listed=True)
def list_customers(call: Call) -> Listed:
    """List customers by e-mail, or search them by a prefix of their e-mail or of a word of their name."""
    after, most, typed = call.page.after("email", ""), call.page.most, call.query.q.strip()
    customers = adapters.customers()
    rows = (
        customers.search_customers(call.org, typed, most, after)
        if typed
        else customers.list_customers(call.org, most, after)
    )
    return call.page.of(rows, lambda customer: {"email": customer.key}).map(_view)


@endpoint(Scope.ORGANISER, answer=Profile)
def show(call: Call, email: str) -> Profile:
    """Get a customer with their groups, orders and tickets."""
    email = adapters.customers().resolve_email(call.org, email)
    person = require_customer(adapters.personal_data().read_person(call.org, email))
    groups = granting_memberships(adapters.indexes().read_group_index(call.org), person.memberships.values(), call.now)
    return Profile(**asdict(_view(person.customer)), groups=groups, orders=orders(person), tickets=person.tickets)


@endpoint(Scope.ORGANISER, body=CustomerChanges, answer=CustomerView, not_found=("not_found",), conflicts=("busy",))
def rename(call: Call, changes: CustomerChanges, email: str) -> CustomerView:
    """Change a customer's name, which searches and mails use."""
    email = adapters.customers().resolve_email(call.org, email)
    renamed = retry_on_conflict(lambda: adapters.customers().rename(call.org, email, changes.name))
    return _view(require_customer(renamed))


@endpoint(Scope.ORGANISER, answer=Proof, status=202)
def erase(call: Call, email: str) -> Proof:
    """Erase a person everywhere, whether they are a customer or only in lists. Counts stay.

    Searches no longer find them; lists, original files and reports are rewritten after the response.
    """
    return erase_person(call.org, email, call.token.name, call.now, erasure_request_ports())


@endpoint(Scope.ORGANISER, answer=Proof)
def erasure_proof(call: Call, email: str) -> Proof:
    """Get the proof of a person's erasure: who requested it, and when it was complete, null while it is in progress."""
    return proof_of(call.org, email, adapters.erasures())


@endpoint(Scope.ORGANISER, answer=Reevaluation)
def resync(call: Call, email: str) -> Reevaluation:
    """Re-evaluate all automatic groups for a customer from their purchases."""
    email = adapters.customers().resolve_email(call.org, email)
    require_customer(adapters.customers().get_customer(call.org, email))
    changes = reevaluate(call.org, email, call.now, call.token.name, adapters.sync_ports(), first=None)
    return Reevaluation([ChangeView(group_id=change.subject.group_id, what=change.what) for change in changes])


def _view(customer: Customer) -> CustomerView:
    return CustomerView(email=customer.email, name=customer.name, created_at=customer.created_at)
