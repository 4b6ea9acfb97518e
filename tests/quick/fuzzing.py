"""The common parts of both fuzzers: a seed that replays a run, a budget, and unusual values."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from time import monotonic
from typing import Any, Self

LETTERS = ["a", "Ø", "é", "\u200b", "\ufeff", "\u202e", "😀", "\0", "\n", "'", '"', ";", "=", "%", "/", "\\", "#", " "]
ODD_TEXTS = [
    "",
    " ",
    "\0",
    "\ud800",
    "null",
    "-1",
    "1e400",
    "../..",
    "a/b",
    "%2F%00",
    "a;b@x.nl",
    "O#other",
    "{}",
    "[" * 2_000,
    "x" * 300,
    "ø" * 50_000,
    "anna@example.com",
    "<a@x.nl>",
    "xn--a@bücher.example",
    "2026-02-30",
    "9999-12-31T23:59:59Z",
    "0000-01-01",
    "١٢٣",
]
ODD_VALUES: list[Any] = [None, True, False, 0, -1, 1, 0.5, -0.0, 10**20, 10**400, 1e308, [], {}, [[]], [None], {"": ""}]


@dataclass(frozen=True, slots=True)
class Budget:
    """The length of a run: a number of rounds, or of seconds if given; `SEED=` replays a run."""

    seed: int
    rounds: int
    seconds: float

    @classmethod
    def of_environment(cls, rounds: int) -> Self:
        """The budget of `make fuzz`; a plain test run has a fixed seed and number of rounds."""
        seconds = float(os.environ.get("FUZZ_SECONDS") or 0)
        seed = os.environ.get("SEED") or (secrets.randbelow(10**9) if seconds else 20261129)
        return cls(int(seed), rounds, seconds)

    def dice(self) -> Iterator[Random]:
        """A random generator for each round."""
        start = monotonic()
        for number in count():
            if monotonic() - start >= self.seconds if self.seconds else number >= self.rounds:
                return
            yield Random(f"{self.seed}/{number}")  # noqa: S311 - it is to be replayed


def odd_text(dice: Random) -> str:
    """An unusual text."""
    if dice.random() < 0.5:
        return dice.choice(ODD_TEXTS)
    return "".join(dice.choices(LETTERS, k=dice.randrange(12)))


def odd_value(dice: Random) -> Any:
    """An unusual value."""
    return odd_text(dice) if dice.random() < 0.5 else dice.choice(ODD_VALUES)


def mutate(value: Any, dice: Random) -> Any:
    """The value with one change somewhere within."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        return _mutate_object(value, dice)
    if isinstance(value, list) and value and dice.random() < 0.8:
        return _mutate_list(value, dice)
    if isinstance(value, str) and dice.random() < 0.4:
        at = dice.randrange(len(value) + 1)
        return value[:at] + odd_text(dice) + value[at:]
    if isinstance(value, int) and dice.random() < 0.5:
        return value + dice.choice([-1, 1, 10**6, 10**12])
    return odd_value(dice)


def _mutate_object(value: dict[str, Any], dice: Random) -> dict[str, Any]:
    name, how = dice.choice(sorted(value)), dice.randrange(5)
    if how == 0:
        return {other: one for other, one in value.items() if other != name}
    if how == 1:
        return {**value, odd_text(dice): value[name]}
    return {**value, name: mutate(value[name], dice)}


def _mutate_list(value: list[Any], dice: Random) -> list[Any]:
    at, how = dice.randrange(len(value)), dice.randrange(4)
    if how == 0:
        return value * dice.choice([2, 101, 1_500])
    if how == 1:
        return value[:at] + value[at + 1 :]
    return [*value[:at], mutate(value[at], dice), *value[at + 1 :]]
