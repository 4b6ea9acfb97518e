"""Every key of the table, on one page. `pk` begins with the organiser, so that no query reads another's items."""

from typing import NamedTuple

from guestlist.aws.digests import counter_digest, digest
from guestlist.model.email_address import fold_email
from guestlist.model.ids import ORDER_DIGITS

_REDEMPTION = "REDEMPTION"
_FORMER_REDEMPTION = "FORMER"
_FORMER_REQUEST = 32


class Key(NamedTuple):
    """The primary key of an item; the index `listing` is keyed by (g1pk, g1sk), the index `due` by (due_pk, due_at)."""

    pk: str
    sk: str

    def copy(self, number: int) -> "Key":
        """One of the copies of the item, in a partition of its own."""
        return Key(f"{self.pk}#COPY#{number}", self.sk)


def organiser(org: str) -> Key:
    """The organiser's settings."""
    return Key(f"O#{org}", "ORGANISER")


def token(org: str, token_hash: str) -> Key:
    """A token of the organiser, by its hash."""
    return Key(f"O#{org}", f"TOKEN#{token_hash}")


def secret(org: str, purpose: str) -> Key:
    """The organiser's key for signing, for one purpose."""
    return Key(f"O#{org}", f"SECRET#{purpose}")


def index(org: str, name: str) -> Key:
    """The pointer of an index document: the groups, or the restrictions."""
    return Key(f"O#{org}", f"INDEX#{name}")


def index_content(org: str, name: str, number: int, at: str, part: int) -> Key:
    """A part of one version of an index's content, immutable, for content too large for the pointer."""
    return Key(f"O#{org}#INDEX#{name}", f"{number:012d}#{at}#{part}")


def group(org: str, group_id: str) -> Key:
    """A group's record."""
    return Key(f"O#{org}#G", group_id)


def sync(org: str, group_id: str) -> Key:
    """The progress of an automatic group's synchronisation."""
    return Key(f"O#{org}#G#{group_id}", "SYNC")


def export(org: str, group_id: str, name: str = "") -> Key:
    """A requested file of a group: of all its rows, or the file of that name."""
    return Key(f"O#{org}#G#{group_id}", f"EXPORT#{name}" if name else "EXPORT")


def members(org: str, group_id: str, shard: int) -> str:
    """A shard of the list of a group's members, sorted by e-mail."""
    return f"O#{org}#G#{group_id}#MEMBERS#{shard}"


def member_count(org: str, group_id: str, shard: int) -> Key:
    """The number of members in one shard."""
    return Key(f"O#{org}#G#{group_id}", f"MEMBERS#{shard}")


def version(org: str, group_id: str, version_id: str) -> Key:
    """The header of a packed version of a group's list."""
    return Key(f"O#{org}#L#{group_id}", version_id)


def list_version(org: str, group_id: str, version_id: str) -> Key:
    """The metadata of a version of a group's list."""
    return Key(f"O#{org}#V#{group_id}", version_id)


def expired_versions(org: str, group_id: str, version_id: str) -> Key:
    """The note that a version is to be deleted at an instant, unless it is the current one then."""
    return Key(f"O#{org}#RETIRED#{group_id}", version_id)


def partition(org: str, group_id: str, version_id: str, number: int, key: str = "") -> Key:
    """A packed partition of a version or, with a key, a part of the rows of a key with too many for one partition."""
    return Key(f"O#{org}#L#{group_id}#{version_id}#{f'{digest(key)}.' if key else ''}{number:x}", "B")


def fingerprints(org: str, group_id: str, version_id: str, segment: int) -> Key:
    """The fingerprints of the codes in a range of partitions of a version."""
    return Key(f"O#{org}#L#{group_id}#{version_id}#F{segment:x}", "F")


def search_index(org: str, group_id: str, version_id: str) -> Key:
    """The directory of the search index of a version of a group's list."""
    return Key(f"O#{org}#L#{group_id}#SEARCH", version_id)


