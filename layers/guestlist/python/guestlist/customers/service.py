"""What every call for one customer requires."""

from typing import TypeVar

from guestlist.model.errors import Unknown

T = TypeVar("T")


def require_customer(customer: T | None) -> T:
    """The customer, or what was read of them. Raises `Unknown` if there is none."""
    if customer is None:
        raise Unknown("There is no such customer.")
    return customer
