"""The stored form of a problem of a refused row, as the API and mails show it."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict


class ProblemRecord(TypedDict):
    """A problem: line, column and value, the code and parameters of its message, and the English sentence.

    Records of an earlier release have no `params`.
    """

    line: int
    column: str | None
    value: str
    code: str
    params: NotRequired[Mapping[str, str | int]]
    detail: str
