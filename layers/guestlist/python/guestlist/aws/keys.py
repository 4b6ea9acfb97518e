"""Every key of the table, on one page. `pk` begins with the organiser, so that no query crosses to another."""

from typing import NamedTuple

from guestlist.aws.digests import digest
from guestlist.model.email_address import fold_email
from guestlist.model.ids import ORDER_DIGITS

_REDEMPTION = "REDEMPTION"
_FORMER_REDEMPTION = "FORMER"
_FORMER_REQUEST = 32


class Key(NamedTuple):
    """The primary key of one item; index `listing` has (g1pk, g1sk), the other way round, `due` (due_pk, due_at)."""

    pk: str
    sk: str

    def copy(self, number: int) -> "Key":
        """One copy of the item, in a partition of its own."""
        return Key(f"{self.pk}#COPY#{number}", self.sk)


def organiser(org: str) -> Key:
    """The organiser's settings."""
    return Key(f"O#{org}", "ORGANISER")


def token(org: str, token_hash: str) -> Key:
    """A token of the organiser, by its hash."""
    return Key(f"O#{org}", f"TOKEN#{token_hash}")


def secret(org: str, purpose: str) -> Key:
    """A key that signs what is given out to the organiser's callers."""
    return Key(f"O#{org}", f"SECRET#{purpose}")


def index(org: str, name: str) -> Key:
    """The pointer of an index document: `GROUPS` or `RESTRICTIONS`."""
    return Key(f"O#{org}", f"INDEX#{name}")


def index_content(org: str, name: str, number: int, at: str, part: int) -> Key:
    """A part of the immutable content of that index under that number, where it is too large for the pointer."""
    return Key(f"O#{org}#INDEX#{name}", f"{number:012d}#{at}#{part}")


def group(org: str, group_id: str) -> Key:
    """A group's full record."""
    return Key(f"O#{org}#G", group_id)


def sync(org: str, group_id: str) -> Key:
    """How far the syncing of an automatic group has come."""
    return Key(f"O#{org}#G#{group_id}", "SYNC")


def export(org: str, group_id: str, name: str = "") -> Key:
    """The file of a group that is being made, of all its rows or the one of that name."""
    return Key(f"O#{org}#G#{group_id}", f"EXPORT#{name}" if name else "EXPORT")


def members(org: str, group_id: str, shard: int) -> str:
    """One part of the list of all members of a group, sorted by e-mail."""
    return f"O#{org}#G#{group_id}#MEMBERS#{shard}"


def member_count(org: str, group_id: str, shard: int) -> Key:
    """How many people of one shard are in the group."""
    return Key(f"O#{org}#G#{group_id}", f"MEMBERS#{shard}")


def version(org: str, group_id: str, version_id: str) -> Key:
    """The header of one packed version of a group's list."""
    return Key(f"O#{org}#L#{group_id}", version_id)


def list_version(org: str, group_id: str, version_id: str) -> Key:
    """What is kept of a version of a group's list, beside the list itself."""
    return Key(f"O#{org}#V#{group_id}", version_id)


def expired_versions(org: str, group_id: str, version_id: str) -> Key:
    """The note that a version is to be deleted at an instant unless it is current then."""
    return Key(f"O#{org}#RETIRED#{group_id}", version_id)


def bucket(org: str, group_id: str, version_id: str, number: int, key: str = "") -> Key:
    """One packed bucket of a version or, with a key, one part of its rows, which are too many for its bucket."""
    return Key(f"O#{org}#L#{group_id}#{version_id}#{f'{digest(key)}.' if key else ''}{number:x}", "B")


def fingerprints(org: str, group_id: str, version_id: str, segment: int) -> Key:
    """The fingerprints of the codes in some buckets of a version."""
    return Key(f"O#{org}#L#{group_id}#{version_id}#F{segment:x}", "F")


def search_index(org: str, group_id: str, version_id: str) -> Key:
    """The directory of the index by which a version of a group's list is searched."""
    return Key(f"O#{org}#L#{group_id}#SEARCH", version_id)


def uses(org: str, key: str) -> str:
    """The partition of all counters of one key, over all groups, and behind them of its open holds."""
    return f"O#{org}#U#{digest(key)}"


def counter(org: str, group_id: str, identity: tuple[str, str, str, str]) -> Key:
    """The counter of one entry: within its group and key, an entry is category, seat and e-mail."""
    return Key(uses(org, identity[0]), f"C#{group_id}#{digest(*identity[1:])}")


def hold(partition: str, until: str, name: str) -> Key:
    """The note of a hold beside its counter: a partition's notes are sorted by their ends, after its counters."""
    return Key(partition, f"H#{until}#{name}")


def counted(now: str) -> tuple[str, str]:
    """Between which a partition of uses has its counters, and the notes of holds whose end has come."""
    return "C", f"H#{now}#~"


def upcoming(now: str) -> tuple[str, str]:
    """Between which a partition of uses has the notes of holds that end later."""
    return f"H#{now}#~", "H$"


def organiser_of(pk: str) -> str:
    """Whose item it is, by its partition key."""
    return pk.split("#")[1]


def redemption(org: str, request: str) -> Key:
    """What became of a request for a redemption, beside the other requests of its order.

    Earlier versions named requests by 32 digits, and kept each by itself.
    """
    if len(request) == _FORMER_REQUEST:
        return Key(f"O#{org}#R#{request}", _REDEMPTION)
    return Key(redemptions_of_order(org, request[:ORDER_DIGITS]), f"{_REDEMPTION}#{request[ORDER_DIGITS:]}")


