// The sentences that the API says itself, said anew in the reader's language. What stands in braces is filled with
// what stood there; a sentence that is not in the table is shown as the API says it. In English all of them are.

import { language } from "./words";

type Row = readonly [en: string, nl: string, da: string];

const SENTENCES: readonly Row[] = [
  // Why a row was refused
  [
    "“{value}” is not in the list with this e-mail, category and seat, so nothing was removed. Write all four as they stand in the list.",
    "“{value}” staat niet met dit e-mailadres, deze categorie en deze stoel in de lijst, dus is er niets weggehaald. Schrijf alle vier zoals ze in de lijst staan.",
    "“{value}” står ikke på listen med denne e-mail, kategori og plads, så intet blev fjernet. Skriv alle fire, som de står på listen.",
  ],
  [
    "“{value}” is not a customer, and this import was told to make none. Add the customer first, or import with `create_missing`.",
    "“{value}” is geen klant, en deze import mag er geen maken. Voeg de klant eerst toe, of importeer met `create_missing`.",
    "“{value}” er ikke kunde, og denne import må ikke oprette nogen. Tilføj kunden først, eller importér med `create_missing`.",
  ],
  [
    "the row has no code and no e-mail address. Fill in at least one of them.",
    "De rij heeft geen code en geen e-mailadres. Vul ten minste een van de twee in.",
    "Rækken har hverken kode eller e-mailadresse. Udfyld mindst én af dem.",
  ],
  [
    "the cell is empty, and without it the row cannot be imported. Fill it in.",
    "De cel is leeg, en zonder kan de rij niet worden geïmporteerd. Vul hem in.",
    "Cellen er tom, og uden den kan rækken ikke importeres. Udfyld den.",
  ],
  [
    "“{value}” is not an e-mail address. Write one address, such as name@example.org.",
    "“{value}” is geen e-mailadres. Schrijf één adres, zoals naam@example.org.",
    "“{value}” er ikke en e-mailadresse. Skriv én adresse, f.eks. navn@example.org.",
  ],
  [
    "“{value}” is not a whole number from 1 to 1,000,000,000. Write the number in digits alone, or leave the cell empty for 1.",
    "“{value}” is geen heel getal van 1 tot 1.000.000.000. Schrijf het getal alleen in cijfers, of laat de cel leeg voor 1.",
    "“{value}” er ikke et helt tal fra 1 til 1.000.000.000. Skriv tallet kun med cifre, eller lad cellen stå tom for 1.",
  ],
  [
    "“{value}” {why}. Write year-month-day, such as 2026-11-30.",
    "“{value}” {why}. Schrijf jaar-maand-dag, zoals 2026-11-30.",
    "“{value}” {why}. Skriv år-måned-dag, f.eks. 2026-11-30.",
  ],
  ["is not a date", "is geen datum", "er ikke en dato"],
  ["is not a day and time that exist", "is geen bestaande dag en tijd", "er ikke en dag og et tidspunkt, der findes"],
  ["lies in the past", "ligt in het verleden", "ligger i fortiden"],
  ["is still to come", "moet nog komen", "er endnu ikke kommet"],
  ["has a year of two digits", "heeft een jaartal van twee cijfers", "har et årstal på to cifre"],
  [
    "is too long ago or too far ahead",
    "is te lang geleden of te ver vooruit",
    "er for længe siden eller for langt fremme",
  ],
  [
    "could be day {first} of month {second} or day {second} of month {first}",
    "kan dag {first} van maand {second} zijn, of dag {second} van maand {first}",
    "kan være dag {first} i måned {second} eller dag {second} i måned {first}",
  ],
  [
    "was twice that night, so it needs its offset, such as +01:00",
    "was er die nacht twee keer; zet er de afwijking bij, zoals +01:00",
    "var der to gange den nat; skriv forskydningen med, f.eks. +01:00",
  ],
  [
    "was not on the clocks, which were put forward over it",
    "stond op geen klok: die werd eroverheen vooruit gezet",
    "stod ikke på noget ur: det blev stillet frem forbi det",
  ],
  [
    "“{value}” stands on line {first_line} already, and that row counts. Remove one of the two.",
    "“{value}” staat al op regel {first_line}, en die rij telt. Haal een van de twee weg.",
    "“{value}” står allerede på linje {first_line}, og den række gælder. Fjern en af de to.",
  ],
  [
    "another row of order “{value}” was refused, so none of it was imported. Send all its rows again.",
    "Een andere rij van bestelling “{value}” is geweigerd, dus is er niets van geïmporteerd. Stuur alle rijen ervan opnieuw.",
    "En anden række af ordren “{value}” blev afvist, så intet af den blev importeret. Send alle dens rækker igen.",
  ],
  [
    "the rows of order “{value}” do not agree on who bought and when. Make them agree, and send all again.",
    "De rijen van bestelling “{value}” zijn het niet eens over wie kocht en wanneer. Maak ze gelijk en stuur ze allemaal opnieuw.",
    "Rækkerne i ordren “{value}” er ikke enige om, hvem der købte og hvornår. Gør dem ens, og send dem alle igen.",
  ],
  [
    "“{value}” stands {where} already, which was left as it is. Remove the row.",
    "“{value}” staat al {where}; daar is niets aan gewijzigd. Haal de rij weg.",
    "“{value}” står allerede {where}, hvor intet er ændret. Fjern rækken.",
  ],
  ["in the list", "in de lijst", "på listen"],
  [
    "among the orders, with other content,",
    "bij de bestellingen, met andere inhoud",
    "blandt ordrerne med andet indhold",
  ],
  ["among the tickets", "bij de tickets", "blandt billetterne"],
  [
    "“{value}” is a number that a spreadsheet has rounded, and the digits of the code are gone. Format the column as text, fill in the code again and save.",
    "“{value}” is een getal dat een spreadsheet heeft afgerond; de cijfers van de code zijn weg. Maak de kolom op als tekst, vul de code opnieuw in en sla op.",
    "“{value}” er et tal, som et regneark har afrundet, og kodens cifre er væk. Formatér kolonnen som tekst, udfyld koden igen, og gem.",
  ],
  [
    "the row has {found} cells instead of {expected}. Put a cell that holds the separator itself between double quotes.",
    "De rij heeft {found} cellen in plaats van {expected}. Zet een cel waarin het scheidingsteken zelf staat tussen dubbele aanhalingstekens.",
    "Rækken har {found} celler i stedet for {expected}. Sæt en celle, der selv indeholder skilletegnet, i dobbelte anførselstegn.",
  ],
  [
    "the row ends after cell {found} of {expected}. Add the separators that are missing, for empty cells too.",
    "De rij eindigt na cel {found} van {expected}. Voeg de ontbrekende scheidingstekens toe, ook voor lege cellen.",
    "Rækken slutter efter celle {found} af {expected}. Tilføj de skilletegn, der mangler, også for tomme celler.",
  ],
  [
    "the cell begins with a double quote that is never closed. Close it at the end of the cell, or write it twice where it belongs to the text.",
    "De cel begint met een dubbel aanhalingsteken dat nooit wordt gesloten. Sluit het aan het einde van de cel, of schrijf het dubbel waar het bij de tekst hoort.",
    "Cellen begynder med et dobbelt anførselstegn, der aldrig lukkes. Luk det i slutningen af cellen, eller skriv det to gange, hvor det hører til teksten.",
  ],
  [
    "there is no group “{value}”, so the whole row was left out. Make the group, or correct its name.",
    "Er is geen groep “{value}”, dus is de hele rij overgeslagen. Maak de groep, of verbeter de naam.",
    "Der er ingen gruppe “{value}”, så hele rækken blev sprunget over. Opret gruppen, eller ret dens navn.",
  ],
  [
    "“{value}” is filled by its rules and not by a file. Take it out of the cell.",
    "“{value}” wordt gevuld door zijn regels en niet door een bestand. Haal hem uit de cel.",
    "“{value}” fyldes af sine regler og ikke af en fil. Tag den ud af cellen.",
  ],
  [
    "“{value}” has expired and takes nobody in. Take it out of the cell, or name another group.",
    "“{value}” is verlopen en neemt niemand meer op. Haal hem uit de cel, of noem een andere groep.",
    "“{value}” er udløbet og optager ingen. Tag den ud af cellen, eller nævn en anden gruppe.",
  ],
  [
    "“{value}” does not exist. Make it first, or correct the cell.",
    "“{value}” bestaat niet. Maak het eerst, of verbeter de cel.",
    "“{value}” findes ikke. Opret den først, eller ret cellen.",
  ],
  [
    "no ticket was left for “{value}”. Raise the event's capacity, or import with `when_full` as `continue`.",
    "Voor “{value}” was er geen ticket meer. Verhoog de capaciteit van het evenement, of importeer door als die is bereikt.",
    "Der var ingen billet tilbage til “{value}”. Hæv arrangementets kapacitet, eller lad importen fortsætte, når den er nået.",
  ],
  [
    "there are more than {most} characters. Shorten it, and look for a quote that is not closed.",
    "Er staan meer dan {most} tekens. Maak het korter, en zoek naar een aanhalingsteken dat niet gesloten is.",
    "Der er mere end {most} tegn. Gør det kortere, og se efter et anførselstegn, der ikke er lukket.",
  ],
  [
    "an order has at most {most} rows, and “{value}” has more. Make several orders of it.",
    "Een bestelling heeft hoogstens {most} rijen, en “{value}” heeft er meer. Maak er verschillende bestellingen van.",
    "En ordre har højst {most} rækker, og “{value}” har flere. Del den i flere ordrer.",
  ],
  [
    "“{value}” cannot be the number of an order. Write 1 to {most} of the letters A–Z and a–z, digits and . _ ~ - without spaces.",
    "“{value}” kan geen bestelnummer zijn. Schrijf 1 tot {most} van de letters A–Z en a–z, cijfers en . _ ~ - zonder spaties.",
    "“{value}” kan ikke være et ordrenummer. Skriv 1 til {most} af bogstaverne A–Z og a–z, cifre og . _ ~ - uden mellemrum.",
  ],
  [
    "the cell holds a control character, which nobody can see or type. Type the cell anew.",
    "De cel bevat een stuurteken, dat niemand kan zien of typen. Typ de cel opnieuw.",
    "Cellen indeholder et styretegn, som ingen kan se eller skrive. Skriv cellen igen.",
  ],
  // What is worth a look in a file
  [
    "The letters were read as {encoding}. If some look wrong, save the file as “CSV UTF-8”.",
    "De letters zijn gelezen als {encoding}. Zien er sommige verkeerd uit, bewaar het bestand dan als “CSV UTF-8”.",
    "Bogstaverne er læst som {encoding}. Ser nogle forkerte ud, så gem filen som “CSV UTF-8”.",
  ],
  [
    "The column “{column}” was not read, but may be meant as {field}.",
    "De kolom “{column}” is niet gelezen, maar is misschien bedoeld als {field}.",
    "Kolonnen “{column}” er ikke læst, men er måske ment som {field}.",
  ],
  ["Not read: {columns} and {n} more.", "Niet gelezen: {columns} en nog {n}.", "Ikke læst: {columns} og {n} til."],
  ["Not read: {columns}.", "Niet gelezen: {columns}.", "Ikke læst: {columns}."],
  [
    "There is no column for the quantity, so every row counts for 1.",
    "Er is geen kolom voor het aantal, dus telt elke rij voor 1.",
    "Der er ingen kolonne til antallet, så hver række tæller for 1.",
  ],
  [
    "There is no column for the original date, so the tickets count as bought today.",
    "Er is geen kolom voor de oorspronkelijke datum, dus gelden de tickets als vandaag gekocht.",
    "Der er ingen kolonne til den oprindelige dato, så billetterne gælder som købt i dag.",
  ],
  [
    "{rows}: the quantity is empty and was read as 1.",
    "{rows}: het aantal is leeg en werd gelezen als 1.",
    "{rows}: antallet er tomt og blev læst som 1.",
  ],
  [
    "{rows}: the code has more than 15 digits and ends in zeros. Spreadsheets keep 15 digits of a number; compare these codes with their source.",
    "{rows}: de code heeft meer dan 15 cijfers en eindigt op nullen. Spreadsheets bewaren van een getal 15 cijfers; vergelijk deze codes met hun bron.",
    "{rows}: koden har mere end 15 cifre og slutter med nuller. Regneark gemmer 15 cifre af et tal; sammenlign koderne med deres kilde.",
  ],
  [
    "{rows}: the code begins or ends with a space. It was kept, and must be scanned with it.",
    "{rows}: de code begint of eindigt met een spatie. Die is bewaard, en moet mee worden gescand.",
    "{rows}: koden begynder eller slutter med et mellemrum. Det er beholdt og skal scannes med.",
  ],
  [
    "{rows}: the code holds a character that cannot be seen, such as a no-break space. It was kept; type the code anew if it should not be there.",
    "{rows}: de code bevat een teken dat niet te zien is, zoals een harde spatie. Het is bewaard; typ de code opnieuw als het er niet hoort.",
    "{rows}: koden indeholder et tegn, der ikke kan ses, f.eks. et hårdt mellemrum. Det er beholdt; skriv koden igen, hvis det ikke skal være der.",
  ],
  [
    "{rows}: there is no original date, so the ticket counts as bought on the day of the import.",
    "{rows}: er is geen oorspronkelijke datum, dus geldt het ticket als gekocht op de dag van de import.",
    "{rows}: der er ingen oprindelig dato, så billetten gælder som købt på importdagen.",
  ],
  [
    "{rows}: the code has {short} digits where most have {usual}. Spreadsheets drop a zero at the beginning of a number; compare these codes with their source.",
    "{rows}: de code heeft {short} cijfers waar de meeste er {usual} hebben. Spreadsheets laten een nul aan het begin van een getal weg; vergelijk deze codes met hun bron.",
    "{rows}: koden har {short} cifre, hvor de fleste har {usual}. Regneark udelader et nul i begyndelsen af et tal; sammenlign koderne med deres kilde.",
  ],
  ["1 row (line {line})", "1 rij (regel {line})", "1 række (linje {line})"],
  ["{n} rows (lines {lines})", "{n} rijen (regels {lines})", "{n} rækker (linjer {lines})"],
  // What was kept when an import was taken back
  ["“{entry}” is in use, and stays.", "“{entry}” is in gebruik, en blijft.", "“{entry}” er i brug og bliver."],
  [
    "{n} more entries are in use, and stay.",
    "Nog {n} regels zijn in gebruik, en blijven.",
    "{n} poster til er i brug og bliver.",
  ],
  [
    "Ticket “{code}” of line {line} was scanned, and stays.",
    "Ticket “{code}” van regel {line} is gescand, en blijft.",
    "Billetten “{code}” fra linje {line} er scannet og bliver.",
  ],
  [
    "{n} more tickets were scanned, and stay.",
    "Nog {n} tickets zijn gescand, en blijven.",
    "{n} billetter til er scannet og bliver.",
  ],
  [
    "{n} buyers whom the import made customers stay customers.",
    "{n} kopers die door de import klant werden, blijven klant.",
    "{n} købere, som importen gjorde til kunder, forbliver kunder.",
  ],
  [
    "The membership of {email} was changed since, and stays as it is.",
    "Het lidmaatschap van {email} is sindsdien gewijzigd, en blijft zoals het is.",
    "Medlemskabet for {email} er ændret siden og bliver, som det er.",
  ],
  [
    "{n} more memberships were changed since, and stay.",
    "Nog {n} lidmaatschappen zijn sindsdien gewijzigd, en blijven.",
    "{n} medlemskaber til er ændret siden og bliver.",
  ],
  // Why a membership is as it is
  ["added by hand", "met de hand toegevoegd", "tilføjet i hånden"],
  ["removed by hand", "met de hand verwijderd", "fjernet i hånden"],
  ["the removal date has come", "de verwijderdatum is bereikt", "fjernelsesdatoen er nået"],
  ["it had come to its end", "het was ten einde gekomen", "det var udløbet"],
  ["erased", "gewist", "slettet"],
  ["undo of {file}", "terugdraaien van {file}", "tilbagetagning af {file}"],
  ["line {line} of {file}", "regel {line} van {file}", "linje {line} i {file}"],
];

