"""Exclusion of rows by the status of their sale."""

import pytest

from guestlist.imports.decision import Suggested
from guestlist.imports.explanation import explanation
from guestlist.imports.file_options import LeaveOut
from guestlist.imports.model import Kind, Reason
from tests.unit.imports.reading.builders import Reader, cells_of


def read_rows(reader: Reader, header: str, *values: str, kind: Kind = Kind.CUSTOMERS, **options) -> list[str]:
    """The rows that count, by their letters, and last the open question."""
    rows = [f"{letter}@x.nl,{value}\n" for letter, value in zip("abcdef", values, strict=False)]
    sheet = reader.sheet(f"Email,{header}\n{''.join(rows)}", kind, **options)
    return [
        *(cells[0][0] for cells in cells_of(sheet)),
        *(question.decision.text("en") for question in sheet.questions),
    ]


@pytest.mark.parametrize(
    ("header", "values", "remaining"),
    [
        ("Status", ["Paid", "Refunded", "CANCELLED", "checked in"], "ad"),
        ("Attendee status", ["Attending", "Not Attending"], "a"),
        ("Bestelstatus", ["Betaald", "Geannuleerd"], "a"),
        ("Zahlungsstatus", ["bezahlt", "storniert"], "a"),
        ("Tila", ["Ilmoittautunut", "Peruutettu"], "a"),
        ("approval_status", ["approved", "pending_approval", "declined"], "a"),
        ("Void Status", ["", "true", "false"], "ac"),
        ("Cancelled at", ["", "2026-05-01 10:00"], "a"),
        ("Paid", ["Yes", "No"], "a"),
        ("Betaald", ["ja", "nee", ""], "ac"),
        ("Paid", ["x", ""], "a"),
        ("RSVP", ["Yes", "No", "Going", "Can't go"], "ac"),
        ("Status", ["Aktiv", "Passiv"], "ab"),
        ("Status", ["Gold", ""], "ab"),
        ("Ticket status", ["Printed", "Not Printed", "Exchanged", "Voided", "Blocked", "Complimentary"], "abf"),
        ("Geblokkeerd", ["Nee", "Ja", ""], "ac"),
        ("Lost", ["No", "Yes"], "a"),
        ("Bestellstatus", ["Komplett bezahlt", "Storniert / Abgelehnt"], "a"),
        ("Status", ["aktiv", "passiv", "ausgeschieden"], "ab"),
        ("Status", ["Såld", "Ledig", "Spärrad"], "a"),
        ("Paid", ["25.00", "0.00"], "ab"),
        ("State", ["NY", "CA"], "ab"),
        ("Note", ["Refunded", "Paid"], "ab"),
        ("Teilnehmerstatus", ["Nimmt teil", "Erstattet", "Nimmt nicht teil", "Eingecheckt"], "ad"),
        ("Deelnemersstatus", ["Neemt deel", "Terugbetaald", "Neemt niet deel"], "a"),
        ("Invitee Status", ["Accepted", "Declined", "No Response", "Attended"], "ad"),
        ("Ilmoittautumisen tila", ["Ilmoittautunut", "Perunut", "Vahvistettu"], "ac"),
        ("Statut de la commande", ["Validé", "Remboursée", "Annulé"], "a"),
        ("Estado", ["Activa", "Cancelada", "Devuelta"], "a"),
        ("Stato ordine", ["Pagata", "Annullata", "Rimborsato"], "a"),
        ("Status", ["Köpt", "Återköpt", "Makulerad"], "a"),
        ("Billettstatus", ["Kjøpt", "Refundert", "Brukt", "Kreditert"], "ac"),
        ("Ticket state", ["Active", "Returned"], "a"),
        ("Booking status", ["Booking confirmed", "Cancelled by customer", "Refunded (15/03/2026)"], "a"),
        ("Status", ["Definitief", "Optie", "Geannuleerd"], "a"),
        ("Order status", ["paid", "unpaid", "Payment failed", "Awaiting payment"], "a"),
        ("ticket_invalidated", ["0", "1", "false"], "ac"),
        ("Storno", ["N", "J", ""], "ac"),
        ("Refunded", ["0.00", "25.00", "€ 0,00"], "ac"),
        ("subscription_status", ["wc-active", "wc-on-hold", "wc-cancelled"], "a"),
        ("Durum", ["Satıldı", "İptal", "İade edildi"], "a"),
        ("Stav", ["Zaplaceno", "Stornováno", "Zrušeno"], "a"),
        ("Staatus", ["Müüdud", "Tagastatud"], "a"),
        ("Estado", ["Vendido", "Devolvido", "Anulado", "Oferta"], "ad"),
        ("Stan", ["Opłacony", "Zwrócony", "Anulowany"], "a"),
        ("Ticketstatus", ["Aktiv", "Storniert", "Umgebucht"], "a"),
        ("État", ["Paiement accepté", "Erreur de paiement", "Annulé"], "a"),
        ("Status", ["Lid", "Oud-lid", "Erelid", "Overleden"], "ac"),
        ("Deceased", ["No", "Yes"], "a"),
        ("Akkoord", ["ja", "nee"], "a"),
        ("RSVP", ["✅", "❌", "✔️", "☐"], "ac"),
        ("Peruttu", ["", "x"], "a"),
        ("Status", ["Renewed", "Not renewing", "Pending"], "a"),
        ("Estatus", ["Pagado", "Cancelado", "Pendiente"], "a"),
        ("Situação", ["Confirmada", "Cancelada", "Estornada"], "a"),
        ("Stav", ["Predaná", "Stornovaná"], "a"),
        ("Állapot", ["Eladva", "Visszaváltva", "Sztornózva"], "a"),
        ("Status", ["Aktivmitglied", "Passivmitglied", "Ehemaliges Mitglied"], "ab"),
        ("Status", ["OK", "pulled", "tbc"], "a"),
        ("Transfer Status", ["Accepted", "Pending", ""], "abc"),
        ("Will you attend?", ["Yes", "No", "Yes, with pleasure", "No, sorry"], "ac"),
        ("Kom je?", ["Ja", "Nee, helaas", "Misschien"], "a"),
        ("Kommer du?", ["Ja tak", "Nej"], "a"),
        ("Kommst du?", ["Ja", "Leider nein"], "a"),
        ("Kan du komma?", ["Ja", "Nej tyvärr"], "a"),
        ("Serez-vous présent(e) ?", ["Oui", "Non"], "a"),
        ("Ben je erbij op 5 juni?", ["Ja, gezellig!", "Nee, helaas niet"], "a"),
        ("Ben je vegetariër?", ["Ja", "Nee"], "ab"),
        ("Osallistuminen", ["Osallistuu", "Ei osallistu"], "a"),
        ("Verkocht", ["J", "N"], "a"),
        ("Cancel date", ["", "2026-05-04"], "a"),
        ("Fulfillment Status", ["pending", "fulfilled"], "ab"),
        ("Email Subscription Status", ["subscribed", "cancelled"], "ab"),
        ("Check-in status", ["pending", "checked in"], "ab"),
        ("Lead Status", ["Open", "Unqualified"], "ab"),
        ("Purchaser state", ["CA", ""], "ab"),
        ("Status", ["Invited", "Invited"], "ab"),
        ("Admission Status", ["Not Checked In", "Checked In", "Canceled"], "ab"),
        ("Estado del asistente", ["Asistirá", "Reembolsado", "Registrado", "No asistirá"], "ac"),
        ("Statut du participant", ["Participe", "Remboursé", "Entrée enregistrée", "Ne participe pas"], "ac"),
        ("Deltagerstatus", ["Deltager", "Refunderet", "Tjekket ind", "Deltager ikke"], "ac"),
        ("Type", ["Website Payment", "Payment Refund", "Express Checkout Payment"], "ac"),
        ("Transactietype", ["Betaling", "Terugbetaling"], "a"),
        ("Type", ["VIP", "Cancellation insurance"], "ab"),
        ("Orderstatus", ["Verzonden", "Geannuleerd", "Betaald"], "ac"),
        ("Will you be joining us?", ["Yes, I will be there", "No, I can't make it"], "a"),
        ("Registration state", ["Completed", "Withdrawn"], "a"),
        ("Lidstatus", ["Actief", "Opgezegd"], "a"),
        ("Antwort", ["Zusage", "Absage", "Zusage"], "ac"),
        ("Svar", ["Ja", "Nej", ""], "ac"),
        ("Reactie", ["Komt", "Komt niet"], "a"),
        ("Response", ["Great event", "Would come again"], "ab"),
        ("Entry_Status", ["Submitted", "Incomplete"], "a"),
        ("Order_PaymentStatus", ["Paid", "Unpaid"], "a"),
        ("Status", ["RSVP'd Yes", "RSVP'd No", "Checked In Yes", "Waitlist"], "ac"),
        ("Validity", ["Valid", "Invalid"], "a"),
        ("Admission state", ["Active", "Returned"], "a"),
        ("Status", ["Aangemeld", "Op de wachtlijst", "Afgemeld"], "a"),
        ("Registration Status[STS_ID]", ["Approved", "Pending Payment"], "a"),
    ],
)
def test_rows_are_left_out_where_header_and_values_are_known_words(reader: Reader, header, values, remaining):
    assert read_rows(reader, header, *values) == list(remaining)


