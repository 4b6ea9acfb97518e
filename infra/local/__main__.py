"""`make run`: the whole pipeline on this machine, until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from threading import Event

from infra.build import ROOT, BuildFailed

sys.path[:0] = [str(ROOT / "layers" / "guestlist" / "python"), str(ROOT / "functions")]

from infra.deploy.stack import DeployFailed  # noqa: E402 - the domain had to be in reach first
from infra.local.engine import EngineFailed  # noqa: E402
from infra.local.samples import import_samples  # noqa: E402
from infra.local.server import PortTaken  # noqa: E402
from infra.local.stack import AlreadyRunning, stack  # noqa: E402
from infra.local.welcome import welcome  # noqa: E402


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 1 on failure."""
    options = _options()
    stop = Event()
    _ignore_aws_environment()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        _run(options, stop)
    except PortTaken:
        return _fail(f"port {options.port} is taken; choose another: PORT={options.port + 1} make run")
    except AlreadyRunning:
        return _fail(f"another stack is running on {options.state}; end that one first")
    except DeployFailed as failure:
        return _fail(f"{failure}\nIf {options.state} is from another time, remove it to start again.")
    except (BuildFailed, EngineFailed) as failure:
        # Ctrl-C also ends running tools.
        return 0 if stop.is_set() else _fail(str(failure))
    return 0


def _ignore_aws_environment() -> None:
    """Ignore this machine's AWS accounts, profiles and proxies."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def _run(options: argparse.Namespace, stop: Event) -> None:
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", flush=True)

    with stack(options.state.resolve(), options.port, stop, say, enforce=options.enforce) as control:
        base = f"http://127.0.0.1:{options.port}"
        if options.samples:
            print(import_samples(base, ROOT / "samplecsv", options.state / "samples.json", stop), flush=True)
        control.ready = True
        say("ready")
        print(welcome(base, options.state.resolve()), flush=True)
        stop.wait()
        say("ending")
    say("ended; what was stored stays for the next start")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Run Guestlist on this machine.")
    port = os.environ.get("PORT", "8000")
    parser.add_argument("--port", type=int, default=port, help="where to serve the API (default: $PORT, else 8000)")
    parser.add_argument("--state", type=Path, default=ROOT / ".local", help="the folder that keeps what is stored")
    parser.add_argument("--no-samples", dest="samples", action="store_false", help="do not import the sample files")
    parser.add_argument("--enforce", action="store_true", help="let each function do only what its policy allows")
    return parser.parse_args()


def _fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
