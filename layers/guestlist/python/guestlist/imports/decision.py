"""Questions that a file leaves open, and the options that are suggested as their answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from guestlist.imports.file_options import DateOrder, LeaveOut
from guestlist.messages.language import Language
from guestlist.messages.message import Message, Value


class About(StrEnum):
    """The subject of a decision."""

    STATUS = "status"
    CODE_COLUMN = "code_column"
    GROUPS_COLUMN = "groups_column"
    DATE_ORDER = "date_order"
    DATE_COLUMN = "date_column"
    QUANTITY_COLUMN = "quantity_column"
    ITEMS = "items"

    @property
    def is_about_columns(self) -> bool:
        """Whether the option `mapping` answers it."""
        return self in {About.CODE_COLUMN, About.GROUPS_COLUMN, About.DATE_COLUMN, About.QUANTITY_COLUMN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question that a file leaves open: its column and, in `params`, values of that column.

    Both fill the question's message in any language; the parameter `reason` distinguishes questions about the
    same subject. `detail` is the English sentence that an earlier version stored, else empty.
    """

    about: About
    column: str | None
    detail: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """The question in that language, or the stored `detail` if the catalogue lacks it."""
        return self.message.text("decision", language) if self.message.has("decision") else self.detail

    @property
    def message(self) -> Message:
        """The question as a code word and parameters."""
        return Message(self.about.value, {**self.params, "column": self.column or ""})

    @property
    def accepted_note(self) -> Message:
        """The note that the suggestion was taken without asking."""
        reason = "_".join(filter(None, (self.about.value, str(self.params.get("reason", "")))))
        params = {name: self.params[name] for name in ("named",) if name in self.params}
        return Message("taken_as_suggested", {**params, "column": self.column or "", "reason": reason})


def decision(about: About, column: str | None, **params: Value) -> Decision:
    """Create a decision with the parameters of its message."""
    return Decision(about=about, column=column, detail="", params=params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """The suggested answers to the open decisions, as options; with `all_rows` no row is left out."""

    mapping: Mapping[str, int] | None = None
    leave_out: LeaveOut | None = None
    all_rows: bool = False
    date_order: DateOrder | None = None
    items: Mapping[str, str] | None = None

    def options(self) -> dict[str, object]:
        """The suggestion as the body of a confirmation, in which a `leave_out` of null takes all rows."""
        values = {option.name: getattr(self, option.name) for option in fields(self) if option.name != "all_rows"}
        answers = {name: value for name, value in values.items() if value is not None}
        return {**answers, "leave_out": None} if self.all_rows else answers


@dataclass(frozen=True, slots=True)
class Question:
    """A decision with its suggested answer, the mapping of columns apart."""

    decision: Decision
    suggested: Suggested = field(default_factory=Suggested)


def combine(questions: Iterable[Question], mapping: Mapping[str, int]) -> Suggested:
    """The suggestions of all these questions; `mapping` is the suggested mapping of the columns."""
    suggestion = Suggested()
    for question in questions:
        values = {option.name: getattr(question.suggested, option.name) for option in fields(Suggested)}
        suggestion = replace(suggestion, **{name: value for name, value in values.items() if value})
        if question.decision.about.is_about_columns:
            suggestion = replace(suggestion, mapping=mapping)
    return suggestion