@pytest.mark.parametrize(
    "value",
    [
        "Partially refunded",
        "Refund requested",
        "Refund declined",
        "Not cancelled",
        "Annulering aangevraagd",
        "Accredited",
    ],
)
def test_a_status_of_a_pending_end_is_asked_about(reader: Reader, value):
    *rows, question = read_rows(reader, "Status", "Paid", value, "Refunded")
    assert (rows, f"“{value}” in “Status”" in question) == (["a", "b"], True)


def test_codes_to_give_out_that_are_open_are_not_left_out(reader: Reader):
    read = reader.read("Code,Status\nA,Open\nB,Cancelled\nC,Open\n")
    assert read.codes == ["A", "C"]
    assert read_rows(reader, "Status", "Open", "Paid", kind=Kind.CUSTOMERS) == ["b"]


def test_the_rows_left_out_are_counted_each_time_the_sheet_is_read(reader: Reader):
    sheet = reader.sheet("Email,Status\na@x.nl,paid\nb@x.nl,refunded\nc@x.nl,void\n", Kind.CUSTOMERS)
    for _ in range(2):
        assert (len(list(sheet.records())), sheet.left_out) == (1, 2)
    assert next(sheet.records())
    assert sheet.left_out == 2


def test_an_unknown_status_beside_a_known_one_is_asked_about(reader: Reader):
    *rows, question = read_rows(reader, "Status", "paid", "partially_refunded", "refunded")
    assert (rows, "“partially_refunded” in “Status”" in question) == (["a", "b"], True)


