"""Organisers and their tokens, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.model.errors import Conflict, Unauthenticated, Unknown
from guestlist.organisers.model import Organiser, Scope, Token, hash_token
from guestlist.organisers.store import Organisers
from guestlist.organisers.tokens import TokenRequest, create, revoke_by_id, revoke_by_name, rotate
from tests.engines.tables import new_table

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HALL = Organiser(organiser_id="city-hall", name="City Hall", time_zone="Europe/Amsterdam")


@pytest.fixture
def organisers(table: Table) -> Organisers:
    new_organisers = Organisers(table)
    new_organisers.add_organiser(HALL)
    return new_organisers


def scope_of(token: str, organisers: Organisers, now: datetime = NOW) -> Scope | None:
    """The scope of the token; None if it is unknown."""
    try:
        return organisers.authorise(token, now).scope
    except Unauthenticated:
        return None


def create_token(scope: Scope, name: str, secret: str, organisers: Organisers) -> str:
    """A new token, as its bearer sends it."""
    return create("city-hall", TokenRequest(name=name, scope=scope), secret, NOW, organisers)[0]


def test_an_organiser_is_created_once(organisers: Organisers) -> None:
    with pytest.raises(Conflict):
        organisers.add_organiser(replace(HALL, name="Another"))
    assert organisers.get_organiser("city-hall") == HALL


def test_all_organisers_are_listed_by_id(organisers: Organisers) -> None:
    organisers.add_organiser(Organiser(organiser_id="barn", name="The Barn"))
    organisers.change("city-hall", {"name": "New Hall"})
    assert [one.name for one in organisers.list_organisers()] == ["The Barn", "New Hall"]


def test_a_token_is_valid_for_its_scope_and_organiser(organisers: Organisers) -> None:
    token = create_token(Scope.CHECKOUT, "shop", "s1", organisers)
    assert token == "city-hall-s1"
    assert organisers.authorise(token, NOW) == Token(
        organiser_id="city-hall", scope=Scope.CHECKOUT, name="shop", hash=hash_token(token), created_at=NOW
    )


def test_of_a_token_only_the_hash_is_stored(organisers: Organisers, table: Table) -> None:
    token = create_token(Scope.CHECKOUT, "shop", "verysecret", organisers)
    items = list(table.query_all(keys.organiser("city-hall").pk))
    assert hash_token(token) in str(items)
    assert "verysecret" not in str(items)


def test_a_rotated_token_ends_at_once(organisers: Organisers) -> None:
    former = create_token(Scope.CHECKOUT, "shop", "s1", organisers)
    new = rotate("city-hall", "shop", "s2", NOW, timedelta(0), organisers)
    assert (scope_of(former, organisers), scope_of(new, organisers)) == (None, Scope.CHECKOUT)


def test_with_an_overlap_both_tokens_are_valid_until_it_ends(organisers: Organisers) -> None:
    former = create_token(Scope.ORGANISER, "office", "s1", organisers)
    new = rotate("city-hall", "office", "s2", NOW, HOUR, organisers)
    just_before = NOW + HOUR - timedelta(seconds=1)
    assert {scope_of(token, organisers, just_before) for token in (former, new)} == {Scope.ORGANISER}
    assert (scope_of(former, organisers, NOW + HOUR), scope_of(new, organisers, NOW + HOUR)) == (None, Scope.ORGANISER)


def test_a_second_rotation_does_not_lengthen_the_overlap_of_the_first(organisers: Organisers) -> None:
    first = create_token(Scope.ORGANISER, "office", "s1", organisers)
    rotate("city-hall", "office", "s2", NOW, HOUR, organisers)
    rotate("city-hall", "office", "s3", NOW, 2 * HOUR, organisers)
    assert scope_of(first, organisers, NOW + HOUR) is None


def test_the_name_of_an_ended_token_may_be_used_again(organisers: Organisers) -> None:
    create_token(Scope.ORGANISER, "office", "s1", organisers)
    rotate("city-hall", "office", "s2", NOW, HOUR, organisers)
    revoke_by_name("city-hall", "office", NOW, organisers)
    create_token(Scope.CHECKOUT, "office", "s3", organisers)
    assert [token.scope for token in organisers.tokens("city-hall")] == [Scope.CHECKOUT]


def test_a_name_shared_by_tokens_of_several_scopes_is_not_rotated(organisers: Organisers) -> None:
    both = [create_token(scope, "office", scope.value, organisers) for scope in (Scope.ORGANISER, Scope.READER)]
    with pytest.raises(Conflict, match="several_scopes"):
        rotate("city-hall", "office", "s3", NOW, HOUR, organisers)
    assert [scope_of(token, organisers) for token in both] == [Scope.ORGANISER, Scope.READER]


def test_revoking_ends_every_token_of_that_name(organisers: Organisers) -> None:
    former = create_token(Scope.ORGANISER, "office", "s1", organisers)
    new = rotate("city-hall", "office", "s2", NOW, HOUR, organisers)
    other = create_token(Scope.CHECKOUT, "shop", "s3", organisers)
    assert revoke_by_name("city-hall", "office", NOW, organisers) == 2
    assert [scope_of(token, organisers) for token in (former, new, other)] == [None, None, Scope.CHECKOUT]


def test_an_unknown_token_is_neither_exchanged_nor_revoked(organisers: Organisers) -> None:
    with pytest.raises(Unknown):
        rotate("city-hall", "office", "s1", NOW, HOUR, organisers)
    with pytest.raises(Unknown):
        revoke_by_name("city-hall", "office", NOW, organisers)
    assert list(organisers.tokens("city-hall")) == []


def test_the_table_deletes_a_token_after_its_end(organisers: Organisers, table: Table) -> None:
    former = create_token(Scope.ORGANISER, "office", "s1", organisers)
    rotate("city-hall", "office", "s2", NOW, HOUR, organisers)
    item = table.get(keys.token("city-hall", hash_token(former)))
    assert item is not None
    assert item["ttl"] == int((NOW + HOUR).timestamp())


def test_two_tokens_that_revoke_each_other_leave_one(ministack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Revoke the second token while the first one is being revoked."""
    organisers = Organisers(new_table(ministack))
    first, second = (create_token(Scope.ORGANISER, name, f"s{name}", organisers) for name in ("1", "2"))
    ids = [hash_token(token)[:16] for token in (first, second)]
    forget = Organisers.delete_token

    def forget_late(self: Organisers, token: Token, other_token: Token | None = None) -> None:
        monkeypatch.undo()
        revoke_by_id("city-hall", ids[1], NOW, organisers)
        forget(self, token, other_token)

    monkeypatch.setattr(Organisers, "delete_token", forget_late)
    with pytest.raises(Conflict, match="last_token"):
        revoke_by_id("city-hall", ids[0], NOW, organisers)
    assert [scope_of(token, organisers) for token in (first, second)] == [Scope.ORGANISER, None]


def test_a_token_of_an_earlier_version_is_read(organisers: Organisers, table: Table) -> None:
    table.put({**keys.token("city-hall", "0" * 64)._asdict(), "scope": "organiser", "name": "office"})
    (token,) = organisers.tokens("city-hall")
    assert (token.name, token.created_at, token.ends_at) == ("office", None, None)
