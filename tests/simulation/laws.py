"""The laws that random histories break, by the seeds of the histories."""

from collections.abc import Callable, Iterable
from typing import Protocol


class History(Protocol):
    """A random history; `run` plays it and returns the laws that it broke."""

    def run(self) -> set[str]: ...


def broken_laws_by_seed(history: Callable[[int], History], seeds: Iterable[int]) -> dict[int, set[str]]:
    """The laws broken by the histories of these seeds; seeds that break none are left out."""
    return {seed: laws for seed in seeds if (laws := history(seed).run())}


def broken_laws(history: Callable[[int], History], seeds: Iterable[int]) -> set[str]:
    """The laws that any of the histories of these seeds broke."""
    return set[str]().union(*broken_laws_by_seed(history, seeds).values())