def test_an_unknown_status_is_found_in_any_row(reader: Reader):
    rows = "".join(f"a{number}@x.nl,paid\n" for number in range(1000))
    sheet = reader.sheet(f"Email,Status\n{rows}z@x.nl,queried\n", Kind.CUSTOMERS)
    assert "“queried” in “Status”" in explanation(sheet.question_messages)
    assert sheet.suggested == Suggested(all_rows=True)


def test_the_question_about_a_status_suggests_the_rows_to_leave_out(reader: Reader):
    sheet = reader.sheet("Email,Status\na@x.nl,Paid\nb@x.nl,Refunded\nc@x.nl,queried\n", Kind.CUSTOMERS)
    assert sheet.suggested == Suggested(leave_out=LeaveOut(column="Status", values=("Refunded",)))
    (question,) = sheet.questions
    params = {"values": ("queried",), "left_out": ("Refunded",), "named": ("queried",), "n": 1}
    assert question.decision.params == params
    with_all_rows = reader.sheet("Email,Status\na@x.nl,Paid\nb@x.nl,Refunded\n", Kind.CUSTOMERS, all_rows=True)
    assert [cells[0] for cells in cells_of(with_all_rows)] == ["a@x.nl", "b@x.nl"]


def test_a_notice_says_that_a_status_without_a_word_of_a_sale_is_ignored(reader: Reader):
    notes = reader.sheet("Email,Status\na@x.nl,Gold\n", Kind.CUSTOMERS).detected.texts()
    assert "“Status” has no value for a sale that ended, so no row was left out by it." in notes


def test_the_values_to_leave_out_can_be_chosen(reader: Reader):
    leave_out = LeaveOut(column="status", values=("Gold",))
    assert read_rows(reader, "Status", "gold", "refunded", leave_out=leave_out) == ["b"]
    assert read_rows(reader, "Status", "gold", "refunded", leave_out=LeaveOut(column="Status", values=())) == ["a", "b"]
    sheet = reader.sheet("Email\na@x.nl\n", Kind.CUSTOMERS, leave_out=leave_out)
    assert sheet.issue_reason is Reason.AMBIGUOUS_MAPPING


