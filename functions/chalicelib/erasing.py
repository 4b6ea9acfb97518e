"""The turn of a worker at the erasure of a person."""

from functools import partial
from tempfile import TemporaryDirectory

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib import wiring
from chalicelib.events import logger, short_of_time
from guestlist import clock
from guestlist.aws import keys
from guestlist.aws.answers import Answers
from guestlist.aws.clients import s3
from guestlist.aws.journal import Journal
from guestlist.aws.keys import Key
from guestlist.aws.originals import Originals
from guestlist.aws.queue import queue
from guestlist.aws.settings import settings
from guestlist.aws.table import table
from guestlist.erasure import Erasure, Traces
from guestlist.groups.erasing import forget
from guestlist.imports.erasing.ports import Ports
from guestlist.imports.erasing.run import LONGEST, go_on


def erase(place: Key, context: LambdaContext) -> None:
    """Go on with the erasure that stands there, unless a worker is at another of the same organiser.

    Then, and whenever one comes to its end, the timer or that worker sees to it.
    """
    org, worker, erasures = keys.organiser_of(place.pk), context.aws_request_id, wiring.erasures()
    if not erasures.claim(org, worker, clock.now(), clock.now() + LONGEST):
        logger.info("another erasure goes on", organiser=org)
        return
    try:
        erasure = erasures.get(place)
        done = erasure is None or go_on(org, erasure, _ports(org, erasure), partial(short_of_time, context))
    finally:
        erasures.free(org, worker)
    logger.info("erasure", organiser=org, waits_or_done=done)
    following = place if not done else next((one for one in due() if keys.organiser_of(one.pk) == org), None)
    if following:
        queue().erase(following)


def due() -> list[Key]:
    """Where erasures stand that are to be gone on with."""
    return list(wiring.erasures().due(clock.now()))


def _ports(org: str, erasure: Erasure) -> Ports:
    return Ports(
        erasures=wiring.erasures(),
        files=Originals(s3(), settings().bucket),
        imports=wiring.imports(),
        journal=Journal(table()),
        indexes=wiring.indexes(),
        queue=queue(),
        shelf=wiring.shelf,
        groups=wiring.groups(),
        forget=lambda: forget(org, erasure, wiring.pages(), wiring.memberships()),
        strike=lambda: Answers(table()).strike(org, Traces(erasure.email)),
        folder=lambda: TemporaryDirectory(dir=wiring.folder()),
        now=clock.now,
    )
