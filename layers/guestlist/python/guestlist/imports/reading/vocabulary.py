"""Header words of other systems' exports, beside the table in `words`: whose column it is, and what it holds.

They are compared without case, accents and punctuation, as `plain` makes them. The languages are those of
`words` and Norwegian, Finnish, French, Italian and Spanish.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, lru_cache

from guestlist.imports.reading import words

BARE_ID = 7
"""The rank of a column that is called nothing but an id: it may be the number of a record."""

_REMEMBERED, _LONGEST = 4_096, 150
_UNDECOMPOSED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})


class Role(StrEnum):
    """Whose name or address a column holds."""

    ATTENDEE = "attendee"
    BUYER = "buyer"
    ANYBODY = ""


_ROLES: Mapping[Role, str] = {
    Role.ATTENDEE: (
        "attendee, participant, guest, ticket holder, holder, visitor, delegate, registrant, admission, ticket, "
        "deelnemer, bezoeker, gast, kaarthouder, deltager, gæst, billetholder, billetindehaver, deltaker, deltakar, "
        "gjest, billettholder, teilnehmer, teilnehmerin, teilnehmende, besucher, ticketinhaber, deltagare, deltagar, "
        "gäst, besökare, biljettinnehavare, osallistuja, vieras, participant, invité, visiteur, détenteur, titulaire, "
        "partecipante, ospite, titolare, intestatario, participante, asistente, invitado, titular"
    ),
    Role.BUYER: (
        "buyer, purchaser, customer, client, order, orderer, ordered by, billing, invoice, invoice address, payer, "
        "booker, booking, koper, klant, besteller, facturatie, factuur, køber, kunde, kunden, bestiller, faktura, "
        "kjøper, käufer, rechnung, rechnungs, köpare, kund, beställare, ostaja, asiakas, tilaaja, varaaja, acheteur, "
        "acquéreur, facturation, commande, acquirente, cliente, fatturazione, ordine, comprador, facturación, pedido"
    ),
    Role.ANYBODY: (
        "contact, member, person, user, your, primary, main, lid, uw, je, medlem, dit, din, mitglied, ihre, kontakt, "
        "jäsen, votre, membre, socio, tuo, su, miembro"
    ),
}
_PARTS: Mapping[str, str] = {
    words.NAME: (
        "name, full name, display name, name surname, first and last name, first name last name, naam, "
        "volledige naam, voor en achternaam, navn, fulde navn, fullt navn, for og efternavn, for og etternavn, "
        "vollständiger name, vor und nachname, namn, fullständigt namn, för och efternamn, nimi, koko nimi, "
        "etu ja sukunimi, nom, nom complet, nom et prénom, prénom et nom, nome, nome completo, nome e cognome, "
        "nombre, nombre completo, nombre y apellidos"
    ),
    words.FIRST_NAME: (
        "first name, first names, first, given name, given names, forename, fname, name first, voornaam, voornamen, "
        "roepnaam, fornavn, vorname, vornamen, förnamn, tilltalsnamn, etunimi, etunimet, prénom, prénoms, "
        "primo nome, primer nombre, nombre de pila, nombres"
    ),
    words.INFIX: (
        "infix, middle name, middle names, additional name, tussenvoegsel, tussenvoegsels, voorvoegsel, voorvoegsels, "
        "tussennaam, mellemnavn, mellomnavn, zweiter vorname, namenszusatz, mellannamn, toinen nimi, "
        "deuxième prénom, secondo nome, segundo nombre"
    ),
    words.LAST_NAME: (
        "last name, last names, last, surname, surnames, family name, lname, name last, achternaam, familienaam, "
        "efternavn, etternavn, nachname, familienname, zuname, efternamn, sukunimi, nom de famille, cognome, "
        "apellido, apellidos"
    ),
    words.EMAIL: (
        "email, e mail, mail, email address, mail address, email 1, email 1 value, e mailadres, mailadres, "
        "e mailadresse, mailadresse, epost, e post, epostadresse, e postadresse, e postadress, mejl, mejladress, "
        "mailadress, sähköposti, sähköpostiosoite, adresse e mail, adresse mail, adresse électronique, "
        "adresse de courriel, courriel, posta elettronica, indirizzo email, indirizzo e mail, correo, "
        "correo electrónico, dirección de correo electrónico, dirección de correo, dirección de email"
    ),
}
_NO_PERSON = "ticketname, ticketnaam, ticketmail, holdername first"
"""Headers that look like somebody's name and are the name of a thing."""