def test_further_lines_of_an_order_that_was_refunded_are_left_out_with_it(reader: Reader):
    rows = "1,a@x.nl,paid,T\n1,,,U\n2,b@x.nl,refunded,T\n2,,,U\n,,,V\n3,c@x.nl,paid,T\n"
    sheet = reader.sheet(f"Order,Email,Financial Status,Product\n{rows}", Kind.PURCHASES)
    assert [cells[0] + cells[3] for cells in cells_of(sheet)] == ["1T", "1U", "3T"]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("Code,Seat,Quantity\nA,N-1,1\nB,N-2,2\nTotal,,3\n", ["A", "B"]),
        ("Code,Seat,Quantity\nA,N-1,1\n\nTotaal: 1,,\n", ["A"]),
        ("Code,Seat,Quantity\nA,N-1,1\n\nExported on 12 May by Jan,,\n", ["A"]),
        ("Code,Seat,Quantity\nA,N-1,1\n\nSumme,,1\nStand vom 12. Mai,,\n", ["A"]),
        ("Code,Seat,Quantity\nTotal,N-1,1\nB,N-2,2\n", ["Total", "B"]),
        ("Code,Seat,Quantity\nA,N-1,1\n\nB,,\n", ["A", "B"]),
        ("Code\nA\nTOTAL\n", ["A", "TOTAL"]),
    ],
    ids=["total", "behind-a-gap", "remark", "both", "not-last", "a-code", "one-column"],
)
def test_totals_and_remarks_below_the_rows_are_not_read(reader: Reader, content, rows):
    assert reader.read(content).codes == rows
    assert [cells[0] for cells in cells_of(reader.sheet(content))] == rows


def test_a_notice_counts_the_lines_not_read_below_the_rows(reader: Reader):
    notes = reader.sheet("Code,Quantity\nA,1\nTotal,1\n").detected.texts()
    assert "The text below the rows, from line 3 on, was not read." in notes


def _numbered(count: int, every: int) -> str:
    return "".join(f"T{n:04},Ann\n" + ("Subtotal,\n" if n % every == every - 1 else "") for n in range(count))


def test_totals_among_tickets_are_no_tickets_however_far_down(reader: Reader):
    sheet = reader.sheet(f"Barcode,Name\n{_numbered(600, 250)}", Kind.TICKETS)
    assert [cells[0] for cells in cells_of(sheet)] == [f"T{n:04}" for n in range(600)]
    assert "Rows with totals, such as line 252, were not read." in sheet.detected.texts()


@pytest.mark.parametrize("kind", [Kind.TICKETS, Kind.TARGET_GROUP])
@pytest.mark.parametrize(
    ("content", "codes", "note"),
    [
        ("Barcode,Name\nA-1,Ann\nask Hans about these,\nA-2,Bo\nA-3,\n", "A-1 A-2 A-3", "a remark instead of a code, "),
        ("Barcode,Name\nA-1,Ann\n\ufeffBarcode,Name\nA-2,Bo\n", "A-1 A-2", "The header is repeated on line 3"),
        ("Barcode\nA-1\nBarcode\nA-2\n", "A-1 A-2", "The header is repeated on line 3"),
    ],
    ids=["remark", "two-files-in-one", "one-column"],
)
def test_rows_that_are_no_data_are_skipped_and_reported(reader: Reader, kind: Kind, content, codes, note):
    sheet = reader.sheet(content, kind)
    assert [cells[0] for cells in cells_of(sheet)] == codes.split()
    assert [note in shown_note for shown_note in sheet.detected.texts() if note in shown_note] == [True]


@pytest.mark.parametrize(
    "content",
    ["Code,Note\nwe love the band,\nall of them too,\n", "Code,Note\nA-1,Ann\nour very best code,for Bo\nA-2,\n"],
    ids=["codes-of-words", "not-alone"],
)
def test_words_used_as_codes_are_kept(reader: Reader, content):
    assert len(cells_of(reader.sheet(content))) == content.count("\n") - 1


def test_a_header_word_is_a_code_in_a_file_without_a_header(reader: Reader):
    assert cells_of(reader.sheet("Code\nA\nCode\n", header_rows=0)) == [["Code"], ["A"], ["Code"]]


def test_words_for_ended_sales_under_an_unknown_header_are_asked_about(reader: Reader):
    sheet = reader.sheet("Email,Situation\na@x.nl,Paid\nb@x.nl,Refunded\n", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(sheet)] == ["a@x.nl"]
    assert sheet.suggested.leave_out == LeaveOut(column="Situation", values=("Refunded",))
    for header, words in [("Situation", ["", "Refunded 1-1"]), ("Remarks", ["Paid", "Refunded"])]:
        assert read_rows(reader, header, *words) == ["a", "b"]


