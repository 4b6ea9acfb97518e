"""Folders for large files, one per process; a worker that was killed could not empty its own."""

import os
import shutil
from functools import cache
from pathlib import Path

_PREFIX = "guestlist-"


@cache
def scratch_folder(base: Path) -> Path:
    """This process's folder under `base`, empty at first; folders of processes that ended are removed."""
    for folder_left in base.glob(f"{_PREFIX}*"):
        # Lambda starts the next process in the same /tmp, perhaps with the number of the killed one.
        if not _is_of_another(folder_left.name.removeprefix(_PREFIX)):
            shutil.rmtree(folder_left, ignore_errors=True)
    folder = base / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _is_of_another(process: str) -> bool:
    """Whether the folder is none of ours, or of a process that is still at work beside this one."""
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
