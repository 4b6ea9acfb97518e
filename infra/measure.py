"""The size of the artefacts, and the time that each handler takes to import from them."""

import json
import platform
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from infra.artefacts import unzip
from infra.libraries import of_machine
from infra.template import CONSOLE, DOMAIN, FUNCTIONS, LIBRARIES

_RUNS = 3
_ELSEWHERE = "Import times are not measured: what was built for Linux does not run on this system."
# Included in Lambda's Python runtime.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
_IMPORT = """
import importlib, sys, time
module, name = sys.argv[1].rsplit(".", 1)
sys.path[:0] = sys.argv[2:]
began = time.process_time()
handler = getattr(importlib.import_module(module), name)
print((time.process_time() - began) * 1000)
assert callable(handler)
"""


def handlers(build: Path) -> dict[str, str]:
    """The handler string of each function of the packaged template, by logical id."""
    resources = json.loads((build / "template.json").read_text(encoding="utf-8"))["Resources"]
    functions = {name: one for name, one in resources.items() if one["Type"] == "AWS::Serverless::Function"}
    return {name: one["Properties"]["Handler"] for name, one in functions.items()}


def unpacked(build: Path, folder: Path) -> list[str]:
    """The import path as in Lambda: the task, the layers, and the libraries of the runtime."""
    task, opt, runtime = folder / "task", folder / "opt", folder / "runtime"
    unzip(build / FUNCTIONS, task)
    unzip(build / of_machine(), opt)
    unzip(build / DOMAIN, opt)
    unzip(build / CONSOLE, opt)
    runtime.mkdir()
    for name in RUNTIME:
        (runtime / name).symlink_to(Path(sysconfig.get_path("purelib")) / name)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [str(path) for path in (task, opt / "python", opt / "python" / "lib" / version / "site-packages", runtime)]


def import_ms(handler: str, path: list[str]) -> float:
    """The processor time in milliseconds to import the handler in a new interpreter. Raises CalledProcessError."""
    command = [sys.executable, "-I", "-S", "-c", _IMPORT, handler, *path]
    env = {"AWS_LAMBDA_FUNCTION_NAME": "measured", "AWS_DEFAULT_REGION": "eu-west-1"}
    completed = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return float(completed.stdout)


def table(build: Path) -> str:
    """Sizes and import times, as text."""
    times = _times(build) if runs_here() else {}
    rows = [f"{'artefact':<22}{'zipped':>10}{'unzipped':>11}"]
    rows += [f"{name:<22}{_size(zipped):>10}{_size(plain):>11}" for name, (zipped, plain) in _sizes(build).items()]
    rows += ["", f"{'function':<22}{'import':>10}" if times else _ELSEWHERE]
    rows += [f"{name:<22}{milliseconds:>7.0f} ms" for name, milliseconds in sorted(times.items())]
    return "\n".join(rows)


def runs_here(system: str = sys.platform, machine: str = platform.machine()) -> bool:
    """Whether the packaged machine code, or its variant for engines, can run on this machine."""
    return system == "linux" and machine.lower() in {"x86_64", "amd64", "aarch64", "arm64"}


def _times(build: Path) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        path = unpacked(build, Path(folder))
        return {
            name: median(import_ms(handler, path) for _ in range(_RUNS)) for name, handler in handlers(build).items()
        }


def _sizes(build: Path) -> Mapping[str, tuple[int, int]]:
    sizes = {}
    for name in (FUNCTIONS, LIBRARIES, DOMAIN, CONSOLE):
        with zipfile.ZipFile(build / name) as content:
            plain = sum(entry.file_size for entry in content.infolist())
        sizes[name] = ((build / name).stat().st_size, plain)
    return sizes


def _size(number: int) -> str:
    return f"{number / 1_000_000:.2f} MB"
