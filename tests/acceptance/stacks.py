"""Stacks as child processes, as `make run` starts them, each with its own ports and folder."""

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
    """A stack that is ready to use, with the lines that it has printed."""

    address: str
    process: subprocess.Popen[str]
    stdout: list[str] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)

    def local(self, path: str = "", body: Any = None) -> Any:
        """The response of `/local{path}`: to a POST if there is a body."""
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
        """The ids of the process of the stack and of all its descendants."""
        return process_tree(self.process.pid)


@dataclass(frozen=True)
class StackClock:
    """The clock of a stack."""

    stack: Stack

    def advance(self, value: int, unit: str) -> None:
        """Advance the clock of all functions by so many units, such as `days`."""
        self.stack.local("/clock", {"advance": {"value": value, "unit": unit}})

    def reset(self) -> None:
        """Set the true time again."""
        self.stack.local("/clock", {"reset": True})


def process_tree(pid: int) -> set[int]:
    """The ids of this process and of its running descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        parent = _parent(folder)
        if parent is not None:
            children.setdefault(parent, []).append(int(folder.name))
    tree, pending = set(), [pid]
    while pending:
        process = pending.pop()
        tree.add(process)
        pending += children.get(process, [])
    return tree


def _parent(folder: Path) -> int | None:
    """The parent's id; None for a process that has ended."""
    try:
        state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def is_running(pid: int) -> bool:
    """Whether that process is running."""
    return _parent(Path("/proc") / str(pid)) is not None


def start_stack(state: Path, port: int, *options: str) -> subprocess.Popen[str]:
    """Start the process of `make run`."""
    command = [sys.executable, "-m", "infra.local", "--port", str(port), "--state", str(state), *options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def running_stack(state: Path, *options: str) -> Iterator[Stack]:
    """A stack with this folder, ready to use; it is interrupted at the end unless it has ended before."""
    port = free_port()
    with start_stack(state, port, *options) as process:
        stack = Stack(f"http://127.0.0.1:{port}", process)
        # It prints a line for each call: a pipe that nobody reads would stop it when it is full.
        readers = [
            Thread(target=lines.extend, args=(map(str.rstrip, pipe),))
            for pipe, lines in ((process.stdout, stack.stdout), (process.stderr, stack.stderr))
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
        raise AssertionError(stack.stderr)
    try:
        return stack.local()["ready"] or None
    except OSError:
        return None
