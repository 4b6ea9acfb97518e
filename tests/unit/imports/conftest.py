"""A desk for every test."""

from pathlib import Path

import pytest

from tests.unit.imports.builders import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of this test's own."""
    return Desk(tmp_path)
