"""A reader for every test, row by row and in blocks."""

from pathlib import Path

import pytest

from tests.unit.imports.reading.builders import Reader


@pytest.fixture(params=[False, True], ids=["row by row", "in blocks"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    """A reader with a folder of its own."""
    return Reader(tmp_path, fast=request.param)
