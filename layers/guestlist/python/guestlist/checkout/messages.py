"""The sentences of an explanation, in each language."""

from collections.abc import Mapping
from enum import StrEnum

from guestlist.checkout.findings import Level
from guestlist.checkout.response import Reason


class Language(StrEnum):
    """The languages that explanations are written in."""

    ENGLISH = "en"
    DUTCH = "nl"
    DANISH = "da"


def language_of(accepted: str) -> Language:
    """The best of ours for an Accept-Language header; English when it names none of them."""
    best, weight = Language.ENGLISH, 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        language = next((one for one in Language if one == tag.strip().lower().split("-")[0]), None)
        wanted = _weight(parameters)
        if language is not None and wanted > weight:
            best, weight = language, wanted
    return best


def _weight(parameters: str) -> float:
    try:
        return float(parameters.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


LEVELS: Mapping[Language, Mapping[Level, str]] = {
    Language.ENGLISH: {
        Level.ITEM: "Sale item",
        Level.INVENTORY: "Inventory item",
        Level.CODE: "Code",
        Level.DISCOUNT: "Discount code",
    },
    Language.DUTCH: {
        Level.ITEM: "Verkoopartikel",
        Level.INVENTORY: "Voorraadartikel",
        Level.CODE: "Code",
        Level.DISCOUNT: "Kortingscode",
    },
    Language.DANISH: {
        Level.ITEM: "Salgsvare",
        Level.INVENTORY: "Lagervare",
        Level.CODE: "Kode",
        Level.DISCOUNT: "Rabatkode",
    },
}

REASONS: Mapping[Language, Mapping[Reason, str]] = {
    Language.ENGLISH: {
        Reason.UNKNOWN_CODE: "no list has this code; a code from one of the lists is needed.",
        Reason.USED_UP: "every use has been made; {needed} needed, 0 found.",
        Reason.HELD_BY_OTHERS: "The rest is in other people's carts and may become free again; "
        "{needed} needed, {free} found.",
        Reason.WRONG_EMAIL: "the code is personal; the e-mail address that it was given to is needed.",
        Reason.LOGIN_REQUIRED: "nobody is logged in; a customer in {groups} is needed.",
        Reason.NOT_IN_GROUP: "this customer is not in the group; needed is {groups}.",
        Reason.GROUP_EXPIRED: "{groups} lasted until {ended} and opens nothing any more.",
        Reason.GROUP_DELETED: "the group that opened it has been deleted.",
        Reason.MEMBERSHIP_ENDED: "the membership of {groups} lasted until {ended}.",
        Reason.WRONG_CATEGORY: "the category asked for is {wanted}; opened is {opened}.",
        Reason.WRONG_SEAT: "the seats asked for are {wanted}; opened are {opened}.",
        Reason.QUANTITY_TOO_HIGH: "too few uses are left; {needed} needed, {free} found.",
        Reason.UNKNOWN_ITEM: "there is no such sale item here.",
        Reason.UNKNOWN_DISCOUNT: "there is no discount with this code.",
        Reason.TOO_MANY_TRIES: "too many wrong codes were tried; try again in a minute.",
    },
    Language.DUTCH: {
        Reason.UNKNOWN_CODE: "deze code staat op geen enkele lijst; nodig is een code van een van de lijsten.",
        Reason.USED_UP: "alles is gebruikt; {needed} nodig, 0 gevonden.",
        Reason.HELD_BY_OTHERS: "anderen houden vast wat over is, en wat zij niet kopen komt terug; "
        "{needed} nodig, {free} gevonden.",
        Reason.WRONG_EMAIL: "de code is persoonlijk; nodig is het e-mailadres waaraan hij gegeven is.",
        Reason.LOGIN_REQUIRED: "er is niemand ingelogd; nodig is een klant in {groups}.",
        Reason.NOT_IN_GROUP: "deze klant zit niet in de groep; nodig is {groups}.",
        Reason.GROUP_EXPIRED: "{groups} liep tot en met {ended} en opent niets meer.",
        Reason.GROUP_DELETED: "de groep die toegang gaf is verwijderd.",
        Reason.MEMBERSHIP_ENDED: "het lidmaatschap van {groups} liep tot en met {ended}.",
        Reason.WRONG_CATEGORY: "de gevraagde categorie is {wanted}; open is {opened}.",
        Reason.WRONG_SEAT: "de gevraagde plaatsen zijn {wanted}; open zijn {opened}.",
        Reason.QUANTITY_TOO_HIGH: "er is te weinig over; {needed} nodig, {free} gevonden.",
        Reason.UNKNOWN_ITEM: "dit verkoopartikel is er hier niet.",
        Reason.UNKNOWN_DISCOUNT: "er is geen korting met deze code.",
        Reason.TOO_MANY_TRIES: "er zijn te veel verkeerde codes geprobeerd; probeer het over een minuut opnieuw.",
    },
    Language.DANISH: {
        Reason.UNKNOWN_CODE: "koden står ikke på nogen liste; der kræves en kode fra en af listerne.",
        Reason.USED_UP: "alt er brugt; {needed} kræves, 0 fundet.",
        Reason.HELD_BY_OTHERS: "andre holder det, der er tilbage, og det, de ikke køber, kommer igen; "
        "{needed} kræves, {free} fundet.",
        Reason.WRONG_EMAIL: "koden er personlig; der kræves den e-mailadresse, den er givet til.",
        Reason.LOGIN_REQUIRED: "ingen er logget ind; der kræves en kunde i {groups}.",
        Reason.NOT_IN_GROUP: "kunden er ikke i gruppen; der kræves {groups}.",
        Reason.GROUP_EXPIRED: "{groups} gjaldt til og med {ended} og åbner ikke for noget mere.",
        Reason.GROUP_DELETED: "gruppen, der gav adgang, er slettet.",
        Reason.MEMBERSHIP_ENDED: "medlemskabet af {groups} gjaldt til og med {ended}.",
        Reason.WRONG_CATEGORY: "der bedes om kategorien {wanted}; åben er {opened}.",
        Reason.WRONG_SEAT: "der bedes om pladserne {wanted}; åbne er {opened}.",
        Reason.QUANTITY_TOO_HIGH: "der er for få tilbage; {needed} kræves, {free} fundet.",
        Reason.UNKNOWN_ITEM: "salgsvaren findes ikke her.",
        Reason.UNKNOWN_DISCOUNT: "der findes ingen rabat med denne kode.",
        Reason.TOO_MANY_TRIES: "der er prøvet for mange forkerte koder; prøv igen om et minut.",
    },
}

# What would help: one ticket, several, by when, into which group; and the words between parts.
HELP: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {
        "one": "{missing} more ticket of {name} ({found} of {needed} found)",
        "many": "{missing} more tickets of {name} ({found} of {needed} found)",
        "before": "{what} before {day}",
        "group": "What would help for {group}: {ways}.",
        "and": " and ",
        "or": ", or ",
    },
    Language.DUTCH: {
        "one": "nog {missing} ticket van {name} ({found} van {needed} gevonden)",
        "many": "nog {missing} tickets van {name} ({found} van {needed} gevonden)",
        "before": "{what} vóór {day}",
        "group": "Wat zou helpen voor {group}: {ways}.",
        "and": " en ",
        "or": ", of ",
    },
    Language.DANISH: {
        "one": "{missing} billet mere til {name} ({found} af {needed} fundet)",
        "many": "{missing} billetter mere til {name} ({found} af {needed} fundet)",
        "before": "{what} før {day}",
        "group": "Det ville hjælpe for {group}: {ways}.",
        "and": " og ",
        "or": ", eller ",
    },
}

DAY: Mapping[Language, str] = {
    Language.ENGLISH: "{day} {month} {year}",
    Language.DUTCH: "{day} {month} {year}",
    Language.DANISH: "{day}. {month} {year}",
}

MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.ENGLISH: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    Language.DUTCH: (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    Language.DANISH: (
        *("januar", "februar", "marts", "april", "maj", "juni"),
        *("juli", "august", "september", "oktober", "november", "december"),
    ),
}
