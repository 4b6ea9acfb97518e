"""Create organisers, and grant and revoke their senders, for the operator."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.model.email_address import fold_email
from guestlist.model.errors import Unknown
from guestlist.organisers.model import Organiser, Scope, Token
from guestlist.organisers.tokens import TokenRequest, Tokens, create

FIRST_TOKENS = (Scope.ORGANISER, Scope.CHECKOUT)
"""A new organiser gets a token of each of these scopes, named after it."""


class NewOrganisers(Tokens, Protocol):
    """The store of organisers and their tokens."""

    def add_organiser(self, organiser: Organiser) -> None:
        """Add an organiser. Raises `Conflict` if the id is taken."""


class Senders(Protocol):
    """The store of the senders that organisers may use."""

    def get_organiser(self, org: str) -> Organiser:
        """The organiser's current settings. Raises `Unknown`."""

    def set_senders(self, organiser: Organiser, senders: Sequence[str]) -> Organiser:
        """Replace the granted senders. Raises `ConcurrentModification` if they were changed meanwhile."""


def create_organiser(
    organiser: Organiser, new_secret: Callable[[], str], now: datetime, organisers: NewOrganisers
) -> list[tuple[str, Token]]:
    """Add an organiser and create its first tokens, each as its bearer sends it, and as it is stored.

    Raises `Conflict` if the id is taken.
    """
    organisers.add_organiser(organiser)
    requests = [TokenRequest(name=scope.value, scope=scope) for scope in FIRST_TOKENS]
    return [create(organiser.organiser_id, request, new_secret(), now, organisers) for request in requests]


def grant_sender(org: str, sender: str, senders: Senders) -> Organiser:
    """Grant the organiser a sender, an address or a domain, to send mail from. Raises `Unknown`."""
    organiser = senders.get_organiser(org)
    return senders.set_senders(organiser, list(dict.fromkeys([*organiser.senders, fold_email(sender)])))


def revoke_sender(org: str, sender: str, senders: Senders) -> Organiser:
    """Revoke a sender of the organiser. Raises `Unknown` if it has no such sender."""
    organiser, folded = senders.get_organiser(org), fold_email(sender)
    if folded not in organiser.senders:
        raise Unknown("not_found.sender", organiser=org, sender=folded)
    return senders.set_senders(organiser, [granted for granted in organiser.senders if granted != folded])
