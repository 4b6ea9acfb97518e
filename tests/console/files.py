"""Files as organisers send them, and imports of them in every state."""

from typing import Any
from uuid import uuid4

from tests.acceptance.client import Api, a_name


def unique_word(word: str) -> str:
    """A unique code, id or part of an address."""
    return f"{word}-{uuid4().hex[:8]}"


def codes() -> str:
    """A list of codes of which three rows have something wrong."""
    rows = [f"{unique_word('EARLY')};2;Section {number};Ann" for number in range(1, 6)]
    return (
        "\n".join(["Barcode;Quantity;Section;Remark", *rows, f"{unique_word('LATE')};none;;", ";1;;", rows[0]]) + "\n"
    )


def tickets() -> str:
    """Tickets of four buyers, one of them twice there and one without an address."""
    names = [("Ann de Vries", "ann"), ("Bo Jensen", "bo"), ("Cas Bakker", "cas")]
    rows = [f"{unique_word('T')},{name},{unique_word(email)}@example.com" for name, email in names]
    return "\n".join(["Ticket code,Name,Email", *rows, f"{unique_word('T')},Dora,", rows[0]]) + "\n"


def an_event(organiser: Api, capacity: int = 100) -> str:
    """The id of an event whose name begins with its id."""
    event = unique_word("gala")
    organiser.put(f"/v1/events/{event}", {"name": f"{event} Night", "capacity": capacity})
    return event


def an_import_in_review(organiser: Api, **options: Any) -> str:
    """The id of an import of codes that awaits its review."""
    import_id = organiser.start_import(codes().encode(), group=a_name("Early birds"), review=True, **options)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    return import_id


def an_ended_import(organiser: Api) -> str:
    """The id of an import of codes that ended with refused rows."""
    return str(organiser.import_file(codes().encode(), group=a_name("Early birds"))["import_id"])


def a_ticket_import(organiser: Api) -> str:
    """The id of an import of tickets that ended with a refused row."""
    event = an_event(organiser)
    record = organiser.import_file(tickets().encode(), "tickets", event_id=event, when_full="stop")
    return str(record["import_id"])
