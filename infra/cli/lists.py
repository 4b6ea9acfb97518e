"""Lists from the terminal: groups by name, entries, exports, and new codes."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .client import Api
from .imports import wait_for_import
from .outcome import ExitCode, Failure

Json = dict[str, Any]
ENTRY_COLUMNS = ("code", "email", "category", "seat", "quantity", "used", "held")


def group_id(api: Api, name_or_id: str) -> str:
    """The id of the group with that name or id. Raises `Failure` if there is none."""
    folded = name_or_id.strip().casefold()
    for group in api.items("/v1/groups", name=name_or_id.strip()):
        if folded == group["name"].casefold():
            return str(group["group_id"])
    if any(group["group_id"] == name_or_id for group in api.items("/v1/groups")):
        return name_or_id
    raise Failure(f"There is no group “{name_or_id}”.")


def export(api: Api, group: str, output: Path, used: str | None = None) -> None:
    """Write the group's file to this path, or to standard output for `-`. `used` filters entries."""
    path = f"/v1/groups/{group_id(api, group)}/export.csv"
    if str(output) == "-":
        api.download(path, sys.stdout.buffer, used=used)
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            api.download(path, file, used=used)
        part.replace(output)
    except OSError as error:
        raise Failure(f"{output} cannot be written: {error.strerror}.", ExitCode.WRONG_USAGE) from error
    finally:
        part.unlink(missing_ok=True)


def make_codes(api: Api, group: str, request: Mapping[str, Any]) -> Json:
    """Create the codes, and return their import when it has ended."""
    # A retry would create twice as many.
    created = api.post(f"/v1/groups/{group_id(api, group)}/codes", request, repeatable=False)
    return wait_for_import(api, created["import_id"], None)
