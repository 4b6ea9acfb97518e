"""Import of a customer file: a preview of the effect of all rows, and then a pass that applies them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from guestlist.customers.importing.effect import Effect
from guestlist.customers.importing.group_column import (
    GroupMatch,
    groups_column_question,
    has_generic_groups_header,
    match_groups,
)
from guestlist.customers.importing.names import name_changes, rename
from guestlist.customers.importing.plan import FileRow, Members, Planner
from guestlist.customers.importing.ports import CustomerPorts
from guestlist.customers.importing.row_pass import RowPass, unknown_customer
from guestlist.customers.importing.undo import undo_customers
from guestlist.customers.model import Customer
from guestlist.groups.index import GroupType
from guestlist.groups.membership import Change
from guestlist.imports.checkpointed_pass import CheckpointedPass, initial_checkpoint, is_current_pass
from guestlist.imports.explanation import explanation_fields
from guestlist.imports.job import ImportFailed, Job, StartOver
from guestlist.imports.model import Counts, Reason, Status
from guestlist.imports.notes import Detected
from guestlist.imports.reading import fields
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.messages.message import Message

CONFIRM_ABOVE_SHARE = 0.05
"""Ending more than this share of all memberships, and more than the number below, must be confirmed."""
CONFIRM_ABOVE_NUMBER = 100
MAX_TRIES = 8
_REVIEW_SHARE = 0.4
_PREVIEW_PASS, _STORE_PASS = "foreseen", "stored"
_FEW_GROUPS = 8

People = Mapping[str, Customer]
"""Customers by folded e-mail."""
PlannedRow = tuple[FileRow, Members, list[Change] | Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFiles:
    """Service of customer imports.

    `zone` returns the time zone of an organiser, `feature` whether it has customer groups switched on.
    """

    ports: CustomerPorts
    zone: Callable[[str], ZoneInfo]
    feature: Callable[[str], bool]

    def run(self, job: Job) -> None:
        """Preview the file, then store it, or stop for review. Raises `ImportFailed`, `LeaseLost` and `OutOfTime`.

        Both passes resume where another worker stopped; once storing has begun, the preview is not repeated. In an
        all-or-nothing import, a row that is refused only while storing undoes everything.
        """
        job = self._with_groups(job)
        row_notes = job.row_notes
        if not is_current_pass(job.record, _STORE_PASS):
            if not self._passes_review(job):
                return
            row_notes = RowNotes()
            job.refusals.clear()
        counts = self._store_all(job, row_notes)
        if job.must_abort(counts):
            undo_customers(job.record, job.worker_context.time.now(), self.ports)
        job.check_counts(counts)
        job.save_refusals()
        job.finish(counts, detected=_with_dates_left(job, job.record.effect or {}))

    def _with_groups(self, job: Job) -> Job:
        """The job; its column of groups is not read if it has groups of another system, or perhaps has."""
        if not has_generic_groups_header(job.sheet):
            return job
        org = job.record.organiser_id
        group_match = match_groups(job.sheet, self.ports.groups.index(org)) if self.feature(org) else GroupMatch.NONE
        if group_match is GroupMatch.ALL:
            return job
        label = job.sheet.label(fields.CUSTOMER_GROUPS)
        job = job.with_question(groups_column_question(job.sheet)) if group_match is GroupMatch.SOME else job
        return replace(
            job, sheet=job.sheet.without_field(fields.CUSTOMER_GROUPS, Message("no_own_group", {"column": label}))
        )

    def _passes_review(self, job: Job) -> bool:
        """Preview the file; True to store it now, False if it waits for review. Raises `ImportFailed`."""
        if fields.CUSTOMER_GROUPS in job.sheet.mapping and not self.feature(job.record.organiser_id):
            raise ImportFailed(Reason.FEATURE_OFF, Message("groups_off"))
        if job.record.consent is None and not job.record.options.review:
            raise ImportFailed(Reason.CONSENT_REQUIRED, Message("no_consent"))
        counts, effect = self._preview_all(job)
        reason = self._review_reason(job, effect)
        if reason is not None or job.for_review:
            effect_fields = _effect_fields(effect, self._names(job))
            detected = _with_dates_left(job, effect.totals)
            job.await_review(counts, reason=reason, **_explanation(reason, effect), detected=detected, **effect_fields)
            return False
        job.check_counts(counts)
        checkpoint = initial_checkpoint(_STORE_PASS, job.worker_context.time.now())
        job.lease.update(status=Status.IMPORTING, **_effect_fields(effect, self._names(job)), checkpoint=checkpoint)
        return True

    def _review_reason(self, job: Job, effect: Effect) -> Reason | None:
        if job.record.consent is None:
            return Reason.CONSENT_REQUIRED
        if job.record.options.confirm_removals or effect.memberships_lost <= CONFIRM_ABOVE_NUMBER:
            return None
        index = self.ports.groups.index(job.record.organiser_id)
        manual = [group.group_id for group in index.groups.values() if group.type is GroupType.MANUAL]
        all_members = sum(self.ports.memberships.count_members(job.record.organiser_id, manual).values())
        is_unusual = effect.memberships_lost > CONFIRM_ABOVE_SHARE * all_members
        return Reason.CONFIRM_REMOVALS_REQUIRED if is_unusual else None

    def _preview_all(self, job: Job) -> tuple[Counts, Effect]:
        """Compare every row with the stored data, and refuse rows with a problem."""
        with CheckpointedPass(job, _PREVIEW_PASS, self.ports.row_results) as current_pass:
            effect = Effect.from_numbers(current_pass.numbers)
            zone = self.zone(job.record.organiser_id)
            row_pass = RowPass(
                job=job,
                current_pass=current_pass,
                zone=zone,
                progress_start=0.0,
                progress_share=_REVIEW_SHARE,
                progress_numbers=effect.numbers,
            )
            return row_pass.run(job.row_notes, partial(self._preview_block, job, effect)), effect

    def _preview_block(self, job: Job, effect: Effect, block: Sequence[FileRow]) -> list[Problem]:
        """Add the effect of these rows to `effect`, and return their problems."""
        org = job.record.organiser_id
        customers = self.ports.customers.get_customers(org, [file_row.email for file_row in block])
        unknown_rows = (
            ()
            if job.record.options.create_missing
            else [file_row for file_row in block if file_row.email not in customers]
        )
        problems = [unknown_customer(job, file_row) for file_row in unknown_rows]
        others = [file_row for file_row in block if file_row not in unknown_rows]
        planner = self._planner(job, job.worker_context.time.now())
        for file_row, members, changes in self._plan_rows(planner, org, others):
            if isinstance(changes, Problem):
                problems.append(changes)
            else:
                effect.customers_created += file_row.email not in customers
                effect.names_changed += len(name_changes([file_row], customers))
                effect.removal_dates_left += planner.ignores_removal_date(file_row, members)
                effect.add(changes)
        return problems

    def _store_all(self, job: Job, row_notes: RowNotes) -> Counts:
        """Apply the same rows; all refused ones are reported again."""
        with CheckpointedPass(job, _STORE_PASS, self.ports.row_results) as current_pass:
            row_pass = RowPass(
                job=job,
                current_pass=current_pass,
                zone=self.zone(job.record.organiser_id),
                progress_start=_REVIEW_SHARE,
                progress_share=1 - _REVIEW_SHARE,
            )
            return row_pass.run(row_notes, partial(self._store_block, job, current_pass))

    def _store_block(self, job: Job, current_pass: CheckpointedPass, block: Sequence[FileRow]) -> list[Problem]:
        """Apply these rows, planning again after concurrent changes. Raises `StartOver` if these persist."""
        org, import_id = job.record.organiser_id, job.record.import_id
        customers = self.ports.customers.get_customers(org, [file_row.email for file_row in block])
        pending_rows, problems = self._rows_to_apply(job, block, customers)
        for _ in range(MAX_TRIES):
            planner = self._planner(job, current_pass.since)
            valid: list[FileRow] = []
            changes: list[Change] = []
            for file_row, _, plan in self._plan_rows(planner, org, pending_rows):
                if isinstance(plan, Problem):
                    problems.append(plan)
                else:
                    valid.append(file_row)
                    changes += plan
            self._save_people(job, valid, customers)
            self.ports.journal.append_changes(org, import_id, changes)
            conflicts = self.ports.memberships.apply(org, changes, planner.now)
            if not conflicts:
                return problems
            self.ports.journal.remove_changes(org, import_id, conflicts)
            people = {change.subject.email for change in conflicts}
            pending_rows = [file_row for file_row in pending_rows if file_row.email in people]
        raise StartOver

    def _plan_rows(self, planner: Planner, org: str, block: Sequence[FileRow]) -> Iterator[PlannedRow]:
        """Yield each row with its changes; memberships are read only for rows whose `groups` is not None."""
        emails = [file_row.email for file_row in block if file_row.row.groups is not None]
        all_members = self._members(org, emails, list(planner.records)) if emails else {}
        for file_row in block:
            members = all_members.get(file_row.email, {})
            yield file_row, members, planner.plan_changes(file_row, members)

    def _members(self, org: str, emails: Sequence[str], manual: Sequence[str]) -> Mapping[str, Members]:
        """The memberships that a row may change, by e-mail; read by key in bulk if there are few groups."""
        if len(manual) > _FEW_GROUPS:
            return self.ports.memberships.get_memberships_of_each(org, emails)
        memberships = self.ports.memberships.find_memberships(
            org, [(email, group_id) for email in emails for group_id in manual]
        )
        return {
            email: {group_id: memberships[email, group_id] for group_id in manual if (email, group_id) in memberships}
            for email in emails
        }

    def _rows_to_apply(
        self, job: Job, block: Sequence[FileRow], customers: People
    ) -> tuple[list[FileRow], list[Problem]]:
        """The rows to apply, and the problems of unknown people if the import creates no customers."""
        if job.record.options.create_missing:
            return list(block), []
        problems = [unknown_customer(job, file_row) for file_row in block if file_row.email not in customers]
        return [file_row for file_row in block if file_row.email in customers], problems

    def _save_people(self, job: Job, valid_rows: Sequence[FileRow], customers: People) -> None:
        """Rename customers as in the file, and create the missing ones if the import does so.

        No customer is created for a refused row.
        """
        org, now = job.record.organiser_id, job.worker_context.time.now()
        self._rename(job, valid_rows, customers)
        unknown_rows = [file_row for file_row in valid_rows if file_row.email not in customers]
        if unknown_rows and job.record.options.create_missing:
            people = [
                Customer(email=file_row.row.email, name=file_row.row.name, created_at=now) for file_row in unknown_rows
            ]
            self._rename(job, unknown_rows, self.ports.customers.ensure_customers(org, people, existing={}))

    def _rename(self, job: Job, block: Sequence[FileRow], customers: People) -> None:
        org, import_id = job.record.organiser_id, job.record.import_id
        rename(org, import_id, name_changes(block, customers), self.ports.customers, self.ports.journal)

    def _names(self, job: Job) -> Mapping[str, str]:
        index = self.ports.groups.index(job.record.organiser_id)
        return {group_id: group.name for group_id, group in index.groups.items()}

    def _planner(self, job: Job, since: datetime) -> Planner:
        org = job.record.organiser_id
        index = self.ports.groups.index(org)
        manual = [group.group_id for group in index.groups.values() if group.type is GroupType.MANUAL]
        return Planner(index, self.ports.groups.get_groups(org, manual), job.worker_context.time.now(), since)


def _with_dates_left(job: Job, effect: Mapping[str, int]) -> Detected | None:
    """The notes on the reading of the file, with a message on the removal dates that were not applied."""
    dates_left, detected = effect.get("removal_dates_left", 0), job.updated_record().detected
    return detected and detected.with_notes(*[Message("removal_dates_left", {"n": dates_left})] if dates_left else [])


def _effect_fields(effect: Effect, names: Mapping[str, str]) -> dict[str, Any]:
    named_losses = {"losses": effect.losses(names), "lost_memberships": effect.lost_memberships(names)}
    return {"effect": effect.totals, **named_losses}


def _explanation(reason: Reason | None, effect: Effect) -> dict[str, Any]:
    if reason is Reason.CONFIRM_REMOVALS_REQUIRED:
        return explanation_fields(Message("memberships_end", {"n": effect.memberships_lost}))
    return explanation_fields(*[Message("no_consent")] if reason is Reason.CONSENT_REQUIRED else [])
