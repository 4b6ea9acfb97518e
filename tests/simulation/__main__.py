"""Random histories and an on-sale on the model: `make simulate SEED=1 HOURS=2`, or this with `--help`."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TimeRemainingColumn

from infra.cli import output
from tests.simulation.drop_histories import DropHistory
from tests.simulation.edit_histories import EditHistory
from tests.simulation.event_histories import EventHistory
from tests.simulation.histories import Broken, History
from tests.simulation.mail_histories import MailHistory
from tests.simulation.membership_histories import MembershipHistory
from tests.simulation.rush import laws, rush
from tests.simulation.webhook_histories import WebhookHistory
from tests.simulation.worker_histories import WorkerHistory

_OFFERED = (500, 1_000, 2_000, 5_000)
_OTHERS = (EventHistory, MailHistory, MembershipHistory, EditHistory, DropHistory, WorkerHistory, WebhookHistory)
"""Histories of places, mails, memberships, a list, files, workers and webhooks: one is played beside each of a code."""

_COLUMNS = ("offered/s", "done/s", "share", "median ms", "99 % ms", "slowest refusal ms", "5 s later ms", "write units")


class Played(NamedTuple):
    """The number of histories, their virtual hours, and the laws that the last one broke."""

    count: int
    hours: float
    broken: list[Broken]


def simulate(seed: int, hours: float) -> Iterator[Played]:
    """Play histories by this seed and the next ones, one by one, until so many virtual hours have passed."""
    count, seconds = 0, 0.0
    while not count or seconds < hours * 3600:
        history = History(seed + count)
        broken = history.run()
        broken += [Broken(law, seed + count) for kind in _OTHERS for law in sorted(kind(seed + count).run())]
        seconds += history.played
        count += 1
        yield Played(count, seconds / 3600, broken)


def main(arguments: list[str]) -> int:
    """Simulate and print; 1 when a law was broken. Broken laws are printed at once, progress where someone looks."""
    parser = ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first history; each next one has the next seed")
    parser.add_argument("--hours", type=float, default=1.0, help="virtual hours of histories, of some seconds each")
    parser.add_argument("--rush", type=float, default=2.0, help="virtual seconds of an on-sale at each rate; 0: none")
    options = parser.parse_args(arguments)
    console = Console(stderr=True)
    played, is_broken = Played(0, 0.0, []), False
    with Progress(
        "{task.description}", BarColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as progress:
        task = progress.add_task("", total=options.hours)
        for played in simulate(options.seed, options.hours):
            progress.update(task, completed=played.hours, description=f"{played.count} histories")
            is_broken |= _print_broken(played.broken)
    output.line(f"{played.count} histories of {played.hours:.2f} hours by the seeds from {options.seed} on")
    rushes = []
    for offered in _OFFERED if options.rush else ():
        with console.status(f"{offered:,} redemptions a second"):
            rushes.append(rush(offered, options.rush, options.seed).figures())
        is_broken |= _print_broken([Broken(law, options.seed) for law in laws(rushes[-1])])
    if rushes:
        title = f"One code in an on-sale of {options.rush:g} virtual seconds, and of a few calls 5 s later"
        output.table(map(_row, rushes), *_COLUMNS, title=title)
    return 1 if is_broken else 0


def _print_broken(broken: list[Broken]) -> bool:
    """Print the broken laws; whether there are any."""
    for one in broken:
        output.line(f"BROKEN: {one}")
    return bool(broken)


def _row(figures: Mapping[str, Any]) -> list[str]:
    """The figures of an on-sale as cells; times in milliseconds."""
    rates = [f"{figures[name]:,.0f}" for name in ("offered a second", "done a second")]
    times = [f"{figures[name] * 1e3:,.0f}" for name in ("median", "99 %", "slowest refusal", "after: slowest")]
    return [*rates, f"{figures['share']:.0%}", *times, f"{figures['units a redemption']['write']:.2f}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
