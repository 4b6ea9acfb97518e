"""Pass over the people of a customer file in blocks, resumed where the last worker stopped."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from guestlist.customers.importing.plan import FileRow
from guestlist.imports.checkpointed_pass import CheckpointedPass
from guestlist.imports.job import Job
from guestlist.imports.model import Counts
from guestlist.imports.reading import fields
from guestlist.imports.reading.customer_rows import CustomerRow, read_customers
from guestlist.imports.reading.first_lines import FirstLines
from guestlist.imports.reading.problems import (
    AutomaticGroup,
    DuplicateInFile,
    GroupExpired,
    Problem,
    UnknownCustomer,
    UnknownGroup,
    shortened,
)
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.model.email_address import fold_email

BLOCK_SIZE = 500
_GROUP_PROBLEMS = {kind.code: kind for kind in (UnknownGroup, AutomaticGroup, GroupExpired)}

ProcessBlock = Callable[[Sequence[FileRow]], Sequence[Problem]]
"""Processes a block of people, none of whom was passed before, and returns the problems of the refused ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPass:
    """One pass over a file. `progress_start` and `progress_share` are its part of the progress.

    `progress_numbers` returns the numbers to store with each checkpoint.
    """

    job: Job
    current_pass: CheckpointedPass
    zone: ZoneInfo
    progress_start: float
    progress_share: float
    progress_numbers: Callable[[], dict[str, int]] = dict

    def run(self, row_notes: RowNotes, process_block: ProcessBlock) -> Counts:
        """Process all rows not committed yet, and refuse those with a problem. Raises `LeaseLost` and `OutOfTime`."""
        valid, repeated = 0, list[int]()
        with FirstLines(self.job.folder / "people") as first_lines:
            for block in self._blocks(first_lines, row_notes, repeated):
                valid += self._process(block, process_block)
        refused, repeated_count = self.job.refusals.count, sum(repeated)
        return Counts(valid + refused + repeated_count, valid, refused, repeated=repeated_count)

    def _process(self, block: list[FileRow], process_block: ProcessBlock) -> int:
        committed = [file_row for file_row in block if file_row.line <= self.current_pass.place]
        stored_results = self.current_pass.results_of(file_row.line for file_row in committed)
        problems = [
            _problem(self.job, file_row, stored_results[file_row.line])
            for file_row in committed
            if file_row.line in stored_results
        ]
        new_rows = block[len(committed) :]
        if new_rows:
            new_problems = process_block(new_rows)
            rows = {file_row.line: file_row.row for file_row in new_rows}
            results = {problem.line: _stored_result(problem, rows[problem.line]) for problem in new_problems}
            problems += new_problems
            self.current_pass.commit(new_rows[-1].line, results, self._progress, **self.progress_numbers())
        else:
            self.job.lease.heartbeat(self._progress)
        for problem in problems:
            self.job.refusals.add(problem)
        return len(block) - len(problems)

    @property
    def _progress(self) -> float:
        return self.progress_start + self.progress_share * self.job.sheet.progress

    def _blocks(self, first_lines: FirstLines, row_notes: RowNotes, repeated: list[int]) -> Iterator[list[FileRow]]:
        """Yield the people of the file, each once; identical rows of the same person are counted in `repeated`."""
        refuse = self.job.refusals.add
        rows = read_customers(self.job.sheet, self.job.record.options, row_notes, self.zone, self.current_pass.since)
        while block := list(islice(rows, BLOCK_SIZE)):
            valid_rows = [row for row in block if not isinstance(row, Problem)]
            firsts = first_lines.first_lines((key, line) for line, row in valid_rows for key in _keys(row))
            first_line_of = {line: firsts[fold_email(row.email)] for line, row in valid_rows}
            identical = {
                line
                for line, row in valid_rows
                if first_line_of[line] != line and len({firsts[key] for key in _keys(row)}) == 1
            }
            repeated.append(len(identical))
            for problem in block:
                if isinstance(problem, Problem):
                    refuse(problem)
            for line, row in valid_rows:
                if first_line_of[line] != line and line not in identical:
                    refuse(DuplicateInFile(line, self.job.sheet.label(fields.EMAIL), row.email, first_line_of[line]))
            yield [_file_row(self.job, line, row) for line, row in valid_rows if first_line_of[line] == line]


def _keys(row: CustomerRow) -> tuple[str, str]:
    """Keys of the person and of the whole row: a row is repeated if both were first seen on the same line."""
    email = fold_email(row.email)
    groups = None if row.groups is None else sorted(name.casefold() for name in row.groups)
    return email, repr((email, row.name, groups, row.removal_date))


def unknown_customer(job: Job, file_row: FileRow) -> Problem:
    """The problem of a row for a person who is not a customer, if the import creates none."""
    return UnknownCustomer(file_row.line, job.sheet.label(fields.EMAIL), file_row.row.email)


def _stored_result(problem: Problem, row: CustomerRow) -> str:
    """The stored form of a problem, without any text of its row, since this may be personal data."""
    if problem.code == UnknownCustomer.code:
        return problem.code
    return f"{problem.code}:{[shortened(name) for name in row.groups or ()].index(problem.value)}"


def _problem(job: Job, file_row: FileRow, stored_result: str) -> Problem:
    """Restore the problem of a row from its stored result."""
    code, _, index = stored_result.partition(":")
    if code == UnknownCustomer.code:
        return unknown_customer(job, file_row)
    return _GROUP_PROBLEMS[code](file_row.line, file_row.column, (file_row.row.groups or ())[int(index)])


def _file_row(job: Job, line: int, row: CustomerRow) -> FileRow:
    return FileRow(
        email=fold_email(row.email),
        line=line,
        row=row,
        column=job.sheet.label(fields.CUSTOMER_GROUPS),
        sender=job.record.created_by,
        import_id=job.record.import_id,
        file_name=job.record.file_name,
        welcome=not job.record.options.suppress_welcome,
    )
