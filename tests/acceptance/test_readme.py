"""The README's commands, run as they are on a stack as `make run` starts it, with its samples imported."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stacks import Stack, running_stack

ROOT = Path(__file__).parents[2]
NODE = Path(sys.executable).parent / "node"
COMMANDS = "<!-- tested: tests/acceptance/test_readme.py runs every line -->\n```bash\n"
CLIENT = "<!-- tested: tests/acceptance/test_readme.py runs it -->\n```"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that has the samples."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture
def readme(stack: Stack) -> str:
    """The README, with the address of the stack."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.replace("http://127.0.0.1:8000", stack.address)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout of its own, in which `make` installs nothing."""
    for name in ("Makefile", "pyproject.toml", "requirements-dev.txt", "infra", "layers", "functions", ".venv"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def blocks(readme: str, start: str) -> list[str]:
    return [part.partition("```")[0] for part in readme.split(start)[1:]]


def shell(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_commands_and_clients_of_the_readme_run_unchanged(stack: Stack, readme: str, folder: Path) -> None:
    importing, checking = blocks(readme, COMMANDS)
    importing = f'make() {{ command make -o .venv/installed BASE={stack.address} "$@"; }}\n{importing}'
    import_process = shell(importing, folder)
    assert import_process.returncode == 0, import_process.stderr
    assert "Imported 2 of 2 rows." in import_process.stdout
    assert import_process.stdout.endswith(" is complete.\n")
    decision, redemption = map(json.loads, shell(checking, folder).stdout.replace("}{", "}\n{").splitlines())
    (grant,) = (one for one in decision["code"]["grants"] if one["group"] == "Spring presale")
    assert (decision["code"]["valid"], grant["remaining"]) == (True, 2)
    assert (redemption["status"], redemption["remaining"]) == ("redeemed", 0)
    (javascript,) = blocks(readme, f"{CLIENT}javascript\n")
    answer = subprocess.run(
        [NODE, "--input-type=module", "-e", javascript], capture_output=True, text=True, timeout=60, check=True
    )
    assert answer.stdout == "true []\n"
    (python,) = blocks(readme, f"{CLIENT}python\n")
    subprocess.run([sys.executable, "-c", python], cwd=folder, timeout=60, check=True)
    second = shell(importing, folder)
    assert second.returncode != 0
    assert second.stderr.startswith("Nothing was imported: group_exists.")
