"""The sale items that a file names, each asked for once in a run."""

from collections.abc import Callable, Iterable, Mapping

MOST_REMEMBERED = 20_000


class Items:
    """Remembers which sale items there are, very many of them at most; `ask` answers those that there are not."""

    def __init__(self, ask: Callable[[list[str]], set[str]]) -> None:
        self._ask = ask
        self._known: dict[str, bool] = {}

    def unknown(self, wanted: Iterable[str]) -> set[str]:
        """Those of them that are no sale items, as far as this run has seen."""
        names = list(dict.fromkeys(wanted))
        missing = {name for name in names if self._known.get(name) is False}
        new = [name for name in names if name not in self._known]
        if new:
            found = self._ask(new)
            missing |= found
            if len(self._known) + len(new) > MOST_REMEMBERED:
                self._known.clear()
            self._known |= {name: name not in found for name in new}
        return missing


class Names:
    """Remembers which sale items the labels of a file mean; `ask` answers the ids of those that are names."""

    def __init__(self, ask: Callable[[list[str]], Mapping[str, str]]) -> None:
        self._ask = ask
        self._meant: dict[str, str] = {}

    def item(self, label: str) -> str:
        """The id of the sale item with that name; the label itself where it is an id or nobody's name."""
        if label not in self._meant:
            if len(self._meant) >= MOST_REMEMBERED:
                self._meant.clear()
            self._meant[label] = self._ask([label]).get(label, label)
        return self._meant[label]
