"""Request for a check."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

from guestlist.lists.entry import fold_code
from guestlist.model.normal_form import normal

Email = Annotated[str, MinLen(1), MaxLen(320)]
Label = Annotated[str, MaxLen(500)]
Quantity = Annotated[int, Interval(ge=1, le=1_000_000)]
SaleItemId = Annotated[str, MinLen(1), MaxLen(128)]
ClientId = Annotated[str, MinLen(1), MaxLen(128)]


@dataclass(frozen=True, slots=True)
class Customer:
    """The customer. `authenticated` only if logged in with the checkout; an address typed into a form is not."""

    email: Email
    authenticated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The checkout's client, only for guessing protection: stored for minutes, as digests."""

    ip: ClientId | None = None
    session: ClientId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """Check of one event page for one customer. None means not given, and restricts nothing."""

    customer: Customer | None = None
    code: Label | None = None
    sale_items: Annotated[tuple[SaleItemId, ...], MaxLen(100)] = ()
    category: Label | None = None
    seats: Annotated[tuple[Label, ...], MaxLen(100)] | None = None
    quantity: Quantity = 1
    discount: Annotated[str, MaxLen(128)] | None = None
    explain: bool = False
    client: Client | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", unless_blank(self.code))
        object.__setattr__(self, "discount", unless_blank(self.discount))
        if self.seats is not None:
            object.__setattr__(self, "seats", tuple(map(normal, self.seats)))

    @property
    def email(self) -> str:
        """The customer's address as sent; empty without a customer."""
        return self.customer.email if self.customer else ""

    @property
    def authenticated(self) -> bool:
        """Whether the customer is logged in."""
        return self.customer is not None and self.customer.authenticated


def unless_blank(code: str | None) -> str | None:
    """The code as sent; None for a blank one, as from an empty form field."""
    return code if code is not None and fold_code(normal(code)) else None
