"""Table of the words in headers of other systems' exports; `header_recognition` reads it.

The languages are those of `fields`, and Norwegian, Finnish, French, Italian and Spanish.
"""

from collections.abc import Mapping

from guestlist.imports.reading import fields

OTHERS: Mapping[str, tuple[str, ...]] = {
    fields.TICKET_CODE: (
        (
            "barcode number, barcode no, barcode nr, barcode value, barcodes, ean, strekkode, viivakoodi, code barre, "
            "code barres, code à barres, codice a barre, código de barras, streepjescode nummer, "
            "código de barras do bilhete, kod kreskowy, čárový kód, čiarový kód, vonalkód, barkod, barkod no, ribakood"
        ),
        (
            "qr token, ticket token, check in qr, check in qr code, entry qr, entry qr code, ticket qr, "
            "ticket qr code, unique code, "
            "check in code, scan code, admission code, entry code, entrance code, entreecode, einlasscode, "
            "indgangskode, inträdeskod, personal code, your code, unieke code, persoonlijke code, unik kode, "
            "personlig kode, einmaliger code, persönlicher code, unik kod, personlig kod, code unique, code personnel, "
            "codice univoco, codice personale, código único, código personal, qr, billettkode, lippukoodi, koodi, "
            "code du billet, code billet, codice biglietto, codice, código, código de entrada, código qr, codice qr"
        ),
        (
            "security code, beveiligingscode, sikkerhedskode, sikkerhetskode, sicherheitscode, säkerhetskod, "
            "turvakoodi, code de sécurité, codice di sicurezza, código de seguridad, check code, control code, "
            "verification code, validation code, controlecode, verificatiecode, kontrolkode, kontrollkode, "
            "kontrollkod, kontrollcode, prüfcode, tarkistuskoodi, code de contrôle, code de vérification, "
            "codice di controllo, codice di verifica, código de control, código de verificación"
        ),
        "secret, ticket secret, attendee secret, geheim, geheime code",
        (
            "ticket reference, ticket ref, ticketreferentie, billetreference, ticketreferenz, biljettreferens, "
            "lippuviite, référence du billet, référence billet, riferimento biglietto, referencia de la entrada"
        ),
        (
            "rfid, rfid uid, rfid tag, rfid number, nfc uid, nfc id, chip uid, chip id, chip code, chip number, "
            "chipnummer, ticket id, ticket uuid, ticket uid, unique id, unique ticket id, ticket unique id, pass id, "
            "badge id, qr id, qr data, qr content, qr code content, qr value, qr text, public id, attendee id, "
            "attendee public id, ticketid, billet id, billett id, biljett id, lipun tunnus, id billet, id du billet, "
            "id biglietto, id entrada, uuid"
        ),
        (
            "delegate number, delegate no, delegate id, participant number, participant no, participant id, "
            "deltagernummer, deltakernummer, deltagarnummer, teilnehmernummer, teilnehmernr, deelnemersnummer, "
            "osallistujanumero, numéro de participant, numero partecipante, número de participante, "
            "ticket nr, attendee no, attendee nr, attendee number, billettnummer, lipun numero, numéro de billet, "
            "numéro du billet, numéro billet, n billet, n de billet, billetnr, billettnr, biljettnr, kaartnr, "
            "ticket serial, serial number, serial no, serienummer, seriennummer, pasnummer, pass number, "
            "abonnementsnummer, numero biglietto, n biglietto, "
            "número de entrada, deelnemernummer"
        ),
        "id, card number, card no, kortnummer, kortnr, kartennummer, numero tessera, numéro de carte",
    ),
    fields.QUANTITY: (
        (
            "number of tix, no of tix, tix, "
            "qté, qte, q tà, qtà, cant, cdad, product qty, product quantity, no of uses, uses allowed, allowed uses, "
            "utilizzi consentiti, usos permitidos, utilisations autorisées, toegestaan gebruik, erlaubte nutzungen, "
            "tilladte anvendelser, tillatte bruk, tillåtna användningar, sallitut käyttökerrat, "
            "lippuja, lippua, antall, määrä, lukumäärä, kpl, kappaletta, "
            "kappalemäärä, quantité, quantità, cantidad, nombre de billets, "
            "nombre de places, numero di biglietti, número de entradas, n biglietti, n billets, nb billets, "
            "nb de billets, nbre de billets, no entradas, n entradas, n de entradas, antall billetter, lippujen määrä"
        ),
    ),
    fields.CATEGORY: ("luokka, catégorie, categoria, categoría",),
    fields.SEAT: (
        (
            "butaca, localidad, seat name, seating, sete, setenummer, paikka, istumapaikka, siège, numéro de siège, "
            "posto, asiento"
        ),
    ),
    fields.CUSTOMER_GROUPS: (
        (
            "kundegruppe, kundegrupper, asiakasryhmä, asiakasryhmät, groupe de clients, groupes de clients, "
            "gruppo clienti, gruppi clienti, grupo de clientes, grupos de clientes"
        ),
        "groupe, groupes, gruppo, gruppi, grupo, grupos, ryhmä, ryhmät",
    ),
    fields.REMOVAL_DATE: (
        (
            "utløpsdato, sluttdato, gyldig til, viimeinen voimassaolopäivä, voimassa asti, date de fin, "
            "date d'expiration, valable jusqu'au, data di fine, data di scadenza, valido fino al, fecha de fin, "
            "fecha de caducidad, válido hasta"
        ),
    ),
    fields.ORDER: (
        (
            "order code, order ref, order num, orders, ordernr, order name, ordrenummer, ordrenr, bestillingsnr, "
            "bestelnr, bestelcode, bestellnr, bestellcode, auftragsnr, beställningsnr, tilaus, tilausnumero, commande, "
            "numéro de commande, n de commande, référence commande, référence de commande, référence de la commande, "
            "réf commande, ordine, numero ordine, numero d'ordine, id ordine, codice ordine, riferimento ordine, "
            "pedido, número de pedido, n de pedido, id pedido, referencia del pedido, encomenda, nº encomenda, "
            "zamówienie, "
            "nr zamówienia, numer zamówienia, objednávka, číslo objednávky, rendelésszám, rendelés száma, sipariş, "
            "sipariş no, sipariş numarası, "
            "tellimus, tellimuse number, ostu number"
        ),
        (
            "payment number, payment no, "
            "reservation id, reservation number, reservation no, reservation code, reservation ref, reservation, "
            "booking id, booking number, booking no, booking nr, booking code, booking ref, booking reference, "
            "booking, reservering, reservierung, buchung, bokning, reservasjon, varaus, réservation, prenotazione, "
            "reserva, confirmation number, confirmation code, purchase id, purchase number, sale id, "
            "reserveringsnummer, reserveringsnr, boekingsnummer, boekingscode, buchungsnummer, buchungscode, "
            "buchungsnr, bokningsnummer, bokningsnr, bokningsreferens, bookingnummer, bookingnr, varausnumero, "
            "köpnummer, köpnr, kjøpsnummer, købsnummer, salgsnummer, aankoopnummer, verkoopnummer, kaufnummer, "
            "verkaufsnummer, nº inscrição, número da inscrição, nº reserva, rezervace, číslo rezervace, rezerwacja, "
            "nr rezerwacji, numéro de réservation, "
            "référence de réservation, numero prenotazione, número de reserva, localizador"
        ),
        "transaction id, invoice number, transactie id",
        (
            "reference, payment id, payment reference, conf number, conf no, conf nr, registration id, "
            "registration number, "
            "registration no, registration code, reg id, reg no, reg number, receipt number, receipt no, bonnummer, "
            "folio, folio de compra, kassabon, kvittonummer, kvitto, kvitteringsnummer, kvittering, belegnummer, "
            "bonnr, kassenbonnummer, "
            "kuitin numero, numéro de reçu, numero ricevuta, número de recibo, "
            "invoice no, factuurnummer, fakturanr, rechnungsnummer, submission id, donation id, contribution id, "
            "invoice"
        ),
    ),
    fields.SALE_ITEM: (
        (
            "product details, product service, product or service, product name, item name, item title, product title, "
            "lineitem name, line item name, line item, products, ticket type, ticket types, ticket type name, "
            "ticket name, "
            "name of the ticket type, kaartsoort, tickettype, ticketsoort, billettype, ticketart, tickettyp, "
            "biljettyp, billettype, lipputyyppi, lippulaji, type de billet, tarif, tariffa, tarifa, produit, article, "
            "tipo biglietto, tipo di biglietto, prodotto, articolo, tipo de entrada, tipo de bilhete, rodzaj biletu, "
            "typ biletu, typ vstupenky, vstupenka, bilet türü, bilet tipi, "
            "pileti liik, piletiliik, producto, artículo, tuote, vare, "
            "produktnavn, produktnaam, productnaam, produktname, produktnamn"
        ),
        "ticket, billet, billett, biljett, kaart, lippu, biglietto, entrada",
        (
            "ticket tier, ticket category, ticket class, category, ticketcategorie, ticketkategorie, prijscategorie, "
            "billetkategori, billettkategori, biljettkategori, priskategori, preiskategorie, kategori, kategorie, "
            "categorie, catégorie, categoria, categoría, luokka, lippuluokka, hintaryhmä, hintaluokka, prisgruppe, "
            "prisgrupp, prijsgroep, preisgruppe, price group, price band, price type, price level, price zone, deal, "
            "rang, platzkategorie, plaatsrang, price class, price cat, preiskat, preisklasse, prijsklasse, "
            "prisklasse, prisklass, "
            "package, pakket, paket, pakke, paquete, pacchetto, forfait, formule, pass, rate, offer, offre, "
            "ticket option, membership, membership type, membership level, plan, variation, variation name, variant, "
            "lineitem variant"
        ),
        (
            "event name, event, evenement, arrangement, veranstaltung, evenemang, tapahtuma, tapahtuman nimi, "
            "événement, evento, föreställning, forestilling, vorstellung, voorstelling, performance, production, show, "
            "event title, event titel, form title, form name, campaign name, fund name, spectacle, représentation, "
            "spettacolo, función, "
            "espectáculo, esitys, näytös, konsert, konzert, concert, "
            "concierto"
        ),
        (
            "type, soort, typ, tipo, tipologia, art, slags, line, order line, orderregel, description, omschrijving, "
            "beskrivelse, beskrivning, bezeichnung, beschreibung, descrizione, descripción, kuvaus"
        ),
    ),
    fields.TICKET_TYPE: (
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
    fields.ORIGINAL_DATE: (
        (
            "order created date, order completed date, ordered at, ordered on, purchased at, purchased on, bought at, "
            "bought on, date purchased, order time, order datetime, purchase time, sale date, sold at, sold on, "
            "verkocht op, solgt den, såld, vendu le, venduto il, vendido el, date sold, date ordered, date of order, "
            "order placed, gekocht op, besteld op, verkoopdatum, salgsdato, bestilt, bestilt den, bestellt am, "
            "verkaufsdatum, verkauft am, försäljningsdatum, beställd, tilattu, ostettu, date de la commande, "
            "date de vente, data vendita, fecha de venta, fecha del pedido, købt den, gekauft am, köpt den, kjøpt den, "
            "bestillingsdato, kjøpsdato, tilauspäivä, ostopäivä, date de commande, date d'achat, data ordine, "
            "data acquisto, data di acquisto, fecha de pedido, fecha de compra, created date, ticket created date"
        ),
        (
            "registrert, registreret, registriert, registrerad, geregistreerd, rekisteröity, påmeldt, tilmeldt, "
            "anmäld, angemeldet, aangemeld, inscrit le, iscritto il, inscrito el, besteld, bestilt, bestellt, "
            "beställt, gekocht, gekauft, ostettu, kjøpt, købt, köpt, acheté le, comprado el, order placed, placed, "
            "ordered, purchased, bought, submitted, registered, created at, created, created on, registered at, "
            "registration date, registered on, booked at, booking date, booking time, booked on, booked, date booked, "
            "reservation date, reserved on, reserveringsdatum, geboekt op, buchungsdatum, gebucht am, bokningsdatum, "
            "bokad, bokat, varauspäivä, date de réservation, data prenotazione, fecha de reserva, date created, "
            "aangemaakt op, oprettet, opprettet, erstellt am, skapad, luotu, créé le, creato il, creado el, "
            "inschrijfdatum, tilmeldingsdato, påmeldingsdato, anmeldedatum, anmälningsdatum, ilmoittautumispäivä, "
            "date d'inscription, data iscrizione, fecha de inscripción"
        ),
        (
            "payment date, date of payment, date paid, betaaldatum, betalingsdato, zahlungsdatum, betalningsdatum, "
            "date de paiement, data pagamento, fecha de pago, paid at, paid on, betaald op, betalt den, bezahlt am, "
            "betald den, maksettu, payé le, pagato il, pagado el"
        ),
        (
            "date, datum, dato, päivämäärä, päiväys, pvm, tid, tidpunkt, tidspunkt, zeitpunkt, data, fecha, date time, "
            "timestamp, tijdstempel, tidsstempel, tidsstempel, zeitstempel, tidstämpel, aikaleima, horodateur, "
            "informazioni cronologiche, marca temporal"
        ),
    ),
}