def test_an_open_order_that_is_paid_is_not_left_out(reader: Reader):
    rows = "a@x.nl,Open,Paid\nb@x.nl,Open,Pending\nc@x.nl,Cancelled,Paid\n"
    sheet = reader.sheet(f"Email,Order status,Payment status\n{rows}", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(sheet)] == ["a@x.nl"]


def test_an_order_in_progress_is_asked_about_unless_another_column_has_its_payment(reader: Reader):
    rows = "a@x.nl,In Bearbeitung,{}\nb@x.nl,Storniert,{}\n"
    payment_sheet = reader.sheet(
        "Email,Bestellstatus,Zahlungsstatus\n" + rows.format("bezahlt", "erstattet"), Kind.CUSTOMERS
    )
    assert ([cells[0] for cells in cells_of(payment_sheet)], explanation(payment_sheet.question_messages)) == (
        ["a@x.nl"],
        "",
    )
    alone = reader.sheet("Email,Bestellstatus,Ort\n" + rows.format("Ulm", "Ulm"), Kind.CUSTOMERS)
    assert "In Bearbeitung" in explanation(alone.question_messages)


def test_titles_repeated_with_the_header_are_no_data(reader: Reader):
    page = "Spring Revue,,Page {} of 2\nCode,Name,Email\n"
    sheet = reader.sheet(f"{page.format(1)}A-1,Jan,a@x.nl\n{page.format(2)}A-2,Dirk,b@x.nl\n", Kind.TICKETS)
    assert [cells[0] for cells in cells_of(sheet)] == ["A-1", "A-2"]
    single = reader.sheet("Revue 1,,\nCode,Name,Email\nA-1,Jan,a@x.nl\nRevue 2,,\n", Kind.TICKETS)
    assert [cells[0] for cells in cells_of(single)] == ["A-1", "Revue 2"]


def test_the_status_of_something_else_excludes_no_row_without_a_question(reader: Reader):
    sheet = reader.sheet("Email,Visa approval Status\na@x.nl,Approved\nb@x.nl,Declined\n", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(sheet)] == ["a@x.nl", "b@x.nl"]
    status_sheet = reader.sheet("Email,Deposit Status\na@x.nl,Approved\nb@x.nl,Declined\n", Kind.CUSTOMERS)
    assert status_sheet.suggested.leave_out == LeaveOut(column="Deposit Status", values=("Declined",))
    assert "“Declined” in “Deposit Status”" in explanation(status_sheet.question_messages)
    status_sheet = reader.sheet("Email,Deposit Status\na@x.nl,Approved\nb@x.nl,Open\n", Kind.CUSTOMERS)
    assert status_sheet.suggested.leave_out is None
    assert reader.sheet("Email,Class Status\na@x.nl,Cancelled\n", Kind.CUSTOMERS).question_messages == ()


def test_an_ended_sale_far_down_is_found_under_an_unknown_header(reader: Reader):
    rows = "".join(f"{number}@x.nl,Valid\n" for number in range(300))
    status_sheet = reader.sheet(f"Email,Info\n{rows}z@x.nl,Refunded\n", Kind.CUSTOMERS)
    assert status_sheet.suggested.leave_out == LeaveOut(column="Info", values=("Refunded",))
    assert reader.sheet(f"Email,Info\n{rows}z@x.nl,Tall\n", Kind.CUSTOMERS).questions == ()


def test_two_columns_with_the_same_state_are_asked_about_once(reader: Reader):
    rows = "a@x.nl,closed,closed\nb@x.nl,paid,paid\nc@x.nl,refunded,refunded\n"
    sheet = reader.sheet(f"Email,Order status,Ticket status\n{rows}", Kind.CUSTOMERS)
    (question,) = sheet.questions
    assert (question.decision.column, question.suggested.leave_out) == (
        "Order status",
        LeaveOut(column="Order status", values=("refunded",)),
    )


@pytest.mark.parametrize(
    ("header", "values"),
    [("Resultaat", ("Toegang", "Geweigerd")), ("ACTION", ("ADD", "BLOCK")), ("Result", ("OK", "Cancelled"))],
)
def test_the_result_of_a_scan_or_an_instruction_is_asked_about(reader: Reader, header, values):
    remaining = read_rows(reader, header, *values)
    assert remaining[0] == "a"
    assert header in remaining[1]
    assert len(remaining) == 2


