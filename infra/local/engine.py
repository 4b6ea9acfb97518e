"""The engine that stands for AWS: a ministack of our own, on a loopback port that was free when it first started.

It keeps its state in a folder, which it writes when it is told to end; so it also ends of itself,
in order, as soon as the process that started it is gone.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any

REGION = "eu-west-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

CALLS = "calls.jsonl"

_SECONDS_TO_START = 60
_SECONDS_TO_END = 60


class EngineFailed(Exception):
    """The engine did not start; the message says where it wrote why."""


@contextmanager
def engine(state: Path, clock: Path, *, enforce: bool = False) -> Iterator[str]:
    """Start an engine over the state in that folder, and return its address. Raises `EngineFailed`.

    Every Lambda that it starts reads the pipeline's clock from the file `clock`. With `enforce` each
    may do only what its policy allows, as on AWS, and the file `CALLS` of the folder says what each
    asked for; without, whoever calls may do anything.
    """
    for name in ("state", "objects", "scratch"):
        (state / name).mkdir(parents=True, exist_ok=True)
    port = _port(state)
    _begin_streams(state)
    command = [sys.executable, "-P", str(Path(__file__)), *([str(state / CALLS)] if enforce else [])]
    with (state / "engine.log").open("wb") as log:
        child = subprocess.Popen(
            command,
            env=_environment(state, clock, port) | ({"AUTH": "true"} if enforce else {}),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us, who end it in order
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, child, state)
            yield address
        finally:
            _end(child)


def _environment(state: Path, clock: Path, port: int) -> dict[str, str]:
    """All that the engine, and with it every Lambda, is to see: not our own paths to the source."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(state),
        "TMPDIR": str(state / "scratch"),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_HOST": "127.0.0.1",
        "LAMBDA_EXECUTOR": "local",
        "DOCKER_HOST": f"unix://{state / 'no-docker'}",
        "LOG_LEVEL": "INFO",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state / "objects"),
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "GUESTLIST_CLOCK": str(clock),
        **CREDENTIALS,
    }


def _wait_until_healthy(address: str, child: subprocess.Popen[bytes], state: Path) -> None:
    pause = Event()
    for _ in range(_SECONDS_TO_START * 20):
        if child.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_ministack/health", timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            pause.wait(0.05)
    raise EngineFailed(f"the engine did not start; see {state / 'engine.log'}")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let it write its state and end, then end whatever Lambda is still at work."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()
    if child.stdin:
        child.stdin.close()
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _port(state: Path) -> int:
    """The port of the former start, if there was one: queues have their addresses by it, and functions know them.

    When somebody else has it now, all that was kept is told of a new one.
    """
    file = state / "port"
    former = int(file.read_text(encoding="ascii")) if file.exists() else 0
    port = _free_port(former)
    if former and port != former:
        for path in (state / "state").glob("*.json"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(f"127.0.0.1:{former}", f"127.0.0.1:{port}"), encoding="utf-8")
    file.write_text(str(port), encoding="ascii")
    return port


def _begin_streams(state: Path) -> None:
    """Have functions read streams from their beginning: a table's stream is empty whenever the engine starts.

    What the engine keeps is how far they had read of the former one, and until so much was written anew
    no function would be called, and no mail sent.
    """
    path = state / "state" / "lambda.json"
    if path.exists():
        streams = json.loads(path.read_text(encoding="utf-8"))
        positions = streams["payload"]["dynamodb_stream_positions"]
        positions["data"] = dict.fromkeys(positions["data"], 0)
        path.write_text(json.dumps(streams), encoding="utf-8")


def _free_port(preferred: int) -> int:
    """That loopback port if nothing listens on it now, else another."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise EngineFailed("no port is free")


def _run_until_left_alone() -> None:
    """The engine's own process: end in order when our standard input closes, that is, when our parent is gone."""
    from ministack import app as ministack  # type: ignore[import-untyped]
    from ministack.core import lambda_runtime  # type: ignore[import-untyped]

    def watch() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    sys.path.append(str(Path(__file__).parents[2]))
    from infra.local.origins import local_only
    from infra.local.unpacking import share_unpacked

    share_unpacked(lambda_runtime)
    for calls in sys.argv[1:]:
        from infra.local.calls import write_down

        write_down(Path(calls))
    sys.argv = ["ministack"]
    ministack.app = local_only(_as_if_by_tls(ministack.app))
    ministack.main()


def _as_if_by_tls(inner: Any) -> Any:
    """The engine as behind a proxy that ended TLS: the bucket's policy refuses anything else."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"x-forwarded-proto", b"https")]
        await inner(scope, receive, send)

    return app


if __name__ == "__main__":
    _run_until_left_alone()
