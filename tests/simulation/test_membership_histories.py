"""Histories of an automatic group on the model: members are who the orders alone say, however calls are broken."""

from collections.abc import Sequence

import pytest

from guestlist.groups import reevaluation
from guestlist.groups.membership_store import Memberships
from guestlist.purchases.store import Purchases
from tests.simulation.laws import broken_laws, broken_laws_by_seed
from tests.simulation.membership_histories import MembershipHistory


@pytest.mark.behaviour(177)
def test_no_history_of_memberships_breaks_a_law() -> None:
    assert broken_laws_by_seed(MembershipHistory, range(15)) == {}


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(0, id="bought-while-the-first-pass-had-looked-at-them-before"),
        pytest.param(74, id="bought-after-the-first-pass-and-followed-by-a-run-of-the-timer-from-before-it"),
    ],
)
def test_the_seeds_that_once_broke_a_law_of_memberships_break_none(seed: int) -> None:
    assert MembershipHistory(seed).run() == set()


def test_a_purchase_without_a_reevaluation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Purchases, "due_buyers", lambda _self, _now: iter(()))
    monkeypatch.setattr(reevaluation.Reevaluator, "reevaluate", lambda _self, _email: [])
    laws = broken_laws(MembershipHistory, range(5))
    assert "memberships are those of the naive oracle" in laws


def test_members_that_are_not_counted_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Memberships.count_members

    def one_more(self: Memberships, org: str, group_ids: Sequence[str]) -> dict[str, int]:
        return {name: number + 1 for name, number in counted(self, org, group_ids).items()}

    monkeypatch.setattr(Memberships, "count_members", one_more)
    assert broken_laws(MembershipHistory, range(5)) == {"the number of members is how many there are"}
