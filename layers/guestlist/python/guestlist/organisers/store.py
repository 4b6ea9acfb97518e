"""Organisers and their tokens in the table."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from guestlist.aws import conditions, keys
from guestlist.aws.copies import copied, copy_deletions, copy_writes
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.model.errors import ConcurrentModification, Conflict, Unauthenticated, Unknown
from guestlist.model.ids import is_id
from guestlist.organisers.model import Organiser, Scope, Token, hash_token, organiser_of_token

_LIST = keys.organiser("").sk
_TOKENS = keys.token("", "").sk


class Organisers:
    """The settings and tokens of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get_organiser(self, org: str) -> Organiser:
        """The organiser's current settings. Raises `Unknown`."""
        item = self._table.get(keys.organiser(org))
        if item is None:
            raise Unknown("not_found.organiser", id=org)
        return _organiser(item)

    def list_organisers(self) -> Iterator[Organiser]:
        """All organisers, sorted by id; the index is eventually consistent."""
        return map(_organiser, self._table.query_all(_LIST, index="listing"))

    def add_organiser(self, organiser: Organiser) -> None:
        """Add an organiser. Raises `Conflict` if the id is taken."""
        try:
            self._table.put(_item(organiser), when=conditions.absent())
        except ConditionFailed as error:
            raise Conflict("organiser_exists", id=organiser.organiser_id) from error

    def save_organiser(self, organiser: Organiser) -> None:
        """Replace the settings."""
        self._table.put(_item(organiser))

    def change(self, org: str, changes: Mapping[str, Any]) -> Organiser:
        """Change some of the settings and return them all. Raises `Unknown`."""
        if not changes:
            return self.get_organiser(org)
        try:
            return _organiser(self._table.update(keys.organiser(org), dict(changes), when=conditions.present()))
        except ConditionFailed as error:
            raise Unknown("not_found.organiser", id=org) from error

    def set_senders(self, organiser: Organiser, senders: Sequence[str]) -> Organiser:
        """Replace the granted senders. Raises `ConcurrentModification` if they were changed meanwhile."""
        unchanged = conditions.equals("senders", list(organiser.senders))
        if not organiser.senders:
            unchanged = (unchanged | conditions.absent("senders")) & conditions.present()
        try:
            key = keys.organiser(organiser.organiser_id)
            return _organiser(self._table.update(key, {"senders": list(senders)}, when=unchanged))
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def tokens(self, org: str) -> Sequence[Token]:
        """The organiser's tokens, sorted by name, possibly including expired ones."""
        tokens = [token for token in self._tokens_and_sessions(org) if not token.session_of]
        return sorted(tokens, key=lambda token: token.name)

    def sessions(self, org: str) -> Sequence[Token]:
        """The organiser's sessions, possibly including expired ones."""
        return [token for token in self._tokens_and_sessions(org) if token.session_of]

    def _tokens_and_sessions(self, org: str) -> Iterator[Token]:
        return (_token(org, item) for item in self._table.query_all(keys.organiser(org).pk, begins=_TOKENS))

    def save_token(self, token: Token) -> None:
        """Save a token, which makes it valid."""
        key = keys.token(token.organiser_id, token.hash)
        item = copied(_token_item(token), self._table.get(key) or {})
        self._table.transact(Write(put=item), *copy_writes(item))

    def save_session(self, session: Token) -> None:
        """Save a session. Raises `Unauthenticated` if its token no longer exists."""
        token = Write(key=keys.token(session.organiser_id, session.session_of), when=conditions.present())
        try:
            self._table.transact(Write(put=_token_item(session)), token)
        except ConditionFailed as error:
            raise Unauthenticated("unauthenticated") from error

    def delete_sessions(self, token: Token) -> None:
        """Delete the sessions that were started with a token."""
        org = token.organiser_id
        sessions = [session for session in self.sessions(org) if session.session_of == token.hash]
        self._table.delete_many(keys.token(org, session.hash) for session in sessions)

    def delete_token(self, token: Token, other_token: Token | None = None) -> None:
        """Delete a token, which revokes it.

        Raises `ConcurrentModification` if `other_token` no longer exists.
        """
        key = keys.token(token.organiser_id, token.hash)
        checks = [
            Write(key=keys.token(other.organiser_id, other.hash), when=conditions.present())
            for other in [other_token]
            if other
        ]
        try:
            self._table.transact(Write(key=key, delete=True), *copy_deletions(key), *checks)
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def authorise(self, token: str, now: datetime) -> Token:
        """Authenticate a token as its bearer sends it. Raises `Unauthenticated`."""
        org, hashed = parse_token(token)
        return verify_token(org, self._table.get(keys.token(org, hashed)), now)


def parse_token(token: str) -> tuple[str, str]:
    """The organiser and the hash of a token as its bearer sends it. Raises `Unauthenticated` for a malformed one."""
    org = organiser_of_token(token)
    if org is None or not is_id(org):
        raise Unauthenticated("unauthenticated")
    return org, hash_token(token)


def verify_token(org: str, item: Item | None, now: datetime, scopes: Collection[Scope] = tuple(Scope)) -> Token:
    """The token of an item. Raises `Unauthenticated` if there is none or it has expired.

    Raises `Forbidden` if it has none of the scopes.
    """
    token = _token(org, item) if item else None
    if token is None or token.has_ended(now):
        raise Unauthenticated("unauthenticated")
    token.require(scopes)
    return token


def _token(org: str, item: Item) -> Token:
    return Token(
        organiser_id=org,
        scope=Scope(item["scope"]),
        name=item["name"],
        hash=item["sk"].removeprefix(_TOKENS),
        ends_at=datetime.fromisoformat(item["ends_at"]) if "ends_at" in item else None,
        created_at=datetime.fromisoformat(item["created_at"]) if "created_at" in item else None,
        session_of=item.get("session_of", ""),
    )


def _token_item(token: Token) -> Item:
    end, key = token.ends_at, keys.token(token.organiser_id, token.hash)
    ending = {"ends_at": instant(end), "ttl": int(end.timestamp())} if end else {}
    created = {"created_at": instant(token.created_at)} if token.created_at else {}
    session = {"session_of": token.session_of} if token.session_of else {}
    return {**key._asdict(), "scope": token.scope.value, "name": token.name, **ending, **created, **session}


def _item(organiser: Organiser) -> Item:
    key = keys.organiser(organiser.organiser_id)
    settings = {**asdict(organiser), "senders": list(organiser.senders)}
    return {**key._asdict(), "g1pk": _LIST, "g1sk": organiser.organiser_id, **settings}


def _organiser(item: Item) -> Organiser:
    settings = {name: item[name] for name in Organiser.__dataclass_fields__ if name in item}
    return Organiser(**{**settings, "senders": tuple(item.get("senders", ()))})
