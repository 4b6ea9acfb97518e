"""Organisers and their tokens in the table."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from guestlist.aws import conditions, keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.errors import Unauthenticated, Unknown
from guestlist.ids import is_id
from guestlist.organiser import Organiser, Scope, Token, hash_token, organiser_of_token


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

    def save(self, organiser: Organiser) -> None:
        """Keep the settings, in place of those that stood."""
        self._table.put({**keys.organiser(organiser.organiser_id)._asdict(), **asdict(organiser)})

    def change(self, org: str, changes: Mapping[str, Any]) -> Organiser:
        """Set some of the settings and leave the others; answers them all. Raises `Unknown`."""
        if not changes:
            return self.get(org)
        try:
            return _organiser(self._table.update(keys.organiser(org), dict(changes), when=conditions.present()))
        except ConditionFailed as error:
            raise Unknown(f"There is no organiser {org}.") from error

    def save_token(self, token: Token) -> None:
        """Keep a token, which is valid from now on."""
        key = keys.token(token.organiser_id, token.hash)
        self._table.put({**key._asdict(), "scope": token.scope.value, "name": token.name})

    def authorise(self, token: str) -> Token:
        """Whom the token, as it was sent, speaks for. Raises `Unauthenticated`."""
        org, key = token_key(token)
        return known_token(org, key, self._table.get(key))


def token_key(token: str) -> tuple[str, Key]:
    """Whose token this would be, and what to read to know it. Raises `Unauthenticated` for what cannot be one."""
    org = organiser_of_token(token)
    if org is None or not is_id(org):
        raise Unauthenticated("This token is not known.")
    return org, keys.token(org, hash_token(token))


def known_token(org: str, key: Key, item: Item | None) -> Token:
    """The token that the item read under `key` is. Raises `Unauthenticated` when there is none."""
    if item is None:
        raise Unauthenticated("This token is not known.")
    return Token(organiser_id=org, scope=Scope(item["scope"]), name=item["name"], hash=key.sk.removeprefix("TOKEN#"))


def _organiser(item: Item) -> Organiser:
    return Organiser(**{name: item[name] for name in Organiser.__dataclass_fields__ if name in item})
