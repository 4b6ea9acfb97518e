"""Zip files for Lambda, with bytecode, and reproducible: the same files give the same bytes.

`/var/task` and `/opt` are read-only in Lambda, so without bytecode every cold start would compile
everything it imports. The bytecode is not checked against its source, which cannot change there.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16
_CACHES = shutil.ignore_patterns("__pycache__", "*.pyc")


def unzip(archive: Path, folder: Path) -> Path:
    """Extract an archive to the folder."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    return folder


def copy(source: Path, folder: Path) -> Path:
    """Copy the files of a folder to another, without caches."""
    shutil.copytree(source, folder, ignore=_CACHES, dirs_exist_ok=True)
    return folder


def add_bytecode(folder: Path, mounted_at: str) -> None:
    """Compile every module; tracebacks show the path at which Lambda mounts the folder.

    Bytecode that lies there already, of whatever Python ran the source, is removed.
    Runs in a new interpreter with a fixed hash seed, so that the bytes do not depend on what ran before.
    """
    for cache in [*folder.rglob("__pycache__")]:
        shutil.rmtree(cache)
    how = ["--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", mounted_at]
    command = [sys.executable, "-P", "-s", "-m", "compileall", "-q", "-f", *how, str(folder)]
    subprocess.run(command, check=True, env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0"})


def rezip(folder: Path, archive: Path) -> None:
    """Zip the files in order of their names, all with the same date and mode."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = _FILE_MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            content.writestr(entry, path.read_bytes())
