"""The ports of groups, in memory."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Catalogue, Entity, Event, SaleItem, id_of, type_of
from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.customers.model import SHARDS, Customer, shard_of
from guestlist.groups.catalogue_groups import CatalogueGroups
from guestlist.groups.index import GroupIndex
from guestlist.groups.membership import AuditEntry, Change, Membership, Source
from guestlist.groups.model import Group
from guestlist.groups.person import Person
from guestlist.groups.progress import START, Progress
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification, Unknown
from guestlist.model.name_search import beginnings, begins, folded
from guestlist.purchases.model import CountedPurchase, Purchase


@dataclass
class FakeSyncs:
    """Progress by organiser and group; `listed` are the groups that timers find, and since when they are due."""

    progress: dict[tuple[str, str], Progress] = field(default_factory=dict)
    listed: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def get_progress(self, org: str, group_id: str) -> Progress:
        return self.progress.get((org, group_id), Progress(organiser_id=org, group_id=group_id))

    def get_progress_of_each(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Progress]:
        return {group_id: self.progress[org, group_id] for group_id in group_ids if (org, group_id) in self.progress}

    def due(self, now: datetime) -> Iterator[Progress]:
        due_keys = sorted((at, key) for key, at in self.listed.items() if at <= now)
        yield from [self.progress[key] for _, key in due_keys]

    def request_full_pass(self, org: str, group_id: str, now: datetime, by: str) -> None:
        self.progress[org, group_id] = replace(self.get_progress(org, group_id), asked_at=now, asked_by=by)
        self.listed[org, group_id] = now

    def begin_pass(self, progress: Progress, run_id: str, now: datetime) -> Progress:
        self._same_run(progress)
        return self._keep(progress, run_id=run_id, started_at=now, cursors=(START,) * SHARDS)

    def advance_pass(self, progress: Progress, shard: int, cursor: str) -> Progress:
        cursors = self._same_run(progress).cursors
        if cursors[shard] != progress.cursors[shard]:
            raise ConcurrentModification
        return self._keep(progress, cursors=(*cursors[:shard], cursor, *cursors[shard + 1 :]))

    def finish_pass(self, progress: Progress, now: datetime) -> Progress:
        current = self._same_run(progress)
        is_answered = False
        if progress.asked_at is not None:
            if current.asked_at != progress.asked_at:
                raise ConcurrentModification
            is_answered = progress.started_at is not None and progress.asked_at <= progress.started_at
        asked_at = None if is_answered else current.asked_at
        self.postpone(progress, now)
        return self._keep(progress, run_id=None, started_at=None, synced_at=now, passed_at=now, asked_at=asked_at)

    def mark_synced(self, progress: Progress, now: datetime) -> None:
        key = progress.organiser_id, progress.group_id
        if self.get_progress(*key).asked_at is None and key in self.listed:
            self._keep(progress, synced_at=now)
            self.postpone(progress, now)

    def postpone(self, progress: Progress, now: datetime) -> None:
        key = progress.organiser_id, progress.group_id
        self.listed |= {key: now + timedelta(microseconds=1)} if key in self.listed else {}

    def unschedule(self, progress: Progress) -> None:
        self.listed.pop((progress.organiser_id, progress.group_id), None)

    def _same_run(self, progress: Progress) -> Progress:
        current = self.get_progress(progress.organiser_id, progress.group_id)
        if current.run_id != progress.run_id:
            raise ConcurrentModification
        return current

    def _keep(self, progress: Progress, **changes: object) -> Progress:
        key = progress.organiser_id, progress.group_id
        self.progress[key] = replace(self.get_progress(*key), **changes)
        return self.progress[key]


@dataclass
class FakeGroups:
    """Records, index and audit entries of any organiser; `raced` saves fail by another change before one succeeds."""

    syncs: FakeSyncs = field(default_factory=FakeSyncs)
    records: dict[tuple[str, str], Group] = field(default_factory=dict)
    indexes: dict[str, GroupIndex] = field(default_factory=dict)
    audit_entries: list[tuple[str, AuditEntry]] = field(default_factory=list)
    raced: int = 0

    @property
    def of_catalogue(self) -> CatalogueGroups:
        """These groups as the catalogue sees them."""
        return CatalogueGroups(self, self.syncs)

    def index(self, org: str) -> GroupIndex:
        return self.indexes.get(org, GroupIndex())

    def get_group(self, org: str, group_id: str) -> Group:
        try:
            return self.records[org, group_id]
        except KeyError:
            raise Unknown("not_found.group", id=group_id) from None

    def get_groups(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Group]:
        return {group_id: self.records[org, group_id] for group_id in group_ids if (org, group_id) in self.records}

    def newest(self, org: str, after: str | None = None) -> Iterator[Group]:
        ids = sorted((group_id for owner, group_id in self.records if owner == org), reverse=True)
        yield from [self.records[org, group_id] for group_id in ids if after is None or group_id < after]

    def save_group(
        self,
        org: str,
        group: Group,
        now: datetime,
        index: GroupIndex | None = None,
        *,
        asked_by: str | None = None,
        audit_entry: AuditEntry | None = None,
    ) -> Group:
        current = self.records.get((org, group.group_id))
        stale = (current.revision if current else 0) != group.revision
        if stale or self.raced or (index is not None and index.number != self.index(org).number + 1):
            self.raced = max(0, self.raced - 1)
            raise ConcurrentModification
        following = replace(group, revision=group.revision + 1)
        self.records[org, group.group_id] = following
        if index is not None:
            self.indexes[org] = index
        if asked_by is not None:
            self.syncs.request_full_pass(org, group.group_id, now, asked_by)
        self.audit_entries += [(org, audit_entry)] if audit_entry else []
        return following

    def save_all(
        self, org: str, groups: Sequence[Group], index: GroupIndex, audit_entries: Sequence[AuditEntry]
    ) -> None:
        stale = any(self.records[org, group.group_id].revision != group.revision for group in groups)
        if stale or self.raced or index.number != self.index(org).number + 1:
            self.raced = max(0, self.raced - 1)
            raise ConcurrentModification
        self.records |= {(org, group.group_id): replace(group, revision=group.revision + 1) for group in groups}
        self.indexes[org] = index
        self.audit_entries += [(org, audit_entry) for audit_entry in audit_entries]


@dataclass
class FakeCounts:
    """Numbers of members by organiser and group."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def count_members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        return {group_id: self.numbers.get((org, group_id), 0) for group_id in group_ids}


