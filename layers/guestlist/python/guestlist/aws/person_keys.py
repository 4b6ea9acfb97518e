"""The keys of people: a customer's partition, lists of customers, and items under a digest of an address."""

from guestlist.aws.digests import digest
from guestlist.aws.keys import Key, journal_changes
from guestlist.model.email_address import fold_email


def customer(org: str, email: str) -> str:
    """The partition of everything about one person."""
    return f"O#{org}#C#{fold_email(email)}"


def erasure(org: str, email: str, digest_key: bytes = b"") -> Key:
    """The record that a person was erased. The key does not reveal the person; each organiser has another one."""
    return Key(f"O#{org}#ERASED#{digest(org, fold_email(email), key=digest_key)}", "ERASED")


def email_of(pk: str) -> str:
    """The folded e-mail in a partition key made by `customer`."""
    return pk.split("#", 3)[3]


def profile(org: str, email: str) -> Key:
    """A person's profile."""
    return Key(customer(org, email), "PROFILE")


def customers(org: str, shard: int) -> str:
    """A shard of the list of customers, sorted by e-mail."""
    return f"O#{org}#C#{shard}"


def customer_word(org: str, shard: int, word: str, email: str) -> Key:
    """An item for prefix search of a customer's name, beginning at one of its words."""
    return Key(f"O#{org}#NAMES#{shard}", f"{word}\x1f{fold_email(email)}")


def name_blocks(org: str) -> str:
    """The partition of the blocks of names, sorted by the prefix that a search for them begins with."""
    return f"O#{org}#NAMES"


def name_block(org: str, prefix: str, block: str) -> Key:
    """The customers of a block whose name, from one of its words on, begins with the prefix."""
    return Key(name_blocks(org), f"{prefix}\x1f{block}")


def redemption_note(org: str, email: str, name: str) -> Key:
    """A note in the person's partition that a request redeemed an entry with their e-mail.

    It is named after the request or, if the request was made again after a release, after the redemption.
    """
    return Key(customer(org, email), f"R#{name}")


def membership(org: str, email: str, group_id: str) -> Key:
    """A person's membership of a manual or automatic group."""
    return Key(customer(org, email), f"M#{group_id}")


def audit_entry(org: str, email: str, at: str, group_id: str, what: str) -> Key:
    """An entry of a membership's audit trail."""
    return Key(customer(org, email), f"D#{at}#{group_id}#{what}")


def audit_blocks(org: str, shard: int) -> str:
    """The partition of the audit entries that several people have together."""
    return f"O#{org}#AUDIT#{shard}"


def audit_block(org: str, shard: int, name: str) -> Key:
    """Audit entries of several people."""
    return Key(audit_blocks(org, shard), name)


def purchase_line(org: str, email: str, at: str, order_id: str, line: int) -> Key:
    """A line of an order, in its buyer's partition, sorted by time."""
    return Key(customer(org, email), f"BUY#{at}#{order_id}#{line:04d}")


def pending_buyers(org: str, name: str) -> Key:
    """The buyers of some orders who are due for a re-evaluation of their groups."""
    return Key(f"O#{org}#OWED#{name}", "OWED")


def order(org: str, email: str, order_id: str) -> Key:
    """An order, in its buyer's partition or, for an unknown buyer, in its own."""
    return Key(customer(org, email), f"ORDER#{order_id}") if email else Key(f"O#{org}#ORDER#{order_id}", "ORDER")


def ticket_note(org: str, email: str, sort_key: str) -> Key:
    """A note of a ticket in its buyer's partition; `sort_key` is that of the ticket in the list of its event."""
    return Key(customer(org, email), f"T#{sort_key}")


def contact(org: str, email: str, import_id: str) -> Key:
    """A note that an import contains this buyer."""
    return Key(customer(org, email), f"CONTACT#{import_id}")


def journal_block(org: str, import_id: str, number: int) -> Key:
    """The changes of memberships that an import made for one block of neighbouring rows of its file."""
    return Key(f"{journal_changes(org, import_id)}#BLOCKS", f"{number:09d}")


def suppression(org: str, who: str, what: str = "SUPPRESSED") -> Key:
    """The record that no mail, or none of one kind, may be sent to the person of this digest."""
    return Key(f"O#{org}#SUPPRESSED#{who}", what)