def former_redemption(org: str, request: str, generation: int) -> Key:
    """What became of a request before its order took the same anew."""
    current = redemption(org, request)
    return Key(current.pk, f"{_FORMER_REDEMPTION}#{current.sk}#{generation:09d}")


def is_redemption(sk: str) -> bool:
    """Whether an item of this sort key is a redemption."""
    return sk.startswith(_REDEMPTION)


def redemptions_of_order(org: str, order_digits: str) -> str:
    """The partition of all redemptions of an order, and by chance of a few others."""
    return f"O#{org}#R#{order_digits}"


def redemptions_of_code(org: str, key: str, shard: int) -> str:
    """One part of the list of all redemptions of a code, sorted by instant."""
    return f"O#{org}#R#{digest(key)}#{shard}"


def guesses(org: str, subject: str, window: int) -> Key:
    """How many wrong tries were made in one window by one subject: a digest of a session, an address or a token."""
    return Key(f"O#{org}#GUESSES#{digest(subject)}", f"{window:012d}")


def thing(org: str, entity: str, thing_id: str) -> Key:
    """A schedule, event, inventory item or sale item."""
    return Key(f"O#{org}#CATALOGUE", f"{entity}#{thing_id}")


def thing_word(org: str, word: str, entity: str, thing_id: str) -> Key:
    """The name of a thing from one of its words on, sorted by what would be typed to find it."""
    return Key(f"O#{org}#CATALOGUE#WORDS", f"{word}\x1f{entity}#{thing_id}")


def discount(org: str, key: str) -> Key:
    """A discount, by its folded code."""
    return Key(f"O#{org}#DISCOUNT#{key}", "DISCOUNT")


def imports(org: str) -> str:
    """The partition of all imports of an organiser, sorted by id, that is by creation."""
    return f"O#{org}#I"


def file_import(org: str, import_id: str) -> Key:
    """An import's record."""
    return Key(imports(org), import_id)


def import_turn(org: str, work: str) -> Key:
    """The message of work that waits for an import worker, sorted by age; and which work has one, under `~`."""
    return Key(f"O#{org}#TURNS", work)


def problems(org: str, import_id: str, place: str = "") -> Key:
    """The first problems of an import, or what was found up to a place of its file."""
    return Key(f"O#{org}#I#{import_id}", f"PROBLEMS{place}")


def noted_changes(org: str, import_id: str) -> str:
    """The partition of what an import changed."""
    return f"O#{org}#I#{import_id}#CHANGES"


def noted_change(org: str, import_id: str, email: str, group_id: str) -> Key:
    """What an import changed of one membership."""
    return Key(noted_changes(org, import_id), f"{group_id}#{fold_email(email)}")


NOTED_NAME = "#"
"""No id of a group is empty, so a name stands beside the changes of memberships."""


def noted_name(org: str, import_id: str, email: str) -> Key:
    """What an import changed of a customer's name."""
    return Key(noted_changes(org, import_id), f"{NOTED_NAME}{fold_email(email)}")


def noted_orders(org: str, import_id: str) -> str:
    """The partition of the orders that an import recorded."""
    return f"O#{org}#I#{import_id}#ORDERS"


def drop(org: str, object_key: str, version_id: str, digest_key: bytes) -> Key:
    """Which import a dropped object, whose name may be a person's, became."""
    return Key(f"O#{org}#DROP#{digest(object_key, version_id, key=digest_key)}", "DROP")


def idempotency(org: str, token_name: str, idempotency_key: str) -> Key:
    """The first answer to a request that carried this Idempotency-Key."""
    return Key(f"O#{org}#IDEMPOTENCY#{digest(token_name, idempotency_key)}", "ANSWER")


def audit_entries(org: str, group_id: str, shard: int) -> str:
    """One part of all that was done to the memberships of a group, sorted by instant."""
    return f"O#{org}#G#{group_id}#DEEDS#{shard}"


def purchase(org: str, order_id: str) -> Key:
    """An order that a checkout or a file of purchases told of."""
    return Key(f"O#{org}#P#{order_id}", "PURCHASE")


def buyers(org: str, sale_item_id: str, shard: int) -> str:
    """One part of the list of all that was bought of a sale item, sorted by the buyer's e-mail."""
    return f"O#{org}#S#{sale_item_id}#{shard}"


def contacts(org: str, import_id: str, shard: int) -> str:
    """One part of the list of all buyers whom an import met, sorted by e-mail."""
    return f"O#{org}#I#{import_id}#CONTACTS#{shard}"


def ticket(org: str, code: str) -> Key:
    """A ticket, by the digest of its code, which may hold anything."""
    return Key(f"O#{org}#T#{digest(code)}", "TICKET")


def tickets(org: str, event_id: str, shard: int) -> str:
    """One part of the list of all tickets of an event, sorted by place."""
    return f"O#{org}#E#{event_id}#TICKETS#{shard}"


def of_event(org: str, event_id: str, what: str) -> Key:
    """What is kept of an event's tickets: how many are sold, what doors changed and are told, or a refused scan."""
    return Key(f"O#{org}#E#{event_id}", what)


def live_sales(org: str, event_id: str, shard: int) -> Key:
    """One part of what checkouts sold of an event."""
    return Key(f"O#{org}#E#{event_id}#SALES#{shard}", "SALES")


def mail(org: str, kind: str, reference: str) -> Key:
    """An outbox item: one mail that is owed, or was sent."""
    return Key(f"O#{org}#MAIL#{kind}#{reference}", "MAIL")


def pace(second: int) -> Key:
    """How many welcome mails of the whole stage are begun in that second."""
    return Key(f"PACE#{second}", "PACE")


def due(what: str, shard: int) -> str:
    """One part of the due index for one kind of work, sorted by instant."""
    return f"DUE#{what}#{shard}"
