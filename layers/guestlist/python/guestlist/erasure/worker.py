"""The worker of an erasure, which continues where the previous one stopped.

It may be killed at any point: each object is cleaned completely or not at all, clean ones are left alone, and the
need to recount a list is stored before its first row is removed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from guestlist.erasure import records
from guestlist.erasure.files import clean_files
from guestlist.erasure.list_versions import MAX_TRIES, ListErasure, SaveProgress
from guestlist.erasure.model import AddressMatcher, Erasure, ErasureProgress, Step
from guestlist.erasure.ports import Imports, Ports
from guestlist.imports.lease import LEASE_TIMEOUT
from guestlist.imports.model import Import, Kind
from guestlist.model.errors import ConcurrentModification

RECHECK_DELAY = LEASE_TIMEOUT + timedelta(seconds=10)
"""A worker that was interrupted has stored its last row by then."""
MAX_TURN = timedelta(minutes=15)
"""The longest lifetime of a worker."""
_RECORDS_PER_STEP = 50


def resume(org: str, erasure: Erasure, ports: Ports, out_of_time: Callable[[], bool]) -> bool:
    """Continue the erasure until it is complete or must wait; False if time ran out before.

    Raises `ConcurrentModification` if it was requested again, or if another process keeps changing the same records.
    """
    progress = erasure.progress
    for progress in _steps(org, erasure, ports):
        ports.erasures.save_progress(org, erasure, progress)
        if out_of_time():
            return False
    if progress.again:
        ports.erasures.save_progress(org, erasure, ErasureProgress(), ports.now() + RECHECK_DELAY)
    else:
        ports.redact()  # again, since redemptions and webhook events may name the person until their lists are clean
        ports.erasures.end(org, erasure, ports.now())
    return True


def _steps(org: str, erasure: Erasure, ports: Ports) -> Iterator[ErasureProgress]:
    """Carry out the steps, reporting progress."""
    person, progress = AddressMatcher(erasure.email), erasure.progress
    if progress.step is Step.PERSON:
        ports.delete_person()
        yield (progress := replace(progress, step=Step.FILES))
    if progress.step is Step.FILES:
        for cleaned in clean_files(org, person, progress.after, ports):
            yield (progress := replace(progress, after=cleaned.after, again=progress.again or cleaned.again))
        yield (progress := ErasureProgress(step=Step.RECORDS, again=progress.again))
    if progress.step is Step.RECORDS:
        ports.redact()
        for import_id in _clean_records(org, person, progress.after, ports):
            yield (progress := replace(progress, after=import_id))
        yield (progress := ErasureProgress(step=Step.LISTS, again=progress.again))
    yield from _clean_lists(org, person, progress, ports, partial(ports.erasures.save_progress, org, erasure))


def _clean_lists(
    org: str, person: AddressMatcher, progress: ErasureProgress, ports: Ports, save_progress: SaveProgress
) -> Iterator[ErasureProgress]:
    for group_id in _group_ids(org, ports):
        if group_id > progress.after:
            progress = ErasureProgress(step=Step.LISTS, after=group_id, again=progress.again)
        if group_id == progress.after:
            list_erasure = ListErasure(
                org=org, group_id=group_id, person=person, ports=ports, save_progress=save_progress
            )
            progress = yield from list_erasure.clean(progress)
    is_being_written = ports.delete_derived()
    yield replace(progress, again=progress.again or is_being_written)


def _clean_records(org: str, person: AddressMatcher, after: str, ports: Ports) -> Iterator[str]:
    """Clean every record after this id, newest first, reporting the id now and then."""
    group_ids = _group_ids(org, ports)
    for number, record in enumerate(ports.imports.newest(org, after or None), 1):
        _clean_record(record, person, ports.imports)
        problems = ports.imports.problems(org, record.import_id)
        redacted = records.redact_texts(problems, person)
        if redacted != problems:
            ports.imports.save_problems(record, redacted)
        if record.kind is Kind.CUSTOMERS:
            ports.journal.erase_person(org, record.import_id, person.email, group_ids)
        if number % _RECORDS_PER_STEP == 0:
            yield record.import_id


def _group_ids(org: str, ports: Ports) -> list[str]:
    return sorted(group.group_id for group in ports.groups.newest(org))


def _clean_record(record: Import, person: AddressMatcher, imports: Imports) -> None:
    for _ in range(MAX_TRIES):
        redacted = records.without_person(record, person)
        if redacted == record:
            return
        try:
            imports.save_import(redacted)
        except ConcurrentModification:
            record = imports.get_import(record.organiser_id, record.import_id)
        else:
            return
    raise ConcurrentModification
