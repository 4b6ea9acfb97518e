"""The stored form of a refused row's problem, which the API and mails show."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict


class ProblemRecord(TypedDict):
    """A problem: its line, column and value, its code and the parameters of its message, and the English sentence.

    Records of an earlier version have no `params`.
    """

    line: int
    column: str | None
    value: str
    code: str
    params: NotRequired[Mapping[str, str | int]]
    detail: str
