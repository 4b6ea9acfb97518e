"""The engine's workers run code that was unpacked once, and the end of one takes nothing from another."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ministack.core import lambda_runtime

from infra.local.unpacking import SharedZip, share_unpacked


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The engine's module that starts workers, told to share."""
    monkeypatch.setattr(lambda_runtime, "zipfile", zipfile)
    share_unpacked(lambda_runtime)
    return lambda_runtime


def zipped(text: str, name: str = "handlers.py") -> bytes:
    """An archive with one file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), text)
    return content.getvalue()


def unpacked(archive: bytes, folder: Path) -> Path:
    """The folder, after the archive was unpacked into it."""
    path = folder.with_suffix(".zip")
    path.write_bytes(archive)
    folder.mkdir()
    with SharedZip(path) as opened:
        opened.extractall(folder)
    return folder


def where(runtime: Any, code: bytes) -> Path:
    """The folder with the code of a new worker."""
    arn = "arn:aws:lambda:eu-west-1:000000000000:function:test"
    config = {"Runtime": "python3.11", "Handler": "handlers.where", "FunctionName": "test", "FunctionArn": arn}
    worker = runtime.Worker("test", config, code)
    try:
        result = worker.invoke({}, "1")["result"]
        process = worker._proc  # noqa: SLF001 - the engine leaves its pipes to be collected, in whichever test that is
    finally:
        worker.kill()
    # The thread that reads it ends with the process.
    worker._stderr_thread.join(10)  # noqa: SLF001
    for pipe in (process.stdin, process.stdout, process.stderr):
        pipe.close()
    return Path(result)


def test_workers_of_the_same_code_share_it_and_those_of_other_code_do_not(runtime: Any) -> None:
    code = "import os\ndef where(event, context): return os.path.realpath(__file__)"
    first, second, other = (where(runtime, zipped(text)) for text in (code, code, f"{code}\n"))
    assert first == second != other


def test_a_worker_keeps_its_code_when_another_deletes_its_own(scratch: Path) -> None:
    first, second = (unpacked(zipped("kept"), scratch / name) for name in ("first", "second"))
    first.unlink()
    assert (second / "handlers.py").read_text() == "kept"


def test_a_damaged_archive_leaves_no_files(scratch: Path) -> None:
    damaged = zipped("kept" * 100).replace(b"keptkept", b"lostlost", 1)
    with pytest.raises(zipfile.BadZipFile):
        unpacked(damaged, scratch / "first")
    assert list((scratch / "unpacked").iterdir()) == []


def test_an_archive_lists_its_names_until_it_is_unpacked(scratch: Path) -> None:
    path = scratch / "archive.zip"
    path.write_bytes(zipped("kept"))
    with SharedZip(path) as archive:
        assert archive.namelist() == ["handlers.py"]
    unpacked(zipped("kept"), scratch / "first")
    with SharedZip(path) as archive:
        assert archive.namelist() == []
