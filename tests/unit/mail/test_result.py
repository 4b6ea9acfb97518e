"""The result mail of an import, for each of its ends."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from guestlist.imports.model import Counts, Import, Kind, LostMembership, Mode, Options, Reason, Status
from guestlist.imports.notes import Detected, UndoResult
from guestlist.imports.reading.problems import BadEmail, Problem
from guestlist.imports.result.composer import ResultMails
from guestlist.imports.result.mail import LOSSES_SHOWN, result_mail
from guestlist.mail.model import Mail, MailKind
from guestlist.messages.catalogue import render
from guestlist.messages.language import LANGUAGES, Language
from guestlist.messages.message import Message
from guestlist.organisers.model import Organiser
from tests.fakes.mail import an_item

DEMO = Organiser(
    organiser_id="demo",
    name="Demo Hall",
    time_zone="Europe/Amsterdam",
    from_email="tickets@demo.example",
    senders=("demo.example",),
    notify_email="office@demo.example",
)
END = datetime(2026, 7, 1, 22, 31, tzinfo=UTC)
PROBLEMS = [BadEmail(line, "Email", f"person{line}@").record() for line in range(2, 25)]


def a_record(**changes: object) -> Import:
    plain = Import(
        organiser_id="demo",
        import_id="01h2xcejqtf2nbrexx3vqjhp41",
        kind=Kind.TARGET_GROUP,
        file_name="codes.csv",
        options=Options(group="VIP 2026", notify="ann@demo.example"),
        created_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        created_by="office",
        expires_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
        finished_at=END,
        status=Status.COMPLETE,
        group_name="VIP 2026",
        counts=Counts(total=1204, imported=1204),
    )
    return replace(plain, **changes)


def mail_of(record: Import, problems: list[dict[str, object]] | None = None, **more: str) -> Mail:
    mail = result_mail(record, problems or [], DEMO, default_sender="no-reply@guestlist.example", **more)
    assert mail is not None
    return mail


def partial(**changes: object) -> Import:
    counts = Counts(total=1204, imported=1181, refused=23)
    return a_record(status=Status.PARTIAL, counts=counts, refused_file=True, **changes)


def failed(reason: Reason, **changes: object) -> Import:
    return a_record(status=Status.FAILED, reason=reason, counts=Counts(), **changes)


def waiting(reason: Reason | None) -> Import:
    facts = {"kind": Kind.CUSTOMERS, "finished_at": None, "detail": "101 memberships would end.", "refused_file": True}
    return a_record(status=Status.AWAITING_REVIEW, reason=reason, **facts)


@pytest.mark.behaviour(58)
def test_the_mail_of_a_complete_import_has_its_name_and_count() -> None:
    mail = mail_of(a_record())
    assert mail.subject == "Imported, all 1,204 rows: the group “VIP 2026”"
    for content in (mail.text, mail.html):
        assert "codes.csv" in content
        assert "VIP 2026" in content
        assert "1,204" in content


def test_the_mail_of_a_partial_import_says_n_of_m() -> None:
    mail = mail_of(partial(), PROBLEMS)
    assert mail.subject == "Imported in part, 1,181 of 1,204 rows: the group “VIP 2026”"
    assert "Refused           23" in mail.text


def test_only_the_first_ten_problems_are_shown_and_the_rest_counted() -> None:
    text = mail_of(partial(), PROBLEMS).text
    assert text.count("Not an e-mail address") == 10
    assert "And 13 more." in text


def test_problems_are_mailed_without_the_content_of_the_cell() -> None:
    mail = mail_of(partial(), PROBLEMS)
    assert "person2@" not in mail.text + mail.html


def test_every_kind_of_problem_has_a_name_in_the_mail() -> None:
    kinds = [Problem]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {kind.code for kind in kinds[1:]}
    problems = [{"line": 2, "column": "Code", "value": "x", "code": code, "detail": ""} for code in codes]
    shown = {line.split("  ")[-1].strip() for one in problems for line in mail_of(partial(), [one]).text.splitlines()}
    assert codes
    assert not shown & {code.replace("_", " ") for code in codes}


@pytest.mark.parametrize("record", [a_record(), partial(), waiting(None)], ids=["complete", "partial", "waiting"])
def test_the_mail_links_to_the_import_in_the_console_and_names_no_api_call(record: Import) -> None:
    mail = mail_of(record, PROBLEMS, address="https://api.example")
    for content in (mail.text, mail.html):
        assert "https://api.example/#/imports/01h2xcejqtf2nbrexx3vqjhp41" in content
        assert "/v1/" not in content
        assert "POST" not in content


@pytest.mark.parametrize(
    ("kind", "mode", "how"),
    [
        (Kind.TARGET_GROUP, Mode.CREATE, "with the mode `append`"),
        (Kind.TARGET_GROUP, Mode.REPLACE, "with the mode `append`"),
        (Kind.TARGET_GROUP, Mode.REMOVE, "with the mode `remove`"),
        (Kind.TICKETS, Mode.CREATE, "import it as it is"),
    ],
)
def test_the_mail_explains_how_to_import_corrected_rows(kind: Kind, mode: Mode, how: str) -> None:
    text = " ".join(mail_of(partial(kind=kind, options=Options(mode=mode, notify="a@b.c"))).text.split())
    assert how in text


def test_the_mail_of_a_file_without_a_good_row_asks_for_the_whole_file() -> None:
    text = " ".join(mail_of(failed(Reason.ROWS_REFUSED, refused_file=True), PROBLEMS).text.split())
    assert "send the whole file again" in text
    assert "`append`" not in text


@pytest.mark.behaviour(59)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_to_fail_is_mailed_with_what_to_do(reason: Reason) -> None:
    mail = mail_of(failed(reason, detail="Line 7 holds the byte 0x81."))
    assert mail.subject == "Import failed: the group “VIP 2026”"
    text = " ".join(mail.text.split())
    assert render(f"import_reason.{reason.value}") in text
    assert render(f"import_advice.{reason.value}") in text
    assert "Line 7 holds the byte 0x81." in text
    assert "Nothing was changed." in text


def test_the_mail_of_a_file_that_is_no_csv_names_csv() -> None:
    assert "not a CSV file" in mail_of(failed(Reason.NOT_CSV)).text


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, "Nothing was changed.", id="nothing was stored"),
        pytest.param({"due_at": END}, "Rows that were already stored are undone.", id="to be taken back"),
        pytest.param({"undone": UndoResult(at=END)}, "Rows that were already stored are undone.", id="taken back"),
    ],
)
def test_the_mail_of_an_interrupted_import_says_that_nothing_was_kept(facts: dict[str, Any], expected: str) -> None:
    broken_off = a_record(kind=Kind.CUSTOMERS, status=Status.CANCELLED, counts=Counts(total=90), **facts)
    mail = mail_of(broken_off)
    assert mail.subject == "Import cancelled: the customers"
    assert expected in " ".join(mail.text.split())
    assert expected in " ".join(mail_of(failed(Reason.CRASHED, kind=Kind.CUSTOMERS, **facts)).text.split())
    assert "to undo it" not in mail.text


def test_the_mail_of_an_expired_review_says_what_it_waited_for() -> None:
    record = a_record(status=Status.CANCELLED, reason=Reason.CONSENT_REQUIRED, counts=Counts())
    assert render("import_reason.consent_required") in " ".join(mail_of(record).text.split())


@pytest.mark.behaviour(100)
def test_tickets_and_contacts_are_counted_apart_and_the_difference_is_explained() -> None:
    record = a_record(
        kind=Kind.TICKETS,
        event_id="gala",
        tickets={"total": 1204, "imported": 1000, "duplicate": 3, "invalid": 1, "no_capacity": 200},
        contacts={"total": 800, "imported": 700, "existed": 100, "no_email": 5},
    )
    mail = mail_of(record, event_name="Winter Gala")
    assert "Winter Gala" in mail.subject
    lines = mail.text.splitlines()
    assert [line.split()[-1] for line in lines if "event is full" in line] == ["200"]
    assert [line.split()[-1] for line in lines if "were contacts already" in line] == ["100"]


@pytest.mark.behaviour(60)
def test_the_mail_goes_to_the_notify_address_and_comes_from_the_organiser() -> None:
    assert (mail_of(a_record()).to, mail_of(a_record()).sender) == ("ann@demo.example", "tickets@demo.example")


def test_without_a_notify_address_the_mail_goes_to_the_organiser() -> None:
    assert mail_of(a_record(options=Options(group="VIP 2026"))).to == "office@demo.example"


def test_without_any_address_there_is_no_mail() -> None:
    record = a_record(options=Options(group="VIP 2026"))
    assert result_mail(record, [], replace(DEMO, notify_email=""), default_sender="x@guestlist.example") is None


def test_without_a_sender_of_its_own_the_organiser_uses_the_default_one() -> None:
    mail = result_mail(a_record(), [], replace(DEMO, from_email=""), default_sender="x@guestlist.example")
    assert mail is not None
    assert mail.sender == "x@guestlist.example"


@pytest.mark.behaviour(62)
def test_the_reference_is_the_imports_id_and_stands_in_text_and_html() -> None:
    mail = mail_of(a_record())
    assert mail.reference == "01h2xcejqtf2nbrexx3vqjhp41"
    assert "Reference 01h2xcejqtf2nbrexx3vqjhp41" in mail.text
    assert "Reference 01h2xcejqtf2nbrexx3vqjhp41" in mail.html


def test_times_are_in_the_organisers_time_zone() -> None:
    assert "2 July 2026, 00:30 (Europe/Amsterdam)" in mail_of(a_record()).text


def test_the_mail_says_how_the_file_was_read_with_its_notes() -> None:
    detected = Detected(
        encoding="cp1252", delimiter=";", header_rows=1, mapping={"code": 0}, notes=("3 codes end in zeros.",)
    )
    text = mail_of(a_record(detected=detected)).text
    assert "cp1252, semicolons, header rows: 1" in text
    assert "3 codes end in zeros." in text


@pytest.mark.parametrize(
    ("language", "note"),
    [("en", "Not read: “Remarks”."), ("nl", "Niet gelezen: “Remarks”."), ("da", "Ikke læst: “Remarks”.")],
)
def test_notes_are_in_the_organisers_language(language: Language, note: str) -> None:
    plain = Detected(encoding="utf-8", delimiter=",", header_rows=1, mapping={"code": 0})
    detected = plain.with_notes(Message("unread", {"columns": ("Remarks",)}))
    assert (detected.notes, detected.texts(language)) == ((), (note,))
    assert note in in_language(language, a_record(detected=detected)).text


def test_notes_that_an_earlier_version_stored_as_sentences_are_shown_as_they_are() -> None:
    detected = Detected(encoding="utf-8", delimiter=",", header_rows=1, mapping={"code": 0}, notes=("Not read: “A”.",))
    assert detected.texts("nl") == ("Not read: “A”.",)
    assert UndoResult(at=a_record().created_at, kept=("“B” is in use, and stays.",)).texts("nl") == (
        "“B” is in use, and stays.",
    )


def test_a_hostile_name_adds_no_header_and_no_html() -> None:
    name = "x\r\nBcc: eve@example.org <b>" + "y" * 300
    mail = mail_of(a_record(group_name=name, file_name=name))
    assert "\n" not in mail.subject
    assert len(mail.subject) < 130
    assert "<b>" not in mail.html


class Store:
    """An import, its problems and its organiser, as the composer reads them."""

    def __init__(self, record: Import) -> None:
        self._record = record

    def get_import(self, _org: str, _import_id: str) -> Import:
        return self._record

    def problems(self, _org: str, _import_id: str) -> list[dict[str, object]]:
        return PROBLEMS


class Demo:
    """The one organiser."""

    def get_organiser(self, _org: str) -> Organiser:
        return DEMO


def composed(record: Import, kind: MailKind = MailKind.RESULT) -> Mail | None:
    mails = ResultMails(
        imports=Store(record), organisers=Demo(), event_name=lambda _org, _event: "Winter Gala", default_sender="x@y.z"
    )
    return mails.compose(an_item(reference=record.import_id, kind=kind))


def test_a_result_mail_is_composed_from_the_record_when_it_is_sent() -> None:
    mail = composed(partial())
    assert mail is not None
    assert (mail.kind, mail.reference) == (MailKind.RESULT, partial().import_id)
    assert "And 13 more." in mail.text


def test_an_import_that_has_not_ended_has_no_result() -> None:
    assert composed(a_record(status=Status.IMPORTING)) is None


@pytest.mark.parametrize(
    ("reason", "say"),
    [
        (Reason.CONFIRM_REMOVALS_REQUIRED, "If these memberships should really end, confirm it there"),
        (Reason.CONSENT_REQUIRED, "If the people in the file have agreed, confirm it there"),
        (Reason.NO_KNOWN_COLUMN, "There, choose above each column what it contains."),
        (Reason.AMBIGUOUS_MAPPING, "There, choose the right one of the two columns."),
        (None, "If nobody confirms it, the import is cancelled"),
    ],
)
def test_the_mail_of_a_waiting_import_says_why_until_when_and_what_to_do(reason: Reason | None, say: str) -> None:
    mail = mail_of(waiting(reason), PROBLEMS, address="https://api.example")
    assert (mail.kind, mail.subject) == (MailKind.WAITING, "Your import needs confirmation: the customers")
    text = " ".join(mail.text.split())
    for content in (
        "101 memberships would end.",
        "Waits until",
        "Nothing is stored until",
        "open it in the console",
        say,
    ):
        assert content in text
    assert "to undo it" not in text


TITLES = {
    "en": ("Imported, all 1,204 rows", "Imported, 1 row", "Imported in part, 1,181 of 1,204 rows"),
    "nl": ("Geïmporteerd, alle 1.204 rijen", "Geïmporteerd, 1 rij", "Deels geïmporteerd, 1.181 van 1.204 rijen"),
    "da": ("Importeret, alle 1.204 rækker", "Importeret, 1 række", "Delvist importeret, 1.181 af 1.204 rækker"),
}


def in_language(language: Language, record: Import, problems: list[dict[str, object]] | None = None) -> Mail:
    mail = result_mail(record, problems or [], replace(DEMO, language=language), default_sender="x@y.example")
    assert mail is not None
    return mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_in_the_organisers_language(language: Language) -> None:
    single = a_record(counts=Counts(total=1, imported=1))
    titles = [in_language(language, one).subject.partition(":")[0] for one in (a_record(), single, partial())]
    assert tuple(titles) == TITLES[language]
    assert f'<html lang="{language}">' in in_language(language, a_record()).html


@pytest.mark.parametrize(
    ("language", "content"),
    [
        ("nl", ["de groep “VIP 2026”", "Geen e-mailadres", "En nog 13.", "2 juli 2026 om 00:30", "Referentie 01h2x"]),
        ("da", ["gruppen “VIP 2026”", "Ikke en e-mailadresse", "Og 13 til.", "2. juli 2026 kl. 00.30", "Oplys den"]),
    ],
)
def test_all_of_a_mail_is_in_the_organisers_language(language: Language, content: list[str]) -> None:
    text = in_language(language, partial(), PROBLEMS).text
    assert [words for words in content if words not in text] == []
    english = ["Refused", "rows", "Line", "Problem", "What to do", "Received", "Quote", "the console", "imported"]
    assert [words for words in english if words in text.replace("Probleem", "").replace("Problem\n", "")] == []


def test_an_import_that_was_confirmed_gets_no_mail_that_it_waits() -> None:
    assert composed(waiting(None), MailKind.WAITING) is not None
    assert composed(replace(waiting(None), status=Status.IMPORTING), MailKind.WAITING) is None
    assert composed(a_record(), MailKind.WAITING) is None


def test_replies_go_to_a_sender_that_is_not_granted():
    mail = result_mail(a_record(), [], replace(DEMO, senders=()), default_sender="x@guestlist.example")
    assert mail is not None
    assert (mail.sender, mail.reply_to) == ("x@guestlist.example", "tickets@demo.example")


def test_replies_go_to_the_reply_address_of_the_organiser():
    mail = result_mail(a_record(), [], replace(DEMO, reply_to="box@demo.example"), default_sender="x@y.example")
    assert mail is not None
    assert (mail.sender, mail.reply_to) == ("tickets@demo.example", "box@demo.example")


@pytest.mark.parametrize(
    ("language", "content"),
    [
        ("nl", "Er zouden 101 lidmaatschappen eindigen, meer dan 5 % van alle."),
        ("da", "101 medlemskaber ville slutte, mere end 5 % af alle."),
    ],
)
def test_the_mail_of_a_waiting_import_is_in_the_organisers_language(language: Language, content: str) -> None:
    record = replace(waiting(Reason.CONFIRM_REMOVALS_REQUIRED), effect={"memberships_lost": 101})
    text = " ".join(in_language(language, record).text.split())
    assert content in text
    assert "would end" not in text


@pytest.mark.parametrize("language", ["nl", "da"])
def test_an_english_detail_is_left_out_where_the_reason_says_it_all(language: Language) -> None:
    text = in_language(language, failed(Reason.NO_GOOD_ROW, detail="Not one row could be imported.")).text
    assert "Not one row" not in text
    assert "0x81" in in_language(language, failed(Reason.BAD_ENCODING, detail="Line 7 holds the byte 0x81.")).text


def test_the_groups_whose_memberships_end_are_named_with_their_numbers() -> None:
    mail = mail_of(a_record(kind=Kind.CUSTOMERS, effect={"memberships_lost": 3}, losses={"Press": 2, "Members": 1}))
    assert "Memberships of Press that end" in mail.text
    assert "Memberships of Members that end" in mail.text


def test_the_first_memberships_that_end_are_named_with_a_link_to_the_rest() -> None:
    memberships = tuple(LostMembership(f"guest{number}@example.com", "Press") for number in range(LOSSES_SHOWN + 5))
    ended = len(memberships) + 5
    text = mail_of(a_record(kind=Kind.CUSTOMERS, effect={"memberships_lost": ended}, lost_memberships=memberships)).text
    assert "guest19@example.com" in text
    assert "guest20@example.com" not in text
    assert f"And 10 more: /#/imports/{a_record().import_id}" in text
