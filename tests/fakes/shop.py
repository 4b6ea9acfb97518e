"""An organiser in a table: lists, groups, restrictions and a token, for checkouts to call."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.catalogue.discount_store import Discounts
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.restrictions import Discount, IndexedItem, RestrictionIndex
from guestlist.checkout.cleanup import clean_up_uses
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.overdue_work import OverdueWork
from guestlist.checkout.redeem import Outcome
from guestlist.checkout.redemption import Redemption
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import CheckResponse, RedemptionResult
from guestlist.checkout.service import check_access, create_redemption
from guestlist.checkout.store import CheckoutReads
from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership import Membership
from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.lists.store import PackedListStore
from guestlist.organisers.model import Scope, Token, hash_token
from guestlist.organisers.store import Organisers
from tests.unit.checkout.builders import NOW, group, redemption_request
from tests.unit.lists.builders import StoredList


class Shop:
    """One organiser; every call is of `bearer` and at `now`, which tests move."""

    def __init__(self, table: Table, org: str = "demo") -> None:
        self.table, self.org, self.now = table, org, NOW
        self.bearer = f"{org}-checkout"
        self.checks = CheckoutReads(table)
        self.ledger = Ledger(table, org)
        self._attempts = count()
        self._lists: dict[str, StoredList] = {}
        token = Token(organiser_id=org, scope=Scope.CHECKOUT, name="checkout", hash=hash_token(self.bearer))
        Organisers(table).save_token(token)

    # What the organiser does

    def lists(self, *rows: Entry, mode: Mode = Mode.CREATE, of: IndexedGroup | None = None) -> None:
        """Import a file of these rows for that group."""
        owner = of or group()
        stored_list = self._lists.setdefault(
            owner.group_id, StoredList(PackedListStore(self.table, self.org, owner.group_id))
        )
        stored_list.apply(mode, rows)
        self.groups(replace(owner, base=stored_list.current.base, overlay=stored_list.current.overlay))

    def groups(self, *groups: IndexedGroup, without: Iterable[str] = ()) -> None:
        """Add these groups, and delete those others."""
        indexes = GroupIndexes(self.table)
        index = indexes.read_group_index(self.org)
        all_groups = {**index.groups, **{one.group_id: one for one in groups}}
        remaining = {group_id: one for group_id, one in all_groups.items() if group_id not in without}
        indexes.write_group_index(self.org, GroupIndex(index.number + 1, remaining))

    def sells(self, items: dict[str, IndexedItem], inventory: dict[str, tuple[str, ...]] | None = None) -> None:
        """Add these sale items with their restrictions."""
        indexes = RestrictionIndexes(self.table)
        number = indexes.read_restrictions(self.org).number + 1
        indexes.write_restrictions(self.org, RestrictionIndex(number, items, inventory or {}))

    def reduces(self, discount: Discount) -> None:
        """Add this discount."""
        Discounts(self.table).save_discount(self.org, discount)

    def joins(self, *members: Membership) -> None:
        """Add these memberships."""
        for one in members:
            facts = {"email": one.email, "group_id": one.group_id, "source": one.source.value}
            facts |= {"added_at": one.added_at.isoformat()}
            facts |= {"removal_at": one.removal_at.isoformat()} if one.removal_at else {}
            self.table.put({**person_keys.membership(self.org, one.email, one.group_id)._asdict(), **facts})

    # What checkouts do

    def ask(self, *sale_items: str, **more: Any) -> CheckResponse:
        """The answer to a check."""
        return check_access(self.checks, self.bearer, CheckRequest(sale_items=sale_items, **more), self.now)[0]

    def take(self, order_id: str = "order-1", **more: Any) -> Outcome:
        """The outcome of a redemption."""
        return create_redemption(
            self.checks, self.bearer, redemption_request(order_id, **more), self.attempt(), self.now
        )[0]

    def confirm(self, redemption_id: str) -> RedemptionResult:
        """The confirmed hold."""
        return confirm(self.ledger, redemption_id, self.now, quantity_of=self._quantity)

    def release(self, redemption_id: str, **more: Any) -> RedemptionResult:
        """The redemption after its release."""
        return release(self.ledger, redemption_id, self.attempt(), self.now, **more, quantity_of=self._quantity)

    def _quantity(self, redemption: Redemption) -> int:
        return self.checks.read_quantity("demo", redemption, self.now)

    def tidy(self) -> int:
        """Run the timer."""
        return clean_up_uses(OverdueWork(self.table), self.now, self.attempt)

    def attempt(self) -> str:
        """An id that no other attempt has."""
        return f"try-{next(self._attempts)}"
