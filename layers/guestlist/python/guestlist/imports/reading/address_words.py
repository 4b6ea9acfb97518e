"""Table of the words in headers of a person's own addresses, such as “Work email”; `header_recognition` reads it."""

from collections.abc import Sequence

ADDRESSES: Sequence[str] = (
    (
        "preferred, primary, main, principal, best, default, voorkeurs, primair, hoofd, foretrukket, primær, "
        "bevorzugt, bevorzugte, haupt, primäre, huvud, primär, ensisijainen, principale, préféré, préférée, preferita, "
        "preferido"
    ),
    (
        "personal, private, home, own, privé, privat, persoonlijk, persoonlijke, thuis, personlig, hjemme, hjem, "
        "persönlich, persönliche, private, zuhause, hem, koti, oma, perso, personnel, personnelle, domicile, "
        "personale, privata, casa, particular"
    ),
    "",
    (
        "work, business, office, company, corporate, job, professional, werk, zakelijk, zakelijke, bedrijf, bedrijfs, "
        "arbejde, arbejds, arbeid, jobb, arbeit, arbeits, dienst, dienstlich, dienstliche, geschäft, geschäftlich, "
        "geschäftliche, firma, firmen, arbete, arbets, työ, professionnel, professionnelle, pro, travail, bureau, "
        "institutional, school, university, campus, academic, universiteit, skole, universitets, schul, hochschul, "
        "uni, skola, institutionnel, universitaire, istituzionale, universitaria, institucional, "
        "lavoro, ufficio, aziendale, trabajo, empresa, profesional, laboral"
    ),
    (
        "secondary, second, alternate, alternative, other, additional, secundair, secundaire, tweede, ander, "
        "alternatief, sekundær, andet, anden, alternativ, sekundär, sekundäre, zweite, weitere, andra, annan, "
        "toissijainen, toinen, muu, secondaire, autre, secondaria, altra, secundario, alternativo, otro"
    ),
)
"""Words for one of a person's own addresses, the one to be taken first of all; “” is any other."""
