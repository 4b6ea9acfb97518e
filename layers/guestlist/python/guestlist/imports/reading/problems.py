"""What can be wrong with a row: one class per fault, with its code word, its title and its sentence.

A problem is a value: it is yielded in the place of the row, counted, and given back to the
organiser. Its sentence says where, what, and what to do.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

_MOST_SHOWN = 100


def shortened(text: str) -> str:
    """The text, or its beginning and an ellipsis when it is longer than 100 characters."""
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


@dataclass(slots=True)
class Problem:
    """Why one row was not imported.

    `line` is the physical line on which the row starts, 1-based, header included; `column` the
    organiser's own name for it; `value` what stood there; both are kept shortened. `says` is what is
    wrong and what to do, with the problem as its only place-holder. Nothing changes a problem; frozen, it
    would take twice as long to make.
    """

    line: int
    column: str
    value: str
    code: ClassVar[str]
    title: ClassVar[str]
    says: ClassVar[str]

    def __post_init__(self) -> None:
        if len(self.column) > _MOST_SHOWN:
            self.column = shortened(self.column)
        if len(self.value) > _MOST_SHOWN:
            self.value = shortened(self.value)

    @property
    def detail(self) -> str:
        """The sentence, which stands alone: line, column, what is wrong, what to do."""
        return f"Line {self.line}, column “{self.column}”: {self.says.format(self)}"

    def record(self) -> dict[str, Any]:
        """The problem as the API shows it."""
        return {
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "detail": self.detail,
        }


class UnknownEntry(Problem):
    """A row to be removed that the list does not hold."""

    code = "unknown_entry"
    title = "Not in the list"
    says = (
        "“{0.value}” is not in the list with this e-mail, category and seat, so nothing was removed. "
        "Write all four as they stand in the list."
    )


class UnknownCustomer(UnknownEntry):
    """A customer row for somebody who is none, in an import that is to make none."""

    title = "Not a customer"
    says = (
        "“{0.value}” is not a customer, and this import was told to make none. "
        "Add the customer first, or import with `create_missing`."
    )


class NoCodeOrEmail(Problem):
    """A target-group row that nobody could ever use."""

    code = "no_code_or_email"
    title = "No code and no e-mail"
    says = "the row has no code and no e-mail address. Fill in at least one of them."


class NothingToFindItBy(NoCodeOrEmail):
    """A ticket without its code, a customer without an e-mail, a purchase without order or e-mail."""

    says = "the cell is empty, and without it the row cannot be imported. Fill it in."


class BadEmail(Problem):
    """Something that is not one e-mail address."""

    code = "bad_email"
    title = "Not an e-mail address"
    says = "“{0.value}” is not an e-mail address. Write one address, such as name@example.org."


class BadQuantity(Problem):
    """A quantity that is not a whole number of 1 or more."""

    code = "bad_quantity"
    title = "Not a quantity"
    says = (
        "“{0.value}” is not a whole number from 1 to 1,000,000,000. "
        "Write the number in digits alone, or leave the cell empty for 1."
    )


@dataclass(slots=True)
class BadDate(Problem):
    """A date or instant that does not exist or could be two; `why` says which, after the value."""

    why: str
    code = "bad_date"
    title = "Not a clear date"
    says = "“{0.value}” {0.why}. Write year-month-day, such as 2026-11-30."


@dataclass(slots=True)
class DuplicateInFile(Problem):
    """A row whose like stands earlier in the same file, on `first_line`."""

    first_line: int
    code = "duplicate_in_file"
    title = "Twice in the file"
    says = "“{0.value}” stands on line {0.first_line} already, and that row counts. Remove one of the two."


class OrderIncomplete(Problem):
    """A good row of an order of which another row is refused; an order is imported whole or not at all."""

    __slots__ = ()
    code = "order_incomplete"
    title = "Another row of the order is refused"
    says = "another row of order “{0.value}” was refused, so none of it was imported. Send all its rows again."


class OtherBuyer(Problem):
    """A row of an order that has another buyer, name or instant than the order's first row."""

    __slots__ = ()
    code = "order_incomplete"
    title = "Another buyer in the same order"
    says = "the rows of order “{0.value}” do not agree on who bought and when. Make them agree, and send all again."


