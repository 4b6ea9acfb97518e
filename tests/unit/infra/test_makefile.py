"""`make` before anything is installed."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def install(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    """`make .venv/installed` by a Python that says it is of that version, and makes no environment."""
    python = folder / "python"
    python.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] || exit 3\n'
        f'exec {sys.executable} -c "import sys; sys.version_info = ({version}); exec(sys.argv[1])" "$2"\n'
    )
    python.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    command = ["make", f"PYTHON={python}", ".venv/installed"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("version", ["3, 10, 14", "3, 15, 0"])
def test_a_python_that_is_not_supported_is_refused_in_one_line(tmp_path: Path, version: str) -> None:
    process = install(tmp_path, version)
    line = process.stderr.splitlines()[0]
    assert line.startswith("Guestlist needs Python 3.11 to 3.14; ")
    assert line.endswith(f" is {version.replace(', ', '.')}. Set PYTHON=…")
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("version", ["3, 11, 0", "3, 14, 2"])
def test_a_python_that_is_supported_is_not_refused(tmp_path: Path, version: str) -> None:
    assert "needs Python" not in install(tmp_path, version).stderr


def test_the_range_of_make_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.15"
    assert "(3, 11) <= sys.version_info < (3, 15)" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_test_runs_the_linters_and_each_folder_of_tests_once() -> None:
    command = ["make", "--dry-run", f"CHROMIUM={sys.executable}", f"PHP={sys.executable}", "test"]
    planned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    calls = [line.partition("--no-loadscope-reorder ")[2] for line in planned.splitlines() if "/pytest " in line]
    assert calls == ["tests/quick tests/upgrade", "--ignore tests/quick --ignore tests/upgrade"]
    linters = (".venv/bin/ruff check .", ".venv/bin/ruff format --check .", ".venv/bin/mypy", "-m infra.console")
    assert [planned.count(f"{linter}\n") for linter in linters] == [1, 1, 1, 1]
