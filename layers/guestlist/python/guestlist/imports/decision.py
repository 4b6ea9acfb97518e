"""What a file leaves open, and the options by which it would be taken as suggested."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from guestlist.imports.file_options import DateOrder, LeaveOut
from guestlist.messages.language import ENGLISH, Language
from guestlist.messages.message import Message, Value


class About(StrEnum):
    """What a decision is about."""

    STATUS = "status"
    CODE_COLUMN = "code_column"
    GROUPS_COLUMN = "groups_column"
    DATE_ORDER = "date_order"
    DATE_COLUMN = "date_column"
    QUANTITY_COLUMN = "quantity_column"
    ITEMS = "items"

    @property
    def is_about_columns(self) -> bool:
        """Whether a `mapping` answers it."""
        return self in {About.CODE_COLUMN, About.GROUPS_COLUMN, About.DATE_COLUMN, About.QUANTITY_COLUMN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One question that a file leaves open: the column it is about and, in `params`, what stands there.

    With the column they fill the question's message in any language; `reason` tells apart the questions about one
    thing.
    """

    about: About
    column: str | None
    detail: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """The question in that language, as far as the catalogue has it."""
        message = Message(self.about.value, {**self.params, "column": self.column or ""})
        return message.text("decision", language) if message.has("decision") else self.detail

    @property
    def taken_note(self) -> Message:
        """What was done where nobody was asked, as a note."""
        reason = "_".join(filter(None, (self.about.value, str(self.params.get("reason", "")))))
        named = {name: self.params[name] for name in ("named",) if name in self.params}
        return Message(
            "taken_as_suggested", {**named, "column": self.column or "", "question": self.detail, "reason": reason}
        )


def decision(about: About, column: str | None, **params: Value) -> Decision:
    """That question, with its detail in English."""
    bare = Decision(about=about, column=column, detail="", params=params)
    return replace(bare, detail=bare.text(ENGLISH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """The options that answer the open decisions as suggested; with `all_rows` no row is left out."""

    mapping: Mapping[str, int] | None = None
    leave_out: LeaveOut | None = None
    all_rows: bool = False
    date_order: DateOrder | None = None
    items: Mapping[str, str] | None = None

    def options(self) -> dict[str, object]:
        """The same as the body of a confirmation, in which a `leave_out` of null takes all rows."""
        values = {option.name: getattr(self, option.name) for option in fields(self) if option.name != "all_rows"}
        answers = {name: value for name, value in values.items() if value is not None}
        return {**answers, "leave_out": None} if self.all_rows else answers


@dataclass(frozen=True, slots=True)
class Question:
    """A decision, and what is suggested for it beside the mapping of the columns."""

    decision: Decision
    suggested: Suggested = field(default_factory=Suggested)


def combined(questions: Iterable[Question], mapping: Mapping[str, int]) -> Suggested:
    """What is suggested for all of these questions, where that mapping is what is suggested of the columns."""
    suggestion = Suggested()
    for question in questions:
        values = {option.name: getattr(question.suggested, option.name) for option in fields(Suggested)}
        suggestion = replace(suggestion, **{name: value for name, value in values.items() if value})
        if question.decision.about.is_about_columns:
            suggestion = replace(suggestion, mapping=mapping)
    return suggestion
