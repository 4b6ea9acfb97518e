"""A file as a sheet: its encoding, delimiter, header and columns are detected, its rows can be read repeatedly.

Everything is streamed: only the first rows and the current one are in memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice, takewhile
from pathlib import Path

from guestlist.imports.decision import Question, Suggested, combine
from guestlist.imports.model import Options, Reason
from guestlist.imports.notes import Detected
from guestlist.imports.reading.column_notes import column_notes
from guestlist.imports.reading.columns import ReadingIssue
from guestlist.imports.reading.decisions import detect_decisions
from guestlist.imports.reading.excel import unescape
from guestlist.imports.reading.footer import end_of_data
from guestlist.imports.reading.instants import DEFAULT_DATE_FORMAT, DateFormat
from guestlist.imports.reading.layout import Layout, find_layout
from guestlist.imports.reading.non_data_rows import NonDataRows, find_non_data_rows
from guestlist.imports.reading.open_text import effective_options, open_text
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record, column_name
from guestlist.imports.reading.refunds import Refunds, find_refunds
from guestlist.imports.reading.row_width import fit
from guestlist.imports.reading.schemas import Schema
from guestlist.imports.reading.status import StatusFilter
from guestlist.imports.reading.table_issues import second_table_issue, separator_issue
from guestlist.imports.reading.text import Text, no_heartbeat
from guestlist.imports.reading.unreadable import Unreadable, empty_file
from guestlist.messages.message import Message
from guestlist.model.csv_lines import undefused

__all__ = ["Record", "Sheet", "Unreadable", "open_sheet"]

_SAMPLE_RECORDS = 200
_SAMPLE_CELLS = 20_000
_COLUMNS_SHOWN = 50


@dataclass(slots=True)
class _Position:
    line: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A readable file. With an `issue` it should not be imported as it is, but can be previewed."""

    schema: Schema
    text: Text
    layout: Layout
    raw: bool
    issue: ReadingIssue | None
    questions: tuple[Question, ...] = ()
    dates: DateFormat = DEFAULT_DATE_FORMAT
    status: StatusFilter | None = None
    refunds: Refunds | None = None
    end_line: int | None = None
    non_data_rows: NonDataRows | None = None
    messages: tuple[Message, ...] = ()
    is_mapped: bool = False
    position: _Position = field(default_factory=_Position, compare=False)

    @property
    def path(self) -> Path:
        """The file."""
        return self.text.path

    @property
    def mapping(self) -> Mapping[str, int]:
        """The column index of each field; fields without a column are absent."""
        return self.layout.columns.mapping

    @property
    def issue_reason(self) -> Reason | None:
        """The reason why the columns are not understood well enough for an import; None if they are."""
        return self.issue.reason if self.issue else None

    @property
    def issue_messages(self) -> tuple[Message, ...]:
        """The issue, and what to do, as messages; empty without an issue."""
        return self.issue.messages if self.issue else ()

    @property
    def question_messages(self) -> tuple[Message, ...]:
        """The decisions for the organiser before anything is stored; the file is read as suggested until then."""
        return tuple(question.decision.message for question in self.questions)

    @property
    def suggested(self) -> Suggested:
        """The options with which the file would be read as it is now, with all its questions answered."""
        return combine(self.questions, self.mapping)

    @property
    def left_out(self) -> int:
        """The number of rows left out because their sales ended; 0 until the rows have been read to the end."""
        return self.position.left_out

    @property
    def includes_all_rows(self) -> bool:
        """Whether all rows below the header count, to the end of the file."""
        return self.status is None and self.refunds is None and self.end_line is None and self.non_data_rows is None

    def with_question(self, question: Question) -> "Sheet":
        """The sheet with one more question."""
        return replace(self, questions=(*self.questions, question))

    def without_field(self, field_name: str, message: Message) -> "Sheet":
        """The sheet without a column for that field, with the message that says so."""
        layout = replace(self.layout, columns=self.layout.columns.without_field(field_name))
        return replace(self, layout=layout, messages=(*self.messages, message))

    @property
    def progress(self) -> float:
        """The position in the file of the row last read, from 0 to 1."""
        return self.progress_at(self.position.line)

    def progress_at(self, line: int) -> float:
        """The position in the file of that line, from 0 to 1."""
        return min(1.0, line / max(1, self.text.encoding.lines))

    @property
    def total(self) -> int:
        """The number of rows that `records` yields; reads the whole file."""
        return sum(1 for _ in self.records())

    @property
    def detected(self) -> Detected:
        """The detected format of the file, to show to the organiser; at most the first 50 headers."""
        columns = self.layout.columns
        return Detected(
            encoding=self.text.encoding.name,
            delimiter=self.text.delimiter,
            header_rows=self.layout.header_rows,
            mapping=columns.mapping,
            headers=tuple(map(shortened, columns.headers[:_COLUMNS_SHOWN])),
            suggested=columns.suggested,
        ).with_notes(*column_notes(self.schema, columns, self.text.encoding.name), *self._notes)

    @property
    def _notes(self) -> tuple[Message, ...]:
        """Messages about columns and rows that are skipped."""
        below = [] if self.end_line is None else [Message("below_rows", {"line": self.end_line})]
        return (*self.messages, *(self.non_data_rows.messages if self.non_data_rows else ()), *below)

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header that are not blank and count, in order."""
        left_out = 0
        for record, counts in self.records_with_validity():
            self.position.line = record.line
            if counts and not (self.refunds and self.refunds.excludes(record)):
                yield record
            else:
                left_out += 1
        self.position.left_out = left_out

    def records_with_validity(self) -> Iterator[tuple[Record, bool]]:
        """Yield the rows that are not blank, each with whether it counts by its status."""
        records = self.all_records()
        return self.status.with_validity(records) if self.status else ((record, True) for record in records)

    def all_records(self) -> Iterator[Record]:
        """Yield the rows below the header that are not blank, including those that do not count."""
        ends = self.layout.header_ends
        below: Iterator[Record] = (record for record in self.text.records(self.name) if record.row > ends)
        if self.end_line is not None:
            below = takewhile(partial(_starts_before, self.end_line), below)
        if non_data_rows := self.non_data_rows:
            below = (record for record in below if not non_data_rows.classify(record.cells))
        return fit(below, self.layout.columns, ends, self.name)

    def preview(self, rows: int = 20) -> tuple[tuple[str, ...], ...]:
        """The first rows as they are read, with shortened cells; at most the first 50 columns."""
        return tuple(
            tuple(shortened(self.unescaped_cell(cell)) for cell in record.cells[:_COLUMNS_SHOWN])
            for record in islice(self.records(), rows)
        )

    def preview_lines(self, rows: int = 20) -> tuple[int, ...]:
        """The lines on which the rows of the preview start."""
        return tuple(record.line for record in islice(self.records(), rows))

    def unescaped_cell(self, cell: str) -> str:
        """The cell without the escapes that spreadsheets and exports add."""
        if self.raw:
            return cell
        text = undefused(cell) if self.layout.columns.is_export else cell
        return unescape(cell) if text == cell else text

    def name(self, index: int) -> str:
        """The organiser's name for the column: its header, or the field that it is mapped to, or its number."""
        columns = self.layout.columns
        if index < len(columns.headers) and columns.headers[index].strip():
            return columns.headers[index]
        return next((field_name for field_name, at in columns.mapping.items() if at == index), column_name(index))

    def label(self, field_name: str) -> str:
        """The organiser's name for the column of a field; the field's own name if no column is mapped to it."""
        index = self.layout.columns.mapping.get(field_name)
        return field_name if index is None else self.name(index)


