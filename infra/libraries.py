"""The layer of libraries: installed for Lambda on arm64 from any host, and the variant that an engine runs here."""

import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.template import LIBRARIES, Template

X86_64 = "libraries-x86_64.zip"

# Amazon Linux 2 (Python 3.11) has glibc 2.26, Amazon Linux 2023 (later versions) 2.34.
_AMAZON_LINUX_2, _AMAZON_LINUX_2023 = "manylinux2014", "manylinux_2_28"


def of_machine(machine: str = platform.machine()) -> str:
    """The archive with machine code for Linux on a machine such as `x86_64`."""
    return LIBRARIES if machine.lower() in {"arm64", "aarch64"} else X86_64


def for_this_machine(template: Template) -> Template:
    """Replace the template's libraries by those that an engine on this machine can run."""
    template["Resources"]["ManagedLayer"]["Properties"]["ContentUri"] = of_machine()
    return template


def platforms(python: tuple[int, int], machine: str = "aarch64") -> list[str]:
    """The platform tags of wheels that Lambda's runtime of this Python version accepts on this machine."""
    tags = [_AMAZON_LINUX_2] if python < (3, 12) else [_AMAZON_LINUX_2023, _AMAZON_LINUX_2]
    return [f"{tag}_{machine}" for tag in tags]


def installation(requirements: Path, layer: Path) -> list[str]:
    """The command that installs the pinned wheels for arm64 into a layer."""
    python = sys.version_info[:2]
    folder = layer / "python" / "lib" / "python{}.{}".format(*python) / "site-packages"
    return [*wheels(python, platforms(python), folder, requirements), "--require-hashes"]


def wheels(python: tuple[int, int], tags: Sequence[str], folder: Path, requirements: Path) -> list[str]:
    """The command that installs pinned requirements into a folder, as wheels for a Python version and machine."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--no-deps", "--only-binary=:all:", "--python-version", "{}.{}".format(*python)]
    command += [word for tag in tags for word in ("--platform", tag)]
    return [*command, "--target", str(folder), "--requirement", str(requirements)]
