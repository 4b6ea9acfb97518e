"""Regular expressions for compound headers of other systems' exports; `header_recognition` uses them."""

from collections.abc import Mapping

from guestlist.imports.reading import fields

_NUMBER = (
    "(?:id|number|no|nr|nro|num|nummer|code|kode|kod|ref|reference|referentie|referenz|referens|referanse|tunnus|"
    "numero)"
)
_NUMBER_OF = (
    "(?:id|number|n|no|nr|num|numero|ref|reference|referencia|riferimento|codice|codigo)"
    "(?:de|del|du|di|do|da|d|dela|of)?"
)
_BARCODES = (
    "(?:barcode|streepjescode|stregkode|strichcode|streckkod|strekkode|viivakoodi|codes?a?barres?|codiceabarre|"
    "codigos?debarras)"
)
_TICKETS = "(?:ticket|tix|kaart|billet|billett|biljett|biglietto|entrada|lipun|lippu|boleto|ingresso|bilhete)"
_HOLDERS = (
    "(?:attendee|participant|holder|guest|pass|badge|admission|delegate|visitor|deelnemer|bezoeker|gast|deltager|"
    "deltaker|"
    "deltagar|teilnehmer|besucher|gaest|gast|osallistuja|participante|asistente|partecipante|invitado|invite)"
)
_THINGS = (
    "(?:products?|produkts?|artikel|item|lineitem|orderitem|vare|tuote|tuotteen|produit|article|prodotto|articolo|"
    "producto|articulo|deal|package|pakket|pakke|paket|paquete|pacchetto|forfait|formule|pass|rate|offer|option)"
)
_WHEN = (
    "(?:date|day|datetime|dateandtime|time|timestamp|at|on|datum|dato|tid|tidspunkt|tidpunkt|zeit|zeitpunkt|tijd|"
    "tijdstip|op|den|am|dag|paiva|pvm|aika|ajankohta|hetki)(?:andtime|ogtid|undzeit|entijd|ochtid)?"
)
_DATE_OF = "(?:fecha|data|date|datum|dato)(?:de|del|dela|di|dell|della|du|d)?"
_TYPE_OF = (
    "(?:tipo|type)(?:de|del|dela|di|du|d)?"
    "(?:entradas?|ingressos?|bilhetes?|bigliett[oi]|billets?|boletos?|tickets?|tarifa|tariffa)"
)
_DATED = (
    f"(?P<sold>(?:order|ordered|purchase|purchased|bought|sale|sales|sold|bestel|besteld|bestelling|bestell|bestellung|"
    f"bestellt|kauf|gekauft|verkauf|verkauft|verkoop|verkocht|aankoop|gekocht|kjops|kjopt|kobs|kobt|kop|kopt|ordre|"
    f"salgs|solgt|forsaljnings|bestillings|bestilt|transaction|transactie|transaktions|issue|issued|pledge|pledged|"
    f"donation|checkout|txn|invoice|factuur|faktura|rechnungs|tilaus|osto|myynti)(?:created|placed|completed)?{_WHEN})"
    f"|(?P<made>(?:created|registered|registration|submitted|submission|signup|signedup|booking|booked|reservation|"
    f"reserved|entry|aanmeld|aangemeld|inschrijf|ingeschreven|tilmeldt|tilmeldings|oprettet|pameldt|pameldings|"
    f"opprettet|anmelde|anmeldungs|angemeldet|erstellt|erstellungs|anmald|anmalnings|skapad|bokad|boknings){_WHEN})"
    f"|(?P<bought>{_DATE_OF}(?:compra|pedido|venta|acquisto|ordine|vendita|achat|commande|vente|emissione|emision|emission|uitgifte|udstedelse|"
    f"utstedelse|ausstellung|utfardande|operation|operazione|operacion))"
    f"|(?P<entered>{_DATE_OF}(?:reserva|registro|creacion|inscripcion|prenotazione|registrazione|creazione|iscrizione|"
    f"reservation|inscription|creation|aangemaakt|besteld|gekocht|oprettet|bestilt|kobt|erstellt|bestellt|gekauft|"
    f"skapad|bestalld|opprettet))"
    f"|(?P<settled>{_DATE_OF}(?:pago|pagamento|paiement))"
    f"|(?P<paid>(?:paid|payment|betaald|betaal|betalings|betalt|bezahlt|zahlungs|betald|betalnings|settled|captured|"
    f"charged|maksu){_WHEN})"
)
"""A word for a sale and a word for its time."""
_NAME_OF = (
    "(?:nom|nombre|nome|libelle|titre|titulo|titolo|descripcion|descrizione|description)(?:du|del?|dela|dell|d|of)?"
)
NUMBERED: Mapping[str, str] = {
    fields.TICKET_CODE: (
        f"(?P<code>(?:{_TICKETS}|{_HOLDERS})(?:s|er|en)?(?:code|kode|kod|koodi)"
        f"|(?:{_TICKETS}|{_HOLDERS})?qr(?:code)?(?:token|payload|hash|string|data|content|text|value)"
        f"|(?:code|codigo|codice)(?:de|del|du|di|do|da|d|dela|of)?(?:{_TICKETS}|{_HOLDERS}))"
        f"|(?P<barcode>(?:{_NUMBER_OF})?(?:ticket|attendee|billet|billett|biljett|voucher|booking|guest|pass|entry)?{_BARCODES}"
        f"(?:s|n|en|er)?(?:number|no|nr|nummer|value|id|code)?)"
        f"|(?P<ticket>{_TICKETS}(?:number|no|nr|num|nummer|numero)|(?:n|no|nr|num|numero|number)(?:de|del|du|di|"
        f"of)?{_TICKETS})"
    ),
    fields.ORDER: (
        f"(?P<order>(?:ordine|pedido|commande|compra)(?:n|no|nr|num|numero)|(?:orders?|ordre|bestel|bestell|bestellings|"
        f"bestellungs|bestillings|bestallnings|auftrags|tilaus)"
        f"{_NUMBER}|{_NUMBER_OF}(?:order|commande|pedido|ordine|compra|acquisto|achat))"
        f"|(?P<booking>(?:vorgangs?|dossier|booking|bookings|buchungs|boekings|boknings|reservation|reservations|reserverings|"
        f"reservierungs|varaus){_NUMBER}|{_NUMBER_OF}(?:dossier|booking|reservation|reserva|resa|prenotazione))"
        f"|(?P<transaction>(?:transaction|txn|transactie|transaktions|purchase|sales?|salgs|verkoop|verkaufs|"
        f"forsaljnings|myynnin|aankoop|kobs|kjops|kops|kauf){_NUMBER})"
    ),
    fields.QUANTITY: (
        f"(?P<item>(?:total)?(?:number|no|num|nb|nbre|nbr|nr|antal|antall|aantal|anzahl|qty|quantity)(?:of|de|di|der|"
        f"af|av|van)?"
        f"{_TICKETS}(?:s|s|en|er|ter)?|{_TICKETS}s?(?:count|purchased|bought|ordered|qty|quantity)|"
        f"products?(?:qty|quantity)|total{_TICKETS}s)"
    ),
    fields.SALE_ITEM: (
        f"(?P<item>(?:{_THINGS}|{_TICKETS}s?)(?:name|naam|navn|namn|nimi|titel|title|bezeichnung|beschreibung|"
        f"omschrijving|description|beskrivelse|beskrivning)|{_NAME_OF}{_THINGS}|{_TYPE_OF})"
    ),
    fields.TICKET_TYPE: (
        f"(?P<item>{_TICKETS}s?(?:name|naam|navn|namn|titel|title|bezeichnung|omschrijving)|{_TYPE_OF})"
    ),
    fields.ORIGINAL_DATE: _DATED,
    fields.PURCHASED_AT: _DATED,
}
"""Pattern of each field: a word for a thing with one for its number, name or date, as `slug` normalises them.

The name of the group that matches says what kind of thing it is.
"""
