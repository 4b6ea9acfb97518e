"""The libraries layer: what ships to Lambda on arm64, installed from any host, and what an engine runs here."""

import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.template import LIBRARIES, Template

X86_64 = "libraries-x86_64.zip"

# The C library of Amazon Linux 2 under Python 3.11 is 2.26, that of Amazon Linux 2023 under later ones 2.34.
_AMAZON_LINUX_2, _AMAZON_LINUX_2023 = "manylinux2014", "manylinux_2_28"


def of_machine(machine: str = platform.machine()) -> str:
    """The archive whose machine code runs on a Linux of that machine, such as `x86_64`."""
    return LIBRARIES if machine.lower() in {"arm64", "aarch64"} else X86_64


def for_this_machine(template: Template) -> Template:
    """Let the template's libraries be those that an engine on this machine can run."""
    template["Resources"]["ManagedLayer"]["Properties"]["ContentUri"] = of_machine()
    return template


def platforms(python: tuple[int, int], machine: str = "aarch64") -> list[str]:
    """The platform tags of wheels that Lambda's runtime of that Python takes on that machine."""
    tags = [_AMAZON_LINUX_2] if python < (3, 12) else [_AMAZON_LINUX_2023, _AMAZON_LINUX_2]
    return [f"{tag}_{machine}" for tag in tags]


def installation(requirements: Path, layer: Path) -> list[str]:
    """The command that installs the pinned wheels for arm64 where a layer has them."""
    python = sys.version_info[:2]
    folder = layer / "python" / "lib" / "python{}.{}".format(*python) / "site-packages"
    return [*wheels(python, platforms(python), folder, requirements), "--require-hashes"]


def wheels(python: tuple[int, int], tags: Sequence[str], folder: Path, requirements: Path) -> list[str]:
    """The command that installs into a folder what requirements pin, as wheels for another Python and machine."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--no-deps", "--only-binary=:all:", "--python-version", "{}.{}".format(*python)]
    command += [word for tag in tags for word in ("--platform", tag)]
    return [*command, "--target", str(folder), "--requirement", str(requirements)]
