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
    """The settings and tokens of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, org: str) -> Organiser:
        """The organiser's settings as they are now. Raises `Unknown`."""
        item = self._table.get(keys.organiser(org))
        if item is None:
            raise Unknown(f"There is no organiser {org}.")
        return _organiser(item)

    def all(self) -> Iterator[Organiser]:
        """Every organiser, sorted by id; the list lags a little behind."""
        return map(_organiser, self._table.query_all(_LIST, index="listing"))

    def add(self, organiser: Organiser) -> None:
        """Keep a new organiser. Raises `Conflict` when there is one of that id."""
        try:
            self._table.put(_item(organiser), when=conditions.absent())
        except ConditionFailed as error:
            detail = f"There is an organiser {organiser.organiser_id} already."
            raise Conflict(detail, code="organiser_exists") from error

    def save(self, organiser: Organiser) -> None:
        """Keep the settings, in place of those that stood."""
        self._table.put(_item(organiser))

    def change(self, org: str, changes: Mapping[str, Any]) -> Organiser:
        """Set some of the settings and leave the others, and return them all. Raises `Unknown`."""
        if not changes:
            return self.get(org)
        try:
            return _organiser(self._table.update(keys.organiser(org), dict(changes), when=conditions.present()))
        except ConditionFailed as error:
            raise Unknown(f"There is no organiser {org}.") from error

    def set_senders(self, organiser: Organiser, senders: Sequence[str]) -> Organiser:
        """Replace the senders that the organiser has. Raises `ConcurrentModification` when they are others by now."""
        unchanged = conditions.equals("senders", list(organiser.senders))
        if not organiser.senders:
            unchanged = (unchanged | conditions.absent("senders")) & conditions.present()
        try:
            key = keys.organiser(organiser.organiser_id)
            return _organiser(self._table.update(key, {"senders": list(senders)}, when=unchanged))
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def tokens(self, org: str) -> Sequence[Token]:
        """The organiser's tokens, those that have ended too until they are tidied away; sorted by name."""
        tokens = [token for token in self._tokens_and_sessions(org) if not token.session_of]
        return sorted(tokens, key=lambda token: token.name)

    def sessions(self, org: str) -> Sequence[Token]:
        """The organiser's sessions, those that have ended too until they are tidied away."""
        return [token for token in self._tokens_and_sessions(org) if token.session_of]

    def _tokens_and_sessions(self, org: str) -> Iterator[Token]:
        return (_token(org, item) for item in self._table.query_all(keys.organiser(org).pk, begins=_TOKENS))

    def save_token(self, token: Token) -> None:
        """Keep a token, which is valid from now on until its end, if it has one."""
        key = keys.token(token.organiser_id, token.hash)
        item = copied(_token_item(token), self._table.get(key) or {})
        self._table.transact(Write(put=item), *copy_writes(item))

    def save_session(self, session: Token) -> None:
        """Keep a session. Raises `Unauthenticated` when its token is not there any more."""
        token = Write(key=keys.token(session.organiser_id, session.session_of), when=conditions.present())
        try:
            self._table.transact(Write(put=_token_item(session)), token)
        except ConditionFailed as error:
            raise Unauthenticated("This token is not known.") from error

    def forget_sessions(self, token: Token) -> None:
        """Delete the sessions that were begun with a token."""
        org = token.organiser_id
        begun = [one for one in self.sessions(org) if one.session_of == token.hash]
        self._table.delete_many(keys.token(org, one.hash) for one in begun)

    def forget_token(self, token: Token, beside: Token | None = None) -> None:
        """Delete a token, which is not valid from then on.

        Raises `ConcurrentModification` when the one `beside` it is not there any more.
        """
        key = keys.token(token.organiser_id, token.hash)
        standing = [
            Write(key=keys.token(one.organiser_id, one.hash), when=conditions.present()) for one in [beside] if one
        ]
        try:
            self._table.transact(Write(key=key, delete=True), *copy_deletions(key), *standing)
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def authorise(self, token: str, now: datetime) -> Token:
        """Whom the token, as it was sent, speaks for. Raises `Unauthenticated`."""
        org, hashed = claimed(token)
        return known_token(org, self._table.get(keys.token(org, hashed)), now)


def claimed(token: str) -> tuple[str, str]:
    """Whose token this would be, and its hash. Raises `Unauthenticated` for what cannot be one."""
    org = organiser_of_token(token)
    if org is None or not is_id(org):
        raise Unauthenticated("This token is not known.")
    return org, hash_token(token)


def known_token(org: str, item: Item | None, now: datetime, scopes: Collection[Scope] = tuple(Scope)) -> Token:
    """The token that the item is. Raises `Unauthenticated` when there is none, or its end has come.

    Raises `Forbidden` when it has none of the scopes.
    """
    token = _token(org, item) if item else None
    if token is None or token.ended(now):
        raise Unauthenticated("This token is not known.")
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
