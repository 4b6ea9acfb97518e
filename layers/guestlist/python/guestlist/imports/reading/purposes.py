"""Purpose of a column of codes or numbers in an export of another system, by its header."""

import re

from guestlist.imports.reading.header_recognition import slug

_NO_LIMIT = (
    "unlimited, no limit, infinite, onbeperkt, geen limiet, ubegraenset, ingen graense, ubegrenset, ingen grense, "
    "unbegrenzt, kein limit, obegransat, ingen grans, rajaton, ei rajaa, illimite, illimitee, sans limite, illimitato, "
    "illimitata, senza limite, ilimitado, ilimitada, sin limite"
)
NO_LIMIT = frozenset(map(slug, _NO_LIMIT.split(", ")))
"""Words for no limit under any header of a quantity."""
UNLIMITED = NO_LIMIT | {"", "none", "na", "geen", "ingen", "keine"}
"""Words for no limit under the header of a limit; under another some of these may mean 0."""
_COUNT = "(?:quantity|qty|aantal|hoeveelheid|antal|antall|anzahl|menge|quantite|qte|quantita|qta|cantidad|cant|maara)"
_ORDERED = (
    "(?:ordered|purchased|bought|sold|besteld|gekocht|verkocht|bestilt|kobt|kjopt|solgt|bestellt|gekauft|verkauft|"
    "bestalld|bestallda|kopt|kopta|salda|commandee?s?|achetee?s?|vendue?s?|ordinat[aoie]|acquistat[aoie]|vendut[aoie]|"
    "pedid[ao]s?|comprad[ao]s?|vendid[ao]s?)"
)
_BOUGHT = re.compile(
    f"(?:ticket|lineitem|item|order)(?:quantity|qty)|tickets|{_COUNT}{_ORDERED}|{_ORDERED}e?{_COUNT}|"
    "bestellmenge|tilattumaara|ostettumaara"
)
_LIMIT = re.compile(
    r"(?!.*per(customer|user|order|person))(?=.*(max|maks|massim|limit|limiet|grens|grenze|raja|enintaan|hoogstens|hojst|hogst|hochst|auplus)).*"
    r"(use|usage|redemption|redeem|gebruik|brug|nutz|verwend|einlos|anvand|anvend|bruk|inwissel|indlos|"
    r"inlos|"
    r"quantity|qty|aantal|antal|anzahl|number|"
    r"utilis|utiliz|uso|kayt|ticket|kaart|billet|biljett|entrada|lippu).*|"
    r"limit|max|maximum|maksimum|limiet|(aantal)?(keer|malen)(tegebruiken|geldig)|"
    r"(antal)?gange(kan|maa)?(bruges|benyttes|gyldig)|usabletimes|times(usable|valid)|wieoft(einlosbar|"
    r"nutzbar|gultig)|(antal)?ganger(kan)?(anvandas|brukes|gyldig)"
)
_PROMO = re.compile(
    r".*(promo|promotions?|promotional|discount|coupon|voucher|access|unlock|presale|invitation|invite|korting|"
    r"actie|toegang|voorverkoop|"
    r"uitnodiging|rabatt?|kampagne|kampanje|kampanj|adgang|tilgang|forsalg|forhandssalg|zugang|aktion|gutschein|"
    r"vorverkauf|einladung|atkomst|forkop|inbjudning|alennus|ennakko|kutsu|reduction|remise|prevente|sconto|"
    r"prevendita|invito|descuento|cupon|preventa|invitacion)s?(s?(code|codes|kode|kod|koodi|codice|codigo)"
    r"(used|name)?|used)|.*(code|codice|codigo)(de|di|du|d)?(promo|promotion\w*|reduction|remise|sconto|descuento|"
    r"invitation|acces|accesso|acceso)|(voucher|coupon|gutschein|promo|cupon)s?"
)
_COUNTED = re.compile(
    r"(usage|use|uses|redemption)s?count|times?used.*|(quantity|number|uses|redemptions)used|usesleft|redemptions|"
    r"(aantal)?(keer|malen)gebruikt|antal(gange)?brugt|(gange|ganger|ganger)brugt|anzahl(der)?(nutzungen|einlosungen)|"
    r"antal(ganger)?anvand|nombred?utilisations|numeroutilizzi|usos"
)
_USED = re.compile(
    "uses?|used|usage|usages|redeemed|redemption|gebruik|gebruikt|verbruik|brug|brugt|bruk|brukt|anvand|anvandning|"
    "anvandningar|nutzung|nutzungen|genutzt|eingelost|einlosungen|kaytto|kaytetty|utilise|utilisations?|usi|usati|usados?"
)


def is_promo(header: str) -> bool:
    """Whether the header names codes for a discount or a presale, not for admission."""
    return _PROMO.fullmatch(slug(header)) is not None


def is_use_count(header: str) -> bool:
    """Whether the header names how often a code was used; only lists of codes to give out have it."""
    return _COUNTED.fullmatch(slug(header)) is not None


def is_number_of_uses(header: str) -> bool:
    """Whether the header names the use of codes, below which “3 / 10” means that each is good for ten."""
    return is_use_count(header) or _USED.fullmatch(slug(header)) is not None


def is_use_limit(header: str) -> bool:
    """Whether the header names a maximum, so that an empty cell means no limit."""
    return _LIMIT.fullmatch(slug(header)) is not None


def is_purchased_quantity(header: str) -> bool:
    """Whether the header names the number of tickets bought."""
    return _BOUGHT.fullmatch(slug(header)) is not None
