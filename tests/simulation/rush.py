"""An on-sale on the model: one code that everybody has, at so many redemptions offered a second."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from guestlist.aws.copies import MIN_AGE_OF_COPIES
from guestlist.catalogue.restrictions import IndexedItem
from guestlist.checkout.request import Client
from guestlist.lists.entry import Entry
from guestlist.model import clock
from tests.simulation.capacity import TABLE_READS, TABLE_WRITES, Capacity, size
from tests.simulation.fleet import FAILURES, Fleet, opened
from tests.simulation.network import Model

CODE, QUANTITY = "ONSALE26", 1_000_000
_CALM = 5
_NORMAL = 50


@dataclass
class Rush:
    """The result. Times are in virtual seconds; `largest` is the size of the largest counter, in bytes."""

    offered: int = 0
    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    done_in_time: int = 0
    took: list[float] = field(default_factory=list)
    refusal_times: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    after_refused: int = 0
    largest: int = 0
    units: Mapping[str, float] = field(default_factory=dict)
    throttled: int = 0
    processes: int = 0

    def figures(self) -> dict[str, Any]:
        """The figures, for people and for the bench."""
        took = sorted(self.took) or [0.0]
        return {
            "offered a second": self.offered / self.seconds,
            "done a second": self.done_in_time / self.seconds,
            "share": self.answers["done"] / self.offered,
            "median": took[len(took) // 2],
            "99 %": took[len(took) * 99 // 100],
            "slowest refusal": max(self.refusal_times, default=0.0),
            "told": dict(self.answers),
            "after: slowest": max(self.after, default=0.0),
            "after: refused": self.after_refused,
            "largest counter": self.largest,
            "units a redemption": {name: some / max(1, self.answers["done"]) for name, some in self.units.items()},
            "throttled": self.throttled,
            "processes": self.processes,
        }


def rush(offered: int, seconds: float, seed: int = 0, *, burst: float = 0.1) -> Rush:
    """Offer so many redemptions a second, evenly but for chance, for so long; then, 5 seconds later, a few.

    A table saves up no more than a `burst` of seconds, so that a short rush meets what a long one would.
    What every call reads of the organiser has had its copies for long.
    """
    with Model(seed, Capacity(TABLE_WRITES, TABLE_READS, burst=burst)).running() as model, _rare_collections():
        # Tokens and indexes say by the model's clock since when they have copies.
        with patch.object(clock, "now", lambda: model.time.instant):
            shop = opened(model)
            shop.lists(Entry(CODE, quantity=QUANTITY))
            shop.sells({"ticket": IndexedItem("event", "seats", None, ("list",))})
        model.time.elapse(2 * MIN_AGE_OF_COPIES.total_seconds())
        result = Rush(seconds=seconds)
        _watch(model, result)
        model.engine.capacity.used.update(dict.fromkeys(model.engine.capacity.used, 0.0))
        fleet, begin = Fleet(model), model.time.now
        for number in range(int(offered * seconds)):
            when = begin + (number + model.time.random.random()) / offered
            model.time.spawn(lambda number=number: _one(fleet, result, number, begin + seconds), when)
        result.offered = int(offered * seconds)
        model.time.run(begin + seconds + _CALM)
        result.units = dict(model.engine.capacity.used)
        for number in range(_NORMAL):
            model.time.spawn(lambda number=number: _later(fleet, result, number), model.time.now + number / _NORMAL)
        model.time.run(model.time.now + 60)
        result.throttled, result.processes = model.engine.capacity.throttled, fleet.made
        return result


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage seldom: thousands of processes are objects that stay, and to look at them takes a third."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _watch(model: Model, result: Rush) -> None:
    def watch(_before: Any, after: Any) -> None:
        if after and "taken" in after:
            result.largest = max(result.largest, size(after))

    model.engine.watch = watch


def _one(fleet: Fleet, result: Rush, number: int, end: float) -> None:
    began = fleet.model.time.now
    word = _redeem(fleet, f"order-{number}")
    ended = fleet.model.time.now
    result.answers[word] += 1
    if word == "done":
        result.took.append(ended - began)
        result.done_in_time += ended <= end
    else:
        result.refusal_times.append(ended - began)


def _later(fleet: Fleet, result: Rush, number: int) -> None:
    began = fleet.model.time.now
    if _redeem(fleet, f"later-{number}") == "done":
        result.after.append(fleet.model.time.now - began)
    else:
        result.after_refused += 1


def _redeem(fleet: Fleet, order_id: str) -> str:
    try:
        fleet.call(lambda process: process.redeem(order_id, code=CODE, client=Client(session=order_id)))
    except FAILURES as error:
        return getattr(error, "code", type(error).__name__)
    return "done"


def laws(figures: Mapping[str, Any]) -> list[str]:
    """The laws of an on-sale that these figures break."""
    goals = {
        "no counter is larger than 1 KB": figures["largest counter"] <= 1024,
        "who is refused is refused within 2 seconds": figures["slowest refusal"] <= 2,
        "no more than the quantity": figures["told"].get("done", 0) <= QUANTITY,
    }
    return [law for law, is_met in goals.items() if not is_met]
