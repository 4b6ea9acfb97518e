"""Record orders of imported files like those of a checkout."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Catalogue
from guestlist.groups.reevaluation import Reevaluator, SyncPorts
from guestlist.model.email_address import fold_email
from guestlist.model.errors import Conflict
from guestlist.model.name_search import unaccented
from guestlist.purchases.importing.sale_items import similar_item
from guestlist.purchases.model import NewPurchase
from guestlist.purchases.service import PurchasePorts, is_same_order, record_many, undo_order


@dataclass(frozen=True, slots=True)
class Orders:
    """The purchase service for imports. `catalogues` caches catalogues by organiser."""

    purchase_ports: PurchasePorts
    sync_ports: SyncPorts
    catalogues: dict[str, Catalogue] = field(default_factory=dict, repr=False)

    def unknown_items(self, org: str, sale_item_ids: Collection[str]) -> set[str]:
        """The ids that are not those of sale items."""
        items = [(EntityType.SALE_ITEM, name) for name in sale_item_ids]
        return {name for _, name in self.purchase_ports.catalogues.find_unknown(org, items)}

    def find_items(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """Sale item ids by label, for labels that are an id or the name of exactly one sale item."""
        items = self._catalogue(org).sale_items
        ids_by_name: dict[str, list[str]] = {}
        for item in items.values():
            ids_by_name.setdefault(unaccented(item.name), []).append(item.sale_item_id)
        ids_by_label = (
            (label, [label] if label in items else ids_by_name.get(unaccented(label), [])) for label in labels
        )
        return {label: ids[0] for label, ids in ids_by_label if len(ids) == 1}

    def suggest_items(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """Sale item ids by label, for labels that resemble the name of exactly one sale item."""
        names = {item.sale_item_id: item.name for item in self._catalogue(org).sale_items.values()}
        likely_items = {label: similar_item(label, names) for label in labels}
        return {label: item for label, item in likely_items.items() if item is not None}

    def compare_existing(self, org: str, purchases: Sequence[NewPurchase]) -> Mapping[str, bool]:
        """Whether the stored order of each id equals this purchase.

        Ids without an order, or with one that was undone, are left out.
        """
        orders = self.purchase_ports.purchases.get_purchases(org, [purchase.order_id for purchase in purchases])
        current = {order_id: order for order_id, order in orders.items() if not order.taken_back}
        return {
            purchase.order_id: is_same_order(current[purchase.order_id], purchase, self.purchase_ports.digest_key)
            for purchase in purchases
            if purchase.order_id in current
        }

    def record(self, org: str, purchases: Sequence[NewPurchase], now: datetime) -> set[str]:
        """Record orders with distinct ids, and re-evaluate their buyers' automatic groups.

        Returns the ids that other orders have; a repeat of the same order changes nothing. Raises `Invalid`.
        """
        if not purchases:
            return set()
        store = self.purchase_ports.purchases
        note = store.save_due_buyers(org, sorted({fold_email(purchase.customer.email) for purchase in purchases}), now)
        recorded, other_ids = record_many(org, purchases, now, self.purchase_ports, note)
        reevaluator = Reevaluator(org, now, "purchase", self.sync_ports, (), self._catalogue(org))
        buyers = {purchase.key for purchase in recorded if purchase.email}
        # If concurrent changes of a person win every time, the timer re-evaluates that person later.
        if reevaluator.reevaluate_each(sorted(buyers)):
            store.delete_due_buyers(org, note)
        return other_ids

    def _catalogue(self, org: str) -> Catalogue:
        """The catalogue, cached for this run; a change of it requests its own full sync."""
        if org not in self.catalogues:
            self.catalogues[org] = self.purchase_ports.catalogues.read_catalogue(org)
        return self.catalogues[org]

    def refund_order(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Undo the order: refund everything that is left of it, once per request id. Raises `Unknown`."""
        remainder = undo_order(org, order_id, request, now, self.purchase_ports)
        with suppress(Conflict):
            Reevaluator(org, now, "purchase", self.sync_ports, ()).reevaluate(remainder.email)
