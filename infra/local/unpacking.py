"""Code and layers for the engine's workers, unpacked once and shared by links.

As on AWS, running code does not write there. Unpacking the libraries anew would dominate every cold start.
"""

import hashlib
import shutil
import tempfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_FOLDER = "unpacked"
_one_at_a_time = threading.Lock()


class SharedZip(zipfile.ZipFile):
    """An archive whose content is unpacked once for all workers, below the folder of temporary files."""

    def namelist(self) -> list[str]:
        """The names to be checked; none, since the content was unpacked before."""
        return [] if self._unpacked().exists() else super().namelist()

    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        """Make this empty folder a link to the content."""
        if members is not None or pwd is not None or path is None:
            super().extractall(path, members, pwd)
            return
        folder, content = Path(path), self._unpacked()
        with _one_at_a_time:
            if not content.exists():
                self._unpack(content)
        folder.rmdir()
        folder.symlink_to(content, target_is_directory=True)

    def _unpack(self, content: Path) -> None:
        content.parent.mkdir(exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=content.parent))
        try:
            super().extractall(scratch)
            scratch.rename(content)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _unpacked(self) -> Path:
        """The path of the unpacked content."""
        with Path(str(self.filename)).open("rb") as archive:
            digest = hashlib.file_digest(archive, "sha256").hexdigest()
        return Path(tempfile.gettempdir()) / _FOLDER / digest


def share_unpacked(runtime: Any) -> None:
    """Have the engine's module that starts workers open archives in this way."""
    runtime.zipfile = SimpleNamespace(**(vars(zipfile) | {"ZipFile": SharedZip}))
