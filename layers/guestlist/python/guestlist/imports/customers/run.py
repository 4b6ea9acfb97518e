"""The run of a customer file: first what it would do, found out from every row, then the doing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from guestlist.customer import Customer
from guestlist.entry import fold_email
from guestlist.group import GroupType
from guestlist.imports.customers.plan import Planner, Said
from guestlist.imports.customers.ports import CustomerPorts
from guestlist.imports.job import Failed, Job, StartOver
from guestlist.imports.reading import words
from guestlist.imports.reading.customer_rows import CustomerRow, read_customers
from guestlist.imports.reading.notices import Notices
from guestlist.imports.reading.problems import DuplicateInFile, Problem, UnknownEntry
from guestlist.imports.reading.seen import Seen
from guestlist.imports.record import Counts, Reason, Status
from guestlist.membership import Change

GUARDED_SHARE = 0.05
GUARDED_NUMBER = 100
TRIES = 8
_BLOCK = 100
_REVIEW_SHARE = 0.4
_SINCE = "storing_since"
_NO_CONSENT = "The file holds e-mail addresses. Say that the people in it agreed (consent: true) and send it again."

_OFF = "Customer groups are not switched on. Switch them on, or send the file without the column of groups."


@dataclass(slots=True)
class Effect:
    """What the good rows do: people who become customers, memberships that come and go, mails that are owed."""

    customers_created: int = 0
    memberships_added: int = 0
    memberships_lost: int = 0
    mails_to_send: int = 0

    def add(self, changes: Iterable[Change]) -> None:
        """Count these changes."""
        for change in changes:
            self.memberships_added += change.after is not None
            self.memberships_lost += change.after is None
            self.mails_to_send += change.welcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFiles:
    """Runs customer imports. `zone` answers the organiser's time zone, `feature` whether it has customer groups."""

    ports: CustomerPorts
    zone: Callable[[str], ZoneInfo]
    feature: Callable[[str], bool]

    def run(self, job: Job) -> None:
        """Find out what the file does, then do it, or stop for review. Raises `Failed`, `Lost` and `Interrupted`."""
        if words.CUSTOMER_GROUPS in job.sheet.mapping and not self.feature(job.record.organiser_id):
            raise Failed(Reason.FEATURE_OFF, _OFF)
        if job.record.consent is None and not job.record.options.review:
            raise Failed(Reason.CONSENT_REQUIRED, _NO_CONSENT)
        counts, effect = self._foreseen(job)
        reason = self._why_wait(job, effect)
        if reason is not None or job.for_review:
            job.await_review(counts, reason=reason, detail=_detail(reason, effect), effect=asdict(effect))
            return
        job.check(counts)
        if job.record.checkpoint is None:
            began = {_SINCE: job.bench.time.now().isoformat()}
            job.hold.change(status=Status.IMPORTING, effect=asdict(effect), checkpoint=began)
        counts = self._store(job)
        job.keep_refusals()
        job.finish(counts)

    def _why_wait(self, job: Job, effect: Effect) -> Reason | None:
        if job.record.consent is None:
            return Reason.CONSENT_REQUIRED
        if job.record.options.confirm_removals or effect.memberships_lost <= GUARDED_NUMBER:
            return None
        index = self.ports.groups.index(job.record.organiser_id)
        manual = [group.group_id for group in index.groups.values() if group.type is GroupType.MANUAL]
        all_members = sum(self.ports.memberships.members(job.record.organiser_id, manual).values())
        many = effect.memberships_lost > GUARDED_SHARE * all_members
        return Reason.CONFIRM_REMOVALS_REQUIRED if many else None

    def _foreseen(self, job: Job) -> tuple[Counts, Effect]:
        """Every row held against what stands; what cannot be is refused."""
        effect, good = Effect(), 0
        with Seen(job.folder / "people") as seen:
            for block in self._blocks(job, seen, job.refusals.add, job.notices):
                planner = self._planner(job)
                known = self.ports.customers.many(job.record.organiser_id, [said.email for said in block])
                for said in block:
                    changes = self._planned(job, said, planner, known=said.email in known)
                    if isinstance(changes, Problem):
                        job.refusals.add(changes)
                    else:
                        good += 1
                        effect.customers_created += said.email not in known
                        effect.add(changes)
                job.hold.beat(_REVIEW_SHARE * job.sheet.progress)
        return Counts(good + job.refusals.count, good, job.refusals.count), effect

    def _planned(self, job: Job, said: Said, planner: Planner, *, known: bool) -> list[Change] | Problem:
        if not known and not job.record.options.create_missing:
            return UnknownEntry(said.line, job.sheet.label(words.EMAIL), said.row.email)
        return planner.changes(said, self.ports.memberships.of(job.record.organiser_id, said.email))

    def _store(self, job: Job) -> Counts:
        """The same rows again, each now done; everything that is refused is told anew."""
        good = 0
        job.refusals.clear()
        with Seen(job.folder / "people") as seen:
            for block in self._blocks(job, seen, job.refusals.add, Notices()):
                good += self._store_block(job, block)
                job.hold.beat(_REVIEW_SHARE + (1 - _REVIEW_SHARE) * job.sheet.progress)
        return Counts(good + job.refusals.count, good, job.refusals.count)

    def _store_block(self, job: Job, block: list[Said]) -> int:
        """Do what the rows ask, deciding again where another change came first; answers how many were good."""
        org = job.record.organiser_id
        good = self._welcome(job, block)
        waiting = good
        for _ in range(TRIES):
            planner = self._planner(job)
            changes: list[Change] = []
            for said in waiting:
                found = planner.changes(said, self.ports.memberships.of(org, said.email))
                if isinstance(found, Problem):
                    job.refusals.add(found)
                    good = [other for other in good if other is not said]
                else:
                    changes += found
            self.ports.journal.note(org, job.record.import_id, changes)
            lost = self.ports.memberships.apply(org, changes, planner.now)
            if not lost:
                return len(good)
            self.ports.journal.strike(org, job.record.import_id, lost)
            people = {change.subject.email for change in lost}
            waiting = [said for said in waiting if said.email in people]
        raise StartOver

    def _welcome(self, job: Job, block: list[Said]) -> list[Said]:
        """Make customers of those who are none; where that is not wanted, their rows are refused."""
        org, emails = job.record.organiser_id, [said.email for said in block]
        if job.record.options.create_missing:
            now = job.bench.time.now()
            people = [Customer(email=said.row.email, name=said.row.name, created_at=now) for said in block]
            self.ports.customers.meet(org, people)
            return block
        known = self.ports.customers.many(org, emails)
        for said in block:
            if said.email not in known:
                job.refusals.add(UnknownEntry(said.line, job.sheet.label(words.EMAIL), said.row.email))
        return [said for said in block if said.email in known]

    def _planner(self, job: Job) -> Planner:
        org = job.record.organiser_id
        index = self.ports.groups.index(org)
        manual = [group.group_id for group in index.groups.values() if group.type is GroupType.MANUAL]
        now = job.bench.time.now()
        return Planner(index, self.ports.groups.many(org, manual), now, _since(job) or now)

    def _blocks(
        self, job: Job, seen: Seen, refuse: Callable[[Problem], None], notices: Notices
    ) -> Iterator[list[Said]]:
        zone = self.zone(job.record.organiser_id)
        rows = read_customers(job.sheet, job.record.options, notices, zone)
        while block := list(islice(rows, _BLOCK)):
            people = [row for row in block if not isinstance(row, Problem)]
            firsts = seen.first_lines((fold_email(row.email), line) for line, row in people)
            for problem in block:
                if isinstance(problem, Problem):
                    refuse(problem)
            yield [
                _said(job, line, row)
                for line, row in people
                if not _repeated(job, line, row, firsts[fold_email(row.email)], refuse)
            ]


def _repeated(job: Job, line: int, row: CustomerRow, first: int, refuse: Callable[[Problem], None]) -> bool:
    if first != line:
        refuse(DuplicateInFile(line, job.sheet.label(words.EMAIL), row.email, first))
    return first != line


def _since(job: Job) -> datetime | None:
    """When the first run began to store; None when none has."""
    checkpoint = job.record.checkpoint
    return datetime.fromisoformat(str(checkpoint[_SINCE])) if checkpoint else None


def _said(job: Job, line: int, row: CustomerRow) -> Said:
    return Said(
        line=line,
        row=row,
        column=job.sheet.label(words.CUSTOMER_GROUPS),
        by=job.record.created_by,
        file_name=job.record.file_name,
        welcome=not job.record.options.suppress_welcome,
    )


def _detail(reason: Reason | None, effect: Effect) -> str | None:
    if reason is Reason.CONFIRM_REMOVALS_REQUIRED:
        lost = f"{effect.memberships_lost:,} memberships would end, more than 5 % of all."
        return f"{lost} Confirm the import with confirm_removals, or cancel it."
    return _NO_CONSENT if reason is Reason.CONSENT_REQUIRED else None
