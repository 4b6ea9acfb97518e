"""An import from the terminal: upload, follow, confirm, and report."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import typer

from .client import Api
from .outcome import ExitCode, Failure
from .output import import_progress, line, note, table, upload_progress
from .review import confirmation

Json = dict[str, Any]
Confirm = Callable[[Json], Json | None]
_SETTLED = {"awaiting_review", "complete", "partial", "failed", "cancelled"}
_PAUSES = (0.2, 0.3, 0.5, 1.0)
_MAX_POLLS = 3_600
_MAX_PROBLEMS = 10
_HINTS = {
    "consent_required": "--consent states it.",
    "group_exists": "--mode replace or --mode append changes its list.",
    "decision_required": "--yes takes what is suggested.",
    "confirm_removals_required": "--confirm-removals confirms it.",
}


def import_file(api: Api, path: Path, request: Mapping[str, Any], *, interactive: bool) -> Json:
    """Import the file and return the import when it has ended. Raises `Failure` if nothing was stored."""
    try:
        with path.open("rb") as file:
            created = api.post("/v1/imports", {**request, "file_name": path.name})
            with upload_progress() as progress:
                task = progress.add_task(f"Uploading {path.name}", total=path.stat().st_size)
                api.upload(created["upload"], path.name, progress.wrap_file(file, task_id=task))
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.", ExitCode.WRONG_USAGE) from error
    return wait_for_import(api, created["import_id"], confirmation if interactive else None)


def wait_for_import(api: Api, import_id: str, confirm: Confirm | None) -> Json:
    """The import when it has ended. `confirm` answers its questions; without it, a question cancels the import."""
    current = _follow(api, import_id)
    while current["status"] == "awaiting_review":
        try:
            body = confirm(current) if confirm else None
        except typer.Abort:
            body = None
        if body is None:
            api.post(f"/v1/imports/{import_id}/cancel")
            raise Failure("Nothing was imported." if confirm else _failure_message(current))
        api.post(f"/v1/imports/{import_id}/confirm", body)
        current = _follow(api, import_id)
    if current["status"] in {"failed", "cancelled"}:
        raise Failure(_failure_message(current))
    return current


def _failure_message(ended: Json) -> str:
    parts = (
        f"Nothing was imported: {ended['reason'] or ended['status']}.",
        ended["detail"],
        _HINTS.get(ended["reason"]),
    )
    return " ".join(part for part in parts if part)


def _follow(api: Api, import_id: str) -> Json:
    with import_progress() as progress:
        task = progress.add_task("Reading", total=1.0)
        for number in range(_MAX_POLLS):
            current = api.get(f"/v1/imports/{import_id}")
            if current["status"] in _SETTLED:
                return current
            activity = "Importing" if current["status"] == "importing" else "Reading"
            progress.update(task, completed=current["progress"], description=activity)
            api.pause(_PAUSES[min(number, len(_PAUSES) - 1)])
    raise Failure(f"Import {import_id} is still running; look at it in the console.", ExitCode.UNANSWERED)


def report(ended: Json) -> None:
    """Print the counts and the first problems."""
    counts = ended["counts"]
    words = ("imported", "refused", "left_out", "repeated")
    rows = [(name.replace("_", " "), counts[name]) for name in words if counts.get(name) or name == "imported"]
    changes = [(name.replace("_", " "), number) for name, number in ended.get("effect", {}).items() if number]
    table([*rows, *changes], ended.get("group") or ended["file_name"], "rows")
    problems = ended.get("problems", ())[:_MAX_PROBLEMS]
    if problems:
        rows_refused = [(one["line"], one["column"], one["value"], one["detail"]) for one in problems]
        table(rows_refused, "line", "column", "value", "why it was refused")
    line(f"Imported {counts['imported']} of {counts['total']} rows. Import {ended['import_id']} is {ended['status']}.")


def save_refused(api: Api, ended: Json, beside: Path) -> Path | None:
    """Save the file of refused rows beside the imported one, and return its path; None if there are none."""
    if not ended["refused_file"]:
        return None
    try:
        path, file = next(_created(beside))
        with file:
            api.download(f"/v1/imports/{ended['import_id']}/refused.csv", file)
    except OSError as error:
        raise Failure(f"The refused rows cannot be saved: {error}.", ExitCode.PARTIAL) from error
    note(f"The refused rows are in {path}; correct them there and import that file.")
    return path


def _created(beside: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Create a new file, since rows that somebody is correcting must not be overwritten."""
    for number in count(1):
        path = beside.with_name(f"{beside.stem}.refused{'' if number == 1 else f'-{number}'}.csv")
        try:
            file = path.open("xb")
        except FileExistsError:
            continue
        yield path, file
