"""Lookup of the sale items that a file names, each read once per run."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches

from guestlist.imports.decision import About, Question, Suggested, decision
from guestlist.imports.reading.problems import shortened
from guestlist.model.name_search import folded

CACHE_SIZE = 20_000
MAX_LABELS = 500
_MAX_NAMED = 5
_MIN_SIMILARITY = 0.85


class ItemExistence:
    """Cache of which sale items exist, up to `CACHE_SIZE`; `find_unknown` returns those that do not."""

    def __init__(self, find_unknown: Callable[[list[str]], set[str]]) -> None:
        self._find_unknown = find_unknown
        self._existence: dict[str, bool] = {}

    def find_unknown(self, item_ids: Iterable[str]) -> set[str]:
        """The ids that are not sale items; cached, so changes during the run may not be seen."""
        names = list(dict.fromkeys(item_ids))
        missing = {name for name in names if self._existence.get(name) is False}
        new = [name for name in names if name not in self._existence]
        if new:
            absent = self._find_unknown(new)
            missing |= absent
            if len(self._existence) + len(new) > CACHE_SIZE:
                self._existence.clear()
            self._existence |= {name: name not in absent for name in new}
        return missing


class ItemNames:
    """Cache of the sale items that labels of a file name; `find_items` returns the ids by label of those that exist.

    `chosen_items` are the items by label that the organiser chose. `unmatched` are the first labels that name no item,
    and `matched` is whether any label names one.
    """

    def __init__(
        self, find_items: Callable[[list[str]], Mapping[str, str]], chosen_items: Mapping[str, str] | None = None
    ) -> None:
        self._find_items = find_items
        self._chosen_items = {label.casefold(): item for label, item in (chosen_items or {}).items()}
        self._item_ids: dict[str, str] = {}
        self.matched = False
        self.unmatched: dict[str, None] = {}

    def item(self, label: str) -> str:
        """The id of the sale item that the label names; the label itself if it names none."""
        if label not in self._item_ids:
            if len(self._item_ids) >= CACHE_SIZE:
                self._item_ids.clear()
            self._item_ids[label] = self._look_up(label)
        return self._item_ids[label]

    def _look_up(self, label: str) -> str:
        # If a chosen item does not exist, the label stays as in the file, since the problem of the row names it.
        named_item = self._chosen_items.get(label.casefold(), label)
        item_id = self._find_items([named_item]).get(named_item)
        if item_id is not None:
            self.matched = True
        elif len(self.unmatched) < MAX_LABELS:
            self.unmatched[label] = None
        return item_id or label


def items_question(
    column: str, unmatched: Collection[str], similar_items: Mapping[str, str], chosen_items: Mapping[str, str]
) -> Question:
    """The question which sale items these labels name; the items in `similar_items` are suggested."""
    examples = tuple(shortened(label) for label in list(unmatched)[:_MAX_NAMED])
    some_open = {"reason": "some_refused"} if len(unmatched) > len(similar_items) else {}
    open_decision = decision(
        About.ITEMS, shortened(column), labels=tuple(unmatched), named=examples, n=len(unmatched), **some_open
    )
    return Question(open_decision, Suggested(items=dict(list({**chosen_items, **similar_items}.items())[:MAX_LABELS])))


def similar_item(label: str, names: Mapping[str, str]) -> str | None:
    """The only item whose name equals the label but for punctuation or a typing error; digits must be equal.

    `names` are the names of the items by id. None if there is no item, or several.
    """
    letters = _letters(label)
    letters_by_item = {item: _letters(name) for item, name in names.items() if _digits(name) == _digits(label)}
    equal = [item for item, name in letters_by_item.items() if name == letters]
    near = equal or [
        item for item, name in letters_by_item.items() if get_close_matches(letters, [name], cutoff=_MIN_SIMILARITY)
    ]
    return near[0] if letters and len(near) == 1 else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))
