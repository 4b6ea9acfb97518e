"""Reads of checks and redemptions, in at most two round trips for any number of items and groups.

The first reads the token and the indexes; the second everything that they refer to. A check also makes the second
read speculatively with the first. Keys with very many rows, and lapsed holds, need a third.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from guestlist.aws import keys, person_keys, retry_deadline
from guestlist.aws.copies import Copies
from guestlist.aws.dynamodb import RequestRefused
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import THROTTLED, Table, Unavailable
from guestlist.aws.table_reads import Page, Query, Reading, join_readings
from guestlist.catalogue.discount_store import discount_of
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.restrictions import fold_discount
from guestlist.checkout.context import CheckContext, is_customer_group, target_groups
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.guess_limits import Limit, limits
from guestlist.checkout.guess_store import add_tries, tries_key
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.ledger_items import redemption_of
from guestlist.checkout.load_shedding import LoadShedder
from guestlist.checkout.quantity_check import check_quantity
from guestlist.checkout.redemption import Redemption, RedemptionRequest
from guestlist.checkout.request import CheckRequest
from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.groups.index_store import GroupIndexes
from guestlist.lists.lookup import ListLookup, LookupResult
from guestlist.lists.lookup_query import LookupQuery, code_keys, email_keys
from guestlist.model.email_address import asked_spellings
from guestlist.model.normal_form import spellings
from guestlist.organisers.model import Scope
from guestlist.organisers.store import parse_token, verify_token

if TYPE_CHECKING:
    from guestlist.checkout.memberships import GrantingMembership
    from guestlist.checkout.redeem_lists import Lists
    from guestlist.groups.membership import Membership


_MAX_ORGANISERS = 64
_RETRY_SECONDS = 0.8
"""Time for retries of a redemption before a use is taken."""
_SCOPES = (Scope.CHECKOUT, Scope.ORGANISER)


class SpeculativeRead(NamedTuple):
    """The second read of a check, made with the context of the last check; valid if the indexes have not changed."""

    last_context: CheckContext
    build_context: Callable[[], CheckContext]


class CheckoutReads:
    """The reads of the checkout service, with one instance per process.

    It caches the context of the last check for the speculative read of the next.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._groups = GroupIndexes(table)
        self._restrictions = RestrictionIndexes(table)
        self._lookup = ListLookup(table)
        self._last_contexts: dict[str, CheckContext] = {}
        self._copies = Copies()
        self._load_shedder = LoadShedder()

    def read_check(self, bearer: str, request: CheckRequest, now: datetime) -> FirstRead:
        """The first read of a check, with the speculative second one. Raises `Unauthenticated`."""
        org, hashed = parse_token(bearer)
        may_guess = request.code is not None or request.discount is not None
        guess_limits = limits(bearer, request.client, now) if may_guess else ()
        first = self._first_read(org, hashed, now, guess_limits, discount=request.discount)
        last_context = self._last_contexts.get(org) if request.discount is None else None
        if last_context is None:
            first_read = self._table.read(first)
        else:
            second = self._second_read(org, last_context, request, now, speculative=True)
            first_read, build_context = self._table.read(join_readings([first, second.deferred()]))
            first_read = first_read._replace(speculative=SpeculativeRead(last_context, build_context))
        self._cache_context(org, first_read)
        return first_read

    def _cache_context(self, org: str, first_read: FirstRead) -> None:
        if len(self._last_contexts) >= _MAX_ORGANISERS and org not in self._last_contexts:
            self._last_contexts.clear()
        self._last_contexts[org] = CheckContext(first_read.groups, first_read.restrictions)

    def read_context(self, first_read: FirstRead, request: CheckRequest, now: datetime) -> CheckContext:
        """The second read of a check."""
        groups, restrictions, speculative = first_read.groups, first_read.restrictions, first_read.speculative
        if isinstance(speculative, SpeculativeRead):
            last_context = speculative.last_context
            if last_context.groups is groups and last_context.restrictions is restrictions:
                return speculative.build_context()
        context = CheckContext(groups, restrictions, discount=first_read.discount)
        return self._table.read(self._second_read(first_read.token.organiser_id, context, request, now))

    @contextmanager
    def load_shedding(self, bearer: str, request: RedemptionRequest, attempt: str, now: datetime) -> Iterator[None]:
        """Context of an attempt at a redemption, which records its result. Raises `Unavailable` if it is shed."""
        load_key = (bearer, request.code, request.email if request.code is None else None)
        if not self._load_shedder.admits(load_key, crc32(attempt.encode()) / 2**32, now):
            raise Unavailable
        is_throttled = False
        try:
            yield
        except Unavailable:
            is_throttled = True
            raise
        except RequestRefused as error:
            is_throttled = error.code in THROTTLED
            raise
        finally:
            self._load_shedder.record(load_key, now, throttled=is_throttled)

    def retry_deadline(self) -> AbstractContextManager[None]:
        """A deadline for retries of throttled requests, in force until a use is taken."""
        return retry_deadline.within(_RETRY_SECONDS)

    def read_redemption(self, bearer: str, request: RedemptionRequest, now: datetime) -> FirstRead:
        """The first read of a redemption. Raises `Unauthenticated`."""
        guess_limits = () if request.code is None else limits(bearer, request.client, now)
        return self._table.read(self._first_read(*parse_token(bearer), now, guess_limits, redemption_request=request))

    def _first_read(
        self,
        org: str,
        hashed: str,
        now: datetime,
        guess_limits: Sequence[Limit],
        *,
        discount: str | None = None,
        redemption_request: RedemptionRequest | None = None,
    ) -> Reading[FirstRead]:
        pointers = [keys.token(org, hashed), self._groups.pointer(org), self._restrictions.pointer(org)]
        token, groups, restrictions = map(self._copies.any_of, pointers)
        discount_keys = [] if discount is None else [keys.discount(org, fold_discount(discount))]
        request = redemption_request.request(self._table.digest_key) if redemption_request else ""
        former_keys = (
            [keys.redemption(org, request_name) for request_name in (request, redemption_request.former_request)]
            if redemption_request
            else []
        )
        tries_keys = {limit: tries_key(org, limit, now) for limit in guess_limits}

        def build(items: Mapping[Key, Item], _: object) -> FirstRead:
            for key in pointers:
                self._copies.note(items, key, now)
            return FirstRead(
                token=verify_token(org, items.get(token), now, _SCOPES),
                groups=self._groups.resolve(org, items.get(groups), now),
                restrictions=self._restrictions.resolve(org, items.get(restrictions)),
                discount=next((discount_of(items[key]) for key in discount_keys if key in items), None),
                request=request,
                former=next((redemption_of(items[key]) for key in former_keys if key in items), None),
                tries_by_limit={limit: items[key]["tried"] if key in items else 0 for limit, key in tries_keys.items()},
            )

        return Reading(build, [token, groups, restrictions, *discount_keys, *former_keys, *tries_keys.values()])

    def _second_read(
        self, org: str, context: CheckContext, request: CheckRequest, now: datetime, *, speculative: bool = False
    ) -> Reading[CheckContext]:
        """The second read of a check, given the indexes in `context`."""
        groups = _candidate_groups(context, request)
        by_code, by_email = _code_queries(org, context, request), _email_queries(org, request, groups)
        customer_groups = [group for group in groups if is_customer_group(group)] if request.authenticated else []
        lookup = self._lookup.rows_reading(org, [*by_code, *by_email], now, speculative=speculative)

        def build(results: Sequence[LookupResult], members: Sequence[Item] = ()) -> CheckContext:
            rows = self._lookup.rows_with_balances(
                org, results, lambda rows: check_quantity(rows, request).reason is None, now
            )
            group_ids = {group.group_id for group in customer_groups}
            memberships = _memberships(item for item in members if item["group_id"] in group_ids)
            return context._replace(
                memberships={membership.group_id: membership for membership in memberships},
                by_code=tuple(row for query_rows in rows[: len(by_code)] for row in query_rows),
                by_email=tuple(row for query_rows in rows[len(by_code) :] for row in query_rows),
            )

        if not customer_groups:
            return lookup.then(build)
        return join_readings([lookup, self._members(org, request.email, customer_groups)]).then(
            lambda parts: build(*parts)
        )

    def _members(self, org: str, email: str, groups: Sequence[IndexedGroup]) -> Reading[Sequence[Item]]:
        """The person's memberships, at least of these groups; one query costs less than reading several by key."""
        if len(groups) == 1:
            member_keys = [person_keys.membership(org, form, groups[0].group_id) for form in asked_spellings(email)]
            return Reading(lambda items, _: [items[key] for key in member_keys if key in items], member_keys)
        return self._all_members(org, email)

    def _all_members(self, org: str, email: str) -> Reading[Sequence[Item]]:
        reading = join_readings([self._members_with_email(org, form) for form in asked_spellings(email)])
        return reading.then(lambda pages: [item for items in pages for item in items])

    def _members_with_email(self, org: str, email: str) -> Reading[Sequence[Item]]:
        query = Query(person_keys.customer(org, email), begins=person_keys.membership(org, email, "").sk)

        def build(_: object, pages: Sequence[Page]) -> Sequence[Item]:
            (page,) = pages
            following_items = self._table.query_all(query.pk, begins=query.begins, start=page.next) if page.next else ()
            return [*page.items, *following_items]

        return Reading(build, queries=[query])

    def lists(self, first_read: FirstRead, now: datetime) -> "Lists":
        """The second read of a redemption."""
        # Imported here: a process that serves only checks starts faster without it.
        from guestlist.checkout.redeem_lists import Lists

        return Lists(
            self._table, self._lookup, partial(self._read_groups, first_read.token.organiser_id, now), first_read, now
        )

    def _read_groups(self, org: str, now: datetime) -> GroupIndex:
        """The group index at `now`, read from any of its copies."""
        pointer = self._copies.any_of(self._groups.pointer(org))
        return self._table.read(Reading(lambda items, _: self._groups.resolve(org, items.get(pointer), now), [pointer]))

    def read_quantity(self, org: str, redemption: Redemption, now: datetime) -> int:
        """Quantity of a redemption's entry in the current list."""
        from guestlist.checkout.redeem_lists import quantity_now

        return quantity_now(self._lookup, org, self._read_groups(org, now), redemption, now)

    def ledger(self, first_read: FirstRead) -> Ledger:
        """The organiser's ledger."""
        return Ledger(self._table, first_read.token.organiser_id)

    def count_wrong_tries(self, first_read: FirstRead, tries: int, now: datetime) -> FirstRead:
        """Count wrong tries, and return the first read with them added."""
        tries_by_limit = add_tries(self._table, first_read.token.organiser_id, first_read.tries_by_limit, tries, now)
        return first_read._replace(tries_by_limit=tries_by_limit)

    def memberships(self, org: str, email: str, now: datetime) -> "tuple[GrantingMembership, ...]":
        """The memberships of the person that grant something now, the oldest first."""
        from guestlist.checkout.memberships import granting_memberships

        items, groups = self._table.read(join_readings([self._all_members(org, email), self._groups.reading(org)]))
        return granting_memberships(groups, _memberships(items), now)


