"""The state of the sender of mails in SES, and what is left to do for it."""

from collections.abc import Iterator
from typing import Any


def is_known(ses: Any, sender: str) -> bool:
    """Whether SES has the address, or its domain, as an identity."""
    return any(_identity(ses, name) is not None for name in _names(sender))


def rate(ses: Any) -> str:
    """The number of mails that SES accepts per second: one in its sandbox."""
    return str(max(1, int(ses.get_account().get("SendQuota", {}).get("MaxSendRate", 1))))


def left_to_do(ses: Any, sender: str) -> Iterator[str]:
    """The remaining steps before mails reach everybody, one sentence each."""
    identities = [_identity(ses, name) for name in _names(sender)]
    if not any(one and one["VerifiedForSendingStatus"] for one in identities):
        yield from _to_verify(sender, identities[-1])
    if not ses.get_account().get("ProductionAccessEnabled"):
        yield "The account is in SES's sandbox, where mails go to verified addresses only: ask for production access."


def _to_verify(sender: str, domain: dict[str, Any] | None) -> Iterator[str]:
    """The instructions to verify the sender: DNS records if SES verifies the domain, otherwise a link in a mail."""
    if domain is None:
        yield f"SES has mailed a link to {sender}: open it, or no mail is sent."
        return
    name = sender.rpartition("@")[2]
    yield f"Publish these CNAME records where {name} is managed, or no mail is sent:"
    for token in domain["DkimAttributes"]["Tokens"]:
        yield f"  {token}._domainkey.{name} -> {token}.dkim.amazonses.com"
    yield f"Publish a TXT record _dmarc.{name} too, such as v=DMARC1; p=none."


def _names(sender: str) -> tuple[str, ...]:
    """The names under which SES may know an address or a domain."""
    return tuple(dict.fromkeys((sender, sender.rpartition("@")[2])))


def _identity(ses: Any, name: str) -> dict[str, Any] | None:
    try:
        identity: dict[str, Any] = ses.get_email_identity(EmailIdentity=name)
    except ses.exceptions.NotFoundException:
        return None
    return identity
