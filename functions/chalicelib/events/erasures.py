"""Run a queued erasure of a person in a worker."""

from functools import partial
from tempfile import TemporaryDirectory

from aws_lambda_powertools.utilities.typing import LambdaContext

from chalicelib.bootstrap import adapters, webhooks
from chalicelib.bootstrap.search_indexes import delete_unused_indexes, search_indexes
from chalicelib.events.handler import logger, short_of_time
from guestlist.aws import keys
from guestlist.aws.bucket import bucket
from guestlist.aws.clients import s3
from guestlist.aws.idempotency import IdempotencyStore
from guestlist.aws.keys import Key
from guestlist.aws.object_versions import ObjectVersions
from guestlist.aws.settings import settings
from guestlist.aws.sqs import queue
from guestlist.aws.table import table
from guestlist.checkout.redemption_store import Redemptions
from guestlist.customers.importing.journal import Journal
from guestlist.erasure.model import AddressMatcher, Erasure
from guestlist.erasure.ports import Ports
from guestlist.erasure.service import delete_person
from guestlist.erasure.worker import MAX_TURN, resume
from guestlist.exports.service import FOLDER
from guestlist.exports.store import Exports
from guestlist.groups.audit_blocks import AuditBlocks
from guestlist.model import clock
from guestlist.model.errors import ConcurrentModification


def erase(key: Key, context: LambdaContext) -> None:
    """Resume the erasure with this key, unless a worker runs another one of the same organiser.

    Then that worker resumes it when it ends, or a timer does. A surplus message does nothing: it neither shortens
    a wait nor starts a search for other erasures, so repeated requests cannot pile up work.
    """
    org, worker, erasures = keys.organiser_of(key.pk), context.aws_request_id, adapters.erasures()
    if erasures.get_erasure(key, clock.now()) is None:
        logger.info("erasure complete or not due", organiser=org)
        return
    if not erasures.claim(org, worker, clock.now(), clock.now() + MAX_TURN):
        logger.info("another erasure is running", organiser=org)
        return
    try:
        erasure = erasures.get_erasure(key, clock.now())
        has_ended = erasure is None or resume(org, erasure, _ports(org, erasure), partial(short_of_time, context))
    except ConcurrentModification:
        logger.info("erasure interrupted by a concurrent change", organiser=org)
        has_ended = False
    finally:
        erasures.release(org, worker)
    logger.info("erasure", organiser=org, waits_or_done=has_ended)
    next_key = _next_due(org) if has_ended else key
    if next_key:
        queue().erase(next_key)


def due_erasures() -> list[Key]:
    """The keys of erasures that are due to be resumed."""
    return list(adapters.erasures().due(clock.now()))


def _next_due(org: str) -> Key | None:
    return next((key for key in due_erasures() if keys.organiser_of(key.pk) == org), None)


def _ports(org: str, erasure: Erasure) -> Ports:
    return Ports(
        erasures=adapters.erasures(),
        files=ObjectVersions(s3(), settings().bucket),
        imports=adapters.imports(),
        journal=Journal(table()),
        indexes=adapters.indexes(),
        queue=queue(),
        list_store=adapters.list_store,
        delete_indexes=partial(search_indexes().delete_indexes, org),
        delete_derived=lambda: _delete_derived(org, erasure.email),
        versions=adapters.list_versions().list_versions,
        due=adapters.list_versions().due,
        groups=adapters.groups(),
        delete_person=lambda: delete_person(org, erasure, adapters.personal_data(), adapters.memberships()),
        redact=lambda: _redact(org, AddressMatcher(erasure.email)),
        redact_code=lambda code: _redact_code(org, code, AddressMatcher(erasure.email)),
        folder=lambda: TemporaryDirectory(dir=adapters.folder()),
        now=clock.now,
    )


def _delete_derived(org: str, email: str) -> bool:
    """Delete all exports, unused search indexes, and the person's entries in blocks of names and of audit entries.

    Returns whether a worker may be writing an export or an index.
    """
    adapters.customers().remove_person_from_blocks(org, email)
    AuditBlocks(table()).anonymise_everywhere(org, email)
    exports, groups = Exports(table()), adapters.groups().newest(org)
    being_written = [delete_unused_indexes(org), *(exports.delete_exports(org, group.group_id) for group in groups)]
    bucket().delete_all(f"{FOLDER}{org}/")
    return any(being_written)


def _redact(org: str, person: AddressMatcher) -> None:
    """Redact the person in redemptions, stored responses and webhook deliveries."""
    Redemptions(table()).redact_person(org, person.email)
    _redact_code(org, person.email, person)
    IdempotencyStore(table()).redact(org, person)
    webhooks.deliveries().redact(org, person)


def _redact_code(org: str, code: str, person: AddressMatcher) -> None:
    Redemptions(table()).redact_code(org, code, lambda _word, text: person.matches(text))