def _memberships(items: Iterable[Item]) -> "list[Membership]":
    """Parse the items; the import is deferred because a check of a code alone does not need it."""
    rows = list(items)
    if not rows:
        return []
    from guestlist.groups.membership_items import membership_of

    return [membership_of(item) for item in rows]


def _candidate_groups(context: CheckContext, request: CheckRequest) -> list[IndexedGroup]:
    """The existing groups that could grant access to an item or the discount of the request."""
    restrictions, discount = context.restrictions, context.discount
    if not request.sale_items and discount is None:
        return []
    sale_items = [item for item in map(restrictions.items.get, request.sale_items) if item]
    items_by_restriction = {(item.group_ids, item.inventory_item_id): item for item in sale_items}
    levels = [
        level
        for item in items_by_restriction.values()
        for level in (item.group_ids, restrictions.inventory_groups(item))
    ]
    levels.append(discount.group_ids if discount else None)
    ids = dict.fromkeys(group_id for level in levels for group_id in level or ())
    groups = context.groups.groups
    return [groups[group_id] for group_id in ids if group_id in groups]


def _code_queries(org: str, context: CheckContext, request: CheckRequest) -> list[LookupQuery]:
    if request.code is None:
        return []
    groups, seats, emails = tuple(target_groups(context.groups)), _seats(request), asked_spellings(request.email)
    return [LookupQuery(org, key, groups, seats, emails) for key in code_keys(request.code)]


def _email_queries(org: str, request: CheckRequest, candidate_groups: Sequence[IndexedGroup]) -> list[LookupQuery]:
    groups = tuple(group for group in candidate_groups if not is_customer_group(group))
    if not groups:
        return []
    return [LookupQuery(org, key, groups, _seats(request)) for key in email_keys(request.email)]


def _seats(request: CheckRequest) -> tuple[str, ...] | None:
    return None if request.seats is None else tuple(form for seat in request.seats for form in spellings(seat))
