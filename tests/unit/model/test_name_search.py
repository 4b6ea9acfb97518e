"""The search of names by what is typed of them."""

import pytest

from guestlist.model.name_search import beginnings, begins


def test_a_name_is_found_by_the_beginning_of_each_of_its_words() -> None:
    assert beginnings("Jan van Dijk") == ["jan van dijk", "van dijk", "dijk"]


@pytest.mark.parametrize("typed", ["jo", "JOSÉ", "jose g", "gar", "García  Lo", "lopez", ""])
def test_accents_case_and_spaces_do_not_matter(typed: str) -> None:
    assert begins("José García López", typed)


@pytest.mark.parametrize("typed", ["ose", "garcia jose", "x"])
def test_the_middle_of_a_word_or_words_in_another_order_find_nothing(typed: str) -> None:
    assert not begins("José García López", typed)
