"""Table of the words for sales that ended, that never came about and that are valid.

`status_recognition` compares them with headers and cells, both as `slug` normalises them. Many are stems, as systems
write them in two genders and append more text (“Cancelada”, “Cancelled by customer”, “Refunded (15/03/2026)”).
"""

SUBJECTS = (
    "entry, submission, completion, inzending, indsendelse, eintrag, order, payment, financial, attendee, ticket, "
    "approval, registration, rsvp, booking, reservation, sale, sales, "
    "invoice, transaction, invitee, invitation, purchase, admission, bestel, bestelling, betaal, betalings, betaling, "
    "betal, betalnings, "
    "reservering, aanmelding, aanmeld, inschrijving, inschrijf, verkoop, uitnodiging, kaart, ordre, billet, billett, "
    "tilmelding, tilmeldings, reservations, salgs, påmelding, påmeldings, bestillings, bestilling, bestellung, "
    "bestell, zahlung, zahlungs, buchung, buchungs, anmeldung, anmelde, auftrag, auftrags, verkaufs, rechnungs, "
    "biljett, bokning, boknings, anmälan, anmälnings, beställning, beställnings, tilauksen, maksun, "
    "maksu, tilaus, lippu, varaus, pass, ilmoittautumisen, ilmoittautumis, lipun, varauksen, "
    "osallistumisen, osallistujan, commande, paiement, billet, "
    "réservation, inscription, ordine, pagamento, biglietto, prenotazione, iscrizione, pedido, pago, entrada, "
    "reserva, inscripción, membership, member, lid, lidmaatschap, lidmaatschaps, medlem, medlems, medlemskab, "
    "medlemskabs, medlemskap, medlemskaps, mitglied, mitglieds, mitgliedschaft, jäsenyyden, adhésion, adhérent, "
    "iscritto, socio, pledge, pledged, donation, subscription, application, account, deelname, aanvraag, abonnement, "
    "participation, position, line item, item, contribution, bijdrage, bidrag, beitrag, charge, last, current, "
    "patron, subscriber, abonnee, supporter, "
    "titolo, titre, título, titel, title, posto, plass, place, seat, post, coupon, code, voucher, discount, "
    "promotion, kortingscode, "
    "rabatkode, gutschein, rabattkod"
)
STATUS_NOUNS = (
    "status, tilan nimi, statut, état, stato, estado, tila, tilanne, situação, estatus, stav, stan, állapot, státusz, "
    "staatus, olek, durum, durumu"
)
STATUS_STEMS = (
    "stat",
    "etat",
    "estado",
    "tila",
    "situac",
    "stav",
    "stan",
    "allapot",
    "statusz",
    "staatus",
    "olek",
    "durum",
)
ROW_TYPES = (
    "type, transaction type, txn type, trans type, sale type, activity type, record type, entry type, row type, "
    "event type, operation, soort, händelse, hendelse, hændelse, mutatie, transactietype, "
    "vorgangsart, vorgangstyp, geschäftsart, type d'opération, type de transaction, operationstype, operasjonstype, "
    "transaksjonstype, tapahtumatyyppi, "
    "transaktionstype, transaktionstyp, transaktionsart, buchungsart, art, typ, tipo, tipo di operazione"
)
REFUND_STEMS = (
    "^(?:cancellation|storno|stornierung|annulering|annullering|annulation|annullamento|anulacion|makulering|"
    "kansellering|retour|retur|returned?|rma)$|^erstattung|refund|chargeback|reversal|terugbetaling|restitutie|"
    "creditnota|tilbagebetaling|refusion|refusjon|"
    "kreditnota|"
    "ruckerstattung|gutschrift|ruckbuchung|aterbetalning|aterlamn|aterkop|tilbakelever|tilbagelever|hyvitys|palautus|"
    "remboursement|avoir|rimborso|reembolso"
)
ENGLISH_SUBJECTS = (
    "order, payment, ticket, attendee, registration, booking, reservation, sale, transaction, guest, admission"
)

