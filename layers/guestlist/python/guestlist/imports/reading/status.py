"""Rows of a sale that ended or never came about, told by a column of the file: they are left out.

A column counts only if its header and its values are known words. What a column says is found out from
every row of the file before any is imported, for one value that nobody knows could be a refund.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from guestlist.imports.file_options import LeaveOut
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.vocabulary import plain
from guestlist.messages.message import Message

_MOST_VALUES = 200

_HEADERS = (
    "status, state, order status, order state, payment status, payment state, financial status, attendee status, "
    "ticket status, approval status, registration status, rsvp status, rsvp, booking status, reservation status, "
    "sale status, invoice status, transaction status, orderstatus, betaalstatus, betalingsstatus, ticketstatus, "
    "status bestelling, bestelstatus, ordrestatus, billetstatus, billettstatus, bestellstatus, zahlungsstatus, "
    "buchungsstatus, betalningsstatus, biljettstatus, bokningsstatus, tila, tilauksen tila, maksun tila, statut, "
    "statut de la commande, état, stato, stato ordine, estado, estado del pedido"
)
_ENDED = (
    "refunded, fully refunded, refund, cancelled, canceled, void, voided, declined, not attending, not going, "
    "can't go, cannot go, unpaid, not paid, failed, pending, pending approval, awaiting payment, waiting, waitlist, "
    "waitlisted, on waitlist, to be paid, payment pending, pending payment, on hold, expired, abandoned, rejected, "
    "revoked, deleted, invalid, invalidated, incomplete, chargeback, charged back, disputed, reversed, denied, "
    "not approved, transferred away, draft, open, overdue, "
    "terugbetaald, gerestitueerd, geannuleerd, vervallen, ongeldig, afgewezen, geweigerd, niet betaald, onbetaald, "
    "mislukt, in afwachting, wachtlijst, verlopen, openstaand, afgemeld, "
    "refunderet, tilbagebetalt, annulleret, ugyldig, afvist, afslået, ikke betalt, ubetalt, mislykket, afventer, "
    "venteliste, udløbet, afmeldt, refundert, kansellert, avbestilt, avlyst, ugyldiggjort, avvist, mislyktes, "
    "venter, utløpt, avmeldt, "
    "erstattet, rückerstattet, storniert, annulliert, ungültig, abgelehnt, nicht bezahlt, unbezahlt, "
    "fehlgeschlagen, ausstehend, warteliste, abgelaufen, offen, abgemeldet, zurückgezogen, "
    "återbetald, avbokad, avbruten, makulerad, annullerad, ogiltig, avböjd, nekad, ej betald, obetald, misslyckad, "
    "misslyckades, väntande, väntar, väntelista, utgången, avanmäld, "
    "peruutettu, perunut, hylätty, maksamatta, epäonnistunut, odottaa, odottaa maksua, jonossa, palautettu, "
    "hyvitetty, vanhentunut, mitätöity, "
    "remboursé, remboursée, annulé, annulée, refusé, refusée, impayé, non payé, échoué, en attente, expiré, invalide, "
    "rimborsato, annullato, rifiutato, non pagato, fallito, in attesa, scaduto, "
    "reembolsado, cancelado, anulado, rechazado, no pagado, impagado, fallido, pendiente, caducado"
)
_STANDING = (
    "paid, completed, complete, attending, going, checked in, checkedin, confirmed, approved, accepted, valid, "
    "acquired, registered, succeeded, success, successful, fulfilled, captured, settled, issued, sold, purchased, "
    "used, scanned, processing, free, booked, "
    "betaald, voltooid, afgerond, bevestigd, goedgekeurd, geldig, ingecheckt, aangemeld, verkocht, "
    "betalt, gennemført, bekræftet, godkendt, gyldig, tilmeldt, solgt, fullført, bekreftet, godkjent, påmeldt, "
    "bezahlt, abgeschlossen, bestätigt, genehmigt, gültig, eingecheckt, angemeldet, verkauft, "
    "betald, slutförd, bekräftad, godkänd, giltig, incheckad, anmäld, såld, "
    "maksettu, vahvistettu, hyväksytty, ilmoittautunut, valmis, voimassa, "
    "payé, payée, confirmé, confirmée, validé, terminé, inscrit, valide, "
    "pagato, confermato, completato, valido, pagado, confirmado, completado, válido"
)
_BAD_FLAGS = (
    "void, voided, void status, cancelled, canceled, refunded, is void, is cancelled, is canceled, is refunded, "
    "cancelled at, canceled at, refunded at, voided at, cancellation date, refund date, geannuleerd, terugbetaald, "
    "annulleret, refunderet, storniert, erstattet, avbokad, återbetald, kansellert, peruutettu, annulé, remboursé, "
    "annullato, rimborsato, cancelado, reembolsado"
)
_GOOD_FLAGS = (
    "paid, is paid, payment received, valid, is valid, betaald, geldig, betalt, gyldig, bezahlt, gültig, betald, "
    "giltig, maksettu, payé, pagato, pagado, rsvp, attending, going, coming"
)
_YES = "yes, y, true, 1, x, ja, j, sí, si, oui, sì, kyllä, waar, sand, wahr, sant"
_NO = "no, n, false, 0, nee, nej, nein, nei, non, ei, onwaar, falsk, falsch, falskt"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Values of a status column that nobody knows, beside those by which rows are left out."""

    column: str
    values: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What makes the rows of a sheet be left out: by column, the values that do. Compared as `plain` makes them.

    With `filled` any value of that column does, unless it says no. `orders` is the column by which further
    rows of an order follow the first one.
    """

    values: Mapping[int, frozenset[str]]
    filled: frozenset[int] = frozenset()
    orders: int | None = None
    unknown: tuple[Unknown, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether any row could be left out."""
        return bool(self.values or self.filled)

    @property
    def said(self) -> tuple[Message, ...]:
        """What an organiser is to know of columns that look as if they told which rows count."""
        return tuple(Message("no_status", {"column": shortened(name)}) for name in self.ignored)

    def standing(self, records: Iterable[Record]) -> Iterator[tuple[Record, bool]]:
        """Each row and whether it counts. A row with nothing in these columns goes with its order."""
        former: tuple[str, bool] | None = None
        for record in records:
            cells = [(index, _cell(record.cells, index)) for index in (*self.values, *self.filled)]
            counts = not any(self._ends(index, cell) for index, cell in cells)
            if self.orders is not None:
                order = _cell(record.cells, self.orders)
                follows = former is not None and order in ("", former[0]) and not any(cell for _, cell in cells)
                if follows and former:
                    counts, order = former[1], former[0]
                former = order, counts
            yield record, counts

    def _ends(self, index: int, cell: str) -> bool:
        if index in self.filled:
            return bool(cell) and plain(cell) not in _set(_NO)
        return plain(cell) in self.values[index]


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def told_status(told: LeaveOut, headers: Sequence[str], orders: int | None) -> Status | None:
    """What the organiser said to leave out; None where no single column is called so."""
    at = [index for index, name in enumerate(headers) if name == told.column]
    at = at or [index for index, name in enumerate(headers) if plain(name) == plain(told.column)]
    if len(at) != 1:
        return None
    return Status({at[0]: frozenset(map(plain, told.values))}, orders=orders)


