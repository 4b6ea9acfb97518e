"""Words for sales that ended, that never came about and that stand: of headers, and of the cells below them.

They are compared as `plain` makes them. Many are stems, for systems write them in two genders and with more behind
them (“Cancelada”, “Cancelled by customer”, “Refunded (15/03/2026)”).
"""

import re
from collections.abc import Mapping
from functools import cache

from guestlist.imports.reading.vocabulary import plain, words_for_people

_ABOUT = (
    "entry, submission, completion, inzending, indsendelse, eintrag, order, payment, financial, attendee, ticket, "
    "approval, registration, rsvp, booking, reservation, sale, sales, "
    "invoice, transaction, invitee, invitation, purchase, admission, bestel, bestelling, betaal, betalings, betaling, "
    "reservering, aanmelding, aanmeld, inschrijving, inschrijf, verkoop, uitnodiging, kaart, ordre, billet, billett, "
    "tilmelding, tilmeldings, reservations, salgs, påmelding, påmeldings, bestillings, bestilling, bestellung, "
    "bestell, zahlung, zahlungs, buchung, buchungs, anmeldung, anmelde, auftrag, auftrags, verkaufs, rechnungs, "
    "biljett, bokning, boknings, anmälan, anmälnings, beställning, beställnings, tilauksen, maksun, "
    "ilmoittautumisen, ilmoittautumis, lipun, varauksen, osallistumisen, osallistujan, commande, paiement, billet, "
    "réservation, inscription, ordine, pagamento, biglietto, prenotazione, iscrizione, pedido, pago, entrada, "
    "reserva, inscripción, membership, member, lid, lidmaatschap, lidmaatschaps, medlem, medlems, medlemskab, "
    "medlemskabs, medlemskap, medlemskaps, mitglied, mitglieds, mitgliedschaft, jäsenyyden, adhésion, adhérent, "
    "iscritto, socio, pledge, pledged, donation, subscription, application, account, deelname, aanvraag, abonnement, "
    "participation, position, line item, item, contribution, bijdrage, bidrag, beitrag, charge, last, current, "
    "patron, subscriber, abonnee, supporter, "
    "post, coupon, code, voucher, discount, promotion, kortingscode, "
    "rabatkode, gutschein, rabattkod"
)
_STATES = "status, statut, état, stato, estado, tila, tilanne"
_IN_A_STATE = ("stat", "etat", "estado", "tila")
_TYPES = (
    "type, transaction type, record type, entry type, row type, event type, operation, soort, transactietype, "
    "transaktionstype, transaktionstyp, transaktionsart, buchungsart, art, typ, tipo, tipo di operazione"
)
_TAKEN_BACK = (
    "refund|chargeback|reversal|terugbetaling|restitutie|creditnota|tilbagebetaling|refusion|refusjon|kreditnota|"
    "ruckerstattung|gutschrift|ruckbuchung|aterbetalning|hyvitys|palautus|remboursement|avoir|rimborso|reembolso"
)
_ENGLISH_STATE = (
    "order, payment, ticket, attendee, registration, booking, reservation, sale, transaction, guest, admission"
)

