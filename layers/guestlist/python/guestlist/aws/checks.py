"""What a check or a redemption reads: twice, one after the other, however much there is on the page.

First what says where everything else stands, the token with it; then all the rest at the same time. A
third time only for keys with very many rows, and where holds have lapsed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from guestlist.aws import keys
from guestlist.aws.discounts import discount_of
from guestlist.aws.finder import Finder
from guestlist.aws.group_index import GroupIndexes
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.organisers import known_token, token_key
from guestlist.aws.restriction_index import RestrictionIndexes
from guestlist.aws.search import Search
from guestlist.aws.table import Table
from guestlist.aws.use_items import redemption_of
from guestlist.aws.uses import Ledger
from guestlist.checkout.answer import Reason
from guestlist.checkout.counting import NOTHING, Uses
from guestlist.checkout.cover import cover
from guestlist.checkout.guesses import WINDOW, limits, window
from guestlist.checkout.opening import Opening
from guestlist.checkout.question import Question
from guestlist.checkout.redemption import Ask
from guestlist.checkout.refusal import refusal
from guestlist.checkout.rows import Row
from guestlist.checkout.state import State, of_customers
from guestlist.entry import code_key, email_key
from guestlist.errors import Unknown
from guestlist.group import GroupIndex, IndexedGroup
from guestlist.organiser import hash_token
from guestlist.restriction import fold_discount

if TYPE_CHECKING:
    from guestlist.checkout.memberships import Granting
    from guestlist.membership import Membership


class Checks:
    """Reads for the checkout; one is made per process."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._groups = GroupIndexes(table)
        self._restrictions = RestrictionIndexes(table)
        self._finder = Finder(table)

    def open(
        self,
        bearer: str,
        now: datetime,
        *,
        code: str | None = None,
        discount: str | None = None,
        request: str | None = None,
    ) -> Opening:
        """The first reading; the token is checked with it. Raises `Unauthenticated`."""
        org, token = token_key(bearer)
        groups, restrictions = self._groups.pointer(org), self._restrictions.pointer(org)
        reduction = None if discount is None else keys.discount(org, fold_discount(discount))
        former = None if request is None else keys.redemption(org, request)
        tries = {limit.subject: _tries(org, limit.subject, now) for limit in limits(hash_token(bearer), code)}
        wanted = [token, groups, restrictions, reduction, former, *tries.values()]
        found = self._table.get_many(key for key in wanted if key is not None)
        return Opening(
            token=known_token(org, found.get(token), now),
            groups=self._groups.resolve(org, found.get(groups)),
            restrictions=self._restrictions.resolve(org, found.get(restrictions)),
            discount=discount_of(found[reduction]) if reduction in found else None,
            former=redemption_of(found[former]) if former in found else None,
            tried={subject: found[key]["tried"] for subject, key in tries.items() if key in found},
        )

    def state(self, opening: Opening, question: Question, now: datetime) -> State:
        """The second reading of a check."""
        org, named = opening.token.organiser_id, _named(opening, question)
        by_code, by_email = _code_search(opening, question), _email_search(opening, question, named)
        people = [group for group in named if of_customers(group) and question.authenticated]
        searches = [one for one in (by_code, by_email) if one]
        beside = [partial(self._members, org, question.email, people)] if people else []
        found, members = self._finder.find(org, searches, now, *beside)
        rows = iter(self._finder.counted(org, found, lambda rows: cover(rows, question).reason is None, now))
        wanted = {group.group_id for group in people}
        memberships = _memberships(item for item in members if item["group_id"] in wanted)
        return State(
            groups=opening.groups,
            restrictions=opening.restrictions,
            memberships={membership.group_id: membership for membership in memberships},
            by_code=next(rows) if by_code else (),
            by_email=next(rows) if by_email else (),
            discount=opening.discount,
        )

    def _members(self, org: str, email: str, groups: Sequence[IndexedGroup]) -> list[Item]:
        """The person's memberships, of these groups at least: several cost less in one query than each by its key."""
        if len(groups) == 1:
            item = self._table.get(keys.membership(org, email, groups[0].group_id))
            return [item] if item else []
        return list(self._table.query_all(keys.customer(org, email), begins=keys.membership(org, email, "").sk))

    def lists(self, opening: Opening, now: datetime) -> "Lists":
        """The second reading of a redemption."""
        return Lists(self._table, self._finder, self._groups, opening, now)

    def ledger(self, opening: Opening) -> Ledger:
        """The organiser's ledger."""
        return Ledger(self._table, opening.token.organiser_id)

    def guessed(self, opening: Opening, code: str | None, now: datetime) -> Opening:
        """Count the try of a code that nobody knows; answers the opening with it counted."""
        org, tries = opening.token.organiser_id, limits(opening.token.hash, code)
        ttl = {"ttl": int((now + 2 * WINDOW).timestamp())}
        one_more = partial(self._table.update, changes=ttl, add={"tried": 1})
        items: Sequence[Item] = self._table.together(
            *[partial(one_more, _tries(org, limit.subject, now)) for limit in tries]
        )
        return opening._replace(tried={one.subject: item["tried"] for one, item in zip(tries, items, strict=True)})

    def memberships(self, org: str, email: str, now: datetime) -> "tuple[Granting, ...]":
        """The memberships of this person that grant something now, the oldest first."""
        from guestlist.checkout.memberships import granting

        items, groups = self._table.together(
            lambda: self._members(org, email, ()),
            lambda: self._groups.read(org),
        )
        return granting(groups, _memberships(items), now)