def status_headers(headers: Sequence[str], taken: Iterable[int]) -> list[int]:
    """The columns that may tell which sales ended, going by their headers; a field's column is none."""
    known = _set(_HEADERS) | _set(_BAD_FLAGS) | _set(_GOOD_FLAGS)
    return [index for index, name in enumerate(headers) if plain(name) in known and index not in set(taken)]


def find_status(
    headers: Sequence[str], columns: Sequence[int], records: Iterable[Record], orders: int | None = None
) -> Status | None:
    """What these columns say, from all rows; None where they say nothing about sales."""
    met: dict[int, dict[str, str]] = {index: {} for index in columns}
    for record in records:
        for index, found in met.items():
            cell = _cell(record.cells, index)
            if len(found) <= _MOST_VALUES:
                found.setdefault(plain(cell), cell)
    values: dict[int, frozenset[str]] = {}
    filled, unknown, ignored = set(), list[Unknown](), []
    for index, found in met.items():
        ended, standing = _words(headers[index])
        held = {value for value in found if value}
        if held and is_flag(headers[index]) and held <= ended | standing:
            values[index] = ended | ({""} if held.isdisjoint(ended) else set())
        elif plain(headers[index]) in _set(_BAD_FLAGS) and held.isdisjoint(ended | standing):
            filled.add(index)
        elif not held.isdisjoint(ended | standing) and len(found) <= _MOST_VALUES:
            values[index] = ended
            others = [found[value] for value in sorted(held - ended - standing)]
            out = tuple(found[value] for value in sorted(ended.intersection(found)))
            unknown += [Unknown(headers[index], tuple(others[:_MOST_VALUES]), out)] if others else []
        elif held:
            ignored.append(headers[index])
    if not (values or filled or ignored):
        return None
    return Status(values, frozenset(filled), orders, tuple(unknown), tuple(ignored))


def is_flag(header: str) -> bool:
    """Whether that header asks for yes or no, and yes says that the sale stands."""
    return plain(header) in _set(_GOOD_FLAGS)


def _words(header: str) -> tuple[frozenset[str], frozenset[str]]:
    """The values below that header of a sale that ended, and of one that stands."""
    ended, standing = _set(_ENDED), _set(_STANDING)
    return (ended | _set(_NO), standing | _set(_YES)) if is_flag(header) else (ended, standing)


@cache
def _set(listed: str) -> frozenset[str]:
    return frozenset(map(plain, listed.split(", ")))
