"""The fields of all kinds of files, and the words by which their columns are recognised, in five languages."""

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "nl": "Dutch", "da": "Danish", "de": "German", "sv": "Swedish"}

CODE, EMAIL, CATEGORY, SEAT, QUANTITY = "Code", "Email", "Category", "Seat", "Quantity"
NAME, CUSTOMER_GROUPS, REMOVAL_DATE = "Name", "Customer groups", "Removal date"
FIRST_NAME, INFIX, LAST_NAME = "First name", "Infix", "Last name"
TICKET_CODE, ORIGINAL_DATE, TICKET_TYPE = "Ticket code", "Original date", "Ticket type"
ORDER, SALE_ITEM, PURCHASED_AT = "Order", "Sale item", "Purchased at"

NAME_PARTS = (FIRST_NAME, INFIX, LAST_NAME)
"""The parts of a name for which other systems have separate columns."""
CODES = (CODE, TICKET_CODE)
DATES = (ORIGINAL_DATE, PURCHASED_AT, REMOVAL_DATE)

_CODE_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Code", "Barcode", "Bar code", "Ticket code", "Ticket barcode", "Access code", "Unlock code", "Discount code",
        "Promo code", "Promotion code", "Presale code", "Invitation code", "Voucher", "Voucher code", "Coupon",
        "Coupon code", "QR code",
    ),
    "nl": (
        "Code", "Streepjescode", "Ticketcode", "Kaartcode", "Toegangscode", "Kortingscode", "Actiecode", "Vouchercode",
        "Couponcode", "Voorverkoopcode", "Uitnodigingscode", "QR-code",
    ),
    "da": ("Kode", "Stregkode", "Billetkode", "Adgangskode", "Rabatkode", "Kampagnekode", "Forsalgskode", "QR-kode"),
    "de": (
        "Code", "Strichcode", "Ticketcode", "Zugangscode", "Rabattcode", "Aktionscode", "Gutscheincode", "Gutschein",
        "Vorverkaufscode", "QR-Code",
    ),
    "sv": ("Kod", "Streckkod", "Biljettkod", "Åtkomstkod", "Rabattkod", "Kampanjkod", "Förköpskod", "QR-kod"),
}  # fmt: skip

