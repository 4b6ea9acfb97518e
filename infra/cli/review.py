"""The questions of a waiting import, asked at the terminal with suggested answers."""

from collections.abc import Callable, Mapping
from typing import Any

import typer

from .outcome import printable
from .output import line, note, table

Json = dict[str, Any]
_NONE = "-"
_ORDERS = ("dmy", "mdy", "ymd")
_DOUBTS = {"no_known_column", "ambiguous_mapping"}
_FIELDS = {
    "target_group": ("Code", "Email", "Category", "Seat", "Quantity"),
    "customers": ("Email", "Name", "Customer groups", "Removal date"),
    "tickets": ("Ticket code", "Name", "Email", "Original date"),
    "purchases": ("Order", "Email", "Name", "Sale item", "Quantity", "Purchased at"),
}


def confirmation(waiting: Json) -> Json | None:
    """The request that confirms the import, from the answers at the terminal; None to cancel it."""
    reason = waiting["reason"]
    if reason == "consent_required":
        note(waiting["detail"])
        agreed = typer.confirm("Did these people agree to it?", default=False)
        return {"consent": True, "review": True} if agreed else None
    if reason == "confirm_removals_required":
        note(waiting["detail"])
        table(waiting.get("losses", {}).items(), "group", "memberships that end")
        return {"confirm_removals": True} if typer.confirm("End these memberships?", default=False) else None
    if reason == "decision_required":
        return {**_decided(waiting), "review": True}
    if reason in _DOUBTS:
        note(waiting["detail"])
        return {"mapping": _columns(waiting, waiting["detected"].get("suggested", {})), "review": True}
    return _final(waiting)


def _final(waiting: Json) -> Json | None:
    _show_effect(waiting)
    rows = waiting["counts"].get("would_import", waiting["counts"]["imported"])
    return {} if typer.confirm(f"Import {rows} {'row' if rows == 1 else 'rows'}?", default=True) else None


def _show_effect(waiting: Json) -> None:
    for sentence in (waiting.get("detected") or {}).get("notes", ()):
        note(sentence)
    effect = [(name.replace("_", " "), number) for name, number in waiting.get("effect", {}).items() if number]
    if effect:
        table(effect, "what it would change", "")
    if waiting["counts"]["refused"]:
        line(f"{waiting['counts']['refused']} of {waiting['counts']['total']} rows would be refused.")


def _decided(waiting: Json) -> Json:
    for decision in waiting.get("decisions", ()):
        note(decision["detail"])
    suggested = dict(waiting.get("suggested", {}))
    prompts: Mapping[str, Callable[[Json, Any], Any]] = {
        "mapping": _columns,
        "leave_out": _left_out,
        "date_order": lambda _, order: typer.prompt("Order of day, month and year", order, value_proc=_one_of(_ORDERS)),
        "items": _items,
    }
    # There may be no suggestion for names of sale items; they are asked for nevertheless.
    if any(decision["about"] == "items" for decision in waiting.get("decisions", ())):
        suggested.setdefault("items", {})
    return {name: prompts[name](waiting, value) if name in prompts else value for name, value in suggested.items()}


def _columns(waiting: Json, suggested: Mapping[str, int]) -> Json:
    """The column of each field, by header; columns without a unique header are identified by position."""
    headers = waiting["detected"]["headers"]
    table(enumerate(headers), "place", "column")
    fields = dict.fromkeys((*_FIELDS[waiting["kind"]], *waiting["detected"]["mapping"], *suggested))
    proposed = {**waiting["detected"]["mapping"], **suggested}
    choice = _one_of((_NONE, *map(str, range(len(headers)))))
    places = {
        field: typer.prompt(f"Place of {field} ({_NONE} for none)", str(proposed.get(field, _NONE)), value_proc=choice)
        for field in fields
    }
    return {field: int(place) for field, place in places.items() if place != _NONE}


def _left_out(waiting: Json, suggested: Json | None) -> Json | None:
    status = next(one for one in waiting["decisions"] if one["about"] == "status")
    values = [*status["params"].get("left_out", ()), *status["params"].get("values", ())]
    default = set(suggested["values"]) if suggested else set()
    column = suggested["column"] if suggested else status["column"]
    left_out = [
        value
        for value in dict.fromkeys(values)
        if typer.confirm(f"Leave out rows with “{printable(value)}”?", default=value in default)
    ]
    return {"column": column, "values": left_out} if left_out else None


def _items(waiting: Json, suggested: Mapping[str, str]) -> Json:
    labels = next(one for one in waiting["decisions"] if one["about"] == "items")["params"]["labels"]
    chosen = {
        label: typer.prompt(f"Sale item for “{printable(label)}” ({_NONE} for none)", suggested.get(label, _NONE))
        for label in dict.fromkeys((*labels, *suggested))
    }
    return {label: item for label, item in chosen.items() if item != _NONE}


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text.strip() not in words:
            raise typer.BadParameter(f"one of {', '.join(words)}")
        return text.strip()

    return chosen
