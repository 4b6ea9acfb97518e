"""Every Python that is supported: its wheels are there, and those on this machine import what ships."""

import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.build import NEWEST_PYTHON, OLDEST_PYTHON, ROOT
from infra.libraries import platforms, wheels
from infra.measure import RUNTIME

SUPPORTED = [(3, minor) for minor in range(OLDEST_PYTHON[1], NEWEST_PYTHON[1] + 1)]
SHIPPED = ROOT / "functions" / "requirements.txt"
LOAD_EVERYTHING = """
import sys
sys.path[:0] = sys.argv[1:]
import app
from chalicelib import api
print(*sys.version_info[:2], len([route.endpoint for route in api.routes()]))
"""


def resolved(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Search the wheels without installing anything."""
    return subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=False)


def interpreters() -> Iterator[tuple[tuple[int, int], str]]:
    """The supported Pythons of this machine; the one that runs this test is always among them."""
    yield (sys.version_info[0], sys.version_info[1]), sys.executable
    for python in SUPPORTED:
        name = "python{}.{}".format(*python)
        managed = (Path.home() / ".pyenv" / "versions").glob("{}.{}.*/bin/python".format(*python))
        paths = [*map(str, managed), *filter(None, [shutil.which(name)])]
        works = (
            path
            for path in paths
            if subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
        )
        if python != sys.version_info[:2] and (path := next(works, None)):
            yield python, path


@pytest.mark.parametrize("python", SUPPORTED, ids=lambda python: "{}.{}".format(*python))
def test_shipped_packages_have_wheels_with_the_pinned_hashes(python: tuple[int, int], tmp_path: Path) -> None:
    process = resolved([*wheels(python, platforms(python), tmp_path, SHIPPED), "--require-hashes"])
    assert process.returncode == 0, process.stderr


def test_development_packages_have_wheels_for_the_newest_python(tmp_path: Path) -> None:
    tags = platforms(NEWEST_PYTHON, "x86_64")
    process = resolved([*wheels(NEWEST_PYTHON, tags, tmp_path, ROOT / "requirements-dev.txt"), "--require-hashes"])
    assert process.returncode == 0, process.stderr


def test_a_pin_without_a_wheel_is_found(tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text("pydantic-core==2.0.0\n")
    process = resolved(wheels(NEWEST_PYTHON, platforms(NEWEST_PYTHON), tmp_path, tmp_path / "pins.txt"))
    assert "No matching distribution found for pydantic-core==2.0.0" in process.stderr


def test_every_python_of_this_machine_imports_the_shipped_code(tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for name in (*RUNTIME, "chalice"):
        (runtime / name).symlink_to(Path(sysconfig.get_path("purelib")) / name)
    for python, interpreter in interpreters():
        libraries = tmp_path / "libraries{}.{}".format(*python)
        subprocess.run(wheels(python, platforms(python, platform.machine()), libraries, SHIPPED), check=True)
        path = [ROOT / "functions", ROOT / "layers" / "guestlist" / "python", libraries, runtime]
        command = [interpreter, "-I", "-S", "-c", LOAD_EVERYTHING, *map(str, path)]
        process = subprocess.run(command, capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stderr
        *version, routes = map(int, process.stdout.split())
        assert (tuple(version), routes > 0) == (python, True)