COLUMN_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    CODE: _CODE_WORDS,
    TICKET_CODE: {
        "en": (*_CODE_WORDS["en"], "Ticket number", "Ticket no"),
        "nl": (*_CODE_WORDS["nl"], "Ticketnummer", "Kaartnummer"),
        "da": (*_CODE_WORDS["da"], "Billetnummer"),
        "de": (*_CODE_WORDS["de"], "Ticketnummer"),
        "sv": (*_CODE_WORDS["sv"], "Biljettnummer"),
    },
    EMAIL: {
        "en": ("Email", "E-mail", "Email address", "Mail", "Mail address", "Customer email", "Buyer email"),
        "nl": ("E-mail", "E-mailadres", "Mailadres", "E-mail koper", "E-mailadres koper"),
        "da": ("E-mail", "E-mailadresse", "Mailadresse", "Mail", "E-post"),
        "de": ("E-Mail", "E-Mail-Adresse", "Mailadresse", "Mail"),
        "sv": ("E-post", "E-postadress", "Mejl", "Mejladress", "Mailadress"),
    },
    CATEGORY: {
        "en": ("Category", "Ticket category", "Price category", "Ticket type", "Section"),
        "nl": ("Categorie", "Prijscategorie", "Kaartsoort", "Tickettype", "Ticketsoort", "Vak", "Sectie"),
        "da": ("Kategori", "Priskategori", "Billettype", "Sektion", "Afsnit"),
        "de": ("Kategorie", "Preiskategorie", "Ticketart", "Tickettyp", "Bereich", "Sektion"),
        "sv": ("Kategori", "Priskategori", "Biljettyp", "Sektion"),
    },
    SEAT: {
        "en": ("Seat", "Seat label", "Seat number", "Seat no"),
        "nl": ("Stoel", "Stoelnummer", "Zitplaats", "Plaats", "Plaatsnummer"),
        "da": ("Sæde", "Sædenummer", "Siddeplads", "Plads", "Pladsnummer"),
        "de": ("Sitz", "Sitzplatz", "Sitznummer", "Platz", "Platznummer"),
        "sv": ("Plats", "Platsnummer", "Sittplats", "Stol", "Stolsnummer"),
    },
    QUANTITY: {
        "en": ("Quantity", "Qty", "Number of uses", "Number of tickets"),
        "nl": ("Aantal", "Hoeveelheid", "Aantal tickets", "Aantal kaarten"),
        "da": ("Antal", "Mængde", "Antal billetter"),
        "de": ("Anzahl", "Menge", "Anzahl Tickets"),
        "sv": ("Antal", "Kvantitet", "Mängd", "Antal biljetter"),
    },
    NAME: {
        "en": ("Name", "Full name", "Customer name", "Buyer", "Buyer name"),
        "nl": ("Naam", "Volledige naam", "Klantnaam", "Koper", "Naam koper", "Naam van de koper"),
        "da": ("Navn", "Fulde navn", "Kundenavn", "Køber", "Købers navn"),
        "de": ("Name", "Vollständiger Name", "Kundenname", "Käufer", "Name des Käufers"),
        "sv": ("Namn", "Fullständigt namn", "Kundnamn", "Köpare", "Köparens namn"),
    },
    CUSTOMER_GROUPS: {
        "en": ("Customer groups", "Customer group", "Groups", "Group"),
        "nl": ("Klantgroepen", "Klantgroep", "Klantengroepen", "Groepen", "Groep"),
        "da": ("Kundegrupper", "Kundegruppe", "Grupper", "Gruppe"),
        "de": ("Kundengruppen", "Kundengruppe", "Gruppen", "Gruppe"),
        "sv": ("Kundgrupper", "Kundgrupp", "Grupper", "Grupp"),
    },
    REMOVAL_DATE: {
        "en": ("Removal date", "Remove on", "Member until", "Valid until", "End date", "Expiry date"),
        "nl": ("Verwijderdatum", "Lid tot", "Geldig tot", "Einddatum", "Vervaldatum"),
        "da": ("Fjernelsesdato", "Medlem til", "Gyldig til", "Slutdato", "Udløbsdato"),
        "de": ("Entfernungsdatum", "Mitglied bis", "Gültig bis", "Enddatum", "Ablaufdatum"),
        "sv": ("Borttagningsdatum", "Medlem till", "Giltig till", "Slutdatum", "Utgångsdatum"),
    },
    ORIGINAL_DATE: {
        "en": ("Original date", "Original order date", "Order date", "Purchase date", "Date of purchase"),
        "nl": ("Oorspronkelijke datum", "Originele datum", "Besteldatum", "Orderdatum", "Aankoopdatum"),
        "da": ("Oprindelig dato", "Ordredato", "Købsdato"),
        "de": ("Ursprüngliches Datum", "Originaldatum", "Bestelldatum", "Kaufdatum"),
        "sv": ("Ursprungligt datum", "Originaldatum", "Orderdatum", "Köpdatum", "Inköpsdatum"),
    },
    TICKET_TYPE: {
        "en": ("Ticket type", "Ticket type name", "Ticket class", "Ticket tier"),
        "nl": ("Tickettype", "Ticketsoort", "Kaartsoort", "Kaarttype"),
        "da": ("Billettype", "Billetart"),
        "de": ("Ticketart", "Tickettyp", "Kartenart"),
        "sv": ("Biljettyp", "Biljettslag"),
    },
    ORDER: {
        "en": ("Order", "Order id", "Order number", "Order no", "Order reference"),
        "nl": ("Order", "Ordernummer", "Bestelling", "Bestelnummer"),
        "da": ("Ordre", "Ordrenummer", "Bestilling", "Bestillingsnummer"),
        "de": ("Bestellung", "Bestellnummer", "Auftrag", "Auftragsnummer"),
        "sv": ("Order", "Ordernummer", "Beställning", "Beställningsnummer"),
    },
    SALE_ITEM: {
        "en": ("Sale item", "Sale item id", "Item", "Item id", "Product", "Product id"),
        "nl": ("Verkoopitem", "Artikel", "Product"),
        "da": ("Salgsvare", "Vare", "Produkt"),
        "de": ("Verkaufsartikel", "Artikel", "Produkt"),
        "sv": ("Försäljningsartikel", "Artikel", "Produkt"),
    },
    PURCHASED_AT: {
        "en": ("Purchased at", "Purchased on", "Bought at", "Bought on", "Purchase date", "Order date"),
        "nl": ("Gekocht op", "Aankoopdatum", "Besteldatum", "Orderdatum"),
        "da": ("Købt den", "Købstidspunkt", "Købsdato", "Ordredato"),
        "de": ("Gekauft am", "Kaufdatum", "Bestelldatum"),
        "sv": ("Köpt den", "Köpdatum", "Inköpsdatum", "Orderdatum"),
    },
}

REFUSED_COLUMNS = ("refused_line", "refused_column", "refused_code", "refused_reason")
"""The last columns of a file of refused rows; any file may have them, and they are never read."""
