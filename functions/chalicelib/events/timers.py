"""The timers: sync of automatic groups, expiry, and the watchdog."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice import Blueprint

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.undo import undos
from chalicelib.events.erasures import due_erasures
from chalicelib.events.handler import count, event_handler, logger, short_of_time
from chalicelib.events.stream import send_due_mails
from chalicelib.events.webhooks import wake_workers
from guestlist.aws.digests import digest
from guestlist.aws.settings import settings
from guestlist.aws.sqs import queue
from guestlist.aws.table import table
from guestlist.checkout.cleanup import clean_up_uses
from guestlist.checkout.overdue_work import OverdueWork
from guestlist.groups.members import remove_ended_members
from guestlist.groups.sync import sync_groups
from guestlist.imports.ports import ExpiredVersion
from guestlist.imports.watchdog import is_stuck, supervise
from guestlist.lists.importing.cleanup import delete_if_unused
from guestlist.model import clock, ids
from guestlist.model.ids import is_id

blueprint = Blueprint(__name__)


@blueprint.schedule("rate(15 minutes)")
@event_handler
def resync(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Sync automatic groups: pending purchases, lapsed memberships, and full passes that are due or requested."""
    now = clock.now()
    report = sync_groups(now, lambda: ids.new_id(now), lambda: not short_of_time(context), adapters.sync_ports())
    for org, subject, error in report.failures:
        logger.error("sync failed", organiser=org, subject=_log_id(subject), exc_info=error)
    count("Evaluations", report.reevaluations)
    count("ResyncFailures", len(report.failures))
    return {"reevaluations": report.reevaluations, "passes": len(report.passes), "failures": len(report.failures)}


def _log_id(subject: str) -> str:
    """The subject of a failure for logs: a group's id, or a keyed digest of a person's address."""
    return subject if is_id(subject) else digest(subject, key=settings().digest_key)


@blueprint.schedule("rate(5 minutes)")
@event_handler
def expiry(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Remove ended memberships, lapsed holds and unused list versions, which granted nothing any more."""
    now = clock.now()
    ended = remove_ended_members(now, lambda: not short_of_time(context), adapters.memberships())
    uses = clean_up_uses(OverdueWork(table()), now, lambda: ids.new_id(now))
    published = _record_publications(now)
    versions = sum(1 for version in adapters.expired_versions().due(now) if _delete_version(version, context))
    count("MembershipsEnded", ended)
    count("UsesTidied", uses)
    count("VersionsRemoved", versions)
    return {"memberships": ended, "uses": uses, "published": published, "versions": versions}


def _record_publications(now: datetime) -> int:
    """Record the publication of scheduled versions that have become current, and return their number."""
    versions = list(adapters.list_versions().due_to_publish(now))
    for org, group_id, version in versions:
        adapters.version_service().record_publication(org, group_id, version)
    return len(versions)


def _delete_version(version: ExpiredVersion, context: LambdaContext) -> bool:
    """Delete the version unless it is current; False if no time is left for it."""
    if short_of_time(context):
        return False
    group = adapters.indexes().read_group_index(version.org).groups.get(version.group_id)
    list_store = adapters.list_store(version.org, version.group_id)
    if delete_if_unused(version.version_id, group, list_store, lambda _share: None):
        adapters.list_versions().expire(version.org, version.group_id, version.version_id, clock.now())
    adapters.expired_versions().remove_version(version)
    return True


@blueprint.schedule("rate(5 minutes)")
@event_handler
def watchdog(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Recover unfinished work: imports whose worker died or that waited too long, erasures, webhooks, and mails."""
    now = clock.now()
    undo_functions = undos()
    imports = list(adapters.imports().due(now))
    count("ImportsWithoutEnd", sum(1 for record in imports if is_stuck(record, now)))
    for record in imports:
        try:
            supervise(record, now, adapters.imports(), queue(), undo_functions)
        except Exception:  # noqa: BLE001 - the failure of one import must not keep back the others
            logger.exception("import not recovered", import_id=record.import_id)
    count("ErasuresWithoutEnd", adapters.erasures().overdue(now))
    erasures = due_erasures()
    for key in erasures:
        queue().erase(key)
    woken = wake_workers(now)
    return {"imports": len(imports), "erasures": len(erasures), "webhooks": woken, "mails": send_due_mails(context)}
