"""The whole local stack: packaged, deployed on its own engine, seeded, and served on loopback."""

import fcntl
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from guestlist.aws.boto import Boto
from guestlist.aws.table import Table
from infra.build import BUILD, ROOT, package
from infra.local.clock import Clock
from infra.local.control import Control
from infra.local.deploy import Client, clients, deploy
from infra.local.engine import REGION, engine
from infra.local.policies import allow_what_the_engine_asks
from infra.local.seed import seed
from infra.local.server import PortTaken, server
from infra.local.timers import Timers

Say = Callable[[str], None]

_PROFILES = """\
[profile api]
role_arn = {role}
role_session_name = guestlist-api
source_profile = root
[profile root]
aws_access_key_id = test
aws_secret_access_key = test
"""


class AlreadyRunning(Exception):
    """Another stack uses the same folder."""


@contextmanager
def stack(state: Path, port: int, ending: Event, say: Say, *, enforce: bool = False) -> Iterator[Control]:
    """Run a stack with this folder on this port until the end of the block, which `ending` announces.

    With `enforce` every function, the API included, may make only the calls that its policy allows. Raises `PortTaken`
    and `AlreadyRunning` before anything is started.
    """
    _check(port)
    with _alone(state):
        say("packaging" if package() else "packaged already")
        clock = Clock(state / "clock")
        clock.reset()
        shutil.rmtree(state / "scratch", ignore_errors=True)
        with engine(state, state / "clock", enforce=enforce) as address:
            say(f"engine on {address}")
            client = clients(address)
            outputs = deploy(BUILD, f"http://127.0.0.1:{port}", client)
            say(f"deployed {outputs['TableName']}, {outputs['BucketName']}")
            if enforce:
                allow_what_the_engine_asks(client)
            seed(Table(Boto(client("dynamodb")), outputs["TableName"]), client("sesv2"))
            _assume_api_role(client, outputs["APIHandlerName"], address, state)
            control = Control(address, outputs, clock, Timers(client, outputs, ending))
            with server(ROOT / "functions", port, control):
                say(f"serving on http://127.0.0.1:{port}")
                yield control


def _check(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(port) from error


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(state) from error
        yield


def _assume_api_role(client: Client, function: str, address: str, state: Path) -> None:
    """Assume the environment and the role of the deployed API function, in whose place this process answers."""
    deployed = client("lambda").get_function_configuration(FunctionName=function)
    profiles = state / "aws"
    profiles.write_text(_PROFILES.format(role=deployed["Role"]), encoding="ascii")
    sys.path.append(str(BUILD))  # where a layer would contain the console
    os.environ |= deployed["Environment"]["Variables"]
    os.environ |= {"AWS_CONFIG_FILE": str(profiles), "AWS_PROFILE": "api", "GUESTLIST_CLOCK": str(state / "clock")}
    os.environ |= {"AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": REGION}