def uses(org: str, group_id: str, key: str, digest_key: bytes) -> str:
    """The partition of all counters of a code, or of an address in all groups of this kind; then its active holds."""
    return f"O#{org}#U#{counter_digest(org, group_id, key, key=digest_key) if '@' in key else digest(key)}"


def counter(org: str, group_id: str, identity: tuple[str, str, str, str], digest_key: bytes) -> Key:
    """The counter of one entry: within a group and key, category, seat and e-mail identify an entry."""
    key, *rest = identity
    entry = counter_digest(org, group_id, *rest, key=digest_key) if "@" in str(rest) else digest(*rest)
    return Key(uses(org, group_id, key, digest_key), f"C#{group_id}#{entry}")


def hold(partition: str, until: str, name: str) -> Key:
    """The note of a hold in its counter's partition, where notes follow the counters, sorted by their ends."""
    return Key(partition, f"H#{until}#{name}")


def counter_range(now: str) -> tuple[str, str]:
    """The range of a `uses` partition with the counters and the notes of holds that have ended."""
    return "C", f"H#{now}#~"


def open_hold_range(now: str) -> tuple[str, str]:
    """The range of a `uses` partition with the notes of holds that end later."""
    return f"H#{now}#~", "H$"


def organiser_of(pk: str) -> str:
    """The organiser whose item has this partition key."""
    return pk.split("#")[1]


def redemption(org: str, request: str) -> Key:
    """The result of a redemption request, in the partition of its order.

    Earlier versions identified requests by 32 digits and stored each in a partition of its own.
    """
    if len(request) == _FORMER_REQUEST:
        return Key(f"O#{org}#R#{request}", _REDEMPTION)
    return Key(redemptions_of_order(org, request[:ORDER_DIGITS]), f"{_REDEMPTION}#{request[ORDER_DIGITS:]}")


def former_redemption(org: str, request: str, generation: int) -> Key:
    """The former result of a request that its order repeated after releasing it."""
    current = redemption(org, request)
    return Key(current.pk, f"{_FORMER_REDEMPTION}#{current.sk}#{generation:09d}")


def is_redemption(sk: str) -> bool:
    """Whether an item with this sort key is a redemption."""
    return sk.startswith(_REDEMPTION)


def redemptions_of_order(org: str, order_digits: str) -> str:
    """The partition of all redemptions of an order; by hash collision, possibly of a few others too."""
    return f"O#{org}#R#{order_digits}"


def redemptions_of_code(org: str, key: str, shard: int) -> str:
    """A shard of the list of a code's redemptions, sorted by time."""
    return f"O#{org}#R#{digest(key)}#{shard}"


def guesses(org: str, subject: str, window: int) -> Key:
    """The number of failed guesses in a time window by a subject: a digest of a session, an address or a token."""
    return Key(f"O#{org}#GUESSES#{digest(subject)}", f"{window:012d}")


def catalogue_entity(org: str, entity_type: str, entity_id: str) -> Key:
    """A schedule, event, inventory item or sale item."""
    return Key(f"O#{org}#CATALOGUE", f"{entity_type}#{entity_id}")


def catalogue_word(org: str, word: str, entity_type: str, entity_id: str) -> Key:
    """An item for prefix search of an entity's name, beginning at one of its words."""
    return Key(f"O#{org}#CATALOGUE#WORDS", f"{word}\x1f{entity_type}#{entity_id}")


def discount(org: str, key: str) -> Key:
    """A discount, by its folded code."""
    return Key(f"O#{org}#DISCOUNT#{key}", "DISCOUNT")


def imports(org: str) -> str:
    """The partition of an organiser's imports, sorted by id, that is, by creation."""
    return f"O#{org}#I"


def file_import(org: str, import_id: str) -> Key:
    """An import's record."""
    return Key(imports(org), import_id)


def waiting_message(org: str, work: str) -> Key:
    """The message of work that waits for an import worker, sorted by age; the slots in use are under `~`."""
    return Key(f"O#{org}#TURNS", work)