_OTHERS: Mapping[str, tuple[str, ...]] = {
    words.TICKET_CODE: (
        (
            "barcode number, barcode no, barcode nr, barcode value, barcodes, ean, strekkode, viivakoodi, code barre, "
            "code barres, code à barres, codice a barre, código de barras, streepjescode nummer"
        ),
        (
            "unique code, qr, billettkode, lippukoodi, koodi, code du billet, code billet, codice biglietto, codice, "
            "código, código de entrada, código qr, codice qr"
        ),
        (
            "security code, beveiligingscode, sikkerhedskode, sikkerhetskode, sicherheitscode, säkerhetskod, "
            "turvakoodi, code de sécurité, codice di sicurezza, código de seguridad"
        ),
        "secret, ticket secret, attendee secret, geheim, geheime code",
        (
            "ticket reference, ticket ref, ticketreferentie, billetreference, ticketreferenz, biljettreferens, "
            "lippuviite, référence du billet, référence billet, riferimento biglietto, referencia de la entrada"
        ),
        (
            "ticket id, ticket uuid, public id, attendee id, attendee public id, ticketid, billet id, billett id, "
            "biljett id, lipun tunnus, id billet, id du billet, id biglietto, id entrada, uuid"
        ),
        (
            "ticket nr, attendee no, attendee nr, attendee number, billettnummer, lipun numero, "
            "numéro de billet, numéro du billet, numero biglietto, número de entrada, deelnemernummer"
        ),
        "id",
    ),
    words.QUANTITY: (
        (
            "antall, määrä, lukumäärä, kpl, quantité, quantità, cantidad, nombre de billets, nombre de places, "
            "numero di biglietti, número de entradas, antall billetter, lippujen määrä"
        ),
    ),
    words.CATEGORY: ("luokka, catégorie, categoria, categoría",),
    words.SEAT: ("seat name, seating, sete, setenummer, paikka, istumapaikka, siège, numéro de siège, posto, asiento",),
    words.CUSTOMER_GROUPS: (
        (
            "kundegruppe, kundegrupper, asiakasryhmä, asiakasryhmät, groupe de clients, groupes de clients, "
            "gruppo clienti, gruppi clienti, grupo de clientes, grupos de clientes"
        ),
        "groupe, groupes, gruppo, gruppi, grupo, grupos, ryhmä, ryhmät",
    ),
    words.REMOVAL_DATE: (
        (
            "utløpsdato, sluttdato, gyldig til, viimeinen voimassaolopäivä, voimassa asti, date de fin, "
            "date d'expiration, valable jusqu'au, data di fine, data di scadenza, valido fino al, fecha de fin, "
            "fecha de caducidad, válido hasta"
        ),
    ),
    words.ORDER: (
        (
            "order code, order ref, orders, ordernr, order name, ordrenummer, ordrenr, bestillingsnr, bestelnr, "
            "bestelcode, "
            "bestellnr, bestellcode, auftragsnr, beställningsnr, tilaus, tilausnumero, commande, numéro de commande, "
            "n de commande, ordine, numero ordine, numero d'ordine, pedido, número de pedido, n de pedido"
        ),
        (
            "reservation id, reservation number, reservation, booking id, booking number, booking reference, booking, "
            "reserveringsnummer, boekingsnummer, buchungsnummer, bokningsnummer, bookingnummer, varausnumero, "
            "numéro de réservation, numero prenotazione, número de reserva"
        ),
        "transaction id, payment id, reference, invoice number, transactie id",
    ),
    words.SALE_ITEM: (
        (
            "product name, item name, lineitem name, line item name, line item, products, ticket type, "
            "ticket type name, "
            "ticket name, name of the ticket type, kaartsoort, tickettype, ticketsoort, billettype, ticketart, "
            "tickettyp, "
            "biljettyp, billettype, lipputyyppi, lippulaji, type de billet, tarif, produit, article, tipo biglietto, "
            "tipo di biglietto, prodotto, articolo, tipo de entrada, producto, artículo, tuote, vare, produktnavn, "
            "produktnaam, productnaam, produktname, produktnamn"
        ),
        "ticket, billet, billett, biljett, kaart, lippu, biglietto, entrada",
        "ticket tier, ticket category, ticket class",
        (
            "event name, event, evenement, arrangement, veranstaltung, evenemang, tapahtuma, tapahtuman nimi, "
            "événement, "
            "evento"
        ),
    ),
    words.TICKET_TYPE: (
        (
            "ticket name, ticket product, name of the ticket type, lipputyyppi, lippulaji, type de billet, tarif, "
            "tipo biglietto, tipo di biglietto, tipo de entrada, attendee type, registration type"
        ),
        (
            "product, product name, item, item name, lineitem name, produkt, produktnaam, productnaam, produktname, "
            "produktnamn, produktnavn, artikel, vare, produit, prodotto, producto"
        ),
        (
            "category, ticket category, price category, categorie, prijscategorie, kategori, priskategori, kategorie, "
            "preiskategorie, luokka, catégorie, categoria, categoría"
        ),
        "ticket, billet, billett, biljett, kaart, lippu, biglietto, entrada",
    ),
    words.ORIGINAL_DATE: (
        (
            "order created date, order completed date, ordered at, ordered on, purchased at, purchased on, bought at, "
            "bought on, date purchased, gekocht op, købt den, gekauft am, köpt den, kjøpt den, bestillingsdato, "
            "kjøpsdato, tilauspäivä, ostopäivä, date de commande, date d'achat, data ordine, data acquisto, "
            "data di acquisto, fecha de pedido, fecha de compra, created date, ticket created date"
        ),
        (
            "created at, created, created on, registered at, registration date, registered on, booked at, "
            "booking date, date created, aangemaakt op, oprettet, opprettet, erstellt am, skapad, luotu, créé le, "
            "creato il, creado el, inschrijfdatum, tilmeldingsdato, anmeldedatum, anmälningsdatum"
        ),
        "paid at, paid on, betaald op, betalt den, bezahlt am, betald den, maksettu, payé le, pagato il, pagado el",
        "date, datum, dato, päivämäärä, data, fecha, date time, timestamp",
    ),
}
_OTHERS_OF = {words.PURCHASED_AT: words.ORIGINAL_DATE}
_TABLE_RANK = {words.TICKET_CODE: 1}
_BARCODE = re.compile(r".*(barcode|streepjescode|stregkode|strichcode|streckkod).*")
_NUMBER = re.compile(r".*(ticket|kaart|billet|biljett)(number|no|nummer|nr)")
_BARE_GROUPS = re.compile(r"group|groups|groep|groepen|grupper?|gruppen?|groupes?|grupp[oi]|grupos?|ryhmat?")