_ENDED = (
    "not attending, not going, can't go, cannot go, can't make it, will not attend, won't attend, unpaid, not paid, "
    "not yet paid, failed, waiting, on waitlist, to be paid, on hold, deleted, incomplete, charged back, denied, "
    "not approved, transferred away, draft, overdue, unconfirmed, not confirmed, not registered, option, lapsed, "
    "no longer attending, no, trash, trashed, disabled, former, "
    "voormalig, tidligere, ehemalig, ehemaliges, tidigare, ancien, entinen, "
    "niet betaald, nog niet betaald, optie, in optie, concept, onbevestigd, neemt niet deel, komt niet, "
    "ikke betalt, mangler betaling, mislykkes, venter, deltager ikke, kommer ikke, mislyktes, deltar ikke, "
    "absage, nicht bezahlt, nimmt nicht teil, nicht teilnehmend, kommt nicht, entwurf, reserviert, "
    "tackat nej, ej betald, inte betald, väntar, deltar inte, deltar ej, kommer inte, "
    "odottaa, jonossa, ei osallistu, ei maksettu, ei tule, "
    "non payé, non payée, ne participe pas, ne vient pas, liste d'attente, "
    "non pagato, non pagata, non partecipa, lista d'attesa, "
    "no pagado, no pagada, no asiste, no asistirá, lista de espera"
)
_UNANSWERED = (
    "no response, no reply, not responded, not replied, invited, maybe, interested, geen reactie, uitgenodigd, "
    "misschien, inviteret, måske, intet svar, ingen svar, invitert, kanskje, eingeladen, vielleicht, keine antwort, "
    "inbjuden, kanske, inget svar, kutsuttu, ehkä, ei vastausta, invité, invitée, peut-être, sans réponse, invitato, "
    "invitata, forse, nessuna risposta, invitado, invitada, quizás, tal vez, sin respuesta"
)
"""Beside others who accepted, these did not; where nobody did, they may be whom a list is for."""
_OPEN = "open, offen, openstaand, åben, öppen, åpen, avoin, ouvert, ouverte, aperto, aperta, abierto, abierta"
"""Of an order: not paid yet; of a code to give out: not used yet."""
_ENDED_STEMS = (
    ""
    ""
    ""
    ""
    "refund|cancel|void|declin|deactivat|gedeactiveer|deaktiver|desactiv|disattivat|reject|revok|revers|withdraw|dropped|terminated|chargeback|disput|expire|abandon|errored|returned|resold|invalid|"
    "unsuccessful|pending|await|waitlist|waitinglist|creditnote|(?<!ac)credited|unpaid|failed|"
    "terugbetaa|gerestit|geannul|vervallen|ongeldig|afgewezen|geweigerd|afgemeld|afgezegd|doorverkocht|geretourn|"
    "gecrediteerd|teruggetrokken|opgezegd|onbetaald|mislukt|inafwachting|wachtlijst|wachtop|verlopen|"
    ""
    ""
    ""
    ""
    ""
    ""
    "tilbagebetal|trukkettilbage|udmeldt|utmeldt|opsagt|ubetalt|annul|ugyldig|afvist|afslaet|aflyst|afmeld|afbud|mislykke|afventer|venteliste|pavent|udlobet|krediter|"
    "refunder|tilbakebetal|kansell|avbestill|avlyst|avvist|avmeld|utlopt|"
    ""
    ""
    ""
    ""
    "erstattet|gekundigt|unbezahlt|ruckerstatt|storn|ungultig|abgelehnt|abgesagt|abgemeldet|fehlgeschlagen|ausstehend|warteliste|"
    "wartetauf|abgelaufen|zuruckge|gutgeschrieben|ruckgabe|"
    ""
    ""
    ""
    ""
    "aterbetal|tillbakadrag|uppsagd|aterkop|avbok|avbrut|makuler|ogiltig|avboj|nekad|obetal|misslyck|vantande|vantelista|utgang|avanmal|"
    "peruutet|perunut|peruttu|hylatty|maksamat|epaonnist|odottaa|palautet|hyvitet|vanhentun|mitatoi|"
    "rembours|refuse|impaye|echoue|enattente|retourne|"
    "rimbors|storna|annulla|rifiut|fallit|inattesa|scadut|resoldat|"
    "reembols|devuelt|anulad|rechazad|impagad|fallid|pendiente|caducad"
)
_STANDING = (
    "attending, going, checked in, checkedin, valid, acquired, succeeded, success, successful, fulfilled, captured, "
    "settled, issued, sold, collected, purchased, used, scanned, redeemed, processing, free, booked, "
    "attended, visited, arrived, "
    "present, coming, submitted, ordered, placed, received, shipped, delivered, payment, sale, yes, no show, "
    "active, ready, publish, published, "
    "not checked in, not scanned, not used, unused, unscanned, "
    "ingediend, ingestuurd, komt wel, besteld, geplaatst, ontvangen, verzonden, voltooid, afgerond, goedgekeurd, "
    "geldig, ingecheckt, aangemeld, "
    "verkocht, gescand, gekocht, gebruikt, definitief, "
    "neemt deel, komt, aanwezig, actief, niet ingecheckt, niet gescand, niet gebruikt, ongebruikt, "
    "indsendt, bestilt, modtaget, afsendt, gennemført, godkendt, gyldig, tilmeldt, solgt, købt, brugt, scannet, "
    "deltager, "
    "kommer, fremmødt, "
    "tjekket ind, checket ind, fullført, "
    "sjekket inn, innsjekket, godkjent, påmeldt, kjøpt, brukt, skannet, deltar, aktiv, ikke brugt, ubrugt, "
    "ikke scannet, ikke brukt, ubrukt, "
    "zusage, zugesagt, eingereicht, bestellt, eingegangen, versandt, abgeschlossen, genehmigt, gültig, "
    "eingecheckt, angemeldet, verkauft, "
    "gekauft, gebucht, benutzt, gescannt, "
    "nimmt teil, teilnehmend, kommt, anwesend, nicht eingecheckt, nicht gescannt, unbenutzt, "
    "tackat ja, beställd, mottagen, skickad, slutförd, godkänd, giltig, incheckad, anmäld, såld, köpt, använd, "
    "närvarande, "
    "maksettu, hyväksytty, ilmoittautunut, valmis, voimassa, ostettu, käytetty, osallistuu, tulee, läsnä, "
    "payé, payée, validé, validée, terminé, terminée, inscrit, inscrite, valide, participe, vient, utilisé, vendu, "
    "pagato, pagata, valido, valida, venduto, venduta, usato, partecipa, attivo, attiva, iscritto, iscritta, "
    "pagado, pagada, válido, válida, vendida, vendido, asiste, asistirá, activo, activa, usada, inscrito, inscrita"
)
_NEUTRAL = "active, actief, aktiv, aktiivinen, actif, active, attivo, attiva, activo, activa, yes, no"
"""They say that a sale stands, or ended, only beside other words of sales: members too are active."""
_STANDING_STEMS = (
    "confirm|complet|approved|accept|paid|register|bevestigd|betaald|bekraeft|betalt|bekreft|bestatigt|bezahlt|"
    "bekraftad|betald|vahvistet|confirmad|confermat|registrad|registrat|enregistr|inscrit"
)
_DOUBTFUL = re.compile(
    r"(non|not|no|never|niet|nicht|ikke|inte|ej|ei|(un|de)(?=regist|confirm|approv|accept))(?=\w).*|.*(partial|"
    r"partly|gedeeltelijk|deels|delvis|teilweise|"
    r"osittain|partiel|parzial|parcial|request|aangevraagd|anmod|beantragt|begard|demande|richiest|solicit|pyydet).*|"
    r".*(refund|cancel|storn|annul).*(declin|reject|denied|fail|afgewezen|abgelehnt|afvist).*"
)
_BAD_FLAGS = re.compile(
    r"(is|ticket|order|booking|registration|attendee|status)?(void(ed)?|cancell?ed|cancell?ation|refund(ed)?|"
    r"invalidated|deleted|withdrawn|verwijderd|slettet|geloscht|borttagen|raderad|poistettu|revoked|reversed|chargedback|storno|storniert|stornierung|erstattet|geannuleerd|annulering|"
    r"terugbetaald|annull?eret|annullert|refunderet|refundert|aflyst|avlyst|kansellert|avbokad|makulerad|aterbetald|"
    r"aterkopt|peruutettu|annulee?|remboursee?|annullat[oa]|rimborsat[oa]|stornat[oa]|cancelad[oa]|anulad[oa]|"
    r"reembolsad[oa]|devuelt[oa])(status|flag|at|on|op|am|den|date|datum|dato|tid|time|le|il|el)?"
)
_GOOD_FLAGS = (
    "paid, is paid, payment received, valid, is valid, betaald, geldig, betalt, gyldig, bezahlt, gültig, betald, "
    "giltig, maksettu, payé, pagato, pagado, rsvp, rsvp status, validity, response, reply, reactie, antwoord, svar, "
    "antwort, rückmeldung, zusage, vastaus, réponse, risposta, respuesta, attending, going, coming, "
    "aanwezig, deltager, kommer, deltar"
)
_DONE = re.compile(
    r"(payment|order|ticket|booking|registration|reservation|betaling|bestelling|reservering|inschrijving|bestilling|"
    r"tilmelding|zahlung|bestellung|buchung|anmeldung|betalning|bestallning|bokning|anmalan|maksu|tilaus|paiement|"
    r"commande|inscription|pagamento|ordine|iscrizione|pago|pedido|inscripcion)?(is)?"
    r"(confirmed|received|approved|completed?|accepted|bevestigd|ontvangen|goedgekeurd|voldaan|bekraeftet|modtaget|"
    r"godkendt|bestatigt|erhalten|eingegangen|bekraftad|mottagen|godkand|vahvistettu|saatu|confirmee?|recue?|validee?|"
    r"confermat[oa]|ricevut[oa]|confirmad[oa]|recibid[oa])"
)
_OF_SOMETHING = re.compile(
    r"(?!.*(event|class|course|cursus|kurs|lesson|session|stock|product|venue|task|campaign|project|evenement|veranstaltung|show|performance|voorstelling|check|scan|mail|epost|sms|deliver|lever|liefer|"
    r"ship|verzend|versand|fulfil|print|druk|druck|news|nieuws|market|opt|consent|marital|civil|burger|familien|visa|"
    r"vaccin|covid|residen|employ|student|sync|crm|lead|badge|park|hotel|room|travel|photo|verif|waiver|form|survey|"
    r"import|export|publi|background|device|vip|health|refund|terugbetaal|void|cancel)).+(status|statut)"
)
"""What else may have a status of a sale, which is asked: all but what says nothing of sales or memberships."""
_SOMEBODY = re.compile(
    r"(.+)\s(patron|member|lid|medlem|mitglied|subscriber|backer|donor|supporter|attendee|guest)s?\s*", re.IGNORECASE
)
"""Who is in that state: an active patron, a former member."""
_COMING = re.compile(
    r"(will|can|are|do)you(beable|plan)?(to)?(be)?(attend|come|coming|join|there|goingto|make).*|"
    r"(kom|komt|ben|bent)(je|jij|u)(erbij|ook|aanwezig|naar.*)?|(kommer|deltager|deltar|tilmelder)du.*|"
    r"(kommst|nimmst)du.*|(kommen|nehmen)sie.*|tuletko.*|osallistutko.*|(viens|venez|participez|participes)(tu|vous).*|"
    r"(vieni|parteciperai|partecipi|verrai).*|(vienes|asistiras|vendras|asistes).*"
)
_YES = "yes, y, true, 1, x, ja, j, sí, si, oui, sì, kyllä, waar, sand, wahr, sant, joo, attending"
_NO = "no, n, false, 0, nee, nej, nein, nei, non, ei, en, onwaar, falsk, falsch, falskt, nope"
_LAST = "yes, no, ja, nee, nej, nein, nei"
_NOTHING = re.compile(r"(eur|usd|gbp|dkk|sek|nok|chf|kr)?0+(eur|kr)?|na|none|null|never|nvt|nan")