@dataclass
class FakeCatalogues:
    """Entities by organiser, type and id, and the restriction index; `raced` saves are lost before one succeeds."""

    entities: dict[tuple[str, EntityType, str], Entity] = field(default_factory=dict)
    indexes: dict[str, RestrictionIndex] = field(default_factory=dict)
    raced: int = 0

    def restrictions(self, org: str) -> RestrictionIndex:
        return self.indexes.get(org, RestrictionIndex())

    def get_entity(self, org: str, entity_type: EntityType, entity_id: str) -> Entity | None:
        return self.entities.get((org, entity_type, entity_id))

    def find_unknown(self, org: str, references: Sequence[tuple[EntityType, str]]) -> set[tuple[EntityType, str]]:
        return {name for name in references if (org, *name) not in self.entities}

    def read_catalogue(self, org: str) -> Catalogue:
        mine = [entity for (owner, _, _), entity in self.entities.items() if owner == org]
        return Catalogue(
            {entity.event_id: entity for entity in mine if isinstance(entity, Event)},
            {entity.sale_item_id: entity for entity in mine if isinstance(entity, SaleItem)},
        )

    def subset(self, org: str, sale_item_ids: Collection[str]) -> Catalogue:
        whole = self.read_catalogue(org)
        items = {name: item for name, item in whole.sale_items.items() if name in sale_item_ids}
        event_ids = {whole.event_of(name) for name in sale_item_ids}
        return Catalogue({name: event for name, event in whole.events.items() if name in event_ids}, items)

    def search_catalogue(self, org: str, typed: str, after: str | None = None) -> Iterator[tuple[str, Entity]]:
        matches: list[tuple[str, Entity]] = []
        for (owner, entity_type, entity_id), entity in self.entities.items():
            place = f"{entity_type}#{entity_id}"
            words = [f"{word}\x1f{place}" for word in {*beginnings(entity.name), folded(entity_id)}]
            words = [word for word in words if word.startswith(folded(typed))] if folded(typed) else [place]
            matches += [(min(words), entity)] if owner == org and words else []
        yield from sorted((one for one in matches if after is None or one[0] > after), key=lambda one: one[0])

    def save_entity(
        self, org: str, entity: Entity, index: RestrictionIndex | None = None, *, new: bool = False
    ) -> None:
        if new and (org, type_of(entity), id_of(entity)) in self.entities:
            raise ConcurrentModification
        if index is not None:
            self.save_restrictions(org, index)
        self.entities[org, type_of(entity), id_of(entity)] = entity

    def save_restrictions(self, org: str, index: RestrictionIndex) -> None:
        if self.raced or index.number != self.restrictions(org).number + 1:
            self.raced = max(0, self.raced - 1)
            raise ConcurrentModification
        self.indexes[org] = index


