"""The file with the difference between the local stack's clock and the true time."""

import threading
from datetime import timedelta
from pathlib import Path


class Clock:
    """Every process of the stack, including Lambdas, reads the file whenever it needs the time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._moving = threading.Lock()

    def reset(self) -> None:
        """Return to true time."""
        with self._moving:
            self._path.unlink(missing_ok=True)

    def advance(self, length: timedelta) -> None:
        """Advance by this much."""
        with self._moving:
            ahead = float(self._path.read_text(encoding="ascii")) if self._path.exists() else 0.0
            new = self._path.with_suffix(".new")
            new.write_text(str(ahead + length.total_seconds()), encoding="ascii")
            new.replace(self._path)
