"""A cart can redeem all grants of a check, in any order."""

from hypothesis import given
from hypothesis import strategies as st

from guestlist.lists.entry import Entry
from tests.fakes.in_memory_shop import InMemoryShop

labels = st.tuples(st.sampled_from(["", "Gold", "Silver"]), st.sampled_from(["", "A", "B"]))
lists = st.dictionaries(labels, st.integers(1, 2), min_size=1, max_size=9)


@given(lists, st.data())
def test_every_permutation_of_redemptions_of_the_grants_of_one_check_succeeds(
    rows: dict[tuple[str, str], int], data: st.DataObject
) -> None:
    shop = InMemoryShop()
    shop.lists(*(Entry("testing1", category=label[0], seat=label[1], quantity=n) for label, n in rows.items()))
    grants = getattr(shop.ask(code="testing1").code, "grants", ())
    uses = [(grant.category, grant.seat) for grant in grants for _ in range(grant.remaining)]
    for number, (category, seat) in enumerate(data.draw(st.permutations(uses))):
        hold_seconds = data.draw(st.sampled_from([None, 60]))
        assert shop.take(str(number), code="testing1", category=category, seat=seat, hold_seconds=hold_seconds).is_new
