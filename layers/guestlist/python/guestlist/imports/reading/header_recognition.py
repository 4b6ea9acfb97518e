"""Recognition of the headers in exports of other systems, by tables of words.

The tables are `fields`, `header_words`, `header_patterns`, `person_words` and `address_words`. Words are compared
without case, accents and punctuation, as `slug` normalises them.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from guestlist.imports.reading import fields
from guestlist.imports.reading.address_words import ADDRESSES
from guestlist.imports.reading.header_patterns import NUMBERED
from guestlist.imports.reading.header_words import OTHERS
from guestlist.imports.reading.person_words import NOT_PERSON_HEADERS, NOT_PERSON_WORDS, PARTS, ROLES, Role
from guestlist.imports.reading.text_repair import decoded_once

BARE_ID = 7
"""The rank of a column whose header is only “id”: it may be the number of a record."""

_CACHE_SIZE, _MAX_LENGTH = 4_096, 150
_UNQUALIFIED_ADDRESS_RANK, _NUMBERS = 4, tuple("123456789")
_BETWEEN_LANGUAGES, _MAX_LANGUAGES = re.compile(r"\s*[/|•]\s*"), 4
_UNDECOMPOSED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})


_QUESTION_WORDS = (
    "and, en, und, och, name, naam, navn, namn, what is, what's, what are, please enter, please provide, "
    "please fill in, enter, provide, fill in, wat is, wat zijn, vul in, bitte geben sie, bitte gib, gib, hvad er, "
    "hva er, vad är, wie ist, wie lautet, bitte, quel est, quelle est, qual è, qual è il, qual è la, cuál es, mikä on"
)
"""Words with which the question of a form begins."""
_NUMBERED_COLUMN = re.compile(r"\s*[^\W\d][^\d]*[\s_#-][1-9]\s*")
"""The header of one of several columns of a kind, such as “Code 1”."""
_PLURALS = ("ids", "codes", "numbers", "nos")
"""How headers of ticket codes end where a cell may have several."""
_OF_ITEMS = (fields.SALE_ITEM, fields.TICKET_TYPE, fields.QUANTITY)
_OF_AN_ITEM = re.compile(
    r"(?:first|last)?(?:order|cart|booking|transaction)items?([a-z]*(?:name|title|quantity|qty))|"
    r"(?:(?:sales?)?order|ordre|bestel|bestell|auftrags|commande|ordine|pedido)(?:lines?|regels?|linje[rn]?|rader|zeilen?|"
    r"positionen|lignes?|righe|lineas)([a-z]+)"
)
"""The header of a property of an order's item."""
_NUMBER_OF_A_RECORD = "item id, product id"
"""Headers of ids in other systems; a name beside them is a better sale item."""
_OTHERS_OF = {fields.PURCHASED_AT: fields.ORIGINAL_DATE}
_TABLE_RANK = {fields.TICKET_CODE: 1}
_NUMBERED = {field: re.compile(expression) for field, expression in NUMBERED.items()}
_PATTERN_RANKS = {"barcode": 0, "code": 1, "ticket": 6, "order": 1, "booking": 2, "transaction": 3, "item": 1}
_PATTERN_RANKS |= {"sold": 1, "bought": 1, "made": 2, "entered": 2, "paid": 3, "settled": 3}
_QUESTION_NUMBER = re.compile(r"^\s*(?:[qQ]?[0-9]{1,2}[.):]|[qQ][0-9]{1,2}[.:)]?)\s+(?=[^\W\d])")
"""The number of a question at the beginning of a header."""
_IGNORED_END = re.compile(
    r"(?<=\w)(\s*(\[[^\]]*\]|\((utc|gmt)?[+-][0-9:]+\)|\((utc|gmt)[+-][0-9:]+\)|\([a-z]+/[a-z_]+\)"
    r"|\((contact|contactpersoon|kontakt|relation|relatie|member|lid|medlem|mitglied|privat[e]?|privé|prive|personal)\)"
    r"|\((as|like|zoals|wie|som|comme|come|como|max|min|eg|e\.g|bijv|bv|f\.?eks|z\.? ?b|t\.? ?ex|p\.? ?ex|if|indien|"
    r"falls|hvis|om|"
    r"please|see|zie|siehe|only|alleen|nur|kun|endast|in|one|1|up to|tot|bis)(?![^\W_])[^)]*\)"
    r"|\((for|fornavn|voor|voornaam|vor|vorname|för|förnamn|first|first name|etu|etunimi|nom|prénom|nome|nombre)[-\s]*"
    r"(og|en|und|och|and|ja|et|e|y|&|\+)\s[^)]*\)"
    r"|\((required|optional|mandatory|verplicht|optioneel|påkrævet|obligatorisk|valgfri|valgfritt|pflichtfeld|pflicht|"
    r"frivillig|pakollinen|obligatoire|facultatif|obbligatorio|facoltativo|obligatorio|opcional)\)))+[\s*?:]*$",
    re.IGNORECASE,
)
"""Ignored text at the end of a header: a technical name, a zone, an owner, “required” and the like."""
_PART_ENDINGS = ("value", "s", "1", "angeben", "eintragen", "eingeben", "ein", "an", "invullen", "")
_ROLE_ENDINGS = ("s", "n", "en", "ns", "1", "")
"""Endings that may follow the word for a name or an address, and that for a role."""
_BARE_GROUPS = re.compile(r"group|groups|groep|groepen|grupper?|gruppen?|groupes?|grupp[oi]|grupos?|ryhmat?")
_GROUP_OF_SHOPS = re.compile(
    r"customergroup|klant(en)?groep|kundegruppe|kundengruppe|kundgrupp|asiakasryhma|groupe(de)?clients?|gruppoclienti|"
    r"grupo(de)?clientes"
)