ENDED = (
    "not attending, not going, can't go, cannot go, can't make it, will not attend, won't attend, unpaid, not paid, "
    "not yet paid, failed, waiting, on waitlist, to be paid, on hold, deleted, incomplete, charged back, denied, "
    "ikke bekræftet, ubekræftet, ikke bekreftet, ubekreftet, nicht bestätigt, unbestätigt, obekräftad, ej bekräftad, "
    "niet bevestigd, vahvistamaton, ei vahvistettu, non confirmé, non confirmée, non confermato, non confermata, "
    "no confirmado, no confirmada, not approved, transferred away, draft, overdue, unconfirmed, not confirmed, "
    "not registered, option, lapsed, "
    "no longer attending, no, trash, trashed, disabled, former, "
    "exchanged, swapped, replaced, lost, stolen, omgeruild, geruild, omgewisseld, vervangen, verloren, gestolen, "
    "ombyttet, udskiftet, bortkommet, stjålet, ombytt, byttet, tapt, stjålet, umgetauscht, getauscht, ersetzt, "
    "gestohlen, utbytt, ersatt, förlorad, stulen, vaihdettu, korvattu, kadonnut, échangé, échangée, remplacé, "
    "remplacée, perdu, perdue, volé, volée, scambiato, scambiata, sostituito, sostituita, smarrito, smarrita, "
    "reemplazado, reemplazada, sustituida, perdida, robada, "
    "not renewing, not renewed, will not renew, niet verlengd, ikke fornyet, nicht verlängert, ej förnyad, "
    "inte förnyad, "
    "non renouvelé, non renouvelée, non rinnovato, no renovado, pulled, removed, off list, off the list, tbc, tbd, "
    "tba, nnb, nog te bevestigen, block, delete, remove, hold, "
    "offerte verzonden, quotation, quotation sent, angebot, angebot gesendet, angebot verschickt, tilbud, "
    "tilbud sendt, devis, devis envoyé, preventivo, preventivo inviato, presupuesto, presupuesto enviado, "
    "held, quote, quoted, tentative, provisional, regrets, "
    "oud-lid, ex-lid, ex-member, ex-medlem, ex-mitglied, ex-socio, altmitglied, umgebucht, omgeboekt, ombooket, "
    "ombokad, rebooked, deceased, overleden, afdød, død, verstorben, avliden, edesmennyt, kuollut, décédé, décédée, "
    "deceduto, deceduta, fallecido, fallecida, "
    "voormalig, tidligere, ehemalig, ehemaliges, tidigare, ancien, entinen, "
    "niet betaald, nog niet betaald, optie, in optie, concept, onbevestigd, neemt niet deel, komt niet, "
    "ikke betalt, mangler betaling, mislykkes, venter, deltager ikke, kommer ikke, mislyktes, deltar ikke, "
    "absage, nicht bezahlt, nimmt nicht teil, nicht teilnehmend, kommt nicht, entwurf, reserviert, "
    "tackat nej, ej betald, inte betald, väntar, deltar inte, deltar ej, kommer inte, "
    "odottaa, jonossa, ei osallistu, ei maksettu, ei tule, "
    "non payé, non payée, ne participe pas, ne vient pas, liste d'attente, "
    "in opzione, opzionato, non pagato, non pagata, non partecipa, lista d'attesa, "
    "no pagado, no pagada, no asiste, no asistirá, lista de espera"
)
UNANSWERED = (
    "no response, no reply, not responded, not replied, invited, maybe, interested, geen reactie, uitgenodigd, "
    "misschien, inviteret, måske, intet svar, ingen svar, invitert, kanskje, eingeladen, vielleicht, keine antwort, "
    "inbjuden, kanske, inget svar, kutsuttu, ehkä, ei vastausta, invité, invitée, peut-être, sans réponse, invitato, "
    "invitata, forse, nessuna risposta, invitado, invitada, quizás, tal vez, sin respuesta"
)
"""People who did not accept, if others in the file did; if nobody did, the list may be for them."""
OPEN_ORDER = (
    "open, offen, openstaand, åben, öppen, åpen, avoin, ouvert, ouverte, aperto, aperta, abierto, abierta, available, "
    "unsold, not sold, beschikbaar, vrij, onverkocht, niet verkocht, ledig, ledige, usolgt, ikke solgt, frei, "
    "verfügbar, unverkauft, nicht verkauft, osåld, ej såld, vapaa, disponible, invendu, libre, libero, disponibile, "
    "invenduto"
)
"""An order that is not paid yet, a seat that is not sold yet, or a code to give out that is not used yet."""
RESERVED = (
    "reserved, gereserveerd, reserveret, reservert, reserverad, réservé, réservée, riservato, riservata, prenotato, "
    "prenotata, reservado, reservada, varattu"
)
"""Places that nobody paid for, if others in the file were sold."""
SOLD = (
    "sold, verkocht, solgt, verkauft, såld, myyty, vendu, vendue, venduto, venduta, vendido, vendida, paid, betaald, "
    "betalt, bezahlt, betald, maksettu, payé, payée, pagato, pagata, pagado, pagada"
)
PAID_BY = (
    "bar, ec, ec-karte, karte, kreditkarte, überweisung, lastschrift, sepa, paypal, klarna, cash, card, credit card, "
    "debit card, bank transfer, contant, pin, pinpas, ideal, tikkie, overboeking, kontant, kort, dankort, mobilepay, "
    "vipps, swish, overførsel, käteinen, kortti, pankkikortti, espèces, carte, carte bancaire, cb, chèque, virement, "
    "contanti, carta, bonifico, efectivo, tarjeta, transferencia, bizum, "
    "frei, free, vrij, gratis, fri, gratuit, gratuito, omaggio, kostenlos, ilmainen, freikarte, vrijkaart, invité"
)
"""How something was paid, or that it costs nothing."""
IN_PROGRESS = (
    "in progress, in behandeling, under behandling, behandles, i behandling, behandlas, in bearbeitung, käsittelyssä, "
    "en cours, en cours de traitement, in lavorazione, in elaborazione, en proceso, procesando, en preparación, "
    "new, new order, nieuw, nieuwe bestelling, neu, neue bestellung, ny, nyt, ny ordre, ny order, nouveau, nouvelle, "
    "nouvelle commande, nuovo, nuova, nuovo ordine, nuevo, nueva, nuevo pedido, uusi, uusi tilaus"
)
"""An order that is new or that somebody works on, which says nothing of its payment."""
ENDED_STEMS = (
    "refund|cancel|void|^block$|^delete$|^remove$|(?<!un)blocked|blacklist|blokk?eret|geblokkeerd|gesperrt|sperret|"
    "sparrad|bloque|bloccat|bloquead|"
    "estetty|declin|deactivat|gedeactiveer|deaktiver|desactiv|disattivat|reject|revok|revers|withdraw|"
    "dropped|terminated|chargeback|disput|expire|abandon|errored|returned|resold|invalid|"
    "unsuccessful|pending|await|waitlist|waitinglist|creditnote|(?<!ac)credited|unpaid|failed|"
    "terugbetaa|gerestit|geannul|vervallen|ongeldig|afgewezen|geweigerd|afgemeld|afgezegd|doorverkocht|geretourn|"
    "gecrediteerd|teruggetrokken|opgezegd|onbetaald|mislukt|inafwachting|wachtlijst|wachtop|verlopen|"
    "returneret|returnert|returnerad|retourniert|restituit|tilbagebetal|trukkettilbage|udmeldt|utmeldt|opsagt|ubetalt|annul|ugyldig|afvist|afslaet|aflyst|afmeld|afbud|"
    "mislykke|afventer|venterpa|venteliste|pavent|udlobet|krediter|"
    "refunder|tilbakebetal|kansell|avbestill|avlyst|avvist|avmeld|utlopt|"
    "erstattet|gekundigt|unbezahlt|ruckerstatt|storn|ungultig|abgelehnt|abgesagt|abgemeldet|fehlgeschlagen|ausstehend|"
    "warteliste|nachrucker|reserveliste|reservelijst|reservplats|listecomplementaire|listadireserva|listadereserva|"
    "wartetauf|warteauf|wachten[do]?op|wachtendop|enespera|esperando|abgelaufen|zuruckge|gutgeschrieben|gutschrift|ruckgabe|"
    "aterbetal|tillbakadrag|uppsagd|aterkop|avbok|avbrut|makuler|ogiltig|avboj|nekad|obetal|misslyck|vantande|vantarpa|"
    "vantelista|utgang|avanmal|"
    "eronnut|erotettu|ausgetret|ausgeschied|uitgetred|fratradt|avgatt|uitgeschreven|uttradd|utskriv|demission|dimess|"
    "cessat|disdett|resigned|disiscri|desinscri|dadodebaja|dadadebaja|"
    "varasij|peruutet|perunut|peruttu|hylatty|maksamat|epaonnist|odottaa|palautet|hyvitet|vanhentun|mitatoi|"
    "rembours|refuse|impaye|echoue|enattente|retourne|"
    "rimbors|storna|annulla|rifiut|fallit|inattesa|scadut|resoldat|"
    "erreurdepaiement|erroredipagamento|errorenelpago|errordepago|betalingsfout|zahlungsfehler|betalningsfel|"
    "betalingsfe[ij]l|maksuvirhe|paymenterror|"
    "reembols|devuelt|anulad|rechazad|impagad|fallid|pendiente|caducad|"
    "devolvid|estorn|pendente|aguardando|anulowan|zwroc|zwrot|odwolan|nieoplacon|wygasl|zrusen|visszavalt|sztorno|"
    "torolve|torolt|kifizetetlen|vracen|nezaplacen|"
    "^iptal|^iade|^beklemede|odenmedi|tagastat|tuhistat|maksmata|aegunud"
)
VALID = (
    "sales order, verkooporder, verkaufsauftrag, salgsordre, försäljningsorder, bon de commande, ordine di vendita, "
    "pedido de venta, akkoord, in orde, non presentato, non presentata, no presentado, niet verschenen, "
    "nicht erschienen, ikke mødt, ikke møtt, uteblev, "
    "processed, verwerkt, behandlet, behandlad, verarbeitet, bearbeitet, traité, traitée, elaborato, elaborata, "
    "evaso, evasa, procesado, procesada, käsitelty, "
    "renewed, renewing, verlengd, fornyet, verlängert, förnyad, uusittu, renouvelé, renouvelée, rinnovato, rinnovata, "
    "renovado, renovada, add, update, insert, publish, granted, access granted, allowed, admitted, toegang, "
    "toegelaten, adgang, zutritt, "
    "zugelassen, einlass, insläppt, tillträde, attending, going, checked in, checkedin, valid, acquired, succeeded, "
    "success, successful, fulfilled, captured, "
    "settled, issued, sold, collected, purchased, used, scanned, redeemed, processing, free, booked, "
    "awaiting fulfillment, awaiting fulfilment, awaiting shipment, awaiting pickup, ready for pickup, ok, non scanné, "
    "non scannée, pas scanné, attended, visited, arrived, deltog, deltok, deltagit, deelgenomen, teilgenommen, "
    "osallistui, "
    "passive, passief, passiv, passiivinen, passif, passivo, installed, uninstalled, checked, check-in, "
    "not printed, unprinted, complimentary, comp, comped, free of charge, no charge, gratis, vrijkaart, fribillet, "
    "fribillett, fribiljett, freikarte, kostenlos, ilmainen, vapaalippu, gratuit, gratuite, offert, offerte, omaggio, "
    "gratuito, gratuita, cortesía, geprint, afgedrukt, niet geprint, udskrevet, ikke udskrevet, utskrevet, gedruckt, "
    "nicht gedruckt, utskriven, tulostettu, imprimé, imprimée, non imprimé, contrôlé, contrôlée, stampato, stampata, "
    "impreso, impresa, "
    "present, coming, submitted, ordered, placed, received, shipped, delivered, payment, sale, yes, no show, "
    "geleverd, leveret, geliefert, ausgeliefert, levererad, levert, toimitettu, livré, livrée, expédié, expédiée, "
    "consegnato, "
    "spedito, entregado, enviado, mailed, printed, picked up, verstuurd, opgehaald, sendt, afhentet, hentet, "
    "versendet, "
    "abgeholt, hämtad, lähetetty, noudettu, "
    "active, ready, published, signed in, signed up, enrolled, ingeschreven, ingetekend, eingeschrieben, "
    "inskrevet, "
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
    "maksettu, hyväksytty, ilmoittautunut, valmis, aktiivinen, actif, active, scanné, scannée, "
    "scansionato, scansionata, escaneado, escaneada, skannattu, skannad, emesso, emessa, emitida, "
    "emitido, émis, émise, aprobado, aprobada, aprovado, aprovada, approvato, approvata, ausgestellt, udstedt, "
    "utstedt, utfärdad, uitgegeven, voimassa, ostettu, käytetty, osallistuu, tulee, läsnä, "
    "payé, payée, validé, validée, terminé, terminée, inscrit, inscrite, valide, participe, vient, utilisé, vendu, "
    "pagato, pagata, valido, valida, venduto, venduta, usato, partecipa, attivo, attiva, iscritto, iscritta, "
    "emitido, oferta, convite, opłacone, opłacony, opłacona, zapłacone, ważny, ważna, sprzedany, wykorzystany, "
    "zaplaceno, zaplacená, uhrazeno, prodáno, platná, predaná, predané, zaplatená, eladva, fizetve, kifizetve, "
    "érvényes, použito, odbaveno, satıldı, ödendi, geçerli, onaylandı, "
    "tamamlandı, kullanıldı, müüdud, makstud, kehtiv, kasutatud, ostetud, "
    "medlem, lid, erelid, aspirant-lid, jeugdlid, ehrenmitglied, æresmedlem, hedersmedlem, kunniajäsen, "
    "vilande, hvilende, ruhend, slapend, "
    "pagado, pagada, válido, válida, vendida, vendido, asiste, asistirá, activo, activa, usada, inscrito, inscrita"
)
NEUTRAL = (
    "medlem, lid, erelid, aspirant-lid, jeugdlid, ehrenmitglied, æresmedlem, hedersmedlem, kunniajäsen, vilande, "
    "hvilende, ruhend, slapend, passive, passief, passiv, passiivinen, passif, passivo, active, actief, aktiv, "
    "aktiivinen, actif, active, attivo, "
    "attiva, activo, activa, yes, no"
)
"""Words that concern sales only beside other words for sales: members too are active."""
VALID_STEMS = (
    "confirm|complet|approved|accept|paid|register|bevestigd|betaald|bekraeft|betalt|bekreft|bestatigt|bezahlt|"
    "(?:aktiv|passiv|ehren|voll|forder|frei|jugend|junior|senior|haupt)mitglied$|"
    "(?:aktiv|passiv|stotte|stod|aeres|heders|ungdoms|senior)medlem$|"
    "bekraftad|betald|vahvistet|confirmad|confermat|registrad|registrat|enregistr|inscrit"
)