@dataclass
class FakeCustomers:
    """Customers by organiser and folded e-mail; `states` are the numbers of the states of their purchases."""

    stored: dict[tuple[str, str], Customer] = field(default_factory=dict)
    states: dict[tuple[str, str], int] = field(default_factory=dict)

    def get_customer(self, org: str, email: str) -> Customer | None:
        return self.stored.get((org, fold_email(email)))

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        customers = (self.get_customer(org, email) for email in emails)
        return {customer.key: customer for customer in customers if customer}

    def list_customers(self, org: str, limit: int, after: str = "") -> list[Customer]:
        return self._all(org, after)[:limit]

    def search_customers(self, org: str, typed: str, limit: int, after: str = "") -> list[Customer]:
        keys = set(self.find_by_name(org, typed))
        fitting = [one for one in self._all(org, after) if one.key.startswith(fold_email(typed)) or one.key in keys]
        return fitting[:limit]

    def find_by_name(self, org: str, typed: str) -> Iterator[str]:
        for customer in self._all(org, "") if folded(typed) else []:
            if begins(customer.name, typed):
                yield customer.key

    def ensure_customers(
        self, org: str, customers: Sequence[Customer], existing: Mapping[str, Customer] | None = None
    ) -> Mapping[str, Customer]:
        assert not existing
        ensured = {}
        for one in customers:
            self.states.setdefault((org, one.key), 0)
            customer = self.stored.setdefault((org, one.key), one)
            ensured[one.key] = self.stored[org, one.key] = (
                customer if customer.name else replace(customer, name=one.name)
            )
        return ensured

    def rename(self, org: str, email: str, name: str) -> Customer | None:
        customer = self.get_customer(org, email)
        if customer is not None:
            self.stored[org, customer.key] = replace(customer, name=name)
        return self.get_customer(org, email)

    def rename_each(self, org: str, names: Mapping[str, str]) -> None:
        for email, name in names.items():
            self.rename(org, email, name)

    def _all(self, org: str, after: str) -> list[Customer]:
        return [one for (owner, email), one in sorted(self.stored.items()) if owner == org and email > after]