@lru_cache(_REMEMBERED)
def plain(header: str) -> str:
    """A header without regard to case, accents, spaces and punctuation; `(UTC)` at its end is no part of it."""
    text = unicodedata.normalize("NFKD", header[:_LONGEST].casefold().replace("#", "number").translate(_UNDECOMPOSED))
    return re.sub(r"(?<=.)(utc|gmt)$", "", "".join(filter(str.isalnum, text)))


def says_utc(header: str) -> bool:
    """Whether the times below that header are said to be in UTC."""
    return re.search(r"(?<![a-z])(utc|gmt)(?![a-z])", header.casefold()) is not None


def is_bare_groups(header: str) -> bool:
    """Whether the groups below that header may be another system's."""
    return _BARE_GROUPS.fullmatch(plain(header)) is not None


@lru_cache(_REMEMBERED)
def person_part(header: str) -> tuple[str, Role] | None:
    """Which part of somebody's name, or whose address, a header announces; None for any other."""
    text = plain(header)
    found = None if len(header) >= _LONGEST or text in _split(_NO_PERSON) else _person().fullmatch(text)
    if found is None:
        return None
    part = _parts()[found["base"]]
    said = found["before"] or found["behind"]
    return part, _roles()[said] if said else Role.ANYBODY


def says_role(header: str) -> Role | None:
    """Whose columns stand below a header that is nothing but a word for somebody, such as “Attendee”."""
    text = plain(header)
    roles = _roles()
    return roles.get(text) or roles.get(text.removesuffix("s"))


def words_for_people() -> frozenset[str]:
    """The words for attendees and buyers, as `plain` makes them."""
    return frozenset(word for word, role in _roles().items() if role is not Role.ANYBODY)


@lru_cache(_REMEMBERED)
def rank(field: str, header: str) -> int | None:
    """How sure a header is to be that field: 0 the surest; None when it is no word of it at all."""
    text = plain(header)
    if text in _table(field):
        return _rank_in_table(field, text)
    for place, group in enumerate(_OTHERS.get(_OTHERS_OF.get(field, field), ())):
        if text in _split(group):
            return place if field == words.TICKET_CODE else place + 1
    return None


def _rank_in_table(field: str, text: str) -> int:
    if field != words.TICKET_CODE:
        return 1 if field == words.CUSTOMER_GROUPS and _BARE_GROUPS.fullmatch(text) else 0
    if _BARCODE.fullmatch(text):
        return 0
    return 6 if _NUMBER.fullmatch(text) else _TABLE_RANK[field]


@cache
def _table(field: str) -> frozenset[str]:
    return frozenset(plain(word) for said in words.COLUMN_WORDS[field].values() for word in said)


@cache
def _split(group: str) -> frozenset[str]:
    return frozenset(map(plain, group.split(", ")))


@cache
def _person() -> re.Pattern[str]:
    """Role, part; or part, role: each with what languages put between them."""
    roles, parts = _either(_roles()), _either(_parts())
    filler = "(?:s|n|en|ens|nes|e|r|rs)?(?:name|naam|navn|namn|details?|info|address|adresse?)?"
    glue = "(?:of|ofthe|van|vande|von|des|der|du|de|del|dela|delle?|dell|di|da|d|l|av|af|i)*"
    return re.compile(
        f"(?:(?P<before>{roles}){filler})?(?P<base>{parts})(?:(?:value|s)?|{glue}(?P<behind>{roles})(?:s|n|en|ns)?)"
    )


def _either(found: Iterable[str]) -> str:
    return "|".join(sorted(found, key=len, reverse=True))


@cache
def _roles() -> dict[str, Role]:
    return {plain(word): role for role, said in _ROLES.items() for word in said.split(", ")}


@cache
def _parts() -> dict[str, str]:
    return {plain(word): part for part, said in _PARTS.items() for word in said.split(", ")}
