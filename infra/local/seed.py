"""The two organisers of the local stack, their tokens, and verified senders."""

from typing import Any

from guestlist.aws.table import Table
from guestlist.model.errors import Unknown
from guestlist.organisers.model import Organiser, Scope, Token, hash_token
from guestlist.organisers.store import Organisers

ORGANISERS = (
    Organiser(
        organiser_id="demo",
        name="Demo Hall",
        time_zone="Europe/Amsterdam",
        from_email="tickets@demo.example",
        senders=("demo.example",),
        notify_email="organiser@demo.example",
        customer_groups=True,
        consent_on_drop=True,
    ),
    Organiser(
        organiser_id="other",
        name="Other Stage",
        time_zone="Europe/Copenhagen",
        from_email="tickets@other.example",
        senders=("other.example",),
        notify_email="organiser@other.example",
        customer_groups=True,
    ),
)


def seed(table: Table, ses: Any) -> None:
    """Create what does not exist yet; settings that an organiser has changed stay unchanged."""
    organisers = Organisers(table)
    for organiser in ORGANISERS:
        try:
            _grant(organisers, organisers.get_organiser(organiser.organiser_id), organiser.senders)
        except Unknown:
            organisers.save_organiser(organiser)
        for scope in Scope:
            organisers.save_token(_token(organiser.organiser_id, scope))
    existing = {identity["IdentityName"] for identity in ses.list_email_identities()["EmailIdentities"]}
    needed = {name for organiser in ORGANISERS for name in (organiser.from_email, *organiser.senders)}
    for name in needed - existing:
        ses.create_email_identity(EmailIdentity=name)


def _grant(organisers: Organisers, organiser: Organiser, senders: tuple[str, ...]) -> None:
    """Grant senders that an earlier version of the stack did not."""
    granted = dict.fromkeys([*organiser.senders, *senders])
    if len(granted) > len(organiser.senders):
        organisers.set_senders(organiser, list(granted))


def _token(org: str, scope: Scope) -> Token:
    """A token such as `demo-organiser`: publicly known, which is why it exists only here."""
    return Token(organiser_id=org, scope=scope, name=f"local {scope}", hash=hash_token(f"{org}-{scope}"))
