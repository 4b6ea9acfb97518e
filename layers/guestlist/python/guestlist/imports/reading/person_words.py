"""Table of the words in headers for people, their names and their addresses; `header_recognition` reads it."""

from collections.abc import Mapping
from enum import StrEnum

from guestlist.imports.reading import fields


class Role(StrEnum):
    """The person whose name or address is in a column."""

    ATTENDEE = "attendee"
    BUYER = "buyer"
    GUARDIAN = "guardian"
    UNSPECIFIED = ""


ROLES: Mapping[Role, str] = {
    Role.ATTENDEE: (
        "attendee, participant, guest, ticket holder, holder, badge, pass holder, houder, pashouder, kortholder, "
        "indehaver, innehavare, inhaber, karteninhaber, haltija, visitor, delegate, registrant, admission, ticket, "
        "inschrijver, aanmelder, anmelder, tilmelder, påmelder, ilmoittautuja, deelnemer, bezoeker, gast, kaarthouder, "
        "deltager, gæst, billetholder, billetindehaver, deltaker, deltakar, gjest, billettholder, teilnehmer, "
        "teilnehmerin, teilnehmende, besucher, ticketinhaber, deltagare, deltagar, gäst, besökare, biljettinnehavare, "
        "osallistuja, vieras, participant, invité, visiteur, détenteur, titulaire, partecipante, ospite, titolare, "
        "intestatario, participante, asistente, invitado, titular, invitee, recipient, ticket owner, traveller, "
        "beneficiary, begunstigde, begünstigte, begünstigter, bénéficiaire, beneficiario, beneficiaria, "
        "traveler, passenger, reiziger, passagier, reisender, rejsende, resenär, passager, voyageur, viaggiatore, "
        "viajero, pasajero, porteur, current owner, current holder, new owner, new holder, spectator, spectateur, "
        "spectatrice, zuschauer, toeschouwer, tilskuer, åskådare, "
        "katsoja, fan, journalist, "
        "journaliste, giornalista, periodista, toimittaja, photographer, fotograaf, fotograf, photographe, fotografo, "
        "spettatore, espectador, osallistujan, vieraan, ontvanger, modtager, empfänger, "
        "mottaker, mottagare, destinataire, destinatario, holder of the ticket, houder van het ticket, lipun haltija, "
        "lipunhaltija, lipun haltijan, haltijan, titulaire du billet, porteur du billet, intestatario biglietto, "
        "intestatario del biglietto, titolare del biglietto, titular de la entrada, titular entrada, titular do bilhete"
    ),
    Role.BUYER: (
        "buyer, purchaser, customer, client, order, orderer, ordered by, billing, invoice, invoice address, payer, "
        "booker, booking, koper, klant, besteller, facturatie, factuur, køber, kunde, kunden, bestiller, faktura, "
        "kjøper, käufer, rechnung, rechnungs, köpare, kund, beställare, ostaja, asiakas, tilaaja, varaaja, acheteur, "
        "acquéreur, facturation, commande, acquirente, cliente, fatturazione, ordine, comprador, facturación, pedido, "
        "original owner, original buyer, original purchaser, original holder, original, previous owner, "
        "previous holder, "
        "name on card, name on badge, naam op kaart, navn på kort, name auf karte, billing person, from, sender, "
        "booked by, purchased by, bought by, reserved by, account holder, card holder, "
        "lead customer, contact principal, contacto principal, contatto principale, hauptansprechpartner, "
        "hauptkontakt, hovedkontakt, huvudkontakt, hoofdcontact, hoofdcontactpersoon, pääyhteyshenkilö, "
        "main customer, primary customer, lead contact, lead traveller, lead traveler, lead passenger, main contact, "
        "betaler, zahler, betalare, maksaja, bill to, billed to, sold to, lead guest, main guest, consumer, consument, "
        "konsument, forbruger, forbruker, verbraucher, kuluttaja, shopper, applicant, aanvrager, ansøger, "
        "antragsteller, lead booker, hoofdboeker, cardholder, asiakkaan, ostajan, tilaajan, varaajan, maksajan, "
        "bucher, boeker, payeur, payeuse, pagatore, pagador, backer, pledger, donor, donateur, spender, spenderin, "
        "patrocinador, purchase, sale, checkout"
    ),
    Role.GUARDIAN: (
        "parent, guardian, parent guardian, ouder, ouders, verzorger, ouder verzorger, forælder, forældre, værge, "
        "foresatt, foresatte, foresatt, eltern, elternteil, erziehungsberechtigte, erziehungsberechtigter, målsman, "
        "vårdnadshavare, förälder, huoltaja, huoltajan, responsable légal, genitore, tutor, padre, madre"
    ),
    Role.UNSPECIFIED: (
        "contact, contact person, referente, contatto, contacto, interlocuteur, référent, contactpersoon, "
        "kontaktperson, ansprechpartner, yhteyshenkilö, member, person, user, your, primary, main, lid, uw, je, "
        "medlem, dit, din, mitglied, ihre, kontakt, jäsen, votre, membre, socio, tuo, su, miembro, jouw, dein, deine, "
        "ihr, ditt, ton, tua, tu, relatie, preferred, best, login, subscriber, abonnee, owner, patron, supporter, "
        "volunteer, employee, student, pupil, leerling, schüler, "
        "schülerin, elev, oppilas, opiskelija, élève, étudiant, alunno, alunna, studente, studentessa, alumno, alumna, "
        "alumno a, estudiante, personal, private, privé, privat"
    ),
}
PARTS: Mapping[str, str] = {
    fields.NAME: (
        "last name first name, surname first name, achternaam voornaam, efternavn fornavn, etternavn fornavn, "
        "nachname vorname, efternamn förnamn, sukunimi etunimi, nom prénom, cognome nome, apellidos nombre, "
        "apellidos y nombre, name, full name, display name, name surname, first and last name, first name last name, "
        "naam, volledige naam, voor en achternaam, navn, fulde navn, fullt navn, for og efternavn, for og etternavn, "
        "vollständiger name, vollständigen namen, namen, vor und nachname, vor und nachnamen, namn, fullständigt namn, "
        "för och efternamn, nimi, koko nimi, etu ja sukunimi, nom, nom complet, nom et prénom, prénom et nom, nome, "
        "nome completo, nome e cognome, cognome e nome, nominativo, nombre, nombre completo, nombre y apellidos, "
        "namn på biljett, namn på biljetten, navn på billet, navn på billetten, navn på billett, name auf ticket, "
        "name auf dem ticket, name auf der karte, naam op het ticket, nom sur le billet, nome sul biglietto, "
        "nombre en la entrada, nimi lipussa, "
        "name on ticket, naam op ticket, hoe heet je, hvad hedder du, hva heter du, vad heter du, wie heißt du, "
        "come ti chiami, cómo te llamas, imię i nazwisko, jméno a příjmení, ad soyad, adı soyadı, isim soyisim, "
        "nome e apelido, nome e sobrenome"
    ),
    fields.FIRST_NAME: (
        "first name, first names, first, given name, given names, forename, fname, name first, voornaam, voornamen, "
        "roepnaam, kutsumanimi, rufname, kaldenavn, fornavn, vorname, vornamen, förnamn, tilltalsnamn, etunimi, "
        "etunimet, prénom, prénoms, primo nome, "
        "primer nombre, nombre de pila, nombres, primeiro nome, imię, jméno, meno, krstné meno, keresztnév, utónév, "
        "křestní jméno, ad, adı, isim, eesnimi"
    ),
    fields.INFIX: (
        "infix, middle name, middle names, additional name, tussenv, voorv, tussenvoegsel, tussenvoegsels, "
        "voorvoegsel, voorvoegsels, primer apellido, apellido 1, 1er apellido, tussennaam, mellemnavn, mellomnavn, "
        "zweiter vorname, namenszusatz, mellannamn, toinen nimi, deuxième prénom, secondo nome, segundo nombre"
    ),
    fields.LAST_NAME: (
        "last name, last names, last, surname, sobrenome, apelido, nazwisko, příjmení, priezvisko, vezetéknév, soyad, "
        "soyadı, soyisim, "
        "perekonnanimi, "
        "perenimi, surnames, family name, lname, name last, achternaam, "
        "familienaam, efternavn, etternavn, nachname, familienname, zuname, efternamn, sukunimi, nom de famille, "
        "cognome, apellido, apellidos, segundo apellido, apellido 2, 2o apellido"
    ),
    fields.EMAIL: (
        "email, e mail, mail, email address, mail address, email 1, email 1 value, e mailadres, mailadres, "
        "e mailadresse, mailadresse, epost, e post, epostadresse, e postadresse, e postadress, mejl, mejladress, "
        "mailadress, sähköposti, sähköpostiosoite, adresse e mail, adresse mail, adresse électronique, "
        "adresse de courriel, courriel, posta elettronica, indirizzo email, indirizzo mail, indirizzo e mail, correo, "
        "correo electrónico, dirección de correo electrónico, dirección de correo, dirección de email, email addr, "
        "email adres, e mail adres, email id, emails, adresse email, adres e mail, adres email, e mailová adresa, "
        "e mail cím, email cím, "
        "e posta, "
        "eposta, e posta adresi, e kiri, endereço de e mail"
    ),
}
NOT_PERSON_HEADERS = "ticketname, ticketnaam, ticketmail, holdername first, username"
"""Headers that look like a person's name or address but belong to a thing."""

NOT_PERSON_WORDS = (
    "purchase, sale, checkout, ticket, admission, order, billing, invoice, invoice address, booking, facturatie, "
    "factuur, faktura, rechnung, rechnung, facturation, commande, fatturazione, ordine, facturación, pedido, from, "
    "sender, recipient, user, your, primary, main, owner, uw, je, jouw, dit, din, dein, deine, ditt, ihr, ihre, votre, "
    "ton, tuo, tua, tu, su, personal, private, privé, privat"
)
"""Words that may precede “name” or “email” but do not name a person when they stand alone."""
