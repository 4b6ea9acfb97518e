"""Lookup of the sale items that a file names, each read once per run."""

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
    """Cache of which sale items exist, up to `MOST_REMEMBERED`; `ask` returns those that do not."""

    def __init__(self, ask: Callable[[list[str]], set[str]]) -> None:
        self._ask = ask
        self._existence: dict[str, bool] = {}

    def unknown(self, item_ids: Iterable[str]) -> set[str]:
        """The ids that are not sale items; cached, so changes during the run may not be seen."""
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
    """Cache of the sale items that labels of a file name; `ask` returns the ids by label of those that exist.

    `items_given` are the items by label that the organiser chose. `unmatched` are the first labels that name no item,
    and `matched` is whether any label names one.
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
        """The id of the sale item that the label names; the label itself if it names none."""
        if label not in self._item_ids:
            if len(self._item_ids) >= MOST_REMEMBERED:
                self._item_ids.clear()
            self._item_ids[label] = self._look_up(label)
        return self._item_ids[label]

    def _look_up(self, label: str) -> str:
        # If a chosen item does not exist, the label stays as in the file, since the problem of the row names it.
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
    """The question which sale items these labels name; the items in `like` are suggested."""
    examples = tuple(shortened(label) for label in list(unmatched)[:_MOST_NAMED])
    some_open = {"reason": "some_refused"} if len(unmatched) > len(like) else {}
    open_decision = decision(
        About.ITEMS, shortened(column), labels=tuple(unmatched), named=examples, n=len(unmatched), **some_open
    )
    return Question(open_decision, Suggested(items=dict(list({**items_given, **like}.items())[:MOST_ASKED])))


def likely(label: str, names: Mapping[str, str]) -> str | None:
    """The only item whose name equals the label but for punctuation or a typing error; digits must be equal.

    `names` are the names of the items by id. None if there is no item, or several.
    """
    letters = _letters(label)
    letters_by_item = {item: _letters(name) for item, name in names.items() if _digits(name) == _digits(label)}
    equal = [item for item, name in letters_by_item.items() if name == letters]
    near = equal or [item for item, name in letters_by_item.items() if get_close_matches(letters, [name], cutoff=_NEAR)]
    return near[0] if letters and len(near) == 1 else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))
