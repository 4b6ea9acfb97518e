"""Store of personal data: everything about one person, read and erased as a whole."""

from collections.abc import Iterator
from datetime import datetime

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.checkout.redemption_store import Redemptions
from guestlist.customers.profile import PersonalData, ProfileLine, ProfileTicket
from guestlist.customers.store import Customers, customer_of
from guestlist.groups.audit_blocks import AuditBlocks
from guestlist.groups.membership_items import BLOCK, anonymised_audit_item, membership_of, welcome_keys
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.purchases.store import Purchases
from guestlist.purchases.ticket_items import tickets_of
from guestlist.purchases.ticket_order import TicketOrder


class PersonalDataStore:
    """The personal data of the customers of every organiser."""

    def __init__(self, table: Table, purchases: Purchases) -> None:
        self._table = table
        self._purchases = purchases

    def read_person(self, org: str, email: str) -> PersonalData | None:
        """Everything that is stored about the person; None if they are not a customer."""
        items = list(self._table.query_all(person_keys.customer(org, email)))
        profile = next((item for item in items if item["sk"] == "PROFILE" and "email" in item), None)
        if profile is None:
            return None
        return PersonalData(
            customer=customer_of(profile),
            memberships={item["group_id"]: membership_of(item) for item in _items_with_prefix(items, "M#")},
            lines=tuple(_lines(_items_with_prefix(items, "BUY#"))),
            orders=tuple(_orders(items)),
            tickets=tuple(ticket for item in _items_with_prefix(items, "T#") for ticket in _tickets(item)),
        )

    def erase_person(self, org: str, email: str) -> None:
        """Remove the person from orders, tickets and redemptions, and delete everything else about them."""
        Redemptions(self._table).redact_person(org, email)
        items = list(self._table.query_all(person_keys.customer(org, email)))
        for order_id in {item["order_id"] for item in _items_with_prefix(items, "BUY#")}:
            retry_on_conflict(lambda order_id=order_id: self._purchases.remove_buyer(org, order_id))  # type: ignore[misc]
        for code in (code for item in _items_with_prefix(items, "T#") for code, _ in tickets_of(item)):
            self._remove_holder(org, code)
        groups = {item["group_id"] for item in (*_items_with_prefix(items, "M#"), *_items_with_prefix(items, "D#"))}
        mail_keys = [welcome_keys(org, group_id, fold_email(email), self._table.digest_key) for group_id in groups]
        self._table.delete_many(key for keys_of_mail in mail_keys for key in keys_of_mail)
        for item in items:
            if item["sk"] == "PROFILE" and "email" in item:
                Customers(self._table).delete_name(org, item)
        AuditBlocks(self._table).anonymise(org, email, sorted({item[BLOCK] for item in items if BLOCK in item}))
        singles = [item for item in _items_with_prefix(items, "D#") if BLOCK not in item]
        self._table.put_many(anonymised_audit_item(item, self._table.digest_key) for item in singles)
        self._table.delete_many(Key(item["pk"], item["sk"]) for item in items)

    def _remove_holder(self, org: str, code: str) -> None:
        try:
            self._table.update(keys.ticket(org, code), remove=["name", "email"], when=conditions.present())
        except ConditionFailed:
            return


def _items_with_prefix(items: list[Item], prefix: str) -> list[Item]:
    return [item for item in items if item["sk"].startswith(prefix)]


def _lines(items: list[Item]) -> Iterator[ProfileLine]:
    """Yield the lines of all orders, by order and number; one item may have several."""
    lines: list[tuple[str, int, ProfileLine]] = []
    for item in items:
        order, _, number = item["sk"].rpartition("#")
        single_line = [[int(number), item["ordered"], item["ordered"] - item["quantity"]]]
        for line_number, quantity, refunded in item.get("lines", single_line):
            lines.append((order, line_number, _line(item, quantity, refunded)))
    return (line for *_, line in sorted(lines, key=lambda numbered: numbered[:2]))


def _line(item: Item, quantity: int, refunded: int) -> ProfileLine:
    return ProfileLine(
        order_id=item["order_id"],
        ordered_at=datetime.fromisoformat(item["at"]),
        sale_item_id=item["sale_item_id"],
        event_id=item["event_id"],
        quantity=quantity,
        refunded=refunded,
    )


def _orders(items: list[Item]) -> Iterator[TicketOrder]:
    """The orders of imported tickets: from items of an earlier release, or else derived from the tickets."""
    items_by_order = {
        item["order_id"]: item for item in reversed(_items_with_prefix(items, "T#")) if "ordered_at" in item
    }
    items_by_order |= {item["order_id"]: item for item in _items_with_prefix(items, "ORDER#")}
    return (_order(item) for _, item in sorted(items_by_order.items()))


def _order(item: Item) -> TicketOrder:
    return TicketOrder(
        order_id=item["order_id"],
        event_id=item["event_id"],
        ordered_at=datetime.fromisoformat(item["ordered_at"]),
        email=item.get("email", ""),
        name=item.get("name", ""),
        import_id=item.get("import_id"),
    )


def _tickets(item: Item) -> Iterator[ProfileTicket]:
    order = item.get("order", "")
    for code, _ in tickets_of(item):
        yield ProfileTicket(code=code, event_id=item["event_id"], order_id=item["order_id"], order=order)
