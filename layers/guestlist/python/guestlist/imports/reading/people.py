"""Recognition of the columns of one person: the e-mail address, and the name that belongs to it."""

import re
from collections import Counter
from collections.abc import Sequence

from guestlist.imports.reading import fields
from guestlist.imports.reading.header_recognition import (
    address_rank,
    is_bare,
    part_with_unknown_role,
    person_part,
    role_of_bare_header,
    slug,
)
from guestlist.imports.reading.headers import Headers, single_column
from guestlist.imports.reading.name_headers import (
    is_initials,
    is_numbered_name,
    is_other_last_name,
    is_plural_name,
    names_used,
)
from guestlist.imports.reading.person_words import Role
from guestlist.model.email_address import clean_email, is_email

_NAMES = (fields.NAME, *fields.NAME_PARTS)
_NOT_OF_GUESTS = re.compile(
    r"owner|creat|modif|assign|agent|seller|sales|vendor|staff|employ|organi|host|promot|(?<!p)refer(?!ente)|inviter|"
    r"invitedby|"
    r"sentby|scann|manager|verkoper|medewerker|werknemer|saelger|verkaufer|mitarbeiter|forsaljare|arrangor|"
    r"veranstalter|"
    r"myyja|jarjestaja|supplier|leverancier|leverandor|lieferant|leverantor|fournisseur|fornitore|proveedor|vendeur|venditore|vendedor|admin|sender|from$|replyto|shop|store|merchant|support"
)
"""Words in headers of columns that hold the data of sellers, organisers and others, not of guests."""
_YOUR = re.compile(r"\W*(your|je|jouw|uw|dit|din|ditt|dein|deine|ihre?|votre|ton|tua?|tuo|sua?)\b", re.IGNORECASE)
_FIRST_NAMES_BESIDE = {"ad": "soyad", "adi": "soyadi"}
_USER_NAME, _USER_EMAIL = "username", "useremail"
_FROM, _TO = "from", {"to", "until", "recipient", "destination"}
_FULL = ("full", "volledig", "fuld", "vollst", "complet", "koko")
_RoleColumns = dict[tuple[str, Role], list[int]]
"""The columns of a field of persons, such as the e-mail address, by field and role."""


def person_columns(headers: Headers, roles: Sequence[Role], *, orders: bool, holders: bool = False) -> dict[str, int]:
    """The columns of one person by field: the address, and the name that belongs to it.

    For `holders` of tickets the holder's own name comes first, whosever the address is.
    """
    parts = _columns_by_part(headers, orders=orders)
    address_role: Role | None = None
    mapping: dict[str, int] = {}
    for role in roles:
        addresses = parts.get((fields.EMAIL, role), [])
        filled = [index for index in addresses if any("@" in value for value in headers.values(index))]
        if filled or (addresses and not headers.rows):
            filled = filled or addresses
            bare = [index for index in filled if is_bare(headers.names[index])]
            mapping[fields.EMAIL] = single_column(fields.EMAIL, _preferred(bare or filled, headers), headers) or 0
            address_role = role
            break
    else:
        fallback = next((parts[fields.EMAIL, role] for role in roles if (fields.EMAIL, role) in parts), [])
        fallback = _only_address_column(headers) or fallback
        mapping = {fields.EMAIL: fallback[0]} if fallback else {}
    without_address = [role for role in roles if not _has_address(parts, role, headers)]
    nearest = _nearest_roles(address_role, roles, without_address)
    return mapping | _name_columns(parts, headers, [Role.ATTENDEE, *nearest] if holders else nearest)


def other_address_columns(at: int | None, headers: Headers) -> tuple[int, ...]:
    """The columns with other addresses of the person whose address is in the column `at`, the best one first."""
    if at is None or at >= len(headers.names) or address_rank(headers.names[at]) is None:
        return ()
    of_others = {name.strip()[-1] for name in headers.names if is_numbered_name(name)}
    names = enumerate(headers.names)
    ranks = {index: address_rank(name) for index, name in names if index != at and name.strip()[-1:] not in of_others}
    own = [(header_rank, index) for index, header_rank in ranks.items() if header_rank is not None]
    return tuple(index for _, index in sorted(own) if any(map(_is_address, headers.values(index))))


def _preferred(indexes: list[int], headers: Headers) -> list[int]:
    """The columns that go before the others, if these are addresses of the same person."""
    ranks = [address_rank(headers.names[index]) for index in indexes]
    own = [header_rank for header_rank in ranks if header_rank is not None]
    if len(own) < len(indexes):
        return indexes
    return [index for index, header_rank in zip(indexes, ranks, strict=True) if header_rank == min(own)]


def _only_address_column(headers: Headers) -> list[int]:
    """The only column with nothing but addresses; empty if its header names a seller or an organiser."""
    indexes = [
        index
        for index, _ in enumerate(headers.names)
        if headers.values(index) and all(map(_is_address, headers.values(index)))
    ]
    return indexes if len(indexes) == 1 and not _NOT_OF_GUESTS.search(slug(headers.names[indexes[0]])) else []


