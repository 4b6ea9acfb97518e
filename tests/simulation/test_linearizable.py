"""The judge of histories: it accepts what one order explains, and finds what none does."""

import pytest

from tests.simulation.linearizable import NEVER, Call, explained

ONE = Call("redeem", 0, 2, "a", 1, remaining=0)


@pytest.mark.parametrize(
    "calls",
    [
        [ONE],
        [ONE, Call("check", 1, 3, remaining=1)],
        [ONE, Call("check", 1, 3, remaining=0)],
        [ONE, Call("redeem", 3, 4, "a", 1, remaining=0)],
        [ONE, Call("redeem", 1, 4, "b", 1, success=False, remaining=0)],
        [
            Call("redeem", 0, NEVER, "a", 1, success=None),
            Call("check", 5, 6, remaining=1),
            Call("check", 7, 8, remaining=0),
        ],
        [ONE, Call("release", 3, 4, "a", 1), Call("check", 3, 4, remaining=1, follows=1), Call("redeem", 5, 6, "b", 1)],
        [ONE, Call("release", 3, 6, "a", 1), Call("check", 3, 6, remaining=0, follows=1), Call("redeem", 4, 5, "b", 1)],
    ],
)
def test_a_linearizable_history_is_accepted(calls: list[Call]) -> None:
    assert explained(calls, 1)


@pytest.mark.parametrize(
    "calls",
    [
        [ONE, Call("redeem", 1, 4, "b", 1, remaining=0)],
        [ONE, Call("check", 3, 4, remaining=1)],
        [Call("redeem", 0, 2, "a", 1, success=False, remaining=0)],
        [
            Call("redeem", 0, NEVER, "a", 1, success=None),
            Call("check", 5, 6, remaining=0),
            Call("check", 7, 8, remaining=1),
        ],
        [ONE, Call("release", 3, 4, "a", 1), Call("check", 3, 4, remaining=0, follows=1)],
        [ONE, Call("redeem", 3, 4, "b", 1, success=None, remaining=0), Call("check", 5, 6, remaining=-1)],
    ],
)
def test_a_history_that_is_not_linearizable_is_found(calls: list[Call]) -> None:
    assert not explained(calls, 1)


def test_with_slack_fewer_may_be_said_to_be_free_but_never_more() -> None:
    assert explained([Call("check", 0, 1, remaining=2)], 3, slack=1)
    assert not explained([Call("check", 0, 1, remaining=1)], 3, slack=1)
    assert not explained([Call("check", 0, 1, remaining=4)], 3, slack=1)
