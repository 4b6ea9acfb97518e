"""A town of people who buy things, its automatic group, and what a day's purchases and lapses cost there."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from guestlist.groups.full_pass import PassResult
from guestlist.groups.person import Person
from guestlist.purchases.model import CountedPurchase
from tests.benchmarks.regulars import LIFETIME, NOW, PURCHASES, all_catalogues, rules, some_bought
from tests.fakes.groups import FakePurchases
from tests.unit.groups.world import World

_QUARTER = timedelta(minutes=15)
_TIMERS = 95
_WARM = timedelta(days=LIFETIME.days + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One day: who bought or gave back, whose membership ended by itself, and how often somebody was looked at."""

    touched: int
    lapsed: int
    evaluations: int


class Evaluations:
    """The purchases of a world, with a count of how often one person's were read to decide on them."""

    def __init__(self, purchases: FakePurchases) -> None:
        self._purchases = purchases
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._purchases, name)

    def person(self, org: str, email: str) -> Person:
        """One person's purchases and memberships."""
        self.count += 1
        return self._purchases.person(org, email)


class Town:
    """So many people with two years of purchases; their group has been in step for longer than its lifetime.

    On a day as many buy as is usual, or `daily`, at any instant; one in twenty is not followed before the timer.
    """

    def __init__(self, people: int, *, daily: int | None = None, seed: int = 7) -> None:
        self._letters = random.Random(seed)  # noqa: S311 - the same each time
        self._people, self._daily = people, daily or max(1, round(people * PURCHASES / 730))
        self.world = World(catalogues=all_catalogues())
        self._counted: Any = Evaluations(self.world.purchases)
        self.world.engine = replace(self.world.engine, purchases=self._counted)
        self.now = NOW - _WARM
        self._orders: list[str] = []
        for number in range(people):
            for one in some_bought(self._letters, least=1):
                self._buy(_email(number), one, one.at - _WARM, followed=False)
        self._group = self.world.automatic(rules(), lifetime=LIFETIME, synced=False)
        self.pass_over()
        while self.now < NOW:
            self.day()
            self.pass_over()

    def day(self) -> Work:
        """Purchases and lapses, and a timer every quarter of an hour, which makes no full pass on this day."""
        looked, audit_entries = self._counted.count, len(self.world.memberships.audit_entries)
        begin, last = self.now, self.now + _TIMERS * _QUARTER
        instants = sorted(begin + (last - begin) * self._letters.random() for _ in range(self._daily))
        touched: set[str] = set()
        passed = 0
        for timer in range(1, _TIMERS + 1):
            self.now = begin + timer * _QUARTER
            while instants and instants[0] < self.now:
                touched.add(self._touch(instants.pop(0)))
            passed += sum(one.people_checked for one in self.world.timer(self.now).passes)
        self.now = last
        ended = [
            audit_entry
            for _, audit_entry in self.world.memberships.audit_entries[audit_entries:]
            if audit_entry.by == "lapse"
        ]
        return Work(touched=len(touched), lapsed=len(ended), evaluations=self._counted.count - looked + passed)

    def pass_over(self) -> PassResult:
        """The full pass at this very instant."""
        return self.world.pass_over(self._group, self.now)

    def _touch(self, at: datetime) -> str:
        """Somebody buys something, or gives an order back, which one in twenty does; answers who."""
        if self._rarely():
            order_id = self._orders.pop(self._letters.randrange(len(self._orders)))
            self.world.refund(order_id, at)
            return self.world.purchases.get_purchase("demo", order_id).email
        email = _email(self._letters.randrange(self._people))
        self._buy(email, next(some_bought(self._letters, least=1)), at, followed=not self._rarely())
        return email

    def _buy(self, email: str, what: CountedPurchase, at: datetime, *, followed: bool) -> None:
        self._orders.append(self.world.buy(email, what.sale_item_id, what.quantity, at, followed=followed))

    def _rarely(self) -> bool:
        return self._letters.randrange(20) == 0


def _email(number: int) -> str:
    return f"p{number:06d}@example.com"
