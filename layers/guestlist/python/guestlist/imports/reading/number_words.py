"""Regular expressions for headers of numbers and dates, to tell quantities and dates of purchases from others.

They are compared with headers as `slug` makes them.
"""

import re

OF_CODES = re.compile(
    r".*(used|redeemed|redemption|gebruikt|brugt|brukt|anvand|eingelost|genutzt|utilise|usat|usad|sold|verkocht|solgt|"
    r"verkauft|salda|sales|orders|clicks|views|usagecount|usecount|type|soort|tier|level|class|klasse|niveau|rang|wave|"
    r"phase|fase|batch|round|ronde|stage|step|prio|group|groep|grupp|season|seizoen|edition).*"
)
"""Headers of numbers beside codes that are their use or their rank, not a quantity."""
REMAINS = re.compile(r"remain|uses?left|rest|overig|resterende|tilbage|verbleib|ubrig|kvar|jaljell")
"""Headers of a remaining quantity, which is better than the original one."""
SUM = re.compile(
    "(total|totaal|totalt|totale|yhteensa|gesamt|summe|summa|sum|ialt|sammanlagt|tilsammen)"
    "(persons|people|guests|personen|personer|henkiloa|gasten|gaester|gaste|gjester|gaster|vieraat|invites|convives|"
    "personnes|ospiti|persone|invitados|personas|asistentes)?"
)
OTHER_DATES = re.compile(
    r".*(birth|dob|geboorte|fodsel|geburt|fodelse|naissance|nascita|nacimiento|event|evenement|veranstaltung|show|performance|voorstelling|forestilling|forestalling|vorstellung|"
    r"session|valid|geldig|gyldig|gultig|giltig|expir|verval|udlob|ablauf|utgang|updated|modified|gewijzigd|checkin|"
    r"checkedin|scan|refund|cancel|shipped|ship|fulfil|deliver|exported|printed|generated|downloaded|retrieved|"
    r"geexporteerd|eksporteret|exportiert|exporterad).*|(start|end|eind|ende|slut|begin).*"
)
OTHER_NUMBERS = re.compile(
    r".*(value|waarde|wert|vaerdi|varde|valeur|valore|valor|gross|net|balance|charge|commission|spend|spent|price|"
    r"prijs|pris|preis|amount|bedrag|belob|betrag|belopp|total|totaal|cost|fee|tax|vat|btw|moms|mwst|sum|"
    r"phone|telefoon|telefon|mobile|zip|post|postal|house|huis|age|leeftijd|alder|year|jaar|month|maand|day|week|"
    r"number|nummer|row|rij|rivi|rangee|fila|raekke|reihe|rad|seat|stoel|plads|platz|plats|gate|block|section|line|"
    r"index|rank|score|"
    r"rating|points|punten|discount|reduc|remise|sconto|descuento|alennus|off|korting|rabat|percent|version|"
    r"duration|minutes|table|tafel|bord|tisch|floor).*|"
    r".*(id|no|nr|ref|code|kode|kod)|r|n"
)
USES = re.compile(
    r".*(howmany|hoeveel|hvormange|wieviele?|hurmanga|combien|quanti|quante|cuant[oa]s|montako)"
    r"(?!(de|d)?(years|months|weeks|days|hours|minutes|times|km|kilomet|miles|jaren|jaar|maanden|weken|dagen|uren|uur|keer|"
    r"ar(?!r)|maneder|uker|uger|dage|dager|timer|gange|ganger|jahre|monate|wochen|tage|stunden|male?|manader|veckor|"
    r"dagar|timmar|annees|ans|mois|semaines|jours|heures|fois|anni|mesi|settimane|giorni|ore|volte|anos|meses|semanas|"
    r"dias|horas|veces|vuotta|kuukautta|viikkoa|paivaa|tuntia|kertaa)).*|"
    r"(numberof|totalnumberof|noof|aantal|totaalaantal|antal|antall|samletantal|totaltantal|totalantal|totaltantall|"
    r"anzahl(der)?|gesamtanzahl(der)?|gesamtzahlder|nombrede|nombretotalde|numerodi|numerototaledi|numerode|"
    r"numerototalde|cantidadde|cantidadtotalde|maara|kokonaismaara)"
    r"(?!.*(used|redeem|gebruikt|brugt|brukt|anvand|genutzt|eingelost|utilis|usat|usad|sold|verkocht|solgt|"
    r"verkauft))[a-z]+|"
    r"(anzahl|antal|antall|aantal|number|quantity|qty|nb|nombre)[a-z]*(je|per|pr|pro|par|por)(code|kode|kod|"
    r"codice|codigo)|"
    r"(seats|places|covers|chairs)(purchased|bought|booked|reserved|requested)|"
    r"(valid|good|geldig|gyldig|gultig|giltig)(for|voor|til|fur)|"
    r"(total|totaal|totalt|remaining|resterende?|verbleibende?|kvarvarande|tilbagevaerende)(uses|tickets|kaarten|billetter|biljetter|nutzungen)|usesleft|"
    r"(number|no|nr|nb|nbre|nombre|numero|num|n|aantal|antal|antall|anzahl|cantidad|quantita|total|totaal|totale|"
    r"totalt)?"
    r"(of|van|der|af|av|de|di)?(uses|usages|times|redemptions|admits|admissions|entries|"
    r"persons|personen|personer|people|pax|heads|places|plaatsen|pladser|platser|platze|units|pcs|pieces|stuks|stuk|"
    r"stk|stuck|stuckzahl|quantityavailable|available|allocation|allotment|allowance|beschikbaar|verfugbar|"
    r"tillgangliga|guests|gasten|gaester|gaste|gjester|gaster|count|personnes|persone|personas|henkilomaara|"
    r"henkiloa|henkilot|posti|plazas|plasser|tickets|billets|biglietti|entradas|kaarten|kaartjes|karten|billetter|"
    r"biljetter|liput|lippuja|partysize|groupsize|invites|invitati|"
    r"ospiti|vieraat)(requested|wanted|needed|gewenst|gevraagd|aangevraagd|onsket|onskede|onskade|gewunscht|benotigt|"
    r"demandee?s|souhaitee?s|richiest[ie]|solicitad[oa]s|desead[oa]s)?"
)
