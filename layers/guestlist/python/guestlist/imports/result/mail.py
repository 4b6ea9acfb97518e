"""The result mail of an import: its outcome, counts, problems and next steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guestlist.imports.explanation import explanation_of
from guestlist.imports.model import Import, Kind, Reason, Status
from guestlist.imports.notes import Detected
from guestlist.imports.problem_record import ProblemRecord
from guestlist.imports.result.advice import console_url, next_steps, reason_code
from guestlist.mail.letter import Block, Grid, Heading, Letter, Paragraph, Steps, one_line
from guestlist.mail.model import Mail, MailKind
from guestlist.messages.catalogue import Translator
from guestlist.messages.language import ENGLISH
from guestlist.organisers.model import Organiser

PROBLEMS_SHOWN = 10
LOSSES_SHOWN = 20
_NAME_SHOWN = 80
_TICKETS = ("total", "imported", "duplicate", "invalid", "no_capacity")
_CONTACTS = ("total", "imported", "existed", "no_email")
_DELIMITERS = {None: "none", ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SELF_EXPLANATORY = {
    *(Reason.EMPTY_FILE, Reason.TOO_LARGE, Reason.UNKNOWN_EVENT, Reason.GROUP_EXISTS, Reason.UNKNOWN_GROUP),
    *(Reason.GROUP_EXPIRED, Reason.CONSENT_REQUIRED, Reason.ROWS_REFUSED, Reason.NO_GOOD_ROW),
    *(Reason.CONFIRM_REMOVALS_REQUIRED, Reason.SUPERSEDED, Reason.FEATURE_OFF),
}
"""Reasons whose message makes the English detail of a record without messages redundant."""
_ENDS = {
    Status.COMPLETE: "complete",
    Status.PARTIAL: "partial",
    Status.CANCELLED: "cancelled",
    Status.AWAITING_REVIEW: "waiting",
}


def result_mail(
    record: Import,
    problems: Sequence[ProblemRecord],
    organiser: Organiser,
    *,
    default_sender: str,
    event_name: str | None = None,
    address: str = "",
) -> Mail | None:
    """The result mail of an import, or its request for a review; None when there is no recipient.

    The first ten problems are listed by line, column and kind, without the value of the cell, which may be
    somebody's name. `address` is the URL of the API and console, without a trailing slash. The mail is in the
    organiser's language.
    """
    to = record.options.notify or organiser.notify_email
    if not to:
        return None
    text = ResultText(record, organiser, event_name=event_name, address=address)
    letter = text.letter(problems)
    envelope = organiser.envelope(default_sender)
    return Mail(
        organiser_id=record.organiser_id,
        kind=MailKind.WAITING if record.status.is_waiting else MailKind.RESULT,
        reference=record.import_id,
        to=to,
        sender=envelope.sender,
        reply_to=envelope.reply_to,
        subject=f"{letter.title}: {_short(text.target_name)}",
        text=letter.text,
        html=letter.html,
    )


@dataclass(frozen=True, slots=True)
class ResultText:
    """The content of the result mail, in the organiser's language."""

    record: Import
    organiser: Organiser
    event_name: str | None = None
    address: str = ""

    @property
    def translate(self) -> Translator:
        """Renders messages in the organiser's language."""
        return Translator(self.organiser.language)

    @property
    def target_name(self) -> str:
        """The target of the import, such as the name of the group."""
        record = self.record
        name = record.group_name or record.options.group
        name = self.event_name or record.event_id if record.kind is Kind.TICKETS else name
        return self.translate(f"mail.into.{record.kind.value}", name=name or "?")

    def letter(self, problems: Sequence[ProblemRecord]) -> Letter:
        """The letter, with the first of these problems."""
        blocks: list[Block] = [
            Paragraph(self._opening()),
            *self._explanation(),
            Grid(self._numbers()),
            *self._losses(),
            *self._problems(problems),
            *self._steps(),
            Heading(self.translate("mail.heading.facts")),
            Grid(self._facts()),
        ]
        footer = self.translate("mail.footer", reference=self.record.import_id)
        return Letter(self._title(), blocks, footer, self.organiser.language)

    def _title(self) -> str:
        counts = self.record.counts
        key = f"mail.{_ENDS.get(self.record.status, 'failed')}"
        return self.translate(key, n=counts.total, total=counts.total, imported=counts.imported)

    def _opening(self) -> str:
        record, counts = self.record, self.record.counts
        has_opening = record.status is not Status.CANCELLED and record.status in _ENDS
        opening = self.translate(
            f"mail.{_ENDS[record.status] if has_opening else 'failed'}.opening",
            file=record.file_name,
            into=self.target_name,
            organiser=self.organiser.name,
            n=counts.imported,
            total=counts.total,
        )
        return opening if has_opening else f"{opening} {self._state_of_data()}"

    def _state_of_data(self) -> str:
        """Whether a failed or cancelled import changed nothing, or is being undone."""
        is_undone = self.record.due_at is not None or self.record.undone is not None
        return self.translate("mail.undone" if is_undone else "mail.unchanged")

    def _explanation(self) -> list[Block]:
        record, code = self.record, reason_code(self.record)
        if record.status.is_waiting and record.decisions:
            questions = [decision.text(self.organiser.language) for decision in record.decisions]
            return [Heading(self.translate("mail.heading.questions")), Steps(questions)]
        detail = explanation_of(record, self.organiser.language) or ""
        if record.status.is_waiting and detail:
            return [Paragraph(self._reason_to_wait(detail, code))]
        if code is None:
            return []
        is_translated = self.organiser.language == ENGLISH or record.detail_messages
        if not is_translated and record.reason in _SELF_EXPLANATORY:
            detail = ""
        return [Paragraph(f"{self.translate(f'import_reason.{code}')} {detail}".strip())]

    def _reason_to_wait(self, detail: str, code: str | None) -> str:
        """Why the import waits for a review; without messages in the record, the English detail or the reason."""
        if self.record.detail_messages or self.organiser.language == ENGLISH or code is None:
            return detail
        if self.translate.has(f"waiting.{code}"):
            return self.translate(f"waiting.{code}", n=(self.record.effect or {}).get("memberships_lost", 0))
        return f"{self.translate(f'import_reason.{code}')} {detail}"

    def _numbers(self) -> list[tuple[str, str]]:
        record, counts, translate = self.record, self.record.counts, self.translate
        is_forecast = counts.would_import is not None
        imported = counts.imported if counts.would_import is None else counts.would_import
        rows = [("total", counts.total), ("would_import" if is_forecast else "imported", imported)]
        rows += [("refused", counts.refused)]
        rows += [(name, number) for name in ("left_out", "repeated") if (number := getattr(counts, name))]
        counted = [(f"mail.count.{name}", number) for name, number in rows]
        counted += [(f"mail.tickets.{name}", record.tickets.get(name, 0)) for name in _TICKETS if record.tickets]
        counted += [(f"mail.contacts.{name}", record.contacts.get(name, 0)) for name in _CONTACTS if record.contacts]
        counted += [(f"mail.effect.{name}", number) for name, number in (record.effect or {}).items()]
        losses = [(translate("mail.loses", group=group), number) for group, number in (record.losses or {}).items()]
        labelled = [(_label(key, translate), number) for key, number in counted]
        return [(label, translate.number(number)) for label, number in labelled + losses]

    def _problems(self, problems: Sequence[ProblemRecord]) -> list[Block]:
        if not problems:
            return []
        translate, first = self.translate, problems[:PROBLEMS_SHOWN]
        headings = tuple(translate(f"mail.column.{name}") for name in ("line", "column", "problem"))
        rows = [
            (
                translate.number(problem["line"]),
                problem["column"] or "–",
                _label(f"row_title.{problem['code']}", translate),
            )
            for problem in first
        ]
        more = max(self.record.counts.refused, len(problems)) - len(first)
        blocks: list[Block] = [Heading(translate("mail.heading.problems")), Grid(rows, headings)]
        return [*blocks, Paragraph(translate("mail.more_problems", n=more))] if more > 0 else blocks

    def _losses(self) -> list[Block]:
        """The first members who lose a membership, with the group."""
        translate, first = self.translate, (self.record.lost_memberships or ())[:LOSSES_SHOWN]
        if not first:
            return []
        more = (self.record.effect or {}).get("memberships_lost", 0) - len(first)
        blocks: list[Block] = [
            Heading(translate("mail.heading.losses")),
            Grid([(membership.email, membership.group) for membership in first]),
        ]
        link = console_url(self.record, self.address)
        return [*blocks, Paragraph(translate("mail.more_losses", n=more, link=link))] if more > 0 else blocks

    def _steps(self) -> list[Block]:
        link = console_url(self.record, self.address)
        steps = next_steps(self.record, self.translate, link, self._moment(self.record.expires_at))
        return [Heading(self.translate("mail.heading.steps")), Steps(steps)] if steps else []

    def _facts(self) -> list[tuple[str, str]]:
        record = self.record
        facts = [("file", record.file_name), ("into", self.target_name), ("received", self._moment(record.created_at))]
        if record.finished_at:
            facts.append(("ended", self._moment(record.finished_at)))
        if record.status.is_waiting:
            facts.append(("waits_until", self._moment(record.expires_at)))
        if record.detected:
            facts.append(("read_as", self._reading(record.detected)))
            facts += [("note", note) for note in record.detected.texts(self.organiser.language)]
        return [(self.translate(f"mail.fact.{name}"), fact) for name, fact in facts]

    def _reading(self, detected: Detected) -> str:
        separator = f"“{detected.delimiter}”"
        if detected.delimiter in _DELIMITERS:
            separator = self.translate(f"mail.delimiter.{_DELIMITERS[detected.delimiter]}")
        return self.translate("mail.reading", encoding=detected.encoding, between=separator, rows=detected.header_rows)

    def _moment(self, at: datetime) -> str:
        return self.translate.moment(at.astimezone(self.organiser.zone), self.organiser.time_zone)


def _label(key: str, translate: Translator) -> str:
    """The message of that key, or the last part of a key that only another release knows."""
    return translate(key) if translate.has(key) else key.rpartition(".")[2].replace("_", " ").capitalize()


def _short(text: str) -> str:
    """One line, short enough for a subject."""
    line = one_line(text)
    return line if len(line) <= _NAME_SHOWN else line[: _NAME_SHOWN - 1] + "…"
