"""Orders as an import tells of them, recorded as those that a checkout tells of."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from guestlist.catalogue.entity import Entity
from guestlist.catalogue.model import Catalogue
from guestlist.groups.reevaluation import Reevaluator, SyncPorts
from guestlist.model.email_address import fold_email
from guestlist.model.errors import Conflict
from guestlist.model.name_search import unaccented
from guestlist.purchases.importing.sale_items import likely
from guestlist.purchases.model import NewPurchase
from guestlist.purchases.service import PurchasePorts, is_same_order, record_many, take_back


@dataclass(frozen=True, slots=True)
class Orders:
    """Purchase service for imports. `catalogues` are what was read of what is sold, by organiser."""

    purchase_ports: PurchasePorts
    sync_ports: SyncPorts
    catalogues: dict[str, Catalogue] = field(default_factory=dict, repr=False)

    def unknown_items(self, org: str, sale_item_ids: Collection[str]) -> set[str]:
        """Those of them that are no sale items."""
        items = [(Entity.SALE_ITEM, name) for name in sale_item_ids]
        return {name for _, name in self.purchase_ports.catalogues.unknown(org, items)}

    def items_named(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The sale items of these labels, by label: of those that are an id, or the name of just one."""
        items = self._catalogue(org).sale_items
        ids_by_name: dict[str, list[str]] = {}
        for item in items.values():
            ids_by_name.setdefault(unaccented(item.name), []).append(item.sale_item_id)
        ids_by_label = (
            (label, [label] if label in items else ids_by_name.get(unaccented(label), [])) for label in labels
        )
        return {label: ids[0] for label, ids in ids_by_label if len(ids) == 1}

    def items_like(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The one sale item whose name each of these labels nearly is, by label."""
        names = {item.sale_item_id: item.name for item in self._catalogue(org).sale_items.values()}
        likely_items = {label: likely(label, names) for label in labels}
        return {label: item for label, item in likely_items.items() if item is not None}

    def known(self, org: str, purchases: Sequence[NewPurchase]) -> Mapping[str, bool]:
        """Whether the order that has such an id is this very order, by id.

        Where there is none, or one that was taken back, it is left out.
        """
        orders = self.purchase_ports.purchases.get_purchases(org, [purchase.order_id for purchase in purchases])
        current = {order_id: order for order_id, order in orders.items() if not order.taken_back}
        return {
            purchase.order_id: is_same_order(current[purchase.order_id], purchase, self.purchase_ports.digest_key)
            for purchase in purchases
            if purchase.order_id in current
        }

    def record(self, org: str, purchases: Sequence[NewPurchase], now: datetime) -> set[str]:
        """Keep these orders, of different ids, and have their buyers' automatic groups follow.

        Answers the ids that other orders have; one told of again as it was stays as it is. Raises `Invalid`.
        """
        if not purchases:
            return set()
        store = self.purchase_ports.purchases
        note = store.save_due_buyers(org, sorted({fold_email(purchase.customer.email) for purchase in purchases}), now)
        recorded, other_ids = record_many(org, purchases, now, self.purchase_ports, note)
        reevaluator = Reevaluator(org, now, "purchase", self.sync_ports, (), self._catalogue(org))
        buyers = {purchase.key for purchase in recorded if purchase.email}
        # Where others change the same person all the time, what is owed to the purchase is left to the timer.
        if reevaluator.reevaluate_each(sorted(buyers)):
            store.delete_due_buyers(org, note)
        return other_ids

    def _catalogue(self, org: str) -> Catalogue:
        """The catalogue as it was when this run first asked; whatever changes it asks for a full pass of its own."""
        if org not in self.catalogues:
            self.catalogues[org] = self.purchase_ports.catalogues.whole(org)
        return self.catalogues[org]

    def take_back(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Give back all that is left of the order, once for each request. Raises `Unknown`."""
        remainder = take_back(org, order_id, request, now, self.purchase_ports)
        with suppress(Conflict):
            Reevaluator(org, now, "purchase", self.sync_ports, ()).reevaluate(remainder.email)
