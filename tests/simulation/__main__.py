"""Random histories and an on-sale on the model: `make simulate SEED=1 HOURS=2`, or this with `--help`."""

import json
import sys
from argparse import ArgumentParser

from tests.simulation.drops import Drops
from tests.simulation.editors import Editors
from tests.simulation.event_histories import EventHistory
from tests.simulation.histories import Broken, History
from tests.simulation.hooks import Hooks
from tests.simulation.mail_histories import MailHistory
from tests.simulation.members import Regulars
from tests.simulation.rush import laws, rush
from tests.simulation.worker_histories import WorkerHistory

_OFFERED = (500, 1_000, 2_000, 5_000)
_OTHERS = (EventHistory, MailHistory, Regulars, Editors, Drops, WorkerHistory, Hooks)
"""Histories of places, mails, memberships, a list, files, workers and webhooks: one is played beside each of a code."""


def simulate(seed: int, hours: float) -> tuple[int, float, list[Broken]]:
    """Histories by this seed and the next ones, until so many hours have passed on their clocks."""
    count, seconds, broken = 0, 0.0, list[Broken]()
    while not count or seconds < hours * 3600:
        history = History(seed + count)
        broken += history.run()
        broken += [Broken(law, seed + count) for kind in _OTHERS for law in sorted(kind(seed + count).run())]
        seconds += history.played
        count += 1
    return count, seconds / 3600, broken


def main(arguments: list[str]) -> int:
    """Simulate and print; 1 when a law was broken."""
    parser = ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first history; each next one has the next seed")
    parser.add_argument("--hours", type=float, default=1.0, help="virtual hours of histories, of some seconds each")
    parser.add_argument("--rush", type=float, default=2.0, help="virtual seconds of an on-sale at each rate; 0: none")
    options = parser.parse_args(arguments)
    count, hours, broken = simulate(options.seed, options.hours)
    sys.stdout.write(f"{count} histories of {hours:.2f} hours by the seeds from {options.seed} on\n")
    for offered in _OFFERED if options.rush else ():
        figures = rush(offered, options.rush, options.seed).figures()
        sys.stdout.write(f"{offered} redemptions a second offered: {json.dumps(figures)}\n")
        broken += [Broken(law, options.seed) for law in laws(figures)]
    for one in broken:
        sys.stdout.write(f"BROKEN: {one}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
