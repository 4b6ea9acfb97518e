"""An organiser's groups and purchases in memory, with the services that sync them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from guestlist.groups import lifecycle
from guestlist.groups.full_pass import PassResult, full_pass
from guestlist.groups.group_settings import GroupChanges, WelcomeChanges
from guestlist.groups.members import MemberPorts
from guestlist.groups.membership import Membership
from guestlist.groups.model import Group
from guestlist.groups.reevaluation import SyncPorts, reevaluate
from guestlist.groups.rule import Branch
from guestlist.groups.sync import SyncReport, sync_groups
from guestlist.purchases import service as purchases_service
from guestlist.purchases.model import Buyer, Line, NewPurchase
from guestlist.purchases.service import PurchasePorts
from tests.fakes.groups import (
    FakeCatalogues,
    FakeCustomers,
    FakeGroups,
    FakeMemberships,
    FakePurchases,
)
from tests.unit.groups.builders import DEMO, NOW, catalogue, create

ANN, BOB = "ann@example.com", "bob@example.com"


@dataclass
class World:
    """The stores and ports of the sync."""

    groups: FakeGroups = field(default_factory=FakeGroups)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    catalogues: FakeCatalogues = field(default_factory=catalogue)

    def __post_init__(self) -> None:
        self.memberships = FakeMemberships(purchases=self.customers.states)
        self.purchases = FakePurchases(memberships=self.memberships, customers=self.customers)
        self.purchase_ports = PurchasePorts(
            purchases=self.purchases, customers=self.customers, catalogues=self.catalogues, digest_key=b""
        )
        self.ports = MemberPorts(groups=self.groups, customers=self.customers, memberships=self.memberships)
        self.engine = SyncPorts(
            groups=self.groups,
            syncs=self.groups.syncs,
            memberships=self.memberships,
            catalogues=self.catalogues,
            purchases=self.purchases,
        )
        self._numbers = count(1)

    def automatic(self, rules: Branch, *, welcome: bool = False, synced: bool = True, **more: object) -> Group:
        name = f"Group {next(self._numbers)}"
        group = create(self.groups, name, "automatic", rules=rules, catalogues=self.catalogues, **more)
        if welcome:
            request = GroupChanges(welcome_email=WelcomeChanges(enabled=True))
            group = lifecycle.change(DEMO, group.group_id, request, NOW, "me", self.groups, self.catalogues)
        if synced:
            self.pass_over(group)
        return group

    def buy(
        self, email: str = ANN, item: str = "ticket", quantity: int = 1, at: datetime = NOW, *, followed: bool = True
    ) -> str:
        """Record an order made at that time, and return its id."""
        order_id = f"o{next(self._numbers)}"
        lines = (Line(sale_item_id=item, quantity=quantity),)
        request = NewPurchase(order_id=order_id, customer=Buyer(email=email), lines=lines)
        purchases_service.record("demo", request, at, self.purchase_ports)
        if followed:
            self.reevaluate(email, at)
        return order_id

    def refund(self, order_id: str, at: datetime, lines: Sequence[Line] | None = None) -> None:
        purchase = purchases_service.refund("demo", order_id, lines, None, at, self.purchase_ports)
        self.reevaluate(purchase.email, at)

    def reevaluate(self, email: str, at: datetime) -> None:
        reevaluate("demo", email, at, "purchase", self.engine)

    def pass_over(self, group: Group, at: datetime = NOW, more: Callable[[], bool] = lambda: True) -> PassResult:
        self.groups.syncs.request_full_pass("demo", group.group_id, at, "me")
        return self.resume(group, at, more)

    def resume(self, group: Group, at: datetime = NOW, more: Callable[[], bool] = lambda: True) -> PassResult:
        return full_pass("demo", group.group_id, f"r{next(self._numbers)}", at, more, self.engine)

    def timer(self, at: datetime, more: Callable[[], bool] = lambda: True) -> SyncReport:
        return sync_groups(at, lambda: f"r{next(self._numbers)}", more, self.engine)

    def member(self, group: Group, email: str = ANN) -> Membership | None:
        return self.memberships.get_memberships("demo", email).get(group.group_id)

    def is_in(self, group: Group, email: str = ANN, at: datetime = NOW) -> bool:
        member = self.member(group, email)
        return member is not None and not member.has_ended(at)
