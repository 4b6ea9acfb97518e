"""Random histories of an automatic group: people buy and give back while timers and passes run, and processes die."""

from contextlib import suppress
from datetime import datetime, timedelta

from guestlist.aws.table import Table
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Event, SaleItem
from guestlist.customers.store import Customers
from guestlist.groups.index import GroupType
from guestlist.groups.model import Group, WelcomeEmail
from guestlist.groups.reevaluation import reevaluate
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.groups.sync import sync_groups
from guestlist.model.duration import Duration, Unit
from guestlist.model.errors import Conflict, Unknown
from guestlist.purchases import service
from guestlist.purchases.model import Buyer, Line, NewPurchase
from guestlist.purchases.service import PurchasePorts
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES, ORG
from tests.simulation.network import Faults, Model
from tests.simulation.timer_runs import ports

GROUP, ITEM, MINIMUM = "regulars", "ticket", 2
WINDOW = Duration(1, Unit.DAYS)
RULES = Branch(Operator.ANY, (Leaf(type=EntityType.SALE_ITEM, id=ITEM, minimum=MINIMUM, within=WINDOW),))
STORM = Faults(lost_request=0.02, lost_answer=0.02, dies=0.02, copied=0.02)
PEOPLE = [f"p{number}@example.com" for number in range(4)]
_ORDERS = 4


class MembershipHistory:
    """One group; `run` answers which laws its history broke."""

    def __init__(self, seed: int) -> None:
        self.model = Model(seed, Capacity(40_000, 40_000))
        self.numbers = 0

    def run(self) -> set[str]:
        """The broken laws."""
        model = self.model
        with model.running():
            self._open()
            model.network.faults = STORM
            for email in PEOPLE:
                model.time.spawn(lambda email=email: self._buy(email))
            for run in range(1, 6):
                model.time.spawn(self._timer, model.time.now + run)
            model.time.run(model.time.now + 1200)
            model.network.faults = Faults()
            return {law for at in (0, WINDOW.days * 86400 - 1200, 7200) for law in self._broken(at)}

    def _open(self) -> None:
        sync_ports, now = ports(self.model.table()), self.model.time.instant
        for entity in (Event(event_id="gala", name="Gala"), SaleItem(sale_item_id=ITEM, name="T", event_id="gala")):
            sync_ports.catalogues.save_entity(ORG, entity)
        group = Group(
            group_id=GROUP,
            name="Regulars",
            type=GroupType.AUTOMATIC,
            created_at=now,
            rules=RULES,
            welcome=WelcomeEmail(enabled=True),
        )
        groups = sync_ports.groups
        groups.save_group(ORG, group, now, groups.index(ORG).with_group(group.to_index_entry()), asked_by="me")

    # What is done

    def _buy(self, email: str) -> None:
        random, time = self.model.time.random, self.model.time
        for number in range(_ORDERS):
            time.elapse(random.expovariate(1))
            with suppress(*FAILURES, Conflict, Unknown):
                if random.random() < 0.7:
                    self._order(email, f"{email}-{number}", random.choice([1, 1, 2]))
                else:
                    self._give_back(f"{email}-{random.randrange(_ORDERS)}")
                if random.random() < 0.7:
                    reevaluate(ORG, email, time.instant, "purchase", ports(self.model.table()))

    def _order(self, email: str, order_id: str, quantity: int) -> None:
        lines = (Line(sale_item_id=ITEM, quantity=quantity),)
        purchase = NewPurchase(order_id=order_id, customer=Buyer(email=email), lines=lines)
        service.record(ORG, purchase, self.model.time.instant, _purchase_ports(self.model.table()))

    def _give_back(self, order_id: str) -> None:
        service.refund(ORG, order_id, None, None, self.model.time.instant, _purchase_ports(self.model.table()))

    def _timer(self) -> None:
        self.numbers += 1
        now, table = self.model.time.instant, self.model.table()
        with suppress(*FAILURES):
            if self.model.time.random.random() < 0.3:
                ports(table).syncs.request_full_pass(ORG, GROUP, now, "me")
            sync_groups(now, lambda: f"run-{self.numbers}", lambda: True, ports(table))

    # Laws

    def _broken(self, later: float) -> set[str]:
        """The broken laws after the timer has run, so much later."""
        self.model.time.elapse(later)
        now = self.model.time.instant
        self._timer()
        broken, sync_ports = set[str](), ports(self.model.table())
        members = {one.email for one in sync_ports.memberships.list_members(ORG, GROUP) if not one.has_ended(now)}
        if members != {email for email in PEOPLE if self._holds(email, now)}:
            broken.add("memberships are those of the naive oracle")
        if sync_ports.memberships.count_members(ORG, [GROUP])[GROUP] != len(members):
            broken.add("the number of members is how many there are")
        return broken

    def _holds(self, email: str, now: datetime) -> bool:
        """Whether the customer has enough recent purchases without refunds, by their orders alone."""
        since = now - timedelta(days=WINDOW.days)
        orders = ports(self.model.table()).purchases.get_purchases(
            ORG, [f"{email}-{number}" for number in range(_ORDERS)]
        )
        lately = [one for one in orders.values() if one.purchased_at >= since]
        return sum(line.net for one in lately for line in one.lines) >= MINIMUM


def _purchase_ports(table: Table) -> PurchasePorts:
    sync_ports = ports(table)
    return PurchasePorts(
        purchases=sync_ports.purchases, customers=Customers(table), catalogues=sync_ports.catalogues, digest_key=b""
    )