@dataclass
class FakeMemberships:
    """Memberships by organiser, e-mail and group; `welcomed` are the welcome mails ever promised.

    `purchases` is the number of the state of a person's purchases, where they have a profile, and `owed`
    since when it was not followed. Before each of the next writes one of `meddlers` is called: another
    worker, who comes first.
    """

    stored: dict[tuple[str, str, str], Membership] = field(default_factory=dict)
    purchases: dict[tuple[str, str], int] = field(default_factory=dict)
    due_buyers: dict[tuple[str, str], datetime] = field(default_factory=dict)
    welcomed: list[tuple[str, str, str]] = field(default_factory=list)
    audit_entries: list[tuple[str, AuditEntry]] = field(default_factory=list)
    meddlers: list[Callable[[], object]] = field(default_factory=list)

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        return {key[2]: member for key, member in self.stored.items() if key[:2] == (org, fold_email(email))}

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        return {fold_email(email): self.get_memberships(org, email) for email in emails}

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        keys = [(fold_email(email), group_id) for email, group_id in pairs]
        return {pair: self.stored[org, *pair] for pair in keys if (org, *pair) in self.stored}

    def list_members(
        self, org: str, group_id: str, *, begins: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[Membership]:
        assert limit is None or limit > 0
        for (owner, email, group), member in sorted(self.stored.items()):
            if (owner, group) == (org, group_id) and email.startswith(begins) and email > after:
                yield member

    def shard(self, org: str, group_id: str, shard: int, after: str = "") -> Iterator[Membership]:
        return (member for member in self.list_members(org, group_id, after=after) if shard_of(member.email) == shard)

    def count_members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        return {name: sum(key[0] == org and key[2] == name for key in self.stored) for name in group_ids}

    def due(self, now: datetime, *, automatic: bool) -> Iterator[tuple[str, Membership]]:
        ended = [(key[0], one) for key, one in self.stored.items() if one.has_ended(now)]
        yield from [(org, one) for org, one in ended if (one.source is Source.RULE) is automatic]

    def apply(self, org: str, changes: Sequence[Change], now: datetime) -> list[Change]:
        if self.meddlers:
            self.meddlers.pop()()
        return [change for change in changes if not self._apply(org, change, now)]

    def reevaluate(self, org: str, email: str, changes: Sequence[Change], now: datetime, seen: int | None) -> None:
        if self.meddlers:
            self.meddlers.pop()()
        if self.purchases.get((org, email)) != seen or any(self._stale(org, change) for change in changes):
            raise ConcurrentModification
        self.due_buyers.pop((org, email), None)
        for change in changes:
            self._apply(org, change, now)

    def audit_entries_of(self, org: str, email: str, limit: int, before: str = "") -> list[tuple[str, AuditEntry]]:
        owner_key = org, fold_email(email)
        matches = [
            (str(at), audit_entry)
            for at, (owner, audit_entry) in enumerate(self.audit_entries)
            if (owner, audit_entry.email) == owner_key
        ]
        return [one for one in reversed(matches) if not before or int(one[0]) < int(before)][:limit]

    def _stale(self, org: str, change: Change) -> bool:
        return self.stored.get((org, change.subject.email, change.subject.group_id)) != change.before

    def _apply(self, org: str, change: Change, now: datetime) -> bool:
        subject, stale = change.subject, self._stale(org, change)
        key = org, subject.email, subject.group_id
        if stale:
            return False
        self.stored.pop(key, None)
        if change.after:
            self.stored[key] = change.after
        self.audit_entries.append((org, change.audit_entry(now)))
        if change.welcome and key not in self.welcomed:
            self.welcomed.append(key)
        return True


@dataclass
class FakePurchases:
    """Orders by organiser and id; the numbers of people's states stand with the memberships.

    `of_buyers` are the ids of the orders that each person ever had, in turn.
    """

    memberships: FakeMemberships = field(default_factory=FakeMemberships)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    orders: dict[tuple[str, str], Purchase] = field(default_factory=dict)
    sold: Counter[tuple[str, str]] = field(default_factory=Counter)
    of_buyers: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def get_purchase(self, org: str, order_id: str) -> Purchase:
        try:
            return self.orders[org, order_id]
        except KeyError:
            raise Unknown("not_found.order", id=order_id) from None

    def get_purchases(self, org: str, order_ids: Sequence[str]) -> Mapping[str, Purchase]:
        return {order_id: self.orders[org, order_id] for order_id in order_ids if (org, order_id) in self.orders}

    def person(self, org: str, email: str) -> Person:
        return Person(
            email=fold_email(email),
            purchases_revision=self.memberships.purchases.get((org, fold_email(email))),
            reevaluation_due=(org, fold_email(email)) in self.memberships.due_buyers,
            purchases=tuple(self._counted_purchases(org, fold_email(email))),
            memberships=self.memberships.get_memberships(org, email),
        )

    def people(self, org: str, emails: Sequence[str]) -> list[Person]:
        return [self.person(org, email) for email in emails]

    def due_buyers(self, now: datetime) -> Iterator[tuple[str, str]]:
        yield from sorted(key for key, since in self.memberships.due_buyers.items() if since <= now)

    def buyers(
        self, org: str, sale_item_ids: Collection[str], shard: int, after: str = ""
    ) -> Iterator[tuple[str, list[CountedPurchase]]]:
        emails = (email for owner, email in self.of_buyers if owner == org and shard_of(email) == shard)
        for email in sorted(email for email in emails if email > after):
            purchases = [
                one for one in self._counted_purchases(org, email) if one.sale_item_id in sale_item_ids and one.quantity
            ]
            if purchases:
                yield email, purchases

    def record(self, org: str, purchase: Purchase, now: datetime) -> Purchase:
        if (org, purchase.order_id) in self.orders or self.customers.get_customer(org, purchase.email) is None:
            raise ConcurrentModification
        return self._keep(org, purchase, purchase.places, now)

    def renew(self, org: str, former: Purchase, purchase: Purchase, now: datetime) -> Purchase:
        if self.orders[org, former.order_id].revision != former.revision:
            raise ConcurrentModification
        self.of_buyers.get((org, former.key), {}).pop(former.order_id, None)
        return self._keep(org, former.replaced_by(purchase), purchase.places, now)

    def save_due_buyers(self, org: str, emails: Sequence[str], now: datetime) -> str:
        """Return the name of a note; here every buyer is due without one."""
        return f"{org}{len(emails)}{now}"

    def delete_due_buyers(self, org: str, note: str) -> None:
        assert note.startswith(org)

    def record_many(self, org: str, purchases: Sequence[Purchase], now: datetime, note: str = "") -> list[Purchase]:
        assert note == note.strip()
        conflicts = []
        for purchase in purchases:
            try:
                self.record(org, purchase, now)
            except ConcurrentModification:
                conflicts.append(purchase)
        return conflicts

    def refund(self, org: str, purchase: Purchase, returned: Mapping[str, int], now: datetime) -> Purchase:
        if self.orders[org, purchase.order_id].revision != purchase.revision:
            raise ConcurrentModification
        return self._keep(org, purchase, {event_id: -places for event_id, places in returned.items()}, now)

    def _keep(self, org: str, purchase: Purchase, sales: Mapping[str, int], now: datetime) -> Purchase:
        following = replace(purchase, revision=purchase.revision + 1)
        self.orders[org, purchase.order_id] = following
        self.sold.update({(org, event_id): places for event_id, places in sales.items()})
        if purchase.email:
            key = org, purchase.key
            self.of_buyers.setdefault(key, {})[purchase.order_id] = None
            self.memberships.purchases[key] = self.memberships.purchases.get(key, 0) + 1
            self.memberships.due_buyers[key] = now
        return following

    def _counted_purchases(self, org: str, email: str) -> Iterator[CountedPurchase]:
        for purchase in (self.orders[org, order_id] for order_id in self.of_buyers.get((org, email), ())):
            for line in purchase.lines if purchase.key == email else ():
                yield CountedPurchase(purchase.purchased_at, line.sale_item_id, line.net, purchase.order_id)
