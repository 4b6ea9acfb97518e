"""Builders of groups, rules and purchases."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Entity, Event, SaleItem, Schedule, id_of, type_of
from guestlist.groups import lifecycle
from guestlist.groups.group_settings import NewGroup
from guestlist.groups.index import GroupType
from guestlist.groups.model import Group
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.model.duration import Duration, Unit
from guestlist.organisers.model import Organiser
from tests.fakes.groups import FakeCatalogues, FakeGroups

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEMO = Organiser(organiser_id="demo", name="Demo", time_zone="Europe/Amsterdam", customer_groups=True)
OTHER = Organiser(organiser_id="other", name="Other", customer_groups=True)
OFF = Organiser(organiser_id="demo", name="Demo", customer_groups=False)


def catalogue(*entities: Entity) -> FakeCatalogues:
    catalogues = FakeCatalogues()
    for entity in (SEASON, FESTIVAL, TICKET, *entities):
        catalogues.entities["demo", type_of(entity), id_of(entity)] = entity
        catalogues.entities["other", type_of(entity), id_of(entity)] = entity
    return catalogues


SEASON = Schedule(schedule_id="season", name="The season")
FESTIVAL = Event(event_id="festival", name="Festival 2025")
TICKET = SaleItem(sale_item_id="ticket", name="Day ticket", event_id="festival")
CATALOGUE = catalogue()

_ids = count(1)


def days(value: int) -> Duration:
    return Duration(value, Unit.DAYS)


def leaf(kind: str = "event", name: str = "festival", minimum: int = 1, **more: Any) -> Leaf:
    return Leaf(type=EntityType(kind), id=name, minimum=minimum, **more)


def any_of(*rules: Leaf | Branch) -> Branch:
    return Branch(Operator.ANY, rules)


def all_of(*rules: Leaf | Branch) -> Branch:
    return Branch(Operator.ALL, rules)


def new(name: str = "Members", kind: str = "manual", **more: Any) -> NewGroup:
    if kind == "automatic":
        more = {"rules": any_of(leaf()), **more}
    return NewGroup(name=name, type=GroupType(kind), **more)


def create(groups: FakeGroups, name: str = "Members", kind: str = "manual", **more: Any) -> Group:
    organiser = more.pop("organiser", DEMO)
    now = more.pop("now", NOW)
    catalogues = more.pop("catalogues", CATALOGUE)
    group_id = f"g{next(_ids):04d}"
    return lifecycle.create(organiser, new(name, kind, **more), group_id, now, "demo-organiser", groups, catalogues)
