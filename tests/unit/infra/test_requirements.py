"""Installed packages are pinned with hashes; those for Lambda have the versions that the tests run with."""

import re
import tomllib
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PIN = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(text: str) -> dict[str, list[str]]:
    """The hashes of each requirement; a line that ends with a backslash goes on, and a marker is left out."""
    lines = re.sub(r" ; .*?(?= --hash|\n|$)", "", text.replace("\\\n", " ")).splitlines()
    return {words[0]: words[1:] for line in lines if (words := line.split()) and not line.startswith("#")}


def locked(name: str) -> dict[str, list[str]]:
    return requirements((ROOT / name).read_text(encoding="utf-8"))


def pins(requirements: dict[str, list[str]]) -> dict[str, str]:
    """The version of each requirement that is pinned, by its normal name."""
    return {normal(pin[1]): pin[2] for line in requirements if (pin := PIN.fullmatch(line))}


SHIPPED = locked("functions/requirements.txt")
LOCKS = {"requirements-dev.txt": ("run", "test"), "requirements-bench.txt": ("bench",)}
PINNED = pins(locked("requirements-dev.txt"))
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]


def faults(requirements: dict[str, list[str]]) -> list[str]:
    """The requirements that are not pinned, or not hashed alone."""
    return [
        line
        for line, hashes in requirements.items()
        if not PIN.fullmatch(line) or not all(map(HASH.fullmatch, hashes or [""]))
    ]


def unlocked(lines: list[str], lock: dict[str, str]) -> list[str]:
    """The direct dependencies that a lock lacks or has in another version; one without a version has any."""
    names = {line: normal(re.split(r"[\[=]", line)[0]) for line in lines}
    versions = {line: line.partition("==")[2] for line in lines}
    return [line for line in lines if names[line] not in lock or versions[line] not in {"", lock[names[line]]}]


def test_everything_that_ships_is_pinned_as_it_is_tested_and_has_hashes() -> None:
    assert SHIPPED
    assert faults(SHIPPED) == []
    assert pins(SHIPPED).items() <= PINNED.items()


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_pinned_and_has_hashes(name: str) -> None:
    lock = locked(name)
    assert len(lock) > len(list(chain(*(GROUPS[group] for group in LOCKS[name]))))
    assert faults(lock) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_the_versions_that_the_project_asks_for(name: str) -> None:
    lines = list(chain(*(GROUPS[group] for group in LOCKS[name])))
    assert unlocked(lines, pins(locked(name))) == []


@pytest.mark.parametrize("line", ["idna==3.19", "idna[all]==3.19", "nobody==1.0", "nobody"])
def test_a_dependency_that_is_not_locked_is_found(line: str) -> None:
    assert unlocked([line], {"idna": "3.20"}) == [line]
    assert unlocked(["idna==3.20", "IDNA[all]==3.20", "idna"], {"idna": "3.20"}) == []


@pytest.mark.parametrize("line", SHIPPED)
def test_shipped_versions_are_those_installed_here(line: str) -> None:
    name, _, pinned = line.partition("==")
    assert version(name) == pinned


HASHED = f"--hash=sha256:{'0' * 64}"


@pytest.mark.parametrize(
    "line",
    [
        "idna==3.20",
        f"idna>=3.20 {HASHED}",
        f"idna {HASHED}",
        "idna==3.20 --hash=md5:00",
        f"idna==3.20 \\\n    {HASHED} \\\n    --hash=sha256:0",
        f"idna>=3.20 ; python_version < '3.12' {HASHED}",
    ],
)
def test_a_requirement_without_pin_or_hash_is_found(line: str) -> None:
    assert len(faults(requirements(f"{line}\n"))) == 1


def test_extras_and_markers_do_not_hide_a_pin() -> None:
    lines = requirements(f"moto[s3,sqs]==5.2.5 \\\n    {HASHED}\ncffi==2.1.1 ; os_name != 'nt' \\\n    {HASHED}\n")
    assert faults(lines) == []
    assert pins(lines) == {"moto": "5.2.5", "cffi": "2.1.1"}
