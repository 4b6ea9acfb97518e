"""The people who have unsubscribed from an organiser's welcome mails."""

import hmac
from datetime import datetime

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.due import instant
from guestlist.aws.table import ConditionFailed, Table
from guestlist.mail.model import MailKind
from guestlist.mail.suppressions import suppression_list
from guestlist.mail.unsubscribe_link import PATH, UnsubscribeToken, read_token, recipient_digest
from guestlist.model.errors import Conflict

UNSUBSCRIBED = "unsubscribed"
_ITEM = "UNSUBSCRIBED"


class Unsubscriptions:
    """The unsubscriptions of all organisers; their keys contain keyed digests, and addresses are attributes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def link(self, org: str, reference: str, email: str, address: str) -> str:
        """The link in this person's welcome mail with this reference; `address` is the URL of the API."""
        key = self._key(org)
        token = UnsubscribeToken(organiser_id=org, reference=reference, digest=recipient_digest(email, key))
        return f"{address}{PATH}{token.signed(key)}"

    def verify_token(self, token: str) -> UnsubscribeToken | None:
        """The content of a token; None if its signature is invalid."""
        content = read_token(token) if self._table.digest_key else None
        return content if content and content.is_signed_by(self._key(content.organiser_id), token) else None

    def add_unsubscription(self, token: UnsubscribeToken, at: datetime) -> None:
        """Record that this person wants no more welcome mails of this organiser.

        Their address is stored only if the mail's own record still has it, so not after an erasure.
        """
        org = token.organiser_id
        mail = self._table.get(keys.mail(org, MailKind.WELCOME, token.reference)) or {}
        email = mail.get("facts", {}).get("email", "")
        item = {**person_keys.suppression(org, token.digest, _ITEM)._asdict(), "why": UNSUBSCRIBED, "at": instant(at)}
        listing = {"email": email, "g1pk": suppression_list(org), "g1sk": list_sort_key(email, UNSUBSCRIBED)}
        self._table.put({**item, **listing} if email else item)

    def has_unsubscribed(self, org: str, email: str) -> bool:
        """Whether this person has unsubscribed."""
        return self._table.get(person_keys.suppression(org, recipient_digest(email, self._key(org)), _ITEM)) is not None

    def refuse_lifting(self, org: str, email: str) -> None:
        """Raise `Conflict` for a person who has unsubscribed: only they could undo that."""
        if self.has_unsubscribed(org, email):
            raise Conflict(UNSUBSCRIBED)

    def pseudonymise(self, org: str, email: str) -> None:
        """Reduce the unsubscription of an erased person to its keyed digest."""
        item = person_keys.suppression(org, recipient_digest(email, self._key(org)), _ITEM)
        try:
            self._table.update(item, remove=["email", "g1pk", "g1sk"], when=conditions.present())
        except ConditionFailed:
            return

    def _key(self, org: str) -> bytes:
        """The organiser's own key, derived from that of the stage."""
        return hmac.digest(self._table.digest_key, f"unsubscribe\x1f{org}".encode(), "sha256")


def list_sort_key(email: str, why: str) -> str:
    """The sort key of an address in the list: one that is suppressed and unsubscribed appears twice."""
    return f"{email}\x1f" if why == UNSUBSCRIBED else email