@dataclass(slots=True)
class DuplicateExisting(Problem):
    """A row whose like was there before this file; `where` says in which place, such as “in the list”."""

    where: str
    code = "duplicate_existing"
    title = "There already"
    says = "“{0.value}” stands {0.where} already, which was left as it is. Remove the row."


class ExcelScientific(Problem):
    """A code that a spreadsheet turned into a rounded number."""

    code = "excel_scientific"
    title = "Rounded by a spreadsheet"
    says = (
        "“{0.value}” is a number that a spreadsheet has rounded, and the digits of the code are gone. "
        "Format the column as text, fill in the code again and save."
    )


@dataclass(slots=True)
class TooManyCells(Problem):
    """A row with cells beyond the last column; `value` is the first of them."""

    found: int
    expected: int
    code = "wrong_column_count"
    title = "Too many cells"
    says = (
        "the row has {0.found} cells instead of {0.expected}. "
        "Put a cell that holds the separator itself between double quotes."
    )


@dataclass(slots=True)
class TooFewCells(Problem):
    """A row that ends before a column that is read."""

    found: int
    expected: int
    code = "wrong_column_count"
    title = "Too few cells"
    says = (
        "the row ends after cell {0.found} of {0.expected}. Add the separators that are missing, for empty cells too."
    )


class UnclosedQuote(Problem):
    """A cell that begins with a double quote and has no end."""

    code = "wrong_column_count"
    title = "A quote that is never closed"
    says = (
        "the cell begins with a double quote that is never closed. "
        "Close it at the end of the cell, or write it twice where it belongs to the text."
    )


class UnknownGroup(Problem):
    """A customer group that does not exist, or was deleted."""

    code = "unknown_group"
    title = "Unknown group"
    says = "there is no group “{0.value}”, so the whole row was left out. Make the group, or correct its name."


class AutomaticGroup(Problem):
    """A customer group whose members are decided by its rules."""

    code = "automatic_group"
    title = "An automatic group"
    says = "“{0.value}” is filled by its rules and not by a file. Take it out of the cell."


class GroupExpired(Problem):
    """A customer group that has ended and takes nobody in."""

    code = "group_expired"
    title = "An expired group"
    says = "“{0.value}” has expired and takes nobody in. Take it out of the cell, or name another group."


class UnknownItem(Problem):
    """A sale item that does not exist."""

    code = "unknown_item"
    title = "Unknown item"
    says = "“{0.value}” does not exist. Make it first, or correct the cell."


class NoItem(UnknownItem):
    """A purchase that does not say of what."""

    says = NothingToFindItBy.says


class NoCapacity(Problem):
    """A ticket beyond what the event can hold."""

    code = "no_capacity"
    title = "The event is full"
    says = "no ticket was left for “{0.value}”. Raise the event's capacity, or import with `when_full` as `continue`."


@dataclass(slots=True)
class TooLong(Problem):
    """A cell or row with more than `most` characters."""

    most: int
    code = "too_long"
    title = "Too long"
    says = "there are more than {0.most:,} characters. Shorten it, and look for a quote that is not closed."


class OrderTooLong(TooLong):
    """A row of an order that has more than `most` rows."""

    says = "an order has at most {0.most:,} rows, and “{0.value}” has more. Make several orders of it."


class NoOrderId(TooLong):
    """A row of an order whose number cannot be one."""

    says = "“{0.value}” cannot be the number of an order. Write 1 to {0.most} characters, none of which is hidden."


class ControlCharacter(Problem):
    """A cell with a character that nobody can see, type or scan."""

    code = "control_character"
    title = "A control character"
    says = "the cell holds a control character, which nobody can see or type. Type the cell anew."
