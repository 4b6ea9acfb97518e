"""Whether answers about one code are explained by one order of events: a search as Wing and Gong do it.

Each call takes effect at one instant between its beginning and its end; one that was never answered may take
effect at any later instant, or never. What is kept of a code is how many uses are free, and what each order has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `remaining` is how many were said to be free then, None where nothing was said.

    `kind` is `redeem`, `release` or `check`. `success` is None for a call that was never answered. One that `follows`
    another, which is named by its place, takes effect after it: a release says what is free once it is done.
    """

    kind: str
    begin: float
    end: float
    order: str = ""
    quantity: int = 0
    success: bool | None = True
    remaining: int | None = None
    follows: int | None = None


class State(NamedTuple):
    """The free uses, and for each order its present uses and its first response."""

    free: int
    orders: tuple[tuple[str, int, int | None], ...] = ()


def explained(calls: Sequence[Call], quantity: int, slack: int = 0) -> bool:
    """Whether such an order of events exists. With `slack`, so many fewer uses may be reported than are free."""
    begins = sorted(range(len(calls)), key=lambda at: calls[at].begin)
    seen: set[tuple[int, State]] = set()
    waiting = [(0, State(quantity))]
    answer_mask = sum(1 << at for at, call in enumerate(calls) if call.success is not None)
    while waiting:
        effect_mask, state = waiting.pop()
        if effect_mask & answer_mask == answer_mask:
            return True
        if (effect_mask, state) in seen:
            continue
        seen.add((effect_mask, state))
        # Nothing that begins after something unfinished has ended may take effect before it.
        bound = min(calls[at].end for at in begins if not effect_mask >> at & 1)
        for at in begins:
            if calls[at].begin > bound:
                break
            first = calls[at].follows
            if not effect_mask >> at & 1 and (first is None or effect_mask >> first & 1):
                waiting += [(effect_mask | 1 << at, after) for after in _after(state, calls[at], slack)]
    return False


def _after(state: State, call: Call, slack: int) -> Iterator[State]:
    """The states that the call may leave, if its answer fits the state; none if it does not."""
    had = {name: (has, remaining) for name, has, remaining in state.orders}
    if call.kind == "check":
        if _fits(call, state.free, slack):
            yield state
    elif call.kind == "redeem":
        yield from _redeemed(state, call, had, slack)
    else:
        has, first = had.get(call.order, (0, None))
        back = min(call.quantity, has)
        if has:
            yield State(state.free + back, _orders(had, call.order, has - back, first))
        if call.success is None or not has:
            yield state


def _redeemed(state: State, call: Call, had: dict[str, tuple[int, int | None]], slack: int) -> Iterator[State]:
    has, first = had.get(call.order, (0, None))
    if has:
        # A repeat is answered as at first.
        if call.success is None or (
            call.success and (call.remaining is None or first is None or call.remaining == first)
        ):
            yield state
        return
    if call.success is False:
        if (call.remaining is None or _fits(call, state.free, slack)) and state.free - slack < call.quantity:
            yield state
        return
    after = state.free - call.quantity
    if after >= 0 and (call.success is None or _fits(call, after, slack)):
        yield State(after, _orders(had, call.order, call.quantity, call.remaining))
    if call.success is None:
        yield state


def _fits(call: Call, free: int, slack: int) -> bool:
    return call.remaining is None or free - slack <= call.remaining <= free


def _orders(
    had: dict[str, tuple[int, int | None]], order: str, has: int, remaining: int | None
) -> tuple[tuple[str, int, int | None], ...]:
    return tuple(sorted((name, *facts) for name, facts in {**had, order: (has, remaining)}.items()))
