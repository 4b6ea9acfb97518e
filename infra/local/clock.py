"""The file in which the local stack keeps how far the pipeline's clock is ahead of the true one."""

import threading
from datetime import timedelta
from pathlib import Path


class Clock:
    """Every process of the stack reads the file whenever it asks what time it is, Lambdas too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._moving = threading.Lock()

    def reset(self) -> None:
        """Back to true time."""
        with self._moving:
            self._path.unlink(missing_ok=True)

    def advance(self, length: timedelta) -> None:
        """Further ahead by that much."""
        with self._moving:
            ahead = float(self._path.read_text(encoding="ascii")) if self._path.exists() else 0.0
            new = self._path.with_suffix(".new")
            new.write_text(str(ahead + length.total_seconds()), encoding="ascii")
            new.replace(self._path)