class Lists:
    """The target groups of one organiser, as one redemption sees them."""

    def __init__(self, table: Table, finder: Finder, groups: GroupIndexes, opening: Opening, now: datetime) -> None:
        self._table = table
        self._finder = finder
        self._groups = groups
        self._org = opening.token.organiser_id
        self._index = opening.groups
        self._now = now

    def rows(self, ask: Ask) -> tuple[Sequence[Row], Uses]:
        """The rows that the code finds, or without one the e-mail, and all that is counted under that key.

        With a group id only that group's. Raises `Conflict` for a deleted group, `Unknown` for one that never was.
        """
        key = email_key(ask.email or "") if ask.code is None else code_key(ask.code)
        groups = _target_groups(self._index) if ask.group_id is None else self._one(ask.group_id)
        if not key:
            return (), NOTHING
        emails = (ask.email or "",)
        search = Search(self._org, key, tuple(groups), None if ask.seat is None else (ask.seat,), emails)
        found, _ = self._finder.find(self._org, [search], self._now)
        return found[0].rows, found[0].uses

    def has(self, row: Row) -> bool:
        """Whether the row is still in the current list of a group that is there: read again, now."""
        group = self._groups.read(self._org).groups.get(row.group.group_id)
        if group is None or (group.base, group.overlay) == (row.group.base, row.group.overlay):
            return group is not None
        search = Search(self._org, row.entry.key, (group,), (row.entry.seat,), (row.entry.email,))
        found, _ = self._finder.find(self._org, [search], self._now)
        return any(one.entry.identity == row.entry.identity for one in found[0].rows)

    def _one(self, group_id: str) -> list[IndexedGroup]:
        group = self._index.groups.get(group_id)
        if group is not None:
            return [] if of_customers(group) else [group]
        if self._table.get(keys.group(self._org, group_id)) is not None:
            raise refusal(Reason.GROUP_DELETED)
        raise Unknown("There is no such group.")


def _memberships(items: Iterable[Item]) -> "list[Membership]":
    """What the items stand for; a check of a code alone never loads what they are made of."""
    found = list(items)
    if not found:
        return []
    from guestlist.aws.membership_items import membership_of

    return [membership_of(item) for item in found]


def _named(opening: Opening, question: Question) -> list[IndexedGroup]:
    """The groups that could open an item or the discount of the question, as far as they are there."""
    restrictions, discount = opening.restrictions, opening.discount
    found = [item for item in map(restrictions.items.get, question.sale_items) if item]
    bounds = {(item.group_ids, item.inventory_item_id): item for item in found}
    levels = [level for item in bounds.values() for level in (item.group_ids, restrictions.inventory_groups(item))]
    levels.append(discount.group_ids if discount else None)
    ids = dict.fromkeys(group_id for level in levels for group_id in level or ())
    return [opening.groups.groups[group_id] for group_id in ids if group_id in opening.groups.groups]


def _code_search(opening: Opening, question: Question) -> Search | None:
    key = code_key(question.code or "")
    groups = tuple(_target_groups(opening.groups))
    return Search(opening.token.organiser_id, key, groups, question.seats, (question.email,)) if key else None


def _email_search(opening: Opening, question: Question, named: Sequence[IndexedGroup]) -> Search | None:
    key = email_key(question.email)
    groups = tuple(group for group in named if not of_customers(group))
    return Search(opening.token.organiser_id, key, groups, question.seats) if key and groups else None


def _target_groups(index: GroupIndex) -> list[IndexedGroup]:
    return [group for group in index.groups.values() if not of_customers(group)]


def _tries(org: str, subject: str, now: datetime) -> Key:
    return keys.guesses(org, subject, window(now))
