"""Stored responses to requests that carried an Idempotency-Key.

A request claims its key before it runs and stores its response under the key afterwards. A claim lasts
`CLAIM`, longer than a request can run. If it lapses without a response because the process died, the next
request with the key runs again with the same timestamp, and therefore the same ids.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from guestlist.aws import conditions, keys
from guestlist.aws.digests import digest
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.model.email_address import fold_email
from guestlist.model.errors import Conflict

if TYPE_CHECKING:
    from guestlist.erasure.model import AddressMatcher

CLAIM = timedelta(seconds=30)
RETENTION = timedelta(days=30)
_ADDRESS = re.compile(r"""[^\s@%/"“”<>(),:;\\\x00-\x1f]{1,64}@[\w\-]+(?:\.[\w\-]+)+""")
"""An e-mail address within the JSON of a response."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its key; requests with the same `fingerprint` are the same request."""

    org: str
    token_name: str
    idempotency_key: str
    fingerprint: str

    @property
    def at(self) -> Key:
        """The key of the item with its response."""
        return keys.idempotency(self.org, self.token_name, self.idempotency_key)


@dataclass(frozen=True, slots=True)
class Claim:
    """The permission to run the request. `began_at` is the time of the first claim, also on a second attempt."""

    began_at: datetime


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The response to the first request."""

    status: int
    body: str


class IdempotencyStore:
    """The stored responses of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def claim(self, request: Request, now: datetime) -> Claim | StoredResponse | None:
        """A claim, or the stored response; None while another process runs the request.

        Raises `Conflict` if the key was used for another request.
        """
        claim_fields = {"fingerprint": self._stored_fingerprint(request), "began_at": now.isoformat(), **_expiry(now)}
        is_free = conditions.absent() | conditions.before("ttl", int(now.timestamp()))
        try:
            self._table.put({**request.at._asdict(), **claim_fields}, when=is_free)
        except ConditionFailed:
            return self._repeated(request, now)
        return Claim(now)

    def _repeated(self, request: Request, now: datetime) -> Claim | StoredResponse | None:
        stored = self._table.get(request.at) or {}
        # An earlier version stored an unkeyed digest.
        if stored.get("fingerprint", request.fingerprint) not in (
            request.fingerprint,
            self._stored_fingerprint(request),
        ):
            raise Conflict("idempotency_conflict.key")
        if "status" in stored:
            return StoredResponse(stored["status"], stored["body"])
        if not stored or now.isoformat() < stored["claimed_until"]:
            return None
        return self._claim_again(request, stored, now)

    def _stored_fingerprint(self, request: Request) -> str:
        """The fingerprint as it is stored: keyed, since it outlives the erasure of a person named in the request."""
        digest_key = self._table.digest_key
        return digest(request.fingerprint, key=digest_key) if digest_key else request.fingerprint

    def _claim_again(self, request: Request, stored: Item, now: datetime) -> Claim | None:
        is_lapsed = conditions.equals("claimed_until", stored["claimed_until"]) & conditions.absent("status")
        try:
            self._table.update(request.at, _expiry(now), when=is_lapsed)
        except ConditionFailed:
            return None
        return Claim(datetime.fromisoformat(stored["began_at"]))

    def save_response(self, request: Request, first: StoredResponse) -> StoredResponse:
        """Store the response for `RETENTION` and return the one that is stored, possibly by another process before.

        The addresses in it are indexed first, so that an erasure finds the response.
        """
        self._index_addresses(request, first.body)
        has_no_response = conditions.present() & conditions.absent("status")
        try:
            self._table.update(request.at, {"status": first.status, "body": first.body}, when=has_no_response)
        except ConditionFailed:
            stored = self._table.get(request.at) or {}
            return StoredResponse(stored["status"], stored["body"]) if "status" in stored else first
        return first

    def _index_addresses(self, request: Request, body: str) -> None:
        stored = self._table.get(request.at) if "@" in body else None
        if stored:
            for email in {fold_email(address) for address in _ADDRESS.findall(body)}:
                self._table.put({**_address_key(request.org, email, request.at.pk)._asdict(), "ttl": stored["ttl"]})

    def redact(self, org: str, person: "AddressMatcher") -> None:
        """Remove the person's address and name from every stored response."""
        for note in self._table.query_all(_address_key(org, person.email, "").pk):
            at = Key(note["sk"], keys.idempotency(org, "", "").sk)
            body = (self._table.get(at) or {}).get("body", "")
            if person.matches(body):
                self._table.update(at, {"body": _without(body, person)}, when=conditions.equals("body", body))
            self._table.delete(Key(note["pk"], note["sk"]))

    def release(self, request: Request) -> None:
        """Release the key, because the request was not carried out."""
        try:
            self._table.delete(request.at, when=conditions.absent("status"))
        except ConditionFailed:
            return


def _without(body: str, person: "AddressMatcher") -> str:
    """The response without the address and without the name in the same object."""
    try:
        value = json.loads(body)
    except ValueError:
        return person.redact(body)
    return person.redact(json.dumps(_without_name(value, person), ensure_ascii=False, separators=(",", ":")))


def _without_name(value: Any, person: "AddressMatcher") -> Any:
    if isinstance(value, list):
        return [_without_name(element, person) for element in value]
    if not isinstance(value, dict):
        return value
    names_them = any(isinstance(element, str) and person.matches(element) for element in value.values())
    erased = {"name"} if names_them and value.get("name") else set()
    return {key: "" if key in erased else _without_name(element, person) for key, element in value.items()}


def _expiry(now: datetime) -> dict[str, Any]:
    return {"claimed_until": (now + CLAIM).isoformat(), "ttl": int((now + RETENTION).timestamp())}


def _address_key(org: str, email: str, pk: str) -> Key:
    """The index entry of a response that contains this address; it cannot collide, since every token has a name."""
    return Key(keys.idempotency(org, "", email).pk, pk)