def open_sheet(path: Path, schema: Schema, options: Options, heartbeat: Callable[[], None] = no_heartbeat) -> Sheet:
    """Detect how the file is to be read. Raises `Unreadable` if it cannot be read, or has no rows.

    `heartbeat` is called repeatedly whenever the file is read.
    """
    options = effective_options(path, options)
    text, issue = open_text(path, schema, options, heartbeat)
    first = _first_records(text)
    if not first:
        raise empty_file()
    layout = find_layout(schema, first, options)
    issue = (
        issue or separator_issue(first[0], schema, layout) or second_table_issue(first, layout) or layout.columns.issue
    )
    has_only_data = layout.columns.is_export or (options.mapping and not layout.columns.headers)
    end_line = None if has_only_data else end_of_data(text, layout)
    sheet = Sheet(
        schema=schema,
        text=text,
        layout=layout,
        raw=options.raw,
        issue=issue,
        end_line=end_line,
        non_data_rows=None if has_only_data else find_non_data_rows(text, layout, schema.kind, end_line),
        is_mapped=bool(options.mapping),
    )
    if next(sheet.records(), None) is None:
        raise Unreadable(Reason.EMPTY_FILE, Message("only_header"))
    below = [record.cells for record in first if record.row > layout.header_ends]
    return sheet if issue else _with_decisions(sheet, options, below)


def _with_decisions(sheet: Sheet, options: Options, first: Sequence[Sequence[str]]) -> Sheet:
    decisions = detect_decisions(sheet.layout.columns, sheet.all_records, options, first)
    status = decisions.status
    sheet = replace(
        sheet,
        dates=decisions.dates,
        status=status if status and status.can_exclude else None,
        questions=decisions.questions,
        issue=decisions.issue,
        messages=status.messages if status else (),
    )
    if sheet.issue or options.all_rows:
        return sheet
    columns, has_status = sheet.layout.columns, sheet.status is not None
    refunds = find_refunds(sheet.schema.kind, columns, sheet.text, sheet.records_with_validity, has_status=has_status)
    messages = (*sheet.messages, *(refunds.messages if refunds else ()))
    return replace(sheet, refunds=refunds, messages=messages)


def _starts_before(line: int, record: Record) -> bool:
    return record.line < line


def _first_records(text: Text) -> list[Record]:
    first: list[Record] = []
    cells = 0
    for record in islice(text.records(), _SAMPLE_RECORDS):
        first.append(record)
        cells += len(record.cells)
        if cells > _SAMPLE_CELLS:
            break
    return first
