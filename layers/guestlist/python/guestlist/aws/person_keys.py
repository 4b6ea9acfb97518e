"""The keys of a person: their page, what is listed of them, and what stands under a digest of their address."""

from guestlist.aws.digests import digest
from guestlist.aws.keys import Key
from guestlist.model.email_address import fold_email


def customer(org: str, email: str) -> str:
    """The partition of all that is known of one person."""
    return f"O#{org}#C#{fold_email(email)}"


def erasure(org: str, email: str, digest_key: bytes = b"") -> Key:
    """That a person was erased; who it was is not in the key, and another organiser's is another."""
    return Key(f"O#{org}#ERASED#{digest(org, fold_email(email), key=digest_key)}", "ERASED")


def email_of(pk: str) -> str:
    """Whose partition it is that `customer` names: the folded e-mail."""
    return pk.split("#", 3)[3]


def profile(org: str, email: str) -> Key:
    """A person's profile."""
    return Key(customer(org, email), "PROFILE")


def customers(org: str, shard: int) -> str:
    """One part of the list of all customers, sorted by e-mail."""
    return f"O#{org}#C#{shard}"


def customer_word(org: str, shard: int, word: str, email: str) -> Key:
    """The name of a customer from one of its words on, sorted by what would be typed to find it."""
    return Key(f"O#{org}#NAMES#{shard}", f"{word}\x1f{fold_email(email)}")


def redemption_note(org: str, email: str, name: str) -> Key:
    """The note on a person's page that a request redeemed an entry with their e-mail.

    It has the name of the request or, where that has taken anew since, of the redemption.
    """
    return Key(customer(org, email), f"R#{name}")


def membership(org: str, email: str, group_id: str) -> Key:
    """A person's membership of one manual or automatic group."""
    return Key(customer(org, email), f"M#{group_id}")


def audit_entry(org: str, email: str, at: str, group_id: str, what: str) -> Key:
    """What was done to a membership at an instant."""
    return Key(customer(org, email), f"D#{at}#{group_id}#{what}")


def bought(org: str, email: str, at: str, order_id: str, line: int) -> Key:
    """A line of such an order, on its buyer's page, sorted by instant."""
    return Key(customer(org, email), f"BUY#{at}#{order_id}#{line:04d}")


def order(org: str, email: str, order_id: str) -> Key:
    """An order: on its buyer's page, or by itself where the buyer is not known."""
    return Key(customer(org, email), f"ORDER#{order_id}") if email else Key(f"O#{org}#ORDER#{order_id}", "ORDER")


def bought_ticket(org: str, email: str, place: str) -> Key:
    """The note on a buyer's page that a ticket is theirs; `place` is the ticket's among those of its event."""
    return Key(customer(org, email), f"T#{place}")


def contact(org: str, email: str, import_id: str) -> Key:
    """That an import met this buyer."""
    return Key(customer(org, email), f"CONTACT#{import_id}")


def suppression(org: str, who: str, what: str = "SUPPRESSED") -> Key:
    """Where it stands that no mail, or none of `what` kind, may go to the person of this digest."""
    return Key(f"O#{org}#SUPPRESSED#{who}", what)