def _is_address(value: str) -> bool:
    return "@" in value and is_email(clean_email(value))


def _has_address(parts: _RoleColumns, role: Role, headers: Headers) -> bool:
    return any(map(headers.values, parts.get((fields.EMAIL, role), [])))


def _nearest_roles(address_role: Role | None, roles: Sequence[Role], others: Sequence[Role]) -> list[Role]:
    """The roles whose name may belong to the address: never the buyer's to the attendee's, or vice versa.

    `others` are the roles without an address of their own.
    """
    if address_role is None:
        return [Role.UNSPECIFIED, *(role for role in roles if role is not Role.UNSPECIFIED)]
    if address_role is Role.UNSPECIFIED:
        return [Role.UNSPECIFIED, *(role for role in others if role not in {Role.UNSPECIFIED, Role.GUARDIAN})]
    return [address_role, Role.UNSPECIFIED]


def _columns_by_part(headers: Headers, *, orders: bool) -> _RoleColumns:
    """The columns of persons, by part and role; order numbers are not names."""
    parts: _RoleColumns = {}
    registrants, companions = _registrant_columns(headers), _companion_columns(headers)
    for index, name in enumerate(headers.names):
        part_and_role = person_part(name)
        if part_and_role is None or index in companions or _is_ambiguous_word(name, headers):
            continue
        part, role = part_and_role[0], Role.BUYER if index in registrants else part_and_role[1]
        are_order_numbers = part == fields.NAME and headers.identifies_orders(index)
        if are_order_numbers and (orders or _are_numbers(headers, index)):
            continue
        if index in headers.nested:
            role = Role.ATTENDEE
        parts.setdefault((part, role), []).append(index)
    if not any(part in _NAMES for part, _ in parts):
        parts |= _user_name_columns(headers)
    parts |= _other_last_name_column(parts, headers)
    parts |= _initials_column(parts, headers)
    if not any(part == fields.EMAIL for part, _ in parts):
        parts |= _person_with_unknown_role(headers)
    people = _bare_role_columns(headers)
    names = parts.get((fields.NAME, Role.UNSPECIFIED), [])
    if (fields.NAME, Role.UNSPECIFIED) in people and all(is_plural_name(headers.names[index]) for index in names):
        parts.pop((fields.NAME, Role.UNSPECIFIED), None)
    return {**people, **parts}


def _is_ambiguous_word(name: str, headers: Headers) -> bool:
    """Whether the header is a first name in Turkish and another word elsewhere, and no column has a last name."""
    beside = _FIRST_NAMES_BESIDE.get(slug(name))
    return beside is not None and beside not in map(slug, headers.names)


def _initials_column(parts: _RoleColumns, headers: Headers) -> _RoleColumns:
    """The column of initials beside last names, if there are no first names."""
    first_names = parts.get((fields.FIRST_NAME, Role.UNSPECIFIED), [])
    if (fields.LAST_NAME, Role.UNSPECIFIED) not in parts or any(map(headers.values, first_names)):
        return {}
    indexes = [index for index, name in enumerate(headers.names) if is_initials(name)]
    return {(fields.FIRST_NAME, Role.UNSPECIFIED): indexes[:1]} if indexes else {}


def _person_with_unknown_role(headers: Headers) -> _RoleColumns:
    """The columns of the only person with a name and an address whose headers begin with the same unknown word."""
    people: dict[str, _RoleColumns] = {}
    for index, name in enumerate(headers.names):
        if (word_and_part := part_with_unknown_role(name)) and not _NOT_OF_GUESTS.search(slug(name)):
            columns = people.setdefault(word_and_part[0], {})
            columns.setdefault((word_and_part[1], Role.UNSPECIFIED), []).append(index)
    complete = [columns for columns in people.values() if _is_complete(columns, headers)]
    return complete[0] if len(complete) == 1 else {}


def _is_complete(columns: _RoleColumns, headers: Headers) -> bool:
    """Whether the columns are a name and an address, and the cells of the latter are addresses."""
    emails = columns.get((fields.EMAIL, Role.UNSPECIFIED), [])
    return len(columns) > 1 and any(_is_address(value) for index in emails for value in headers.values(index))


def _other_last_name_column(parts: _RoleColumns, headers: Headers) -> _RoleColumns:
    """The column of names of birth or of marriage that has the most, if the usual one is missing or has fewer."""
    others = [index for index, name in enumerate(headers.names) if is_other_last_name(name)]
    fullest = max(others, key=lambda index: len(headers.values(index)), default=-1)
    columns = parts.get((fields.LAST_NAME, Role.UNSPECIFIED)) or parts.get((fields.NAME, Role.UNSPECIFIED)) or []
    if not others or any(len(headers.values(index)) >= len(headers.values(fullest)) for index in columns):
        return {}
    return {(fields.LAST_NAME, Role.UNSPECIFIED): [fullest]}


