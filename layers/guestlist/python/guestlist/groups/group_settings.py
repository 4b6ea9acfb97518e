"""Settings of a group: requests to create or change it, and their validation."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from guestlist.catalogue.ports import KnownEntities
from guestlist.groups import welcome
from guestlist.groups.index import GroupType
from guestlist.groups.model import Group, GroupName, WelcomeLine, WelcomeText
from guestlist.groups.preconditions import require_unexpired
from guestlist.groups.rule import Branch
from guestlist.groups.rule_validation import rules_required, validate_rules
from guestlist.model.day import end_of_day
from guestlist.model.duration import Duration
from guestlist.model.errors import BadInstant, Immutable, Invalid
from guestlist.organisers.model import Organiser

UNSET: Any = object()
"""Default of a setting that a request leaves out; the setting stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """Request to create a group."""

    name: GroupName
    type: GroupType
    lifetime: Duration | None = None
    starts_at: datetime | None = None
    expires_on: date | None = None
    rules: Branch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeChanges:
    """Changes of the welcome mail: `{name}`, `{group}`, `{organiser}` are filled in; empty is the default text."""

    enabled: bool = UNSET
    subject: WelcomeLine = UNSET
    header: WelcomeLine = UNSET
    greeting: WelcomeLine = UNSET
    body: WelcomeText = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanges:
    """Settings to change; None clears a lifetime, a start or an expiry date. A type cannot change."""

    name: GroupName = UNSET
    type: object = UNSET
    lifetime: Duration | None = UNSET
    starts_at: datetime | None = UNSET
    expires_on: date | None = UNSET
    rules: Branch | None = UNSET
    welcome_email: WelcomeChanges = UNSET


def build_group(
    request: NewGroup, organiser: Organiser, group_id: str, now: datetime, catalogue: KnownEntities
) -> Group:
    """Build the group of a request. Raises `Invalid`."""
    group = Group(
        group_id=group_id,
        name=clean_group_name(request.name),
        type=request.type,
        created_at=now,
        lifetime=request.lifetime,
        starts_at=request.starts_at,
        expires_on=request.expires_on,
        expires_at=_expiry(request.expires_on, organiser),
        rules=_rules(request.rules, request.type, organiser.organiser_id, catalogue),
    )
    return _require_start_before_expiry(group)


def apply_changes(
    group: Group, changes: GroupChanges, organiser: Organiser, now: datetime, catalogue: KnownEntities
) -> Group:
    """The group with the changes. Raises `Invalid`, or `Conflict` for the expiry of an expired group."""
    values = _given_values(changes)
    if "type" in values:
        raise Immutable.field("type", "immutable.group_type")
    if "name" in values:
        values["name"] = clean_group_name(values["name"])
    if "rules" in values:
        values["rules"] = _rules(values["rules"], group.type, organiser.organiser_id, catalogue)
    if "welcome_email" in values:
        values["welcome"] = with_welcome_changes(group, values.pop("welcome_email")).welcome
    if "expires_on" in values:
        values["expires_at"] = _expiry_of_change(group, values["expires_on"], organiser, now)
    changed_group = replace(group, **values)
    moved_instants = {"starts_at", "expires_at"} & values.keys()
    return _require_start_before_expiry(changed_group) if moved_instants else changed_group


def with_welcome_changes(group: Group, changes: WelcomeChanges) -> Group:
    """The group with the changes of its welcome mail. Raises `Invalid`."""
    return replace(group, welcome=welcome.validate_texts(replace(group.welcome, **_given_values(changes))))


def with_expiry_in_zone(group: Group, organiser: Organiser, now: datetime) -> Group:
    """The group with its expiry at the end of its day in the organiser's zone; an expired one stays as it is."""
    if group.expires_on is None or group.is_expired(now):
        return group
    return replace(group, expires_at=_expiry(group.expires_on, organiser))


def _given_values(changes: GroupChanges | WelcomeChanges) -> dict[str, Any]:
    values = ((field.name, getattr(changes, field.name)) for field in fields(changes))
    return {name: value for name, value in values if value is not UNSET}


def _expiry_of_change(group: Group, day: date | None, organiser: Organiser, now: datetime) -> datetime | None:
    if day == group.expires_on:
        return with_expiry_in_zone(group, organiser, now).expires_at
    require_unexpired(group, now)
    return _expiry(day, organiser)


def _require_start_before_expiry(group: Group) -> Group:
    """Return the group. Raises `BadInstant` if it ends before it starts."""
    if group.starts_at is not None and group.expires_at is not None and group.starts_at >= group.expires_at:
        raise BadInstant.field("starts_at", "bad_instant.after_expiry")
    return group


def _rules(rules: Branch | None, group_type: GroupType, org: str, catalogue: KnownEntities) -> Branch | None:
    if group_type is GroupType.AUTOMATIC:
        if rules is None:
            raise rules_required()
        return validate_rules(rules, org, catalogue)
    if rules is not None:
        raise Invalid.field("rules", "not_automatic")
    return None


def clean_group_name(name: str) -> str:
    """The name without surrounding whitespace. Raises `Invalid` if it is empty or not printable."""
    clean_name = name.strip()
    if not clean_name or not clean_name.isprintable():
        raise Invalid.field("name", "required.group_name")
    return clean_name


def _expiry(day: date | None, organiser: Organiser) -> datetime | None:
    return end_of_day(day, organiser.zone) if day is not None else None
