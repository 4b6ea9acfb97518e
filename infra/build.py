"""`make package`: the CloudFormation template and its zip files, in `build/`.

`chalice package` writes a SAM template from the decorators, merged with `resources.yaml`; this module adds bytecode
to the zip files, a layer for the domain, and completes the template. Lambda runs it on arm64, which costs a fifth
less. Chalice packages libraries for x86_64 only, so pip installs those for arm64 that are deployed; Chalice's are
kept for engines that run on x86_64.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra import artefacts, console, libraries, measure
from infra.template import CONSOLE, DOMAIN, FUNCTIONS, LIBRARIES, Template, complete_template, to_json

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
REGION = "eu-west-1"
STAMP = "inputs.sha256"
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)

_INPUTS = (
    "functions",
    "layers",
    "infra/resources.yaml",
    "infra/gateway.py",
    "infra/watching.py",
    "infra/template.py",
    "infra/artefacts.py",
    "infra/libraries.py",
    "infra/build.py",
    "infra/console.py",
)
_NOT_OURS = {"__pycache__", "deployments", "deployed", "node_modules", "generated"}
_BIN = Path(sys.executable).parent


class BuildFailed(Exception):
    """A tool failed; the message is its output."""


def package(root: Path = ROOT, build: Path = BUILD) -> bool:
    """Build if an input has changed, and return whether that was so. Raises `BuildFailed`."""
    with _alone(build):
        stamp, digest = build / STAMP, _digest(root)
        if stamp.exists() and stamp.read_text() == digest:
            return False
        stamp.unlink(missing_ok=True)
        with TemporaryDirectory() as folder:
            _build(root, build, Path(folder))
        stamp.write_text(digest)
        return True


def _build(root: Path, build: Path, scratch: Path) -> None:
    packaged = scratch / "chalice"
    _chalice(root, packaged)
    functions = artefacts.unzip(packaged / "deployment.zip", scratch / "functions")
    x86_64 = artefacts.unzip(packaged / "layer-deployment.zip", scratch / Path(libraries.X86_64).stem)
    shipped = _libraries(root, scratch / Path(LIBRARIES).stem)
    domain = artefacts.copy(root / "layers" / "guestlist", scratch / "guestlist")
    for folder, mounted_at in ((functions, "/var/task"), (x86_64, "/opt"), (shipped, "/opt"), (domain, "/opt")):
        artefacts.add_bytecode(folder, mounted_at)
        artefacts.rezip(folder, scratch / f"{folder.name}.zip")
    _console(root, build, scratch)
    (scratch / "template.json").write_text(to_json(complete_template(packaged / "sam.yaml")), encoding="utf-8")
    for name in (FUNCTIONS, LIBRARIES, libraries.X86_64, DOMAIN, CONSOLE, "template.json"):
        # A process that is reading the former file must keep a complete one.
        shutil.copyfile(scratch / name, build / f".{name}")
        (build / f".{name}").replace(build / name)


def _libraries(root: Path, layer: Path) -> Path:
    """The layer of libraries, without command-line scripts, which contain this machine's paths."""
    _run(libraries.installation(root / "functions" / "requirements.txt", layer), dict(os.environ))
    for commands in layer.glob("**/site-packages/bin"):
        shutil.rmtree(commands)
    return layer


def _console(root: Path, build: Path, scratch: Path) -> None:
    """The pages as a layer, under `/opt/python`, where they are found like modules; also copied to `build/console`."""
    layer = scratch / "console"
    try:
        console.bundle(layer / "python" / "console", root / "layers" / "console")
    except console.ConsoleFailed as failure:
        raise BuildFailed(str(failure)) from failure
    bundle, served = layer / "python" / "console", build / "console"
    shutil.copytree(bundle, served, dirs_exist_ok=True)
    for path in served.iterdir():
        if not (bundle / path.name).exists():
            path.unlink()
    artefacts.rezip(layer, scratch / CONSOLE)


def _chalice(root: Path, out: Path) -> None:
    """Let Chalice package; it imports the app, so the domain must be importable."""
    command = [str(_BIN / "chalice"), "--project-dir", str(root / "functions"), "package", "--stage", "packaged"]
    command += ["--merge-template", str(root / "infra" / "resources.yaml"), str(out)]
    layer = str(root / "layers" / "guestlist" / "python")
    env = {**os.environ, "AWS_DEFAULT_REGION": REGION, "PYTHONPATH": layer, "PYTHONDONTWRITEBYTECODE": "1"}
    _run(command, env)


def lint(template: Path, *ignored: str) -> str:
    """Run cfn-lint and return its warnings, except of the ignored rules. Raises `BuildFailed` with its errors.

    Warnings are no errors: cfn-lint may begin any day to warn that a runtime will be deprecated.
    """
    command = [str(_BIN / "cfn-lint"), "--regions", REGION, "--non-zero-exit-code", "error"]
    command += ["--template", str(template)]
    return _run([*command, "--ignore-checks", *ignored] if ignored else command, dict(os.environ))


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raise `BuildFailed` for a Python version without wheels of the dependencies or without a Lambda runtime."""
    if not OLDEST_PYTHON <= version <= NEWEST_PYTHON:
        versions = [".".join(map(str, one)) for one in (version, OLDEST_PYTHON, NEWEST_PYTHON)]
        raise BuildFailed("Python {} is not supported: use one from {} to {}, as PYTHON=… make".format(*versions))


def runtime_of(template: Template) -> str:
    """The runtime and the architecture of the functions of a template, such as `python3.11 on x86_64`."""
    functions = (one["Properties"] for one in template["Resources"].values() if one["Type"].endswith("::Function"))
    runtimes = {(one["Runtime"], *one.get("Architectures", ["x86_64"])) for one in functions}
    return ", ".join(" on ".join(one) for one in sorted(runtimes))


def _run(command: list[str], env: dict[str, str]) -> str:
    completed = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if completed.returncode:
        raise BuildFailed(f"{Path(command[0]).name} failed:\n{completed.stdout}{completed.stderr}")
    return completed.stdout


@contextmanager
def _alone(build: Path) -> Iterator[None]:
    """A lock that allows one build at a time."""
    build.mkdir(exist_ok=True)
    with (build / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(root: Path) -> str:
    """A digest of the build's inputs: the name and content of every file, and the Python version."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for name in _INPUTS for path in _files(root / name)):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = (file for file in path.rglob("*") if file.is_file())
    return [file for file in files if not _NOT_OURS & set(file.parts)]


def main() -> int:
    """Run the command; 1 on failure."""
    parser = argparse.ArgumentParser(prog="python -m infra.build", description="Package Guestlist for CloudFormation.")
    parser.add_argument("--again", action="store_true", help="build even if nothing has changed")
    if parser.parse_args().again:
        (BUILD / STAMP).unlink(missing_ok=True)
    try:
        check_python()
        print("packaged" if package() else "nothing has changed since the last build")
        print(lint(BUILD / "template.json"), end="")
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"runtime: {runtime_of(json.loads((BUILD / 'template.json').read_text(encoding='utf-8')))}")
    print(measure.table(BUILD))
    return 0


if __name__ == "__main__":
    sys.exit(main())
