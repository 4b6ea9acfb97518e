"""The temporary files of workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.bootstrap import adapters
from chalicelib.scratch import scratch_folder


def leave(base: Path, name: str) -> Path:
    """A large file of a worker that was killed."""
    file = base / name / "tmpabc" / "run-1"
    file.parent.mkdir(parents=True)
    file.write_text("rows")
    return file


@pytest.fixture
def ended_pid() -> int:
    """The number of a process that is no more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_files_of_a_killed_worker_are_deleted_when_the_next_one_starts(tmp_path: Path, ended_pid: int) -> None:
    leave(tmp_path, f"guestlist-{ended_pid}")
    leave(tmp_path, f"guestlist-{os.getpid()}")
    folder = scratch_folder(tmp_path)
    assert [*tmp_path.iterdir()] == [folder]
    assert [*folder.iterdir()] == []


def test_files_of_running_workers_and_of_other_programs_are_kept(tmp_path: Path) -> None:
    stale_folders = [
        leave(tmp_path, f"guestlist-{os.getppid()}"),
        leave(tmp_path, "guestlist-x"),
        leave(tmp_path, "other"),
    ]
    scratch_folder(tmp_path)
    assert all(file.exists() for file in stale_folders)


def test_a_worker_keeps_its_folder_between_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUESTLIST_FOLDER", str(tmp_path))
    (adapters.folder() / "kept").touch()
    assert (adapters.folder() / "kept").exists()
    assert adapters.folder().parent == tmp_path
