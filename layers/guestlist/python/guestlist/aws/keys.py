"""Every key of the table, on one page.

`pk` begins with the organiser, so that no query can cross from one to another. Two indexes:
`listing` (g1pk, g1sk) lists the other way round, `due` (due_pk, due_at) holds whatever must happen
at an instant, over all organisers, spread over `DUE_SHARDS` partitions.
"""

import hashlib
from typing import NamedTuple
from zlib import crc32

DUE_SHARDS = 8


class Key(NamedTuple):
    """The primary key of one item."""

    pk: str
    sk: str


def digest(*parts: str) -> str:
    """32 hexadecimal digits that stand for the parts where they may not be shown or are too long."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def organiser(org: str) -> Key:
    """The organiser's settings."""
    return Key(f"O#{org}", "ORGANISER")


def token(org: str, token_hash: str) -> Key:
    """A token of the organiser, by its hash."""
    return Key(f"O#{org}", f"TOKEN#{token_hash}")


def index(org: str, name: str) -> Key:
    """The pointer of an index document: `GROUPS` or `RESTRICTIONS`."""
    return Key(f"O#{org}", f"INDEX#{name}")


def index_content(org: str, name: str, number: int, at: str) -> Key:
    """The immutable content of that index under that number, where it is too large for the pointer."""
    return Key(f"O#{org}#INDEX#{name}", f"{number:012d}#{at}")


def group(org: str, group_id: str) -> Key:
    """A group's full record."""
    return Key(f"O#{org}#G", group_id)


def version(org: str, group_id: str, version_id: str) -> Key:
    """The header of one packed version of a group's list."""
    return Key(f"O#{org}#L#{group_id}", version_id)


def bucket(org: str, group_id: str, version_id: str, number: int) -> Key:
    """One packed bucket of a version."""
    return Key(f"O#{org}#L#{group_id}#{version_id}#{number:x}", "B")


def sub_bucket(org: str, group_id: str, version_id: str, key: str, number: int) -> Key:
    """One part of the rows of a key that has too many for its bucket."""
    return Key(f"O#{org}#L#{group_id}#{version_id}#{digest(key)}.{number:x}", "B")


def uses(org: str, group_id: str, key: str) -> str:
    """The partition of all counters of one key of one group."""
    return f"O#{org}#U#{group_id}#{digest(key)}"


def counter(org: str, group_id: str, identity: tuple[str, str, str, str]) -> Key:
    """The counter of one entry: within its key, an entry is category, seat and e-mail."""
    key, category, seat, email = identity
    return Key(uses(org, group_id, key), f"{category}\x1f{seat}\x1f{digest(email) if email else ''}")


def redemption(org: str, redemption_id: str) -> Key:
    """A redemption or hold."""
    return Key(f"O#{org}#R#{redemption_id}", "REDEMPTION")


def take_request(org: str, request: str) -> Key:
    """The request for a redemption, by the digest of all that makes two requests the same."""
    return Key(f"O#{org}#Q#{request}", "REQUEST")


def imports(org: str) -> str:
    """The partition of all imports of an organiser, sorted by id, that is by creation."""
    return f"O#{org}#I"


def file_import(org: str, import_id: str) -> Key:
    """An import's record."""
    return Key(imports(org), import_id)


def problems(org: str, import_id: str) -> Key:
    """The first problems of an import."""
    return Key(f"O#{org}#I#{import_id}", "PROBLEMS")


def drop(org: str, object_key: str, version_id: str) -> Key:
    """Which import a dropped object became."""
    return Key(f"O#{org}#DROP#{digest(object_key, version_id)}", "DROP")


def idempotency(org: str, token_name: str, idempotency_key: str) -> Key:
    """The first answer to a request that carried this Idempotency-Key."""
    return Key(f"O#{org}#IDEMPOTENCY#{digest(token_name, idempotency_key)}", "ANSWER")


def mail(org: str, kind: str, reference: str) -> Key:
    """An outbox item: one mail that is owed, or was sent."""
    return Key(f"O#{org}#MAIL#{kind}#{reference}", "MAIL")


def due(pk: str) -> str:
    """The shard of the due index for an item with this partition key."""
    return due_shard(crc32(pk.encode()) % DUE_SHARDS)


def due_shard(number: int) -> str:
    """One shard of the due index, 0 to `DUE_SHARDS` - 1."""
    return f"DUE#{number}"
