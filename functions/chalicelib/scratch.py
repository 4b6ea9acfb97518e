"""Temporary folders, one per process; those of killed processes are removed."""

import os
import shutil
from functools import cache
from pathlib import Path

_PREFIX = "guestlist-"


@cache
def scratch_folder(base: Path) -> Path:
    """Create this process's empty folder under `base`, and remove the folders of processes that have ended."""
    for folder_left in base.glob(f"{_PREFIX}*"):
        # Lambda starts the next process in the same /tmp, perhaps with the number of the killed one.
        if not _is_of_another(folder_left.name.removeprefix(_PREFIX)):
            shutil.rmtree(folder_left, ignore_errors=True)
    folder = base / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _is_of_another(process: str) -> bool:
    """Whether the folder is not one of ours, or belongs to another process that is running."""
    if not process.isdecimal():
        return True
    if int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