/** The holes that are filled with sentences of the table themselves. */
const INNER: ReadonlySet<string> = new Set(["why", "where", "rows"]);
const PLACES = { nl: 1, da: 2 } as const;

const patterns = SENTENCES.map((row) => ({ row, like: pattern(row[0]) }));

function pattern(sentence: string): RegExp {
  const escaped = sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, namedOnce())}$`, "su");
}

/** A hole takes the least that fits; one that is named again takes the same. */
function namedOnce(): (hole: string, name: string) => string {
  const seen = new Set<string>();
  return (_, name) => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>.*?)`;
  };
}

/** What the API says, in the reader's language as far as it is known there. */
export function inOurWords(said: string): string {
  if (language.value === "en") return said;
  for (const { row, like } of patterns) {
    const found = like.exec(said);
    if (found)
      return row[PLACES[language.value]].replace(/\{(\w+)\}/g, (_, name: string) =>
        filled(name, found.groups?.[name] ?? ""),
      );
  }
  return said;
}

/** What is wrong with a row of a file, without the line and the column, which stand beside it. */
export function aboutRow(detail: string): string {
  const said = inOurWords(detail.replace(/^Line [\d,]+, column “.*?”: /s, ""));
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function filled(name: string, value: string): string {
  return INNER.has(name) ? inOurWords(value) : value;
}
