"""Random histories of one code on the model, and the laws that each must keep.

Some are calm, where every answer must be exact; in others requests are lost and copied, processes die and clocks
are wrong: there a use may seem taken for a while that is not, but never the other way round.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from unittest.mock import patch

from guestlist.aws.items import unmarshal_item
from guestlist.checkout import counter_sharding
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.ledger_items import redemption_of, requests_on
from guestlist.checkout.redemption import CounterKey, Redemption
from guestlist.checkout.redemption_store import Redemptions
from guestlist.lists.entry import Entry
from guestlist.model.errors import Conflict
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES, ORG, Fleet, opened
from tests.simulation.linearizable import NEVER, Call, explained
from tests.simulation.network import Faults, Model
from tests.unit.checkout.builders import group

CODE = "SHARED26"
STORM = Faults(lost_request=0.02, lost_answer=0.02, dies=0.01, skew=2)
LATER = 3 * 24 * 3600.0
_CALLS, _CLIENTS = 24, 6


class Broken(NamedTuple):
    """A law that a history broke."""

    law: str
    seed: int

    def __str__(self) -> str:
        return f"{self.law}: make simulate SEED={self.seed}"


class History:
    """One code, some clients, and what they were told."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.model = Model(seed, Capacity(40_000, 40_000))
        random = self.model.time.random
        self.calm = random.random() < 0.4
        # A copy of a take that arrives after its step has ended may cost a use: decision 0010 accepts that.
        self.copies = not self.calm and random.random() < 0.5
        self.faults = Faults() if self.calm else replace(STORM, copied=0.02 if self.copies else 0)
        # A code that is split while it is sold; how many are free is then summed up while others go on taking.
        self.split = random.random() < 0.4
        # One in three has a new list, whose counters name redemptions where an entry has few uses.
        self._keyed = seed % 3 == 1
        few = [1, 1, 2, 2, 3] if self._keyed else [1, 2, 3, 5, 8]
        self.quantity = random.choice([9, 12, 20] if self.split else few)
        self.lapses = random.random() < 0.5
        self.calls: list[Call] = []
        self.broken: set[str] = set()
        self.had: dict[str, str] = {}
        self.played = 0.0
        self._standing: dict[str, Redemption] = {}
        self._unlisted: set[str] = set()
        self._named: dict[CounterKey, set[str]] = {}

    def run(self) -> list[Broken]:
        """The broken laws."""
        model = self.model
        hot = (1, 4) if self.split else (counter_sharding.SPLIT_STEPS, counter_sharding.SPLIT_FREE_USES)
        with model.running(), patch.multiple(counter_sharding, SPLIT_STEPS=hot[0], SPLIT_FREE_USES=hot[1]):
            opened(model).lists(Entry(CODE, quantity=self.quantity), of=group("list-k" if self._keyed else "list"))
            model.engine.watch = self._watch
            model.network.faults = self.faults
            self.fleet = Fleet(model)
            for _ in range(_CLIENTS):
                model.time.spawn(self._client)
            model.time.run(model.time.now + 3600)
            self.played = max([call.end for call in self.calls if call.success is not None], default=0.0)
            model.network.faults = Faults()
            if not self.lapses and not explained(self.calls, self.quantity, self._slack()):
                self.broken.add("each answer is explained by one order of events")
            self._mended()
        return [Broken(law, self.seed) for law in sorted(self.broken)]

    # What clients do

    def _client(self) -> None:
        random, time = self.model.time.random, self.model.time
        for number in range(_CALLS // _CLIENTS):
            time.elapse(random.expovariate(0.2 if self.lapses else 20))
            # A call that dies is the end of its process, not of its client.
            act = random.choice([self._redeem, self._redeem, self._release, self._check])
            act(f"{random.randrange(5)}" if not self.calm else f"{random.getrandbits(32)}-{number}")

    def _redeem(self, order: str) -> None:
        random = self.model.time.random
        quantity = random.choice([1, 2, 3] if self.split else [1, 1, 2])
        # A hold that ends while its own client still waits for a lost answer may cost a use; no shop holds so briefly.
        hold = random.choice([None, None, 10 if self.lapses else 7200])
        request = {"code": CODE, "quantity": quantity, "hold_seconds": hold}

        def call(process: Any) -> Any:
            result = process.redeem(order, **request)
            self.had[order] = result.redemption_id
            return result

        answer = self._call("redeem", call, order, quantity)
        if answer is not None and hold is not None and random.random() < 0.5:
            self._unheard(lambda process: process.confirm(answer.redemption_id))

    def _release(self, _order: str) -> None:
        random = self.model.time.random
        order = random.choice(sorted(self.had)) if self.had else None
        if order is None:
            return
        call, identity = f"{random.getrandbits(64):016x}", self.had[order]
        # Of a next generation nothing would come back, and the judge knows no generations.
        self._call("release", lambda process: process.release(identity, 9, call), order, 9)

    def _check(self, _order: str) -> None:
        self._call("check", lambda process: process.check(CODE))

    def _unheard(self, act: Callable[[Any], Any]) -> None:
        try:
            self.fleet.call(act)
        except FAILURES:
            return

    def _call(self, kind: str, act: Callable[[Any], Any], order: str = "", quantity: int = 0) -> Any:
        begin = self.model.time.now
        success: bool | None = True
        answer, remaining = None, None
        try:
            answer = self.fleet.call(act)
            remaining = answer.code.grants[0].remaining if kind == "check" else answer.remaining
        except Conflict as error:
            success, remaining = False, error.facts.get("remaining")
            # Another quantity for the same order, or one that is over: nothing that the judge knows.
            success = None if remaining is None else success
        except FAILURES:
            success = None
        end = NEVER if success is None else self.model.time.now
        self._record_call(Call(kind, begin, end, order, quantity, success, remaining))
        return answer

    def _record_call(self, call: Call) -> None:
        call = replace(call, remaining=None) if self.split else call
        if call.kind != "release":
            self.calls.append(call)
            return
        self.calls.append(replace(call, remaining=None))
        if call.success:
            self.calls.append(replace(call, kind="check", follows=len(self.calls) - 1))

    def _slack(self) -> int:
        """The number of uses that may seem redeemed and are not: of calls without a response, and of repeats."""
        if self.calm:
            return 0
        return sum(call.quantity for call in self.calls if call.kind == "redeem")

    # Laws

    def _watch(self, before: Any, after: Any) -> None:
        item = after or before
        if "generation" in item and item["sk"]["S"].startswith("REDEMPTION") and after:
            redemption = redemption_of(unmarshal_item(after))
            self._standing[redemption.request] = redemption
            sure = self.model.time.instant + timedelta(seconds=2 * STORM.skew)
            if sum(one.outstanding for one in self._standing.values() if one.is_active(sure)) > self.quantity:
                self.broken.add("never more uses than the quantity")
            self._unlisted -= {redemption.request}
            self._unlisted |= {redemption.request} if redemption.code and "g1pk" not in after else set()
        if after and "taken" in after:
            self._named[CounterKey(after["pk"]["S"], after["sk"]["S"])] = set(requests_on(after))
            if int(after["taken"]["N"]) > self.quantity:
                self.broken.add("a counter never says more than the quantity")
        unlisted = [self._standing[request] for request in self._unlisted]
        if any(one.request not in self._named[one.counter_key] for one in unlisted):
            self.broken.add("a redemption is in the index of its code or named by its counter")

    def _mended(self) -> None:
        """Once all that was begun has been brought to its end, counters say what redemptions say."""
        model = self.model
        model.time.elapse(LATER)
        for _ in range(3):
            self.fleet.call(lambda process: process.tidy())
        # What a dead attempt took becomes its request's redemption when somebody asks, which this check does; should
        # it be a hold that is over by then, the timer gives it back.
        answer = self.fleet.call(lambda process: process.check(CODE))
        self.fleet.call(lambda process: process.tidy())
        now = model.time.instant
        had = sum(redemption.outstanding for redemption in self._standing.values() if redemption.is_active(now))
        if not self._agrees(self.quantity - answer.code.grants[0].remaining, had):
            self.broken.add("the sum of what redemptions have is what is not free")
        self._listed()
        uses = Ledger(model.table(), ORG).uses(_partition(self._standing), now) if self._standing else None
        if uses and not self._agrees(sum(counter.uses_taken for counter in uses.counters.values()), had):
            self.broken.add("counters say what redemptions have")
        if uses and list(uses.steps()):
            self.broken.add("nothing that was begun stays open")

    def _listed(self) -> None:
        """All redemptions of the code are found by it, each once; one that a dead attempt left has no code."""
        redemption_ids = [one.redemption_id for one in Redemptions(self.model.table()).of_code(ORG, CODE, 2, None)]
        expected = {one.redemption_id for one in self._standing.values() if one.code}
        if len(set(redemption_ids)) < len(redemption_ids) or not expected <= set(redemption_ids):
            self.broken.add("every redemption is found by its code, once")

    def _agrees(self, counted: int, had: int) -> bool:
        return counted >= had if self.copies else counted == had


def _partition(redemptions: dict[str, Redemption]) -> str:
    return next(iter(redemptions.values())).counter_key.first_counter.partition
