"""A worker's turn at an erasure: it goes on where the last one stopped, until nothing names the person.

Killed anywhere and gone on with, the end is the same: each thing is cleaned whole or not at all, what is
clean is left alone, and that a list's rows are to be counted again is noted before the first of them goes.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from guestlist.erasure import records
from guestlist.erasure.files import clean_files
from guestlist.erasure.list_versions import TRIES, ListOf, Reach
from guestlist.erasure.model import AddressMatcher, Erasure, Reached, Step
from guestlist.erasure.ports import Imports, Ports
from guestlist.imports.lease import SILENCE
from guestlist.imports.model import Import, Kind
from guestlist.model.errors import ConcurrentModification

AGAIN = SILENCE + timedelta(seconds=10)
"""Whoever was stopped has stored its last row by then."""
LONGEST = timedelta(minutes=15)
"""So long at most does a worker live."""
_RECORDS = 50


def go_on(org: str, erasure: Erasure, ports: Ports, short: Callable[[], bool]) -> bool:
    """Go on with the erasure until its end, or until it must wait; False when time was too short for that.

    Raises `ConcurrentModification` when it was requested again, or when something else changes all the time.
    """
    reached = erasure.reached
    for reached in _steps(org, erasure, ports):
        ports.erasures.reach(org, erasure, reached)
        if short():
            return False
    if reached.again:
        ports.erasures.reach(org, erasure, Reached(), ports.now() + AGAIN)
    else:
        ports.redact()  # until its lists were cleaned, the person may have redeemed and webhooks told of it
        ports.erasures.end(org, erasure, ports.now())
    return True


def _steps(org: str, erasure: Erasure, ports: Ports) -> Iterator[Reached]:
    """How far it has come, again and again."""
    person, reached = AddressMatcher(erasure.email), erasure.reached
    if reached.step is Step.PERSON:
        ports.forget()
        yield (reached := replace(reached, step=Step.FILES))
    if reached.step is Step.FILES:
        for cleaned in clean_files(org, person, reached.after, ports):
            yield (reached := replace(reached, after=cleaned.after, again=reached.again or cleaned.again))
        yield (reached := Reached(step=Step.RECORDS, again=reached.again))
    if reached.step is Step.RECORDS:
        ports.redact()
        for import_id in _clean_records(org, person, reached.after, ports):
            yield (reached := replace(reached, after=import_id))
        yield (reached := Reached(step=Step.LISTS, again=reached.again))
    yield from _clean_lists(org, person, reached, ports, lambda here: ports.erasures.reach(org, erasure, here))


def _clean_lists(org: str, person: AddressMatcher, reached: Reached, ports: Ports, reach: Reach) -> Iterator[Reached]:
    for group_id in _group_ids(org, ports):
        if group_id > reached.after:
            reached = Reached(step=Step.LISTS, after=group_id, again=reached.again)
        if group_id == reached.after:
            cleaning = ListOf(org=org, group_id=group_id, person=person, ports=ports, reach=reach)
            reached = yield from cleaning.clean(reached)
    in_making = ports.forget_derived()
    yield replace(reached, again=reached.again or in_making)


def _clean_records(org: str, person: AddressMatcher, after: str, ports: Ports) -> Iterator[str]:
    """Clean every record behind that id, newest first; some ids on the way are told."""
    group_ids = _group_ids(org, ports)
    for number, record in enumerate(ports.imports.newest(org, {"import_id": after} if after else None), 1):
        _clean_record(record, person, ports.imports)
        problems = ports.imports.problems(org, record.import_id)
        cleared = records.without_values(problems, person)
        if cleared != problems:
            ports.imports.keep_problems(record, cleared)
        if record.kind is Kind.CUSTOMERS:
            ports.journal.forget(org, record.import_id, person.email, group_ids)
        if number % _RECORDS == 0:
            yield record.import_id


def _group_ids(org: str, ports: Ports) -> list[str]:
    return sorted(group.group_id for group in ports.groups.newest(org))


def _clean_record(record: Import, person: AddressMatcher, imports: Imports) -> None:
    for _ in range(TRIES):
        cleared = records.without(record, person)
        if cleared == record:
            return
        try:
            imports.save(cleared)
        except ConcurrentModification:
            record = imports.get(record.organiser_id, record.import_id)
        else:
            return
    raise ConcurrentModification
