"""The stored form of a problem of a refused row, and its sentence."""

from typing import NotRequired, TypedDict

from guestlist.messages.catalogue import render
from guestlist.messages.language import ENGLISH, Language
from guestlist.messages.message import Message
from guestlist.model.errors import Params


class ProblemRecord(TypedDict):
    """A problem: line, column and value, and the code and parameters of its message.

    Records of an earlier version have an English sentence as `detail`, the oldest ones without `params`. It is empty
    in others, since that version cannot read a problem without it.
    """

    line: int
    column: str | None
    value: str
    code: str
    params: NotRequired[Params]
    detail: str


def problem_text(problem: ProblemRecord, language: Language = ENGLISH) -> str:
    """The complete sentence of a stored problem: line, column, what is wrong, what to do."""
    if "params" not in problem:
        return problem["detail"]
    return row_text(problem["line"], problem["column"] or "", problem["code"], problem["params"], language)


def row_text(line: int, column: str, code: str, params: Params, language: Language = ENGLISH) -> str:
    """The complete sentence of the problem of a row."""
    sentence = Message(code, params).text("row", language)
    return render("row.at", {"line": str(line), "column": column, "said": sentence}, language)