@lru_cache(_CACHE_SIZE)
def slug(header: str) -> str:
    """The header without case, accents, spaces and punctuation, and without a time zone or `[…]` at its end."""
    if not header.isascii():
        header = decoded_once(header)
    name = _IGNORED_END.sub("", _QUESTION_NUMBER.sub("", header[:_MAX_LENGTH]))
    text = unicodedata.normalize("NFKD", name.casefold().replace("#", "number").translate(_UNDECOMPOSED))
    return re.sub(r"(?<=.)(utc|gmt)$", "", "".join(filter(str.isalnum, text)))


def is_in_utc(header: str) -> bool:
    """Whether the header says that the times below it are in UTC."""
    return re.search(r"(?<![a-z])(utc|gmt)(?![a-z+-])", header.casefold()) is not None


def is_bare_groups(header: str) -> bool:
    """Whether the header is only a word for groups, which may be those of another system."""
    return _BARE_GROUPS.fullmatch(slug(header)) is not None


def is_group_of_shops(header: str) -> bool:
    """Whether the header is the word for the one group of a customer by which shops set prices."""
    return _GROUP_OF_SHOPS.fullmatch(slug(header)) is not None


@lru_cache(_CACHE_SIZE)
def person_part(header: str) -> tuple[str, Role] | None:
    """The field and role of a header for a name, a part of one, or an address; None for any other."""
    text = slug(header)
    if len(header) >= _MAX_LENGTH or text in _word_set(NOT_PERSON_HEADERS):
        return None
    if language_parts := _language_parts(header):
        parts = {_person_part(part) for part in language_parts}
        if len(parts) == 1 and (part := parts.pop()):
            return part
    return _person_part(header)


def _language_parts(header: str) -> list[str]:
    """The parts of a header in several languages; empty for any other."""
    parts = _BETWEEN_LANGUAGES.split(header[:_MAX_LENGTH])
    return parts if 1 < len(parts) <= _MAX_LANGUAGES and all(map(slug, parts)) else []


def _person_part(header: str) -> tuple[str, Role] | None:
    text = slug(header)
    if _is_bare(text):
        return _parts().get(text) or _parts()[text.removesuffix("s")], Role.UNSPECIFIED
    # The expression is so large that it takes longer to compile than most files to read.
    if not (text.endswith(_ends()) and text.startswith(_beginnings())):
        return None
    if (match := _person_pattern().fullmatch(text)) is None:
        return None
    part = _parts()[match["base"]]
    role_word = match["before"] or match["behind"]
    if role_word and part != fields.EMAIL and role_word not in _roles():
        return None
    return part, _roles().get(role_word, Role.UNSPECIFIED)


@lru_cache(_CACHE_SIZE)
def address_rank(header: str) -> int | None:
    """The rank among a person's own addresses, 0 for the best; None if the address may be another person's."""
    text = slug(header)
    if text[-1:] in _NUMBERS and _parts().get(text[:-1]) == fields.EMAIL:
        return _UNQUALIFIED_ADDRESS_RANK + int(text[-1])
    if _is_bare(text):
        return _UNQUALIFIED_ADDRESS_RANK
    part = person_part(header)
    if part is None or part[0] != fields.EMAIL or (match := _person_pattern().fullmatch(text)) is None:
        return None
    place = _addresses().get(match["before"] or match["behind"])
    return None if place is None else 2 * place


@lru_cache(_CACHE_SIZE)
def part_with_unknown_role(header: str) -> tuple[str, str] | None:
    """The word before a name, a part of one, or an address in a header such as “Account Email”, and that field.

    None for a header without such a word.
    """
    text = slug(header)
    base = max((part for part in _parts() if text.endswith(part)), key=len, default=text)
    return (text.removesuffix(base), _parts()[base]) if text != base else None


def is_bare(header: str) -> bool:
    """Whether a header is only a word for a name or an address, in one language or several."""
    return all(_is_bare(slug(part)) for part in _language_parts(header) or [header])


def _is_bare(text: str) -> bool:
    return text in _parts() or text.removesuffix("s") in _parts()


