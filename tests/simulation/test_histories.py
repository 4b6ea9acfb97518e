"""A minute of what `make simulate` does: histories by fixed seeds, and an on-sale."""

from collections.abc import Iterator

import pytest

from guestlist.aws import conditions
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.redemption import Status
from guestlist.lists.entry import Entry
from tests.simulation.__main__ import Played, main, simulate
from tests.simulation.fleet import ORG, Fleet, opened
from tests.simulation.histories import CODE, LATER, Broken, History
from tests.simulation.network import Model
from tests.simulation.virtual_time import Died
from tests.unit.checkout.builders import redemption_request


@pytest.mark.behaviour(42)
@pytest.mark.parametrize("seed", range(0, 80, 20))
def test_no_history_breaks_a_law(seed: int) -> None:
    assert [broken for number in range(seed, seed + 20) for broken in History(number).run()] == []


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(143, id="a-dead-attempt-took-and-nobody-asked"),
        pytest.param(507, id="released-while-its-own-client-waits-for-a-lost-answer"),
        pytest.param(1167, id="a-dead-attempt-held-and-nobody-asked-until-the-hold-was-over"),
        pytest.param(1304, id="released-again-while-the-first-release-is-taken-off"),
        pytest.param(1454, id="a-former-redemption-released-while-the-next-is-taken"),
        pytest.param(3382, id="a-dead-attempt-held-and-a-check-took-its-step-for-a-hold"),
    ],
)
def test_the_seeds_that_once_broke_a_law_of_redemptions_break_none(seed: int) -> None:
    assert History(seed).run() == []


def test_a_repeat_completes_the_redemption_of_a_dead_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model()
    with model.running():
        opened(model).lists(Entry(CODE, quantity=9))
        fleet, request = Fleet(model), redemption_request("order", code=CODE, quantity=2)
        monkeypatch.setattr(Ledger, "create_redemption", lambda *_: _die())
        with pytest.raises(Died):
            fleet.call(lambda process: process.redeem(request.order_id, code=CODE, quantity=2))
        monkeypatch.undo()
        model.time.elapse(LATER)
        fleet.call(lambda process: process.tidy())
        ledger = Ledger(model.table(), ORG)
        assert ledger.redemption(request.request(b"")) is None
        answer = fleet.call(lambda process: process.check(CODE))
        redemption = ledger.redemption(request.request(b""))
        uses = ledger.uses(redemption.counter_key.partition, model.time.instant) if redemption else None
    assert answer.code.grants[0].remaining == 7
    assert redemption is not None
    assert redemption.outstanding == 2
    assert uses is not None
    assert (uses.uses_taken(redemption.counter_key), list(uses.steps())) == (2, [])


def test_a_repeat_completes_the_hold_of_a_dead_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    model, hour = Model(), 3600
    with model.running():
        opened(model).lists(Entry(CODE))
        fleet, request = Fleet(model), redemption_request("order", code=CODE, hold_seconds=hour)
        monkeypatch.setattr(Ledger, "create_redemption", lambda *_: _die())
        with pytest.raises(Died):
            fleet.call(lambda process: process.redeem(request.order_id, code=CODE, hold_seconds=hour))
        monkeypatch.undo()
        model.time.elapse(hour / 2)
        fleet.call(lambda process: process.check(CODE))
        redemption = Ledger(model.table(), ORG).redemption(request.request(b""))
    assert redemption is not None
    assert redemption.status is Status.HELD


def _die() -> bool:
    raise Died


def test_a_history_is_the_same_for_the_same_seed() -> None:
    first, second, other = History(5), History(5), History(6)
    for one in (first, second, other):
        one.run()
    assert first.calls == second.calls != other.calls


def test_histories_last_as_long_as_requested() -> None:
    histories = list(simulate(1, 0.02))
    assert histories[-1].count == len(histories) > 1
    assert histories[-1].hours >= 0.02 > histories[-2].hours
    assert [one.broken for one in histories] == [[]] * len(histories)


def laws_broken(histories: int, step: int = 1) -> set[str]:
    return {one.law for number in range(1, 1 + histories * step, step) for one in History(number).run()}


def test_a_use_that_is_never_released_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    end = Ledger.end_step
    monkeypatch.setattr(Ledger, "end_step", lambda self, counter_key, step, **_: end(self, counter_key, step))
    assert "counters say what redemptions have" in laws_broken(5)


def test_a_redemption_that_its_counter_does_not_name_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    end = Ledger.end_step
    monkeypatch.setattr(Ledger, "end_step", lambda self, *of, returned=0, **_: end(self, *of, returned=returned))
    laws = laws_broken(20, step=3)
    assert "a redemption is in the index of its code or named by its counter" in laws
    assert "every redemption is found by its code, once" in laws


def test_an_unenforced_limit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "at_most", lambda name, _most: conditions.present(name))
    laws = laws_broken(40)
    assert "never more uses than the quantity" in laws
    assert "each answer is explained by one order of events" in laws


def test_the_command_prints_what_it_played(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "3", "--hours", "0", "--rush", "0"]) == 0
    assert capsys.readouterr().out.startswith("1 histories of ")


def test_a_broken_law_is_printed_before_the_next_history_is_played(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def histories(*_: float) -> Iterator[Played]:
        yield Played(1, 0.1, [Broken("a law", 7)])
        assert capsys.readouterr().out == "BROKEN: a law: make simulate SEED=7\n"
        yield Played(2, 0.2, [])

    monkeypatch.setattr("tests.simulation.__main__.simulate", histories)
    assert main(["--rush", "0"]) == 1


def test_a_broken_law_is_named_with_the_seed_that_breaks_it() -> None:
    assert str(Broken("a law", 7)) == "a law: make simulate SEED=7"