def _user_name_columns(headers: Headers) -> _RoleColumns:
    """The column of user names beside one of users' addresses, if it holds names of people."""
    plain_names = list(map(slug, headers.names))
    indexes = [index for index, name in enumerate(plain_names) if name == _USER_NAME and _holds_names(headers, index)]
    return {(fields.NAME, Role.UNSPECIFIED): indexes[:1]} if indexes and _USER_EMAIL in plain_names else {}


def _registrant_columns(headers: Headers) -> list[int]:
    """The columns of people who registered others; beside columns of attendees they are not attendees."""
    parts = [(index, person_part(name)) for index, name in enumerate(headers.names)]
    attendees = [index for index, part in parts if part and part[1] is Role.ATTENDEE]
    registrants = [index for index in attendees if slug(headers.names[index]).startswith("registrant")]
    return registrants if len(registrants) < len(attendees) else []


def _companion_columns(headers: Headers) -> list[int]:
    """The columns of companions, in a form that asks for “Your email”."""
    parts = [(index, name, person_part(name)) for index, name in enumerate(headers.names)]
    own_addresses = [
        index
        for index, name, part in parts
        if part and part[0] == fields.EMAIL and _YOUR.match(name) and headers.values(index)
    ]
    return [index for index, _, part in parts if part and part[1] is Role.ATTENDEE] if own_addresses else []


def _bare_role_columns(headers: Headers) -> _RoleColumns:
    """The columns of names or addresses whose header is only a word for a person, such as “Buyer”."""
    columns: _RoleColumns = {}
    for index, name in enumerate(headers.names):
        role, values = _sender_role(name, headers) or role_of_bare_header(name), headers.values(index)
        if role is None or not values:
            continue
        if (role is not Role.UNSPECIFIED or len(headers.names) > 1) and all("@" in value for value in values):
            columns.setdefault((fields.EMAIL, role), [index])
        elif _holds_names(headers, index):
            columns.setdefault((fields.NAME, role), [index])
    return columns


def _sender_role(name: str, headers: Headers) -> Role | None:
    """The buyer's role for a header that only names the sender of a payment, if no header names the recipient."""
    others = set(map(slug, headers.names))
    return Role.BUYER if slug(name) == _FROM and not others & _TO else None


def _holds_names(headers: Headers, index: int) -> bool:
    values = headers.values(index)
    return 2 * sum(" " in value for value in values) >= len(values) > 0 and not any(map(_is_no_name, values))


def _is_no_name(value: str) -> bool:
    return "@" in value or any(map(str.isdigit, value))


def _are_numbers(headers: Headers, index: int) -> bool:
    """Whether the values of a name column are numbers, such as “#1001”."""
    return all(value.lstrip("#").isdecimal() for value in headers.values(index))


def _name_columns(parts: _RoleColumns, headers: Headers, roles: Sequence[Role]) -> dict[str, int]:
    for role in roles:
        name_columns = {part: parts[part, role] for part in _NAMES if (part, role) in parts}
        own = {
            part: _only_column(part, indexes, headers) for part, indexes in _bare_columns(name_columns, headers).items()
        }
        filled = [part for part, index in own.items() if headers.values(index)]
        if filled if headers.rows else own:
            return _as_missing_part(own, headers)
    return {}


def _bare_columns(name_columns: dict[str, list[int]], headers: Headers) -> dict[str, list[int]]:
    """The columns whose header is only a word for a name, if any of them is filled; else all."""
    bare = {
        part: [index for index in indexes if _is_bare_name(headers.names[index])]
        for part, indexes in name_columns.items()
    }
    is_filled = any(headers.values(index) for indexes in bare.values() for index in indexes)
    return {part: indexes for part, indexes in bare.items() if indexes} if is_filled else name_columns


def _is_bare_name(header: str) -> bool:
    return is_bare(header) or is_other_last_name(header) or is_initials(header)


def _only_column(part: str, indexes: list[int], headers: Headers) -> int:
    filled = [index for index in indexes if headers.values(index)] or indexes
    filled = names_used(filled, headers) if part == fields.FIRST_NAME else filled
    full = [index for index in filled if any(word in headers.names[index].casefold() for word in _FULL)]
    return single_column(part, full if len(filled) > 1 and full else filled, headers) or 0


def _as_missing_part(own: dict[str, int], headers: Headers) -> dict[str, int]:
    """Take a “Name” beside only a first name as the last name, unless it contains the first name; and vice versa."""
    if fields.NAME not in own:
        return own
    for beside, missing in ((fields.FIRST_NAME, fields.LAST_NAME), (fields.LAST_NAME, fields.FIRST_NAME)):
        if beside in own and missing not in own:
            pairs = zip(headers.cells(own[fields.NAME]), headers.cells(own[beside]), strict=True)
            within = Counter(part.casefold() in name.casefold() for name, part in pairs if name and part)
            if within[False] > within[True]:
                return {missing if part == fields.NAME else part: index for part, index in own.items()}
    return own
