"""Preconditions of calls for one customer."""

from typing import TypeVar

from guestlist.model.errors import Unknown

T = TypeVar("T")


def require_customer(customer: T | None) -> T:
    """Return the customer, or the data of one. Raises `Unknown` if it is None."""
    if customer is None:
        raise Unknown("not_found.customer")
    return customer
