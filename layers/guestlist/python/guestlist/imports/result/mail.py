"""The result mail: how an import ended, in numbers and words, and what to do next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from guestlist.imports.model import Detected, Import, Kind, Status
from guestlist.imports.reading.problems import Problem, TooManyCells
from guestlist.imports.result.advice import about_the_rest, advice_for, how_to_go_on
from guestlist.mail.letter import Block, Grid, Heading, Letter, Paragraph, Steps, one_line
from guestlist.mail.model import Mail, MailKind
from guestlist.organisers.model import Organiser

PROBLEMS_SHOWN = 10
_NAME_SHOWN = 80

_TICKETS = {
    "total": "Tickets in the file",
    "imported": "Tickets imported",
    "duplicate": "Refused: the code exists already",
    "invalid": "Refused: the row is faulty",
    "no_capacity": "Not imported: the event is full",
}
_CONTACTS = {
    "total": "Buyers in the file",
    "imported": "New contacts",
    "existed": "Buyers who were contacts already, left as they are",
    "no_email": "Tickets without an e-mail, so without a contact",
}


def result_mail(
    record: Import,
    problems: Sequence[Mapping[str, Any]],
    organiser: Organiser,
    *,
    default_sender: str,
    event_name: str | None = None,
    address: str = "",
) -> Mail | None:
    """The mail that tells how an import went, or what it waits for; None when there is no address to send it to.

    Of the problems, the first ten are shown, by line, column and kind: what stood in the cell may be
    somebody's name, and stays out of the mail. `address` is where the API is reached, without a slash
    at its end.
    """
    to = record.options.notify or organiser.notify_email
    if not to:
        return None
    letter = result_letter(record, problems, organiser, event_name=event_name, address=address)
    envelope = organiser.envelope(default_sender)
    return Mail(
        organiser_id=record.organiser_id,
        kind=MailKind.WAITING if record.status.waiting else MailKind.RESULT,
        reference=record.import_id,
        to=to,
        sender=envelope.sender,
        reply_to=envelope.reply_to,
        subject=f"{letter.title}: {_short(_name(record, event_name))}",
        text=letter.text,
        html=letter.html,
    )


def result_letter(
    record: Import,
    problems: Sequence[Mapping[str, Any]],
    organiser: Organiser,
    *,
    event_name: str | None = None,
    address: str = "",
) -> Letter:
    """What the result mail says."""
    blocks: list[Block] = [
        Paragraph(_opening(record, organiser, event_name)),
        *_explanation(record),
        Grid(_numbers(record)),
        *_problems(record, problems),
        *_next(record, address),
        Heading("About this import"),
        Grid(_facts(record, organiser, event_name)),
    ]
    return Letter(_title(record), blocks, f"Reference {record.import_id}. Quote it when you ask for help.")


def _title(record: Import) -> str:
    imported, total = f"{record.counts.imported:,}", f"{record.counts.total:,}"
    match record.status:
        case Status.COMPLETE:
            return f"Imported, all {total} rows" if record.counts.total != 1 else "Imported, the one row"
        case Status.PARTIAL:
            return f"Imported in part, {imported} of {total} rows"
        case Status.CANCELLED:
            return "Import cancelled"
        case Status.AWAITING_REVIEW:
            return "Your import needs confirmation"
        case _:
            return "Import failed"


def _opening(record: Import, organiser: Organiser, event_name: str | None) -> str:
    name, counts = _name(record, event_name), record.counts
    match record.status:
        case Status.COMPLETE:
            return f"The file {record.file_name} was imported into {name} of {organiser.name}."
        case Status.PARTIAL:
            told = f"{counts.imported:,} of {counts.total:,} rows"
            return f"Of the file {record.file_name}, {told} were imported into {name} of {organiser.name}."
        case Status.AWAITING_REVIEW:
            read = f"The file {record.file_name} was read, and can be imported into {name} of {organiser.name}."
            return f"{read} Nothing is stored before you say so, and nothing at all if you do not."
        case _:
            return f"The file {record.file_name} was not imported into {name} of {organiser.name}. {_left(record)}"


def _left(record: Import) -> str:
    """What an import that was not done leaves behind: nothing, once what it had stored is taken back."""
    taken_back = record.due_at is not None or record.undone is not None
    return "What had been stored by then is taken back." if taken_back else "Nothing was changed."


def _explanation(record: Import) -> list[Block]:
    advice = advice_for(record)
    if record.status.waiting and record.decisions:
        return [Heading("What only you can decide"), Steps([decision.detail for decision in record.decisions])]
    if record.status.waiting and record.detail:
        return [Paragraph(record.detail)]
    if advice is None:
        return []
    return [Paragraph(f"{advice.happened} {record.detail or ''}".strip())]


def _numbers(record: Import) -> list[tuple[str, str]]:
    counts = record.counts
    imported = ("Imported", counts.imported)
    if counts.would_import is not None:
        imported = ("Would be imported", counts.would_import)
    rows = [("Rows in the file", counts.total), imported, ("Refused", counts.refused)]
    rows += [("Left out", counts.left_out)] if counts.left_out else []
    rows += [("Repeated", counts.repeated)] if counts.repeated else []
    rows += [(label, record.tickets.get(word, 0)) for word, label in _TICKETS.items()] if record.tickets else []
    rows += [(label, record.contacts.get(word, 0)) for word, label in _CONTACTS.items()] if record.contacts else []
    rows += [(word.replace("_", " ").capitalize(), number) for word, number in (record.effect or {}).items()]
    return [(label, f"{number:,}") for label, number in rows]


def _problems(record: Import, problems: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not problems:
        return []
    shown = problems[:PROBLEMS_SHOWN]
    rows = [(f"{one['line']:,}", one["column"] or "–", _title_of(one["code"])) for one in shown]
    more = max(record.counts.refused, len(problems)) - len(shown)
    blocks: list[Block] = [Heading("What is wrong"), Grid(rows, ("Line", "Column", "Problem"))]
    return [*blocks, Paragraph(f"And {more:,} more.")] if more > 0 else blocks


@cache
def _titles() -> dict[str, str]:
    kinds = [Problem]
    for kind in kinds:
        kinds += kind.__subclasses__()
    titles = {kind.code: kind.title for kind in reversed(kinds[1:])}
    return {**titles, TooManyCells.code: "Too many or too few cells"}


def _title_of(code: str) -> str:
    """What to call this kind of problem, in a few words."""
    return _titles().get(code, code.replace("_", " "))


def _next(record: Import, address: str) -> list[Block]:
    advice = advice_for(record)
    steps = list(how_to_go_on(record, address)) if record.status.waiting else []
    if advice is not None and not record.status.waiting:
        steps.append(advice.to_do)
    if record.refused_file:
        where = f"{address}/v1/imports/{record.import_id}/refused.csv"
        steps.append(f"Fetch the refused rows, each with its reason at its end, from {where}")
        steps += about_the_rest(record)
    if record.counts.imported and record.status.ended:
        steps.append(f"To take back what was imported, call POST {address}/v1/imports/{record.import_id}/undo")
    return [Heading("What to do"), Steps(steps)] if steps else []


def _facts(record: Import, organiser: Organiser, event_name: str | None) -> list[tuple[str, str]]:
    facts = [("File", record.file_name), ("Into", _name(record, event_name))]
    facts.append(("Received", _moment(record.created_at, organiser)))
    if record.finished_at:
        facts.append(("Ended", _moment(record.finished_at, organiser)))
    if record.status.waiting:
        facts.append(("Waits until", _moment(record.expires_at, organiser)))
    if record.detected:
        facts.append(("Read as", _reading(record.detected)))
        facts += [("Note", note) for note in record.detected.notes]
    return facts


def _reading(read: Detected) -> str:
    words = {None: "one column", ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
    between = words.get(read.delimiter, f"“{read.delimiter}”")
    return f"{read.encoding}, {between}, header rows: {read.header_rows}"


def _name(record: Import, event_name: str | None) -> str:
    match record.kind:
        case Kind.TARGET_GROUP:
            return f"the group “{record.group_name or record.options.group or '?'}”"
        case Kind.TICKETS:
            return f"the event “{event_name or record.event_id or '?'}”"
        case Kind.CUSTOMERS:
            return "the customers"
        case Kind.PURCHASES:
            return "the purchases"


def _short(words: str) -> str:
    """One line that is fit for a subject."""
    line = one_line(words)
    return line if len(line) <= _NAME_SHOWN else line[: _NAME_SHOWN - 1] + "…"


def _moment(at: datetime, organiser: Organiser) -> str:
    return f"{at.astimezone(organiser.zone):%d %B %Y, %H:%M} ({organiser.time_zone})".lstrip("0")
