"""A desk for every test, on which files are read row by row, and once more in blocks."""

from pathlib import Path

import pytest

from tests.unit.reading.builders import Desk


@pytest.fixture(params=[False, True], ids=["row by row", "in blocks"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """A desk of this test's own."""
    return Desk(tmp_path, fast=request.param)
