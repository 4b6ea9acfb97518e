"""Check of a column with a generic header such as “Groups”: whether it has groups of this organiser.

Other systems export their own groups under that header, and an empty cell would end all memberships of a customer.
"""

from enum import Enum

from guestlist.groups.index import GroupIndex
from guestlist.imports.decision import About, Question, decision
from guestlist.imports.reading import fields
from guestlist.imports.reading.customer_rows import split_groups
from guestlist.imports.reading.header_recognition import is_bare_groups, is_group_of_shops
from guestlist.imports.reading.sheet import Sheet


def groups_column_question(sheet: Sheet) -> Question:
    """The question about a column in which only some names are groups of this organiser."""
    label = sheet.label(fields.CUSTOMER_GROUPS)
    return Question(decision(About.GROUPS_COLUMN, label))


class GroupMatch(Enum):
    """Result of comparing the names in a column with the organiser's groups: all, some or none match."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


def has_generic_groups_header(sheet: Sheet) -> bool:
    """Whether the column of groups was recognised by a header that other systems use too.

    In a file with columns that are not read, this may be the group by which a shop sets prices.
    """
    index, headers = sheet.mapping.get(fields.CUSTOMER_GROUPS), sheet.layout.columns.headers
    if index is None or sheet.is_mapped or index >= len(headers):
        return False
    has_unread = any(name.strip() and number not in sheet.mapping.values() for number, name in enumerate(headers))
    return is_bare_groups(headers[index]) or (has_unread and is_group_of_shops(headers[index]))


def match_groups(sheet: Sheet, index: GroupIndex) -> GroupMatch:
    """Compare every name in the column with the existing groups."""
    column = sheet.mapping[fields.CUSTOMER_GROUPS]
    existence: dict[str, bool] = {}
    for record in sheet.records():
        cell = record.cells[column] if column < len(record.cells) and record.fault is None else ""
        for name in split_groups(cell, sheet.text.delimiter):
            if name not in existence:
                existence[name] = index.find_by_name(name) is not None
            if len(set(existence.values())) > 1:
                return GroupMatch.SOME
    return GroupMatch.ALL if existence and all(existence.values()) else GroupMatch.NONE
