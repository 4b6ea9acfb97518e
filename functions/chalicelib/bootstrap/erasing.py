"""The adapters of a request to erase a person."""

from chalicelib.bootstrap import adapters
from guestlist.aws.sqs import queue
from guestlist.erasure.service import ErasingPorts


def erasing_ports() -> ErasingPorts:
    """The ports, with the stores of this stage."""
    return ErasingPorts(
        erasures=adapters.erasures(),
        pages=adapters.pages(),
        memberships=adapters.memberships(),
        address_lists=(adapters.suppressions(), adapters.unsubscriptions()),
        queue=_queue,
    )


def _queue(org: str, email: str) -> None:
    queue().erase(adapters.erasures().place(org, email))
