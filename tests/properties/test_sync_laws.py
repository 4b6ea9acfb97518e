"""Memberships against a naive oracle: random histories, timers, interruptions and concurrent changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.catalogue.model import InventoryItem, Schedule, id_of, type_of
from guestlist.groups.match import Matcher
from guestlist.groups.model import Group
from guestlist.groups.rule import Branch
from guestlist.purchases.model import CountedPurchase, Line
from tests.fakes.groups import FakeCatalogues
from tests.properties.rule_strategies import EPOCH, SOLD, branches
from tests.properties.test_rules_match import truth
from tests.unit.groups.builders import days
from tests.unit.groups.world import World

MICROSECOND = timedelta(microseconds=1)
EMAILS = [f"p{number}@example.com" for number in range(4)]


@dataclass(frozen=True)
class Buys:
    """A purchase."""

    email: str
    item: str
    quantity: int


@dataclass(frozen=True)
class Returns:
    """A refund of one of the earlier orders, if that many exist."""

    which: int
    quantity: int


@dataclass(frozen=True)
class Timer:
    """A run of the timer; with `full` after a request for a full pass."""

    full: bool


Step = Buys | Returns | Timer
steps = st.one_of(
    st.builds(Buys, st.sampled_from(EMAILS), st.sampled_from(sorted(SOLD.sale_items)), st.integers(1, 3)),
    st.builds(Returns, st.integers(0, 5), st.integers(1, 2)),
    st.builds(Timer, st.booleans()),
)
# Hours between steps; many steps fall together, or exactly a window or a lifetime apart.
stories = st.lists(st.tuples(st.sampled_from([0, 12, 24, 7 * 24, 14 * 24]), steps), max_size=12)
lifetimes = st.none() | st.integers(1, 10).map(days)


def catalogues() -> FakeCatalogues:
    fake_catalogues = FakeCatalogues()
    others = Schedule(schedule_id="s", name="S"), InventoryItem(inventory_item_id="i", name="I")
    for thing in (*others, *SOLD.events.values(), *SOLD.sale_items.values()):
        fake_catalogues.entities["demo", type_of(thing), id_of(thing)] = thing
    return fake_catalogues


class Story:
    """Plays a history, and records what the oracle needs."""

    def __init__(self, rules: Branch, lifetime: object, *, world: World | None = None) -> None:
        self.world = world or World(catalogues=catalogues())
        self.now = EPOCH
        self.group: Group = create(self.world, rules, lifetime)
        self.orders: list[str] = []
        self.history: dict[str, list[tuple[datetime, list[CountedPurchase]]]] = {email: [] for email in EMAILS}

    def play(self, step: Step, *, followed: bool = True) -> None:
        if isinstance(step, Buys):
            self.orders.append(self.world.buy(step.email, step.item, step.quantity, self.now, followed=followed))
            self.remember(step.email)
        elif isinstance(step, Timer):
            if step.full:
                self.world.pass_over(self.group, self.now)
            self.world.timer(self.now)
        elif step.which < len(self.orders):
            self.give_back(self.orders[step.which], step.quantity)

    def give_back(self, order_id: str, quantity: int) -> None:
        purchase = self.world.purchases.get_purchase("demo", order_id)
        line = purchase.lines[0]
        if line.net:
            back = Line(sale_item_id=line.sale_item_id, quantity=min(line.net, quantity))
            self.world.refund(order_id, self.now, [back])
            self.remember(purchase.email)

    def remember(self, email: str) -> None:
        self.history[email].append((self.now, list(self.world.purchases.person("demo", email).purchases)))

    def members(self, at: datetime) -> set[str]:
        return {email for email in EMAILS if self.world.is_in(self.group, email, at)}


def create(world: World, rules: Branch, lifetime: object) -> Group:
    group = world.automatic(rules, lifetime=lifetime, synced=False)
    world.pass_over(group, EPOCH)
    return group


def oracle(
    rules: Branch, lifetime: timedelta | None, states: list[tuple[datetime, list[CountedPurchase]]], at: datetime
) -> bool:
    """Whether a person is a member at that time, played step by step from one possible change to the next."""
    since: datetime | None = None
    windows = {0, 1, 2, 3, 4, 7, 14, 21, 28}
    moments = {moment for moment, _ in states} | {at}
    moments |= {
        one.at + timedelta(days=window) + edge
        for _, purchases in states
        for one in purchases
        for window in windows
        for edge in (timedelta(), MICROSECOND)
    }
    queue = sorted(moment for moment in moments if moment <= at)
    while queue:
        moment = queue.pop(0)
        earlier = [state for when, state in states if when < moment][-1:]
        for purchases in [state for when, state in states if when == moment] or earlier:
            if truth(rules, purchases, moment):
                if since is None:
                    since = moment
                    if lifetime is not None and moment + lifetime <= at:
                        queue = sorted({*queue, moment + lifetime})
            elif since is not None and (lifetime is None or moment >= since + lifetime):
                since = None
    return since is not None


@settings(max_examples=250, deadline=None)
@given(branches, lifetimes, stories, st.integers(0, 60))
def test_the_members_at_any_time_are_the_expected_ones_whenever_timers_ran(
    rules: Branch, lifetime: object, story: list[tuple[int, Step]], later: int
) -> None:
    scenario = Story(rules, lifetime)
    length = scenario.group.lifetime.length if scenario.group.lifetime else None

    def right(at: datetime) -> None:
        expected = {email for email in EMAILS if oracle(rules, length, scenario.history[email], at)}
        assert scenario.members(at) == expected

    for hours, step in story:
        right(scenario.now + timedelta(hours=hours) - MICROSECOND if hours else scenario.now)
        scenario.now += timedelta(hours=hours)
        scenario.play(step)
        right(scenario.now)
    right(scenario.now + timedelta(hours=12 * later))


@settings(max_examples=120, deadline=None)
@given(branches, lifetimes, stories, st.integers(0, 60))
def test_after_purchases_and_lapses_a_full_pass_changes_nothing(
    rules: Branch, lifetime: object, story: list[tuple[int, Step]], later: int
) -> None:
    scenario = Story(rules, lifetime)
    for hours, step in story:
        scenario.now += timedelta(hours=hours)
        scenario.play(step)
    scenario.now += timedelta(hours=12 * later)
    scenario.world.timer(scenario.now)
    assert scenario.world.pass_over(scenario.group, scenario.now).people_changed == 0


@settings(max_examples=120, deadline=None)
@given(branches, lifetimes, stories)
def test_a_full_pass_alone_gives_the_same_members_as_reevaluating_each_purchase(
    rules: Branch, lifetime: object, story: list[tuple[int, Step]]
) -> None:
    followed, passed = Story(rules, lifetime), Story(rules, lifetime)
    for _, step in story:
        if isinstance(step, Buys):
            followed.play(step)
            passed.play(step, followed=False)
    passed.world.pass_over(passed.group, passed.now)
    assert passed.members(passed.now) == followed.members(followed.now)


@settings(max_examples=120, deadline=None)
@given(branches, lifetimes, stories, st.lists(st.integers(0, 5), max_size=6), st.lists(st.booleans(), max_size=8))
def test_a_pass_interrupted_anywhere_ends_like_an_undisturbed_one(
    rules: Branch, lifetime: object, story: list[tuple[int, Step]], shorts: list[int], deaths: list[bool]
) -> None:
    disturbed, calm = Story(rules, lifetime), Story(rules, lifetime)
    for _, step in story:
        if isinstance(step, Buys):
            disturbed.play(step, followed=False)
            calm.play(step, followed=False)

    def dies() -> None:
        raise ConnectionError

    world, group = disturbed.world, disturbed.group
    world.groups.syncs.request_full_pass("demo", group.group_id, EPOCH, "me")
    world.memberships.meddlers = [dies if death else lambda: None for death in deaths]
    for short in shorts:
        remaining_time = iter([True] * short + [False] * 100)
        try:
            world.resume(group, EPOCH, lambda remaining_time=remaining_time: next(remaining_time))  # type: ignore[misc]
        except ConnectionError:
            continue
    world.memberships.meddlers = []
    world.resume(group, EPOCH)
    calm.world.pass_over(calm.group, EPOCH)
    facts = [
        {
            email: replace(member, reason="", group_id="")
            for email in EMAILS
            if (member := one.world.member(one.group, email))
        }
        for one in (disturbed, calm)
    ]
    assert facts[0] == facts[1]
    assert world.groups.syncs.get_progress("demo", group.group_id).run_id is None


@settings(max_examples=120, deadline=None)
@given(branches, lifetimes, st.lists(steps, max_size=10), st.lists(steps, max_size=4))
def test_after_concurrent_changes_the_members_follow_from_the_final_purchases(
    rules: Branch, lifetime: object, story: list[Step], rivals: list[Step]
) -> None:
    scenario = Story(rules, lifetime)
    scenario.world.memberships.meddlers = [rival(scenario, step) for step in rivals]
    for step in story:
        scenario.play(step)
    scenario.world.memberships.meddlers = []
    matcher = Matcher(rules, scenario.world.catalogues.read_catalogue("demo"))
    for email in EMAILS:
        is_member = scenario.now < matcher.lapses_at(scenario.world.purchases.person("demo", email).purchases)
        member = scenario.world.member(scenario.group, email)
        assert is_member is (member is not None and (member.lapses_at is None or scenario.now < member.lapses_at))


def rival(scenario: Story, step: Step) -> Callable[[], None]:
    return lambda: scenario.play(step)
