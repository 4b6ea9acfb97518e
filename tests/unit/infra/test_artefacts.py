"""The contents of the zips, which work by themselves."""

import importlib.util
import json
import marshal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import artefacts, libraries, measure
from infra.build import BuildFailed, check_python, lint, runtime_of
from infra.template import CONSOLE, DOMAIN, FUNCTIONS, LIBRARIES
from tests.unit.infra.plain import FUNCTION_NAMES

ZIPS = [FUNCTIONS, LIBRARIES, DOMAIN]
X86_64, AARCH64 = 62, 183
"""Numbers of machines in the header of an ELF file."""
LOAD_ALL_CALLS = """
import sys
sys.path[:0] = sys.argv[1:]
from chalicelib import api
print(len([route.endpoint for route in api.routes()]))
"""


@pytest.fixture(scope="session")
def path(build: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The import path that Lambda would have."""
    return measure.unpacked(build, tmp_path_factory.mktemp("unpacked"))


def names(build: Path, archive: str) -> list[str]:
    with zipfile.ZipFile(build / archive) as content:
        return content.namelist()


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_every_handler_imports_from_the_artefacts_alone(build: Path, path: list[str], function: str) -> None:
    assert measure.import_ms(measure.handlers(build)[function], path) > 0


def test_every_call_of_the_api_is_registered_from_the_artefacts_alone(path: list[str]) -> None:
    command = [sys.executable, "-I", "-S", "-c", LOAD_ALL_CALLS, *path]
    process = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(process.stdout) > 0


def test_bytecode_of_another_python_that_ran_the_source_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "app.py").touch()
    (tmp_path / "__pycache__" / "app.cpython-39.pyc").touch()
    artefacts.add_bytecode(tmp_path, "/var/task")
    compiled = Path(importlib.util.cache_from_source("app.py")).name
    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == [compiled]


@pytest.mark.parametrize("archive", ZIPS)
def test_every_module_carries_its_bytecode(build: Path, archive: str) -> None:
    entries = set(names(build, archive))
    modules = {name for name in entries if name.endswith(".py")}
    assert modules
    assert {name for name in modules if importlib.util.cache_from_source(name) not in entries} == set()


@pytest.mark.parametrize("archive", ZIPS)
def test_the_bytecode_is_loaded_without_checking_its_source(build: Path, archive: str) -> None:
    with zipfile.ZipFile(build / archive) as content:
        flags = {content.read(name)[4] for name in content.namelist() if name.endswith(".pyc")}
    assert flags == {0b01}


@pytest.mark.parametrize(("archive", "mount"), [(FUNCTIONS, "/var/task/"), (LIBRARIES, "/opt/"), (DOMAIN, "/opt/")])
def test_tracebacks_name_the_place_in_lambda(build: Path, archive: str, mount: str) -> None:
    with zipfile.ZipFile(build / archive) as content:
        compiled = [content.read(name)[16:] for name in content.namelist() if name.endswith(".pyc")]
    files = [marshal.loads(code).co_filename for code in compiled]  # noqa: S302 - our own bytecode
    assert {file.startswith(mount) for file in files} == {True}


@pytest.mark.parametrize("package", ["boto3", "botocore", "s3transfer", "urllib3", "pytest", "ministack", "bin"])
def test_packages_that_lambda_provides_or_does_not_need_are_left_out(build: Path, package: str) -> None:
    assert [name for archive in ZIPS for name in names(build, archive) if f"/{package}/" in f"/{name}"] == []


@pytest.mark.parametrize("package", ["pydantic", "pydantic_core", "annotated_types", "aws_lambda_powertools", "tzdata"])
def test_the_libraries_contain_what_the_domain_imports(build: Path, package: str) -> None:
    assert any(f"/site-packages/{package}/" in name for name in names(build, LIBRARIES))


@pytest.mark.parametrize(("archive", "machine"), [(LIBRARIES, AARCH64), (libraries.X86_64, X86_64)])
def test_machine_code_is_for_the_machine_that_runs_it(build: Path, archive: str, machine: int) -> None:
    with zipfile.ZipFile(build / archive) as content:
        code = {name: content.read(name)[:20] for name in content.namelist() if name.endswith(".so")}
    assert {head[:4] for head in code.values()} == {b"\x7fELF"}
    assert {int.from_bytes(head[18:20], "little") for head in code.values()} == {machine}


def test_the_libraries_are_the_same_for_both_machines(build: Path) -> None:
    entries = [names(build, archive) for archive in (LIBRARIES, libraries.X86_64)]
    shipped, emulated = ({name for name in one if name.endswith(".py") and ".data/" not in name} for one in entries)
    assert shipped == emulated


def test_functions_and_layers_are_for_arm64(packaged: dict[str, Any]) -> None:
    serverless_resources = [one["Properties"] for one in packaged["Resources"].values() if "Serverless" in one["Type"]]
    architectures = [
        one.get("Architectures") or one.get("CompatibleArchitectures")
        for one in serverless_resources
        if "Handler" in one or "ContentUri" in one
    ]
    assert architectures
    assert all(one == ["arm64"] for one in architectures)


@pytest.mark.parametrize(("machine", "archive"), [("x86_64", libraries.X86_64), ("aarch64", LIBRARIES)])
def test_an_engine_gets_the_libraries_for_its_machine(machine: str, archive: str) -> None:
    assert libraries.of_machine(machine) == archive


def test_the_same_files_make_the_same_zip(tmp_path: Path) -> None:
    archives = []
    for name in ("first", "second"):
        source = tmp_path / name / "pkg"
        source.mkdir(parents=True)
        (source / "b.py").write_text("WORDS = frozenset({'a', 'b', 'c'})\n")
        (source / "a.py").write_text("def answer():\n    return {'x', 'y'} & {'y'}\n")
        artefacts.add_bytecode(tmp_path / name, "/opt")
        artefacts.rezip(tmp_path / name, tmp_path / f"{name}.zip")
        archives.append((tmp_path / f"{name}.zip").read_bytes())
    assert archives[0] == archives[1]


def test_a_module_that_does_not_compile_is_not_packaged(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def\n")
    with pytest.raises(subprocess.CalledProcessError):
        artefacts.add_bytecode(tmp_path, "/opt")


def test_errors_of_cfn_lint_stop_the_build(tmp_path: Path) -> None:
    wrong = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"NoSuchProperty": 1}}}}
    (tmp_path / "template.json").write_text(json.dumps(wrong))
    with pytest.raises(BuildFailed, match="NoSuchProperty"):
        lint(tmp_path / "template.json")


def test_warnings_of_cfn_lint_are_printed_and_stop_nothing(tmp_path: Path) -> None:
    unused = {"Parameters": {"Unused": {"Type": "String"}}, "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    (tmp_path / "template.json").write_text(json.dumps(unused))
    assert "W2001" in lint(tmp_path / "template.json")


@pytest.mark.parametrize("version", [(3, 10), (3, 15), (4, 0)])
def test_a_python_that_cannot_package_is_reported_in_one_line(version: tuple[int, int]) -> None:
    with pytest.raises(BuildFailed, match=r"^Python \d\.\d+ is not supported: use one from 3\.11 to 3\.14.*$"):
        check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_a_suitable_python_may_package(version: tuple[int, int]) -> None:
    check_python(version)


def test_the_runtime_is_the_python_whose_bytecode_is_packaged(packaged: dict[str, Any]) -> None:
    assert runtime_of(packaged) == f"python{sys.version_info.major}.{sys.version_info.minor} on arm64"


@pytest.mark.parametrize(
    ("system", "machine", "runs"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", True),
        ("darwin", "x86_64", False),
        ("darwin", "arm64", False),
        ("win32", "AMD64", False),
    ],
)
def test_libraries_for_lambda_are_imported_only_on_its_architecture(system: str, machine: str, runs: bool) -> None:
    assert measure.runs_here(system, machine) is runs


def test_on_another_architecture_sizes_are_printed_and_nothing_is_imported(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "runs_here", lambda: False)
    monkeypatch.setattr(measure, "import_ms", lambda *_: pytest.fail("imported"))
    table = measure.table(build)
    assert all(name in table for name in [*ZIPS, CONSOLE])
    assert "not measured" in table


def test_sizes_and_import_times_are_printed(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imports = {handler: name for name, handler in measure.handlers(build).items()}
    times = {name: number for number, name in enumerate(FUNCTION_NAMES, 100)}
    monkeypatch.setattr(measure, "import_ms", lambda handler, _path: times[imports[handler]])
    table = measure.table(build)
    assert all(name in table for name in [*ZIPS, CONSOLE])
    assert {f"{name:<22}{milliseconds:>7} ms" for name, milliseconds in times.items()} <= set(table.splitlines())
