"""The libraries layer: what ships to Lambda on arm64, installed from any host, and what an engine runs here."""

import platform
import sys
from pathlib import Path

from infra.template import LIBRARIES, Template

EMULATED = "libraries-x86_64.zip"

# The C library of Amazon Linux 2 under Python 3.11 is 2.26, that of Amazon Linux 2023 under later ones 2.34.
_OLD, _NEW = "manylinux2014_aarch64", "manylinux_2_28_aarch64"


def of_machine(machine: str = platform.machine()) -> str:
    """The archive whose machine code runs on a Linux of that machine, such as `x86_64`."""
    return LIBRARIES if machine.lower() in {"arm64", "aarch64"} else EMULATED


def for_this_machine(template: Template) -> Template:
    """Let the template's libraries be those that an engine on this machine can run."""
    template["Resources"]["ManagedLayer"]["Properties"]["ContentUri"] = of_machine()
    return template


def platforms(version: tuple[int, int] = sys.version_info[:2]) -> list[str]:
    """The platform tags of wheels that Lambda's runtime of that Python takes on arm64."""
    return [_OLD] if version < (3, 12) else [_NEW, _OLD]


def installation(requirements: Path, layer: Path) -> list[str]:
    """The command that installs the pinned wheels for arm64 where a layer has them."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = layer / "python" / "lib" / f"python{version}" / "site-packages"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version", version]
    command += [word for one in platforms() for word in ("--platform", one)]
    return [*command, "--target", str(folder), "--requirement", str(requirements)]
