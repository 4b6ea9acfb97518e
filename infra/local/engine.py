"""The engine that emulates AWS: an instance of ministack on a free loopback port.

It stores its state in a folder when it is asked to end, so it also ends in order when the process that started it is
gone.
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
    """The engine did not start; the message names its log."""


@contextmanager
def engine(state: Path, clock: Path, *, enforce: bool = False) -> Iterator[str]:
    """Start an engine with the state in this folder, and return its address. Raises `EngineFailed`.

    Every Lambda reads the pipeline's clock from the file `clock`. With `enforce`, each may make only the calls that its
    policy allows, as on AWS, and the file `CALLS` of the folder logs them; without, every call is allowed.
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
            start_new_session=True,  # Ctrl-C is handled by this process, which ends the engine in order
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, child, state)
            yield address
        finally:
            _end(child)


def _environment(state: Path, clock: Path, port: int) -> dict[str, str]:
    """The environment of the engine, and so of every Lambda: without the paths to our source."""
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
    """Let the engine store its state and end, then end any Lambda that is still running."""
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
    """The port of the former start if it is free, since the URLs of queues contain it.

    Otherwise the stored state is changed to a new port.
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
    """Have functions read streams from their beginning, since streams are empty when the engine starts.

    The engine stores how far functions had read the former stream; until as much was written to the new one, it would
    call no function, and no mail would be sent.
    """
    path = state / "state" / "lambda.json"
    if path.exists():
        streams = json.loads(path.read_text(encoding="utf-8"))
        positions = streams["payload"]["dynamodb_stream_positions"]
        positions["data"] = dict.fromkeys(positions["data"], 0)
        path.write_text(json.dumps(streams), encoding="utf-8")


def _free_port(preferred: int) -> int:
    """This loopback port if it is free, otherwise another one."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise EngineFailed("no port is free")


def _run_until_left_alone() -> None:
    """Run the engine until standard input closes, that is, until the parent process has ended."""
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
        from infra.local.calls import log_calls

        log_calls(Path(calls))
    sys.argv = ["ministack"]
    ministack.app = local_only(_as_if_by_tls(ministack.app))
    ministack.main()


def _as_if_by_tls(inner: Any) -> Any:
    """Pretend that a proxy terminated TLS: the bucket's policy refuses anything else."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"x-forwarded-proto", b"https")]
        await inner(scope, receive, send)

    return app


if __name__ == "__main__":
    _run_until_left_alone()
