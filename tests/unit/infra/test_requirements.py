"""What goes to Lambda is pinned with hashes, in the versions that the tests run with."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PIN = re.compile(r"([\w.-]+)==(\S+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(text: str) -> dict[str, list[str]]:
    """The words of each requirement, by what it begins with; a line that ends with a backslash goes on."""
    lines = text.replace("\\\n", " ").splitlines()
    return {words[0]: words[1:] for line in lines if (words := line.split()) and not line.startswith("#")}


SHIPPED = requirements((ROOT / "functions" / "requirements.txt").read_text(encoding="utf-8"))
PINNED = {
    normal(found[1]): found[2]
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if (found := PIN.match(line))
}


def faults(shipped: dict[str, list[str]]) -> list[str]:
    """The requirements that are not pinned, not as the tests run them, or not hashed alone."""
    pins = {said: PIN.fullmatch(said) for said in shipped}
    return [
        said
        for said, pin in pins.items()
        if not pin or PINNED.get(normal(pin[1])) != pin[2] or not all(map(HASH.fullmatch, shipped[said] or [""]))
    ]


def test_everything_that_ships_is_pinned_as_it_is_tested_and_has_hashes() -> None:
    assert SHIPPED
    assert faults(SHIPPED) == []


@pytest.mark.parametrize("said", SHIPPED)
def test_what_ships_is_what_is_installed_here(said: str) -> None:
    name, _, pinned = said.partition("==")
    assert version(name) == pinned


HASHED = f"--hash=sha256:{'0' * 64}"


@pytest.mark.parametrize(
    "line",
    [
        "idna==3.20",
        f"idna>=3.20 {HASHED}",
        f"idna==3.19 {HASHED}",
        f"nobody==1.0 {HASHED}",
        "idna==3.20 --hash=md5:00",
        f"idna==3.20 \\\n    {HASHED} \\\n    --hash=sha256:0",
    ],
)
def test_a_requirement_without_pin_or_hash_is_found(line: str) -> None:
    assert len(faults(requirements(f"{line}\n"))) == 1
