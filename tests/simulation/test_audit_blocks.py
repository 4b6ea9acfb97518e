"""Random histories of a group on the model: audit entries in blocks are read as those stored one by one."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.groups.audit_blocks import AuditBlocks
from guestlist.groups.membership import Change
from guestlist.groups.membership_store import Memberships
from tests.contract.test_audit_blocks import (
    NOW,
    SHARD,
    apply,
    by_hand,
    erase_person,
    group_history,
    joined,
    person_history,
)
from tests.simulation.capacity import Capacity
from tests.simulation.network import Model

PEOPLE = [*SHARD[:10], *(f"q{number}@example.com" for number in range(6))]


def played(seed: int, table: Table, *, together: bool) -> None:
    """Imports of several people, additions by hand, removals and erasures, some at the same instant."""
    random, at, busy = Random(seed), NOW, set[str]()  # noqa: S311 - a history is chosen by its seed
    for line in range(12):
        if random.random() < 0.6:
            at, busy = at + timedelta(minutes=1), set()
        some = [email for email in random.sample(PEOPLE, random.randint(1, 9)) if email not in busy]
        busy |= set(some)
        members = {email: Memberships(table).get_memberships("demo", email).get("g1") for email in some}
        absent = [email for email, member in members.items() if member is None]
        act = random.choice(["import", "import", "hand", "remove", "erase"])
        if act == "import":
            apply(table, [joined(email, line, at=at) for email in absent], at, together=together)
        elif act == "hand":
            apply(table, [by_hand(email) for email in absent], at, together=together)
        elif act == "remove":
            ends = [Change(before=member, after=None, by="me") for member in members.values() if member]
            apply(table, ends, at, together=together)
        else:
            for email in some[:1]:
                erase_person(table, email)
                AuditBlocks(table).anonymise_everywhere("demo", email)
                busy |= set(PEOPLE)  # an erasure ends memberships at an instant of its own


@pytest.mark.parametrize("seed", range(60))
def test_histories_with_blocks_equal_those_of_single_entries(seed: int) -> None:
    histories: list[Sequence[object]] = []
    for together in (False, True):
        with Model(seed, Capacity(1e6, 1e6)).running() as model:
            table = model.table()
            played(seed, table, together=together)
            whole = group_history(table, 1000)
            assert all(group_history(table, limit) == whole for limit in (1, 2, 5))
            of_people = [person_history(table, email, limit) for email in PEOPLE for limit in (1, 1000)]
            members = [one.email for one in Memberships(table).list_members("demo", "g1")]
            histories.append([whole, of_people, members, Memberships(table).count_members("demo", ["g1"])])
    assert histories[0] == histories[1]


def test_the_random_histories_contain_blocks() -> None:
    with Model(0, Capacity(1e6, 1e6)).running() as model:
        table = model.table()
        played(0, table, together=True)
        assert list(table.query_all(person_keys.audit_blocks("demo", 0)))
