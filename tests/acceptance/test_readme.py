"""The README's commands, run as they are on a stack as `make run` starts it, with its samples imported."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stacks import running

ROOT = Path(__file__).parents[2]
NODE = Path(sys.executable).parent / "node"
COMMANDS = "<!-- tested: tests/acceptance/test_readme.py runs every line -->\n```bash\n"
CLIENT = "<!-- tested: tests/acceptance/test_readme.py runs it -->\n```"


@pytest.fixture(scope="module")
def readme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The README, with the address of a stack that has the samples."""
    with running(tmp_path_factory.mktemp("stack")) as stack:
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        yield text.replace("http://127.0.0.1:8000", stack.address)


def blocks(readme: str, start: str) -> list[str]:
    return [part.partition("```")[0] for part in readme.split(start)[1:]]


def shell(commands: str, folder: Path) -> str:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return ran.stdout


def test_the_import_the_check_and_the_clients_run_as_they_are(readme: str, tmp_path: Path) -> None:
    importing, checking = blocks(readme, COMMANDS)
    imported = json.loads(shell(importing, tmp_path))
    assert (imported["status"], imported["reason"], imported["counts"]["imported"]) == ("complete", None, 2)
    checked, redeemed = map(json.loads, shell(checking, tmp_path).replace("}{", "}\n{").splitlines())
    (grant,) = (one for one in checked["code"]["grants"] if one["group"] == "Spring presale")
    assert (checked["code"]["valid"], grant["remaining"]) == (True, 2)
    assert (redeemed["status"], redeemed["remaining"]) == ("redeemed", 0)
    (javascript,) = blocks(readme, f"{CLIENT}javascript\n")
    answer = subprocess.run(
        [NODE, "--input-type=module", "-e", javascript], capture_output=True, text=True, timeout=60, check=True
    )
    assert answer.stdout == "true []\n"
    (python,) = blocks(readme, f"{CLIENT}python\n")
    subprocess.run([sys.executable, "-c", python], cwd=tmp_path, timeout=60, check=True)
    again = json.loads(shell(importing, tmp_path))
    assert (again["status"], again["reason"]) == ("failed", "group_exists")
