"""The function's results, rendered for people."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from infra.grid import grid

_ONCE = "Keep each token now: it cannot be shown again."


def render(command: str, answer: Any) -> str:
    """The result of this command, as tables."""
    return _RENDERERS[command](answer)


def _created(answer: Any) -> str:
    created = f"Created the organiser {answer['organiser']['organiser_id']}."
    lines = [created, "", _table(answer["tokens"], "name", "scope", "token")]
    return "\n".join([*lines, "", _ONCE])


def _organiser(answer: Any) -> str:
    facts = {name.replace("_", " "): _setting(value) or "–" for name, value in answer["settings"].items()}
    facts |= {name: _counted(answer[name]) for name in ("groups", "imports", "mails")}
    facts |= {"last sync": answer["synced_at"] or "–", "dead letters": str(answer["dead_letters"])}
    return "\n".join([grid(list(facts.items())), "", _tokens(answer["tokens"])])


def _setting(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _senders(answer: Any) -> str:
    return _table(answer, "organiser", "sender", none="No sender is granted: mails come from the stage's own.")


def _organisers(answer: Any) -> str:
    return _table(answer, "organiser_id", "name", "time_zone", "notify_email", none="There is no organiser.")


def _token(answer: Any) -> str:
    lines = [f"{answer['name']}: {answer['token']}", _ONCE]
    return "\n".join([*lines, f"The former one ends {answer['former_ends_at']}." if "former_ends_at" in answer else ""])


def _revoked(answer: Any) -> str:
    return f"{answer['name']}: {answer['revoked']} revoked"


def _tokens(answer: Any) -> str:
    return _table(answer, "name", "scope", "hash", "ends_at", none="There is no token.")


def _letters(answer: Any) -> str:
    return _table(answer, "queue", "sent_at", "about", "goes", none="There are no dead letters.")


def _replayed(answer: Any) -> str:
    return "\n".join([_letters(answer), f"{len(answer)} sent"] if answer else [_letters(answer)])


def _imports(answer: Any) -> str:
    columns = ("organiser", "import_id", "kind", "status", "progress", "attempts", "due_at")
    return _table(answer, *columns, none="No import is stuck.")


def _import(answer: Any) -> str:
    return _imports([answer])


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items()) or "–"


def _table(rows: Sequence[Mapping[str, Any]], *columns: str, none: str = "") -> str:
    if not rows:
        return none
    cells = [["–" if row[name] in {None, ""} else str(row[name]) for name in columns] for row in rows]
    return grid([[name.replace("_", " ") for name in columns], *cells])


_RENDERERS: Mapping[str, Callable[[Any], str]] = {
    "organisers create": _created,
    "organisers show": _organiser,
    "organisers list": _organisers,
    "senders add": _senders,
    "senders remove": _senders,
    "senders list": _senders,
    "tokens create": _token,
    "tokens rotate": _token,
    "tokens revoke": _revoked,
    "tokens list": _tokens,
    "dead-letters show": _letters,
    "dead-letters replay": _replayed,
    "imports stuck": _imports,
    "imports resume": _import,
    "imports fail": _import,
}