@lru_cache(_CACHE_SIZE)
def role_of_bare_header(header: str) -> Role | None:
    """The role of a header that is only a word for a person, such as “Buyer”; None for any other."""
    role = role_of_group_header(header)
    return None if role is None or slug(header).removesuffix("s") in _word_set(NOT_PERSON_WORDS) else role


def role_of_group_header(header: str) -> Role | None:
    """The role of a header above several columns that is only a word for a person, such as “Attendee”."""
    text = slug(header)
    roles = _roles()
    return roles.get(text) or roles.get(text.removesuffix("s"))


def person_words() -> frozenset[str]:
    """The words for attendees and buyers, as `slug` makes them."""
    return frozenset(word for word, role in _roles().items() if role is not Role.UNSPECIFIED)


@lru_cache(_CACHE_SIZE)
def rank(field: str, header: str) -> int | None:
    """The rank of the header for that field: 0 is the most certain; None if it does not name the field."""
    header_rank = _rank(field, header)
    if header_rank is None and (language_parts := _language_parts(header)):
        ranks = [header_rank for part in language_parts if (header_rank := _rank(field, part)) is not None]
        return max(ranks) if len(ranks) == len(language_parts) else None
    return header_rank


def _rank(field: str, header: str) -> int | None:
    text = slug(header)
    if text in _table(field):
        return _rank_in_table(field, text)
    if match := _NUMBERED[field].fullmatch(text) if field in _NUMBERED else None:
        return _PATTERN_RANKS[match.lastgroup or ""]
    if field in _OF_ITEMS and (item := _OF_AN_ITEM.fullmatch(text)):
        parts = (f"item{item[1]}", item[1]) if item[1] else (item[2],)
        return next((place for part in parts if (place := _rank(field, part)) is not None), None)
    for place, group in enumerate(OTHERS.get(_OTHERS_OF.get(field, field), ())):
        if text in _word_set(group):
            return place if field == fields.TICKET_CODE else place + 1
    is_plural = field == fields.TICKET_CODE and text.endswith(_PLURALS)
    is_numbered = field in fields.CODES and _NUMBERED_COLUMN.fullmatch(header) is not None
    return _rank(field, text[:-1]) if is_plural or is_numbered else None


def _rank_in_table(field: str, text: str) -> int:
    if field == fields.SALE_ITEM and text in _word_set(_NUMBER_OF_A_RECORD):
        return 2
    if field != fields.TICKET_CODE:
        return 1 if field == fields.CUSTOMER_GROUPS and _BARE_GROUPS.fullmatch(text) else 0
    match = _NUMBERED[field].fullmatch(text)
    return _PATTERN_RANKS[match.lastgroup or ""] if match else _TABLE_RANK[field]


@cache
def _table(field: str) -> frozenset[str]:
    return frozenset(
        slug(word) for words_of_language in fields.COLUMN_WORDS[field].values() for word in words_of_language
    )


@cache
def _word_set(group: str) -> frozenset[str]:
    return frozenset(map(slug, group.split(", ")))


@cache
def _beginnings() -> tuple[str, ...]:
    """The beginnings of all texts that the expression for a person matches."""
    return *_word_set(_QUESTION_WORDS), *_roles(), *_addresses(), *_parts()


@cache
def _ends() -> tuple[str, ...]:
    """The ends of all texts that it matches."""
    parts = (f"{part}{more}" for part in _parts() for more in _PART_ENDINGS)
    return *parts, *(f"{role}{more}" for role in (*_roles(), *_addresses()) for more in _ROLE_ENDINGS)


@cache
def _person_pattern() -> re.Pattern[str]:
    """The expression for a role and a part in either order, with the words that languages put between them."""
    roles, parts = _alternatives({*_roles(), *_addresses()}), _alternatives(_parts())
    filler = "(?:s|n|en|ens|nes|e|r|rs)?(?:name|naam|navn|namn|details?|info|address|adresse?)?"
    glue = "(?:of|ofthe|van|vande|von|des|der|du|de|del|dela|delle?|dell|di|da|d|l|av|af|i|pa|for|voor|fur)*"
    ask = _alternatives(_word_set(_QUESTION_WORDS))
    return re.compile(
        f"(?:{ask})?(?:(?P<before>{roles}){filler})?(?P<base>{parts})"
        f"(?:{_alternatives(_PART_ENDINGS)}|{glue}(?P<behind>{roles})(?:{_alternatives(_ROLE_ENDINGS)}))"
    )


def _alternatives(texts: Iterable[str]) -> str:
    return "|".join(sorted(texts, key=len, reverse=True))


@cache
def _roles() -> dict[str, Role]:
    return {slug(word): role for role, words_of_role in ROLES.items() for word in words_of_role.split(", ")}


@cache
def _addresses() -> dict[str, int]:
    """The words for a person's own addresses with their preference."""
    return {slug(word): place for place, group in enumerate(ADDRESSES) for word in group.split(", ") if word}


@cache
def _parts() -> dict[str, str]:
    return {slug(word): part for part, words_of_part in PARTS.items() for word in words_of_part.split(", ")}