def is_status(header: str) -> bool:
    """Whether a column may say by its words which sales ended."""
    matches = is_of_a_sale(header) or is_flag(header) or is_end(header) or is_type(header)
    return matches or _OF_SOMETHING.fullmatch(plain(header)) is not None


def is_of_a_sale(header: str) -> bool:
    """Whether a header names the status of a sale or a membership, and not of just anything."""
    text = plain(header)
    return any(word in text for word in _IN_A_STATE) and _status().fullmatch(text) is not None


def is_flag(header: str) -> bool:
    """Whether that header asks for yes or no, and yes says that the sale stands."""
    text = plain(header)
    return text in _set(_GOOD_FLAGS) or _DONE.fullmatch(text) is not None or _COMING.fullmatch(text) is not None


def is_end(header: str) -> bool:
    """Whether yes, or a date, below that header says that the sale ended."""
    return _BAD_FLAGS.fullmatch(plain(header)) is not None


def is_type(header: str) -> bool:
    """Whether that header tells payments from refunds, whatever else it tells."""
    return plain(header) in _set(_TYPES)


def is_taken_back(cell: str) -> bool:
    """Whether a row of that type gives money back, and sells nothing."""
    return re.search(_TAKEN_BACK, plain(cell)) is not None


def denies(cell: str) -> bool:
    """Whether a cell below such a header says no, or says nothing."""
    text = plain(cell)
    return text == "" or text in _set(_NO) or _NOTHING.fullmatch(text) is not None


