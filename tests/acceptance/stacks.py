"""Whole stacks as child processes: what `make run` starts, each on ports and over a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import boto3

from tests.acceptance.client import eventually
from tests.engines.servers import free_port

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stack:
    """A stack that is ready."""

    address: str
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    complained: list[str] = field(default_factory=list)

    def local(self, path: str = "", body: Any = None) -> Any:
        """What the call `/local{path}` answers: a POST when there is a body."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.address}/local{path}", data, timeout=200) as answer:  # noqa: S310 - our own address
            return json.load(answer)

    def aws(self, service: str) -> Any:
        """A client of the stack's engine."""
        return boto3.client(
            service,
            endpoint_url=self.local()["aws_endpoint"],
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def processes(self) -> set[int]:
        """The stack's process and all that it started, by id."""
        return family(self.process.pid)


def family(pid: int) -> set[int]:
    """That process and its descendants that are alive."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        found = _parent(folder)
        if found is not None:
            children.setdefault(found, []).append(int(folder.name))
    found_all, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        found_all.add(one)
        waiting += children.get(one, [])
    return found_all


def _parent(folder: Path) -> int | None:
    """The parent's id; None for a process that has ended."""
    try:
        state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def alive(pid: int) -> bool:
    """Whether that process has not ended."""
    return _parent(Path("/proc") / str(pid)) is not None


def begin(state: Path, port: int, *options: str) -> subprocess.Popen[str]:
    """What `make run` runs."""
    command = [sys.executable, "-m", "infra.local", "--port", str(port), "--state", str(state), *options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def running(state: Path, *options: str) -> Iterator[Stack]:
    """A stack over that folder, ready; it is ended as by Ctrl-C if the test has not ended it, and has then `said`."""
    port = free_port()
    with begin(state, port, *options) as process:
        stack = Stack(f"http://127.0.0.1:{port}", process)
        # It prints a line for each call: a pipe that nobody reads would stop it when it is full.
        readers = [
            Thread(target=lines.extend, args=(map(str.rstrip, pipe),))
            for pipe, lines in ((process.stdout, stack.said), (process.stderr, stack.complained))
            if pipe
        ]
        for reader in readers:
            reader.start()
        try:
            eventually(lambda: _ready(stack), seconds=240)
            yield stack
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
            for reader in readers:
                reader.join()


def _ready(stack: Stack) -> bool | None:
    if stack.process.poll() is not None:
        raise AssertionError(stack.complained)
    try:
        return stack.local()["ready"] or None
    except OSError:
        return None
