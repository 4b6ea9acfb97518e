"""Histories of two webhooks on the model: each event at least once, in its subject's order, whatever the other does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from guestlist.webhooks import worker
from guestlist.webhooks.delivery_store import Deliveries
from guestlist.webhooks.model import DeliveryStatus
from tests.simulation.laws import broken_laws, broken_laws_by_seed
from tests.simulation.webhook_histories import SLOW, WebhookHistory

SEEDS = range(4)
"""The seeds of histories in which a planted fault must be found."""


def test_no_history_of_webhooks_breaks_a_law() -> None:
    assert broken_laws_by_seed(WebhookHistory, range(8)) == {}


def test_the_random_histories_contain_repeated_deliveries() -> None:
    histories = [WebhookHistory(seed) for seed in range(4)]
    for history in histories:
        history.run()
    assert max(max(history.accepted_count.values()) for history in histories) > 1


def test_deliveries_that_overtake_a_failed_one_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pending = Deliveries.pending_of
    monkeypatch.setattr(Deliveries, "pending_of", lambda *of: pending(*of)[::-1])
    assert "events of one subject are accepted in their order" in broken_laws(WebhookHistory, SEEDS)


def test_a_delivery_that_is_given_up_at_its_first_failure_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "after_attempt", lambda delivery, *_rest: _ended(delivery))
    assert "every event is accepted at least once" in broken_laws(WebhookHistory, SEEDS)


def test_a_receiver_delayed_by_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    work: Callable[..., None] = WebhookHistory._work  # noqa: SLF001 - what is planted stands in its place

    def one_after_the_other(self: WebhookHistory, org: str, webhook_id: str, *, fresh: bool) -> None:
        if webhook_id != SLOW:
            self.model.time.elapse(300)
        work(self, org, webhook_id, fresh=fresh)

    monkeypatch.setattr(WebhookHistory, "_work", one_after_the_other)
    assert "a slow receiver delays nobody else" in broken_laws(WebhookHistory, SEEDS)


def _ended(delivery: Any) -> Any:
    return replace(delivery, status=DeliveryStatus.SET_ASIDE, due_at=None)