def stands(cell: str, *, flag: bool = False, codes: bool = False) -> bool | None:
    """Whether a sale with that word stands; None where that is not known.

    A `flag` is answered with yes or no, and more behind it. `codes` to give out are open as long as they are good.
    """
    if (answer := _answer(cell) if flag else _last_word(cell)) is not None:
        return answer
    text = plain(cell)
    if (somebody := _SOMEBODY.fullmatch(cell)) and text not in _standing_by_word():
        text = plain(somebody[1])
    if codes and text in _set(_OPEN):
        return None
    if text in _standing_by_word():
        return _standing_by_word()[text]
    if _DOUBTFUL.fullmatch(text):
        return None
    if re.search(_ENDED_STEMS, text):
        return False
    return True if re.search(_STANDING_STEMS, text) else None


def is_neutral(cell: str) -> bool:
    """Whether that word alone makes no column one of sales."""
    return plain(cell) in _set(_NEUTRAL)


def is_unanswered(cell: str) -> bool:
    """Whether somebody with that word was asked and has not said yes or no."""
    return plain(cell) in _set(_UNANSWERED)


def _answer(cell: str) -> bool | None:
    first = plain(re.split(r"[\s;!:–]|[.,-](?!\d)", cell.strip(), maxsplit=1)[0])
    if first in _set(_YES):
        return True
    return False if first in _set(_NO) else None


def _last_word(cell: str) -> bool | None:
    """What “RSVP’d No” says at its end; None where it ends with no such word, or is nothing else."""
    *before, last = cell.split() or [""]
    if not before or plain(last) not in _set(_LAST):
        return None
    return plain(last) in _set(_YES)


@cache
def _standing_by_word() -> Mapping[str, bool]:
    return {
        **dict.fromkeys(_set(_STANDING), True),
        **dict.fromkeys(_set(_ENDED) | _set(_UNANSWERED) | _set(_OPEN), False),
    }


@cache
def _status() -> re.Pattern[str]:
    about = "|".join(sorted({*_set(_ABOUT), *words_for_people()}, key=len, reverse=True))
    states, english = "|".join(_set(_STATES)), "|".join(_set(_ENGLISH_STATE))
    glue = "(?:of|van|vande|der|des|du|de|dela|del|delle?|dell|di|av|af)*"
    return re.compile(f"(?:(?:{about})s?){{0,2}}(?:{states})(?:{glue}(?:{about}))?|(?:{english})?state")


@cache
def _set(listed: str) -> frozenset[str]:
    return frozenset(map(plain, listed.split(", ")))
