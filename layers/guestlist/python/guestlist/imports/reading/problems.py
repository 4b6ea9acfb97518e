"""Problems of rows: one class per fault, with its code word and the parameters of its sentence.

A problem is a value: it is yielded in place of the row, counted, and returned to the organiser. Its sentence, from the
catalogue of messages, says where the problem is, what it is, and what to do.
"""

from dataclasses import dataclass
from typing import ClassVar

from guestlist.imports.problem_record import ProblemRecord
from guestlist.imports.reading.instants import InvalidDate
from guestlist.model.errors import Params

IN_LIST: Params = {"reason": "in_list"}
OTHER_ORDER: Params = {"reason": "other_order"}
ELSEWHERE: Params = {"reason": "elsewhere"}
_MAX_SHOWN = 100


def shortened(text: str) -> str:
    """The text, or its beginning and an ellipsis when it is longer than 100 characters."""
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


@dataclass(slots=True, init=False)
class Problem:
    """The reason why one row was not imported.

    `line` is the physical line on which the row starts, 1-based, header included; `column` the
    organiser's own name for it; `value` the content of the cell; both are shortened. `reason` distinguishes the
    sentences of one code word, `param_names` are the attributes that a sentence contains. Problems are never modified,
    but a frozen class would take twice as long to create.
    """

    line: int
    column: str
    value: str
    code: ClassVar[str]
    reason: ClassVar[str] = ""
    param_names: ClassVar[tuple[str, ...]] = ("value",)

    def __init__(self, line: int, column: str, value: str) -> None:
        # The one that dataclasses generate would call __post_init__: every bad row creates a problem.
        self.line = line
        self.column = column if len(column) <= _MAX_SHOWN else shortened(column)
        self.value = value if len(value) <= _MAX_SHOWN else shortened(value)

    def __post_init__(self) -> None:
        if len(self.column) > _MAX_SHOWN:
            self.column = shortened(self.column)
        if len(self.value) > _MAX_SHOWN:
            self.value = shortened(self.value)

    @property
    def params(self) -> Params:
        """The parameters of the sentence, and the `reason` where the code word has several sentences."""
        params = {name: getattr(self, name) for name in self.param_names}
        return {**params, "reason": self.reason} if self.reason else params

    def record(self) -> ProblemRecord:
        """The problem as it is stored."""
        return {
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "params": self.params,
            "detail": "",
        }


class UnknownEntry(Problem):
    """A row to be removed whose entry is not in the list."""

    __slots__ = ()
    code = "unknown_entry"


class UnknownCustomer(UnknownEntry):
    """A row for a person who is not a customer, in an import that creates no customers."""

    __slots__ = ()
    reason = "not_a_customer"


class NoCodeOrEmail(Problem):
    """A target-group row without code and e-mail, which nobody could use."""

    __slots__ = ()
    code = "no_code_or_email"


class NoIdentifier(NoCodeOrEmail):
    """A ticket without a code, a customer without an e-mail, or a purchase without an order or e-mail."""

    __slots__ = ()
    reason = "empty_cell"


class BadEmail(Problem):
    """A cell that is not exactly one e-mail address."""

    __slots__ = ()
    code = "bad_email"


class BadQuantity(Problem):
    """A quantity that is not a whole number of 1 or more."""

    __slots__ = ()
    code = "bad_quantity"


@dataclass(slots=True)
class BadDate(Problem):
    """A date or instant that does not exist, is ambiguous or out of range; `why` is the cause."""

    why: InvalidDate
    code = "bad_date"

    @property
    def params(self) -> Params:
        """The value, and the parameters of the cause."""
        return {"value": self.value, **self.why.params}


@dataclass(slots=True)
class DuplicateInFile(Problem):
    """A row with the same key as an earlier one of the same file, on line `first_line`."""

    first_line: int
    code = "duplicate_in_file"
    param_names = ("value", "first_line")


class OrderIncomplete(Problem):
    """A valid row of an order with another row that is refused; an order is imported whole or not at all."""

    __slots__ = ()
    code = "order_incomplete"


class OtherBuyer(Problem):
    """A row of an order whose buyer or instant differs from that of the order's first row."""

    __slots__ = ()
    code = "order_incomplete"
    reason = "other_buyer"


@dataclass(slots=True)
class DuplicateExisting(Problem):
    """A row for something that existed before this file; `where` are the parameters that say where."""

    where: Params
    code = "duplicate_existing"

    @property
    def params(self) -> Params:
        """The value, and where it exists."""
        return {"value": self.value, **self.where}


class ExcelScientific(Problem):
    """A code that a spreadsheet turned into a rounded number."""

    __slots__ = ()
    code = "excel_scientific"


@dataclass(slots=True)
class TooManyCells(Problem):
    """A row with cells beyond the last column; `value` is the first of them."""

    found: int
    expected: int
    code = "wrong_column_count"
    reason = "too_many"
    param_names = ("found", "expected")


@dataclass(slots=True)
class TooFewCells(Problem):
    """A row that ends before a column that is read."""

    found: int
    expected: int
    code = "wrong_column_count"
    reason = "too_few"
    param_names = ("found", "expected")


class UnclosedQuote(Problem):
    """A cell that begins with a double quote which is never closed."""

    __slots__ = ()
    code = "wrong_column_count"
    reason = "unclosed_quote"


class UnknownGroup(Problem):
    """A customer group that does not exist, or was deleted."""

    __slots__ = ()
    code = "unknown_group"


class AutomaticGroup(Problem):
    """A customer group whose members are computed by its rules."""

    __slots__ = ()
    code = "automatic_group"


class GroupExpired(Problem):
    """A customer group that has expired and accepts no new members."""

    __slots__ = ()
    code = "group_expired"


class UnknownItem(Problem):
    """A sale item that does not exist."""

    __slots__ = ()
    code = "unknown_item"


class NoItem(UnknownItem):
    """A purchase without a sale item."""

    __slots__ = ()
    reason = "empty_cell"


class NoCapacity(Problem):
    """A ticket beyond the capacity of the event."""

    __slots__ = ()
    code = "no_capacity"


@dataclass(slots=True)
class TooLong(Problem):
    """A cell or row with more than `most` characters."""

    most: int
    code = "too_long"
    param_names = ("value", "most")


class OrderTooLong(TooLong):
    """A row of an order that has more than `most` rows."""

    __slots__ = ()
    reason = "order"


class NoOrderId(TooLong):
    """A row of an order whose number is not a valid order id."""

    __slots__ = ()
    reason = "order_id"


class ControlCharacter(Problem):
    """A cell with a character that cannot be seen, typed or scanned."""

    __slots__ = ()
    code = "control_character"
