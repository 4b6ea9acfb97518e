"""What a checkout asks."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

Email = Annotated[str, MinLen(1), MaxLen(320)]
Label = Annotated[str, MaxLen(500)]
Quantity = Annotated[int, Interval(ge=1, le=1_000_000)]
SaleItemId = Annotated[str, MinLen(1), MaxLen(128)]


@dataclass(frozen=True, slots=True)
class Customer:
    """Who asks. `authenticated` only when the checkout vouches for it: an address typed into a form is not."""

    email: Email
    authenticated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One customer before one event page. What is None was not said, and restricts nothing."""

    customer: Customer | None = None
    code: Label | None = None
    sale_items: Annotated[tuple[SaleItemId, ...], MaxLen(100)] = ()
    category: Label | None = None
    seats: Annotated[tuple[Label, ...], MaxLen(100)] | None = None
    quantity: Quantity = 1
    discount: Annotated[str, MaxLen(128)] | None = None
    explain: bool = False

    @property
    def email(self) -> str:
        """The customer's address as it was sent; empty when nobody was named."""
        return self.customer.email if self.customer else ""

    @property
    def authenticated(self) -> bool:
        """Whether the checkout vouches for the customer."""
        return self.customer is not None and self.customer.authenticated
