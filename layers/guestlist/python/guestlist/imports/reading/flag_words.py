"""Table of headers that ask for yes or no, or for a date: whether a sale ended, or is valid.

`status_recognition` compares them with headers as `slug` makes them.
"""

import re

BAD_FLAGS = re.compile(
    r"(is|ticket|order|booking|registration|attendee|status)?(void(ed)?|cancel|cancell?ed|cancell?ation|refund(ed)?|"
    r"invalidated|deleted|withdrawn|verwijderd|slettet|geloscht|borttagen|raderad|poistettu|revoked|reversed|"
    r"chargedback|storno|storniert|stornierung|erstattet|geannuleerd|annulering|"
    r"terugbetaald|annull?eret|annullert|refunderet|refundert|aflyst|avlyst|kansellert|avbokad|makulerad|aterbetald|"
    r"aterkopt|peruutettu|peruttu|perunut|annulee?|remboursee?|annullat[oa]|mitatoity|kreditert|krediteret|krediterad|"
    r"gecrediteerd|"
    r"credited|returned|returnert|returneret|returnerad|geretourneerd|afmeldt|avmeldt|avanmald|abgemeldet|afgemeld|"
    r"avbestilt|avbestalld|rimborsat[oa]|stornat[oa]|cancelad[oa]|anulad[oa]|"
    r"reembolsad[oa]|devuelt[oa]|blocked|blacklisted|geblokkeerd|blokk?eret|spaerret|sperret|gesperrt|sparrad|bloquee?|"
    r"bloccat[oa]|bloquead[oa]|estetty|deceased|overleden|afdod|dod|verstorben|avliden|edesmennyt|kuollut|decedee?|"
    r"deceduto|fallecido|uttradde?|uttradd|utmeldt|udmeldt|uitgetreden|uitgeschreven|ausgetreten|eronnut|resigned|"
    r"revocat[oa]|revocad[oa]|revoquee?|ingetrokken|widerrufen|tilbagekaldt|tilbakekalt|aterkallad|deactivated|"
    r"gedeactiveerd|deaktiviert|deaktiveret|deaktivert|deaktiverad|desactivee?|disattivat[oa]|desactivad[oa]|"
    r"replaced|vervangen|exchanged|lost|lostorstolen|stolen)(status|flag|at|on|op|am|den|date|"
    r"datum|dato|tid|time|le|il|el)?"
)
GOOD_FLAGS = (
    "paid, is paid, payment received, valid, is valid, betaald, geldig, betalt, gyldig, bezahlt, gültig, betald, "
    "giltig, maksettu, payé, pagato, pagado, rsvp, rsvp status, validity, response, reply, reactie, antwoord, svar, "
    "antwort, rückmeldung, zusage, vastaus, réponse, risposta, respuesta, attending, going, coming, "
    "aanwezig, deltager, kommer, deltar, has paid, paid in full, fully paid, heeft betaald, komt, kommt, vient, "
    "asiste, asisten, asistirá, confirma asistencia, partecipa, parteciperà, participe, participera, participa, "
    "nimmt teil, neemt deel, "
    "viene, tulee, osallistuu, dabei, inbetald, réglé, soldé, "
    "acquitté, a payé, akkoord, accredited, geaccrediteerd, akkreditiert, akkrediteret, "
    "accrédité, saldato, abonado, attendance, deelname, deltagelse, deltakelse, teilnahme, deltagande, "
    "osallistuminen, participation, présence, partecipazione, presenza, participación, asistencia, sold, verkocht, "
    "solgt, verkauft, såld, sålt, myyty, vendu, venduto, vendido"
)
COMPLETED = re.compile(
    r"(payment|order|ticket|booking|registration|reservation|betaling|bestelling|reservering|inschrijving|bestilling|"
    r"tilmelding|zahlung|bestellung|buchung|anmeldung|betalning|bestallning|bokning|anmalan|maksu|tilaus|paiement|"
    r"commande|inscription|pagamento|ordine|iscrizione|pago|pedido|inscripcion)?(is)?"
    r"(confirmed|received|approved|completed?|accepted|bevestigd|ontvangen|goedgekeurd|voldaan|bekraeftet|modtaget|"
    r"godkendt|bestatigt|erhalten|eingegangen|bekraftad|mottagen|godkand|vahvistettu|saatu|confirmee?|recue?|validee?|"
    r"confermat[oa]|ricevut[oa]|confirmad[oa]|recibid[oa])"
)
COMING = re.compile(
    r"(will|can|are|do)you(beable|plan)?(to)?(be)?(attend|come|coming|join|there|goingto|make).*|"
    r"(kom|komt|ben|bent)(je|jij|u)((erbij|eraan|ook|aanwezig|naar).*)?|(kommer|deltager|deltar|tilmelder)du.*|"
    r"(kommst|nimmst)du.*|(kommen|nehmen)sie.*|tuletko.*|osallistutko.*|(viens|venez|participez|participes)(tu|vous).*|"
    r"(serez|seras|pouvez|peux|allez|vas)(vous|tu)(present|la|desnotres|venir|participer|etre).*|"
    r"(kan|kannst|konnen|kunt|voitko)(du|sie|je|u|jij)?(komma|komme|kommen|teilnehmen|dabeisein|deltage|delta|komen|"
    r"erbij|"
    r"tulla|osallistua).*|(puoi|potrai|puedes|podras)(venir|venire|partecipare|asistir).*|"
    r"(bist|sind)(du|sie)dabei.*|(er|ar)du(med|der).*|"
    r"(vieni|parteciperai|partecipi|verrai).*|(vienes|asistiras|vendras|asistes).*"
)