def test_a_column_that_is_partly_empty_excludes_nobody_beside_the_status_of_the_sale(reader: Reader):
    rows = "a@x.nl,Paid,\nb@x.nl,Refunded,\nc@x.nl,Paid,Yes\n"
    sheet = reader.sheet(f"Email,Order status,Attendance\n{rows}", Kind.CUSTOMERS)
    assert [cells[0][0] for cells in cells_of(sheet)] == ["a", "c"]
    sheet = reader.sheet(f"Email,Order status,Paid\n{rows}", Kind.CUSTOMERS)
    assert [cells[0][0] for cells in cells_of(sheet)] == ["c"]


def test_a_reservation_is_excluded_only_where_others_were_sold(reader: Reader):
    header = "Email,Status\n"
    sold = reader.sheet(header + "a@x.nl,Vendida\nb@x.nl,Reservada\n", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(sold)] == ["a@x.nl"]
    booked = reader.sheet(header + "a@x.nl,Confirmed\nb@x.nl,Reserved\n", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(booked)] == ["a@x.nl", "b@x.nl"]


def test_a_cancelled_verification_is_asked_about_beside_words_of_another_status(reader: Reader):
    rows = "a@x.nl,Confirmed,Verified\nb@x.nl,Rejected,Verified\nc@x.nl,Confirmed,Canceled\nd@x.nl,Confirmed,Waiting\n"
    sheet = reader.sheet(f"Email,Confirmation,Verification\n{rows}", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(sheet)] == ["a@x.nl", "d@x.nl"]
    assert len(sheet.questions) == 2


@pytest.mark.parametrize("header", ["Utträdde", "Ausgetreten am", "Uitgeschreven op", "Eronnut"])
def test_members_who_left_by_a_date_are_excluded(reader: Reader, header):
    sheet = reader.sheet(f"Email,{header}\na@x.nl,\nb@x.nl,2024-12-31\n", Kind.CUSTOMERS)
    assert [cells[0] for cells in cells_of(sheet)] == ["a@x.nl"]


def test_a_remark_that_a_ticket_was_cancelled_is_asked_about(reader: Reader):
    rows = "A1,\nA2,STORNO - Geld zurück\nA3,Geannuleerd door klant\nA4,Cancelled her dinner\n"
    sheet = reader.sheet(f"Barcode,Remarks\n{rows}", Kind.TICKETS)
    assert sheet.suggested.leave_out == LeaveOut(
        column="Remarks", values=("STORNO - Geld zurück", "Geannuleerd door klant")
    )
    beside_status = reader.sheet("Barcode,Remarks,Status\nA1,Storno,Paid\nA2,,Refunded\n", Kind.TICKETS)
    assert ([cells[0] for cells in cells_of(beside_status)], beside_status.questions) == (["A1"], ())


@pytest.mark.parametrize("paid", ["bar", "EC", "frei", "Tikkie", "PIN", "Espèces", "MobilePay", "Ja, kontant"])
def test_a_payment_method_is_not_asked_about(reader: Reader, paid):
    sheet = reader.sheet(f"Email,Bezahlt\na@x.nl,{paid}\nb@x.nl,nein\n".replace("Ja, kontant", '"Ja, kontant"'))
    assert ([cells[0] for cells in cells_of(sheet)], sheet.questions) == (["a@x.nl"], ())


@pytest.mark.parametrize(
    "state", ["Abgeschlossen am 02.05.2026", "Solgt 01-05-2026", "Sold (2026-05-01)", "Vendu le 1/5/2026 10:11"]
)
def test_the_date_after_a_status_is_ignored(reader: Reader, state):
    sheet = reader.sheet(f"Email,Order status\na@x.nl,{state}\nb@x.nl,Storniert am 03.05.2026\n", Kind.CUSTOMERS)
    assert ([cells[0] for cells in cells_of(sheet)], sheet.questions) == (["a@x.nl"], ())


def test_the_subject_of_a_status_is_ignored(reader: Reader):
    rows = "a@x.nl,Zahlung eingegangen\nb@x.nl,Zahlung offen\nc@x.nl,Order placed\nd@x.nl,Betaling ontvangen\n"
    sheet = reader.sheet(f"Email,orders_status_name\n{rows}", Kind.CUSTOMERS)
    assert ([cells[0] for cells in cells_of(sheet)], sheet.questions) == (["a@x.nl", "c@x.nl", "d@x.nl"], ())
