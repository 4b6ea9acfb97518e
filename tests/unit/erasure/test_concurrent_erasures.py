"""Several calls that erase the same person at the same time."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from guestlist.erasure.model import Erasure, ErasureProgress
from guestlist.erasure.service import erase
from guestlist.groups.membership import Change, Membership
from guestlist.model.errors import ConcurrentModification

ERASURE = Erasure(email="ann@example.com", asked_at=datetime(2026, 11, 21, tzinfo=UTC), by="me")


class AskedAnew:
    """An erasure that another call restarts, of a person with only a profile."""

    def __init__(self) -> None:
        self.begun: list[Erasure] = []
        self.forgotten: list[str] = []

    def begin(self, _org: str, erasure: Erasure) -> Erasure:
        self.begun.append(erasure)
        return erasure

    def save_progress(self, _org: str, _erasure: Erasure, _progress: ErasureProgress) -> Erasure:
        raise ConcurrentModification

    def erase_person(self, _org: str, email: str) -> None:
        self.forgotten.append(email)

    def get_memberships(self, _org: str, _email: str) -> Mapping[str, Membership]:
        return {}

    def apply(self, _org: str, _changes: Sequence[Change], _now: datetime) -> list[Change]:
        return []


def test_concurrent_erasures_of_a_person_all_succeed() -> None:
    world = AskedAnew()
    erase("demo", ERASURE, world, world, world)  # type: ignore[arg-type]
    assert world.begun == [ERASURE]
    assert world.forgotten == [ERASURE.email]