def problems(org: str, import_id: str, place: str = "") -> Key:
    """The first problems of an import, or those found up to a position in its file."""
    return Key(f"O#{org}#I#{import_id}", f"PROBLEMS{place}")


def journal_changes(org: str, import_id: str) -> str:
    """The partition of an import's journal: the changes of memberships and names that it made."""
    return f"O#{org}#I#{import_id}#CHANGES"


def journal_change(org: str, import_id: str, email: str, group_id: str) -> Key:
    """An import's change to one membership."""
    return Key(journal_changes(org, import_id), f"{group_id}#{fold_email(email)}")


JOURNAL_NAME = "#"
"""Cannot collide with changes of memberships, since no group id is empty."""


def journal_name(org: str, import_id: str, email: str) -> Key:
    """An import's change to a customer's name."""
    return Key(journal_changes(org, import_id), f"{JOURNAL_NAME}{fold_email(email)}")


def journal_orders(org: str, import_id: str) -> str:
    """The partition of the orders that an import of an earlier version recorded, each by its id."""
    return f"O#{org}#I#{import_id}#ORDERS"


def journal_orders_at(org: str, import_id: str, place: int) -> Key:
    """The orders that an import recorded of one place of its file."""
    return Key(f"{journal_orders(org, import_id)}#PLACES", f"{place:010d}")


def dropped_object(org: str, object_key: str, version_id: str, digest_key: bytes) -> Key:
    """The import that was created for a dropped object, whose file name may contain a person's name."""
    return Key(f"O#{org}#DROP#{digest(object_key, version_id, key=digest_key)}", "DROP")


def idempotency(org: str, token_name: str, idempotency_key: str) -> Key:
    """The stored response to a request with this Idempotency-Key."""
    return Key(f"O#{org}#IDEMPOTENCY#{digest(token_name, idempotency_key)}", "ANSWER")


def audit_entries(org: str, group_id: str, shard: int) -> str:
    """A shard of the audit trail of a group's memberships, sorted by time."""
    return f"O#{org}#G#{group_id}#DEEDS#{shard}"


def purchase(org: str, order_id: str) -> Key:
    """An order, from a checkout or a file of purchases."""
    return Key(f"O#{org}#P#{order_id}", "PURCHASE")


def buyers(org: str, sale_item_id: str, shard: int) -> str:
    """A shard of the list of purchases of a sale item, sorted by the buyer's e-mail."""
    return f"O#{org}#S#{sale_item_id}#{shard}"


def contacts(org: str, import_id: str, shard: int) -> str:
    """A shard of the list of the buyers in an import, sorted by e-mail."""
    return f"O#{org}#I#{import_id}#CONTACTS#{shard}"


def ticket(org: str, code: str) -> Key:
    """A ticket, by the digest of its code, which may contain any character."""
    return Key(f"O#{org}#T#{digest(code)}", "TICKET")


def tickets(org: str, event_id: str, shard: int) -> str:
    """A shard of the list of an event's tickets, sorted by position."""
    return f"O#{org}#E#{event_id}#TICKETS#{shard}"


def of_event(org: str, event_id: str, what: str) -> Key:
    """An item about an event's tickets: the number sold, the changes for doors, or a refused scan."""
    return Key(f"O#{org}#E#{event_id}", what)


def live_sales(org: str, event_id: str, shard: int) -> Key:
    """A shard of the number of an event's tickets sold by checkouts."""
    return Key(f"O#{org}#E#{event_id}#SALES#{shard}", "SALES")


def mail(org: str, kind: str, reference: str) -> Key:
    """A mail in the outbox, pending or sent."""
    return Key(f"O#{org}#MAIL#{kind}#{reference}", "MAIL")


def pace(second: int) -> Key:
    """The number of welcome mails of the whole stage that are started in this second."""
    return Key(f"PACE#{second}", "PACE")


def due(what: str, shard: int) -> str:
    """A shard of the due index for one kind of work, sorted by time."""
    return f"DUE#{what}#{shard}"
