"""The sale items that a file names, each asked for once in a run."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches

from guestlist.imports.decision import About, Question, Suggested, decision
from guestlist.imports.reading.problems import shortened
from guestlist.model.name_search import folded

MOST_REMEMBERED = 20_000
MOST_ASKED = 500
_MOST_NAMED = 5
_NEAR = 0.85


class Items:
    """Remembers which sale items there are, very many of them at most; `ask` answers those that there are not."""

    def __init__(self, ask: Callable[[list[str]], set[str]]) -> None:
        self._ask = ask
        self._existence: dict[str, bool] = {}

    def unknown(self, item_ids: Iterable[str]) -> set[str]:
        """Those of them that are no sale items, as far as this run has seen."""
        names = list(dict.fromkeys(item_ids))
        missing = {name for name in names if self._existence.get(name) is False}
        new = [name for name in names if name not in self._existence]
        if new:
            absent = self._ask(new)
            missing |= absent
            if len(self._existence) + len(new) > MOST_REMEMBERED:
                self._existence.clear()
            self._existence |= {name: name not in absent for name in new}
        return missing


class Names:
    """Remembers which sale items the labels of a file mean; `ask` answers the ids of those that are known.

    `told` are the items of labels as the organiser said. `unmatched` are the first labels that mean none, and
    `matched` says whether any label means one.
    """

    def __init__(
        self, ask: Callable[[list[str]], Mapping[str, str]], items_given: Mapping[str, str] | None = None
    ) -> None:
        self._ask = ask
        self._items_given = {label.casefold(): item for label, item in (items_given or {}).items()}
        self._item_ids: dict[str, str] = {}
        self.matched = False
        self.unmatched: dict[str, None] = {}

    def item(self, label: str) -> str:
        """The id of the sale item that the label means; the label itself where it means none."""
        if label not in self._item_ids:
            if len(self._item_ids) >= MOST_REMEMBERED:
                self._item_ids.clear()
            self._item_ids[label] = self._look_up(label)
        return self._item_ids[label]

    def _look_up(self, label: str) -> str:
        # An item that was said and is not there leaves the label as the file has it, for the row to be told by.
        named = self._items_given.get(label.casefold(), label)
        item_id = self._ask([named]).get(named)
        if item_id is not None:
            self.matched = True
        elif len(self.unmatched) < MOST_ASKED:
            self.unmatched[label] = None
        return item_id or label


def question(
    column: str, unmatched: Collection[str], like: Mapping[str, str], items_given: Mapping[str, str]
) -> Question:
    """Which sale items these labels mean; suggested are those whose names are like them."""
    examples = tuple(shortened(label) for label in list(unmatched)[:_MOST_NAMED])
    some_open = {"reason": "some_refused"} if len(unmatched) > len(like) else {}
    open_decision = decision(
        About.ITEMS, shortened(column), labels=tuple(unmatched), named=examples, n=len(unmatched), **some_open
    )
    return Question(open_decision, Suggested(items=dict(list({**items_given, **like}.items())[:MOST_ASKED])))


def likely(label: str, names: Mapping[str, str]) -> str | None:
    """The one item whose name the label is but for signs or a slip; numbers in it are never slips.

    `names` are the names of the items, by id.
    """
    letters = _letters(label)
    alike = {item: _letters(name) for item, name in names.items() if _digits(name) == _digits(label)}
    same = [item for item, name in alike.items() if name == letters]
    near = same or [item for item, name in alike.items() if get_close_matches(letters, [name], cutoff=_NEAR)]
    return near[0] if letters and len(near) == 1 else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))
