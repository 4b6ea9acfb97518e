"""Orders as an import tells of them, recorded as those that a checkout tells of."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from guestlist.catalogue.model import Catalogue
from guestlist.groups.reevaluation import Reevaluator, SyncPorts
from guestlist.groups.rule import Entity
from guestlist.model.errors import Conflict
from guestlist.model.name_search import unaccented
from guestlist.purchases.importing.sale_items import likely
from guestlist.purchases.model import NewPurchase
from guestlist.purchases.service import PurchasePorts, is_told_of, record_many, take_back


@dataclass(frozen=True, slots=True)
class Orders:
    """Purchase service for imports. `catalogues` are what was read of what is sold, by organiser."""

    purchase_ports: PurchasePorts
    sync_ports: SyncPorts
    catalogues: dict[str, Catalogue] = field(default_factory=dict, repr=False)

    def unknown_items(self, org: str, sale_item_ids: Collection[str]) -> set[str]:
        """Those of them that are no sale items."""
        wanted = [(Entity.SALE_ITEM, name) for name in sale_item_ids]
        return {name for _, name in self.purchase_ports.catalogues.unknown(org, wanted)}

    def items_named(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The sale items of these labels, by label: of those that are an id, or the name of just one."""
        items = self._catalogue(org).sale_items
        named: dict[str, list[str]] = {}
        for item in items.values():
            named.setdefault(unaccented(item.name), []).append(item.sale_item_id)
        found = ((label, [label] if label in items else named.get(unaccented(label), [])) for label in labels)
        return {label: ids[0] for label, ids in found if len(ids) == 1}

    def items_like(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The one sale item whose name each of these labels nearly is, by label."""
        names = {item.sale_item_id: item.name for item in self._catalogue(org).sale_items.values()}
        found = {label: likely(label, names) for label in labels}
        return {label: item for label, item in found.items() if item is not None}

    def known(self, org: str, purchases: Sequence[NewPurchase]) -> Mapping[str, bool]:
        """Whether the order that has such an id is this very order, by id.

        Where there is none, or one that was taken back, it is left out.
        """
        found = self.purchase_ports.purchases.many(org, [one.order_id for one in purchases])
        standing = {order_id: order for order_id, order in found.items() if not order.taken_back}
        return {
            one.order_id: is_told_of(standing[one.order_id], one, self.purchase_ports.digest_key)
            for one in purchases
            if one.order_id in standing
        }

    def record(self, org: str, purchases: Sequence[NewPurchase], now: datetime) -> set[str]:
        """Keep these orders, of different ids, and have their buyers' automatic groups follow.

        Answers the ids that other orders have; one told of again as it was stays as it is. Raises `Invalid`.
        """
        kept, lost = record_many(org, purchases, now, self.purchase_ports)
        reevaluator = Reevaluator(org, now, "purchase", self.sync_ports, (), self._catalogue(org))
        buyers = {purchase.key for purchase in kept if purchase.email}
        self.sync_ports.at_once(*[partial(_followed, reevaluator, email) for email in sorted(buyers)])
        return lost

    def _catalogue(self, org: str) -> Catalogue:
        """The catalogue as it was when this run first asked; whatever changes it asks for a full pass of its own."""
        if org not in self.catalogues:
            self.catalogues[org] = self.purchase_ports.catalogues.whole(org)
        return self.catalogues[org]

    def take_back(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Give back all that is left of the order, once for each request. Raises `Unknown`."""
        left = take_back(org, order_id, request, now, self.purchase_ports)
        _followed(Reevaluator(org, now, "purchase", self.sync_ports, ()), left.email)


def _followed(reevaluator: Reevaluator, email: str) -> None:
    # Where others change the same person all the time, what is owed to the purchase is left to the timer.
    with suppress(Conflict):
        reevaluator.reevaluate(email)
