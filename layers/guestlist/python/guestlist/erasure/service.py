"""The erasure of a person: everything that names them is deleted, counts stay.

The person's own items are deleted at once. Lists, originals and reports that name them are rewritten later by a
worker; until then the erasure is not complete.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from guestlist.erasure.model import Erasure, ErasureProgress, Proof, Step
from guestlist.groups.membership import Change
from guestlist.groups.ports import Memberships
from guestlist.messages.message import Message
from guestlist.model.concurrency import TRIES, busy
from guestlist.model.email_address import email_spellings
from guestlist.model.errors import ConcurrentModification, Unknown


class PersonalDataStore(Protocol):
    """The items of people."""

    def erase_person(self, org: str, email: str) -> None:
        """Remove the person from their orders and tickets, and delete all other items about them."""


class Erasures(Protocol):
    """The erasures in progress."""

    def begin(self, org: str, erasure: Erasure) -> Erasure:
        """Store the request to erase the person until it is complete, and return it as stored."""

    def save_progress(self, org: str, erasure: Erasure, progress: ErasureProgress) -> Erasure:
        """Save the progress. Raises `ConcurrentModification` if the erasure was requested again."""


class AddressList(Protocol):
    """A list of addresses whose entries outlive an erasure as digests, such as that of suppressed addresses."""

    def pseudonymise(self, org: str, email: str) -> None:
        """Reduce the entry of an erased person to its keyed digest."""


class Proofs(Protocol):
    """The records of erasures."""

    def proof(self, org: str, email: str) -> Proof | None:
        """The record that this person was erased or is being erased; None if not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequestPorts:
    """The ports of a request to erase a person. `queue` has a worker continue the erasure of this address."""

    erasures: Erasures
    personal_data: PersonalDataStore
    memberships: Memberships
    address_lists: Sequence[AddressList]
    queue: Callable[[str, str], None]


def erase_person(org: str, email: str, by: str, now: datetime, ports: ErasureRequestPorts) -> Proof:
    """Erase a person under every spelling of their address. Raises `Conflict` as `erase` does."""
    for spelling in email_spellings(email):
        erasure = Erasure(email=spelling, asked_at=now, by=by)
        erase(org, erasure, ports.erasures, ports.personal_data, ports.memberships)
        for addresses in ports.address_lists:
            addresses.pseudonymise(org, spelling)
        ports.queue(org, spelling)
    return Proof(asked_at=now, by=by)


def proof_of(org: str, email: str, proofs: Proofs) -> Proof:
    """The record of a person's erasure, an incomplete one first. Raises `Unknown`."""
    existing_proofs = [
        proof for spelling in email_spellings(email) if (proof := proofs.proof(org, spelling)) is not None
    ]
    if not existing_proofs:
        raise Unknown("not_found.erasure")
    return next((proof for proof in existing_proofs if proof.done_at is None), existing_proofs[0])


def erase(
    org: str, erasure: Erasure, erasures: Erasures, personal_data: PersonalDataStore, memberships: Memberships
) -> None:
    """Erase the person, known or not. Requests may be repeated and may run in parallel.

    Raises `Conflict` if somebody keeps adding the person again.
    """
    erasure = erasures.begin(org, erasure)
    delete_person(org, erasure, personal_data, memberships)
    with suppress(ConcurrentModification):  # a parallel request for the same person has restarted the erasure
        erasures.save_progress(org, erasure, replace(erasure.progress, step=Step.FILES))


def delete_person(org: str, erasure: Erasure, personal_data: PersonalDataStore, memberships: Memberships) -> None:
    """End the person's memberships, so that member counts stay correct, and delete all their other items.

    Raises `Conflict` if somebody keeps adding the person again.
    """
    for _ in range(TRIES):
        current = memberships.get_memberships(org, erasure.email).values()
        changes = [Change(before=member, after=None, by=erasure.by, because=Message("erased")) for member in current]
        if not memberships.apply(org, changes, erasure.asked_at):
            personal_data.erase_person(org, erasure.email)
            return
    raise busy()
