"""The adapters of a request to erase a person."""

from chalicelib.bootstrap import adapters
from guestlist.aws.sqs import queue
from guestlist.erasure.service import ErasureRequestPorts


def erasure_request_ports() -> ErasureRequestPorts:
    """The ports, with the stores of this stage."""
    return ErasureRequestPorts(
        erasures=adapters.erasures(),
        personal_data=adapters.personal_data(),
        memberships=adapters.memberships(),
        address_lists=(adapters.suppressions(), adapters.unsubscriptions()),
        queue=_queue,
    )


def _queue(org: str, email: str) -> None:
    queue().erase(adapters.erasures().key_of(org, email))
