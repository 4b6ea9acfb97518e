"""Recognition of headers for alternatives to a part of a name, such as initials or a birth name."""

from guestlist.imports.reading import fields
from guestlist.imports.reading.header_recognition import person_part, slug
from guestlist.imports.reading.headers import Headers


def _slugs(listed: str) -> frozenset[str]:
    return frozenset(map(slug, listed.split(", ")))


_OTHER_LAST_NAMES = _slugs(
    "birth name, maiden name, name at birth, geboortenaam, meisjesnaam, fødenavn, pigenavn, pikenavn, geburtsname, "
    "nom d'usage, nom usuel, nom marital, mädchenname, födelsenamn, flicknamn, nom de naissance, nom de jeune fille, "
    "cognome da nubile"
)
"""Words for the last name for files in which another one is missing, or empty for some."""
_NAMES_USED = _slugs(
    "roepnaam, kutsumanimi, tilltalsnamn, rufname, kaldenavn, known as, preferred name, preferred first name"
)
"""Words for the first name that a person goes by, beside a column of all first names."""
_INITIALS = _slugs(
    "initials, voorletters, voorletter, initialen, forbogstaver, initialer, initiales, iniziali, iniciales, "
    "nimikirjaimet"
)
"""Words for initials, which replace the first name in files without one."""
_PLURAL_NAMES = _slugs("names, namen, navne, navner, nimet, noms, nomi, names of guests, guest names")
"""Words for the names of a whole party, beside the name of the person who has the address."""


def is_other_last_name(header: str) -> bool:
    """Whether the header names a last name of a person who may have another one."""
    return slug(header) in _OTHER_LAST_NAMES


def _is_name_used(header: str) -> bool:
    """Whether the header names the first name that a person goes by."""
    return slug(header) in _NAMES_USED


def is_initials(header: str) -> bool:
    """Whether the header names a person's initials."""
    return slug(header) in _INITIALS


def is_plural_name(header: str) -> bool:
    """Whether the header names the names of several people."""
    return slug(header) in _PLURAL_NAMES


def names_used(indexes: list[int], headers: Headers) -> list[int]:
    """The column of the names that are used, unless a row has only another first name; then the others."""
    used = [index for index in indexes if _is_name_used(headers.names[index])]
    others = [index for index in indexes if index not in used]
    if len(used) != 1 or not others:
        return indexes
    missing = any(
        not name and any(cells)
        for name, *cells in zip(headers.cells(used[0]), *map(headers.cells, others), strict=True)
    )
    return others if missing else used


def is_numbered_name(header: str) -> bool:
    """Whether the header is that of one of several people's names, such as “Name 2”."""
    name = header.strip()
    part = person_part(name[:-1]) if name[-1:].isdigit() else None
    return part is not None and part[0] != fields.EMAIL
