"""Names of months in many languages, and abbreviations of time zones."""

_NAMES = (
    "january januari januar jänner jan janvier janv gennaio gen enero ene tammikuuta tammi",
    "february februari februar feb février fevrier févr febbraio febrero helmikuuta helmi",
    "march maart marts märz mars mar mrt mär marzo maaliskuuta maalis",
    "april apr avril avr aprile abril abr huhtikuuta huhti",
    "may mei maj mai maggio mag mayo toukokuuta touko",
    "june juni jun juin giugno giu junio kesäkuuta kesä",
    "july juli jul juillet juil luglio lug julio heinäkuuta heinä",
    "august augustus augusti aug août aout agosto ago elokuuta elo",
    "september sept sep septembre settembre set septiembre setiembre syyskuuta syys",
    "october oktober oct okt octobre ottobre ott octubre lokakuuta loka",
    "november nov novembre noviembre marraskuuta marras",
    "december dezember desember dec dez des décembre decembre déc dicembre dic diciembre joulukuuta joulu",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Number of the month (1 to 12) by its name in lower case."""
ZONES = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "AWST": 8,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}
"""UTC offset in hours by abbreviation, for those that other systems' exports use."""
