"""The effect of a customer file, in numbers."""

from datetime import UTC, datetime

from guestlist.customers.importing.effect import MAX_NAMED, Effect
from guestlist.groups.membership import Change, Membership, Source
from guestlist.imports.model import LostMembership

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def lost_membership(group_id: str, email: str = "ann@example.com") -> Change:
    """The end of a membership."""
    before = Membership(email=email, group_id=group_id, source=Source.IMPORT, added_at=NOW)
    return Change(before=before, after=None, by="import")


def test_losses_are_listed_by_the_name_of_the_group_with_the_largest_first():
    effect = Effect()
    effect.add(
        [lost_membership("a"), lost_membership("b"), lost_membership("b", "bo@example.com"), lost_membership("gone")]
    )
    assert list(effect.losses({"a": "Members", "b": "Press"}).items()) == [("Press", 2), ("Members", 1)]


def test_lost_memberships_are_listed_in_file_order_also_after_another_worker_resumes():
    effect = Effect()
    effect.add(
        [lost_membership("b"), lost_membership("a", "bo@example.com"), lost_membership("gone", "cy@example.com")]
    )
    second = Effect.from_numbers(effect.numbers())
    second.add([lost_membership("b", "di@example.com")])
    assert second.lost_memberships({"a": "Members", "b": "Press"}) == (
        LostMembership("ann@example.com", "Press"),
        LostMembership("bo@example.com", "Members"),
        LostMembership("di@example.com", "Press"),
    )


def test_the_number_of_groups_listed_with_losses_is_limited():
    effect = Effect()
    effect.add(lost_membership(f"g{number}") for number in range(MAX_NAMED + 5))
    assert len(effect.losses({f"g{number}": f"Group {number}" for number in range(MAX_NAMED + 5)})) == MAX_NAMED
    assert effect.memberships_lost == MAX_NAMED + 5


def test_another_worker_resumes_counting_after_an_interruption():
    effect = Effect()
    effect.add([lost_membership("a")])
    second = Effect.from_numbers(effect.numbers())
    second.add([lost_membership("a")])
    assert (second.memberships_lost, second.losses({"a": "Members"})) == (2, {"Members": 2})
