"""Code words of the API are shown in the reader's language."""

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.client import Api, a_name
from tests.acceptance.stacks import Stack
from tests.console.browser import open_console
from tests.console.files import unique_word

SCRATCHED = "Code;Quantity;Remark\n{first};none;\n;1;\n{first};1;\n{second};;\n{first};2;\n"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "nl-NL",
            ["Niet gelezen: “Remark”.", "“none” is geen heel getal", "staat al op regel 4", "1 rij (regel 5): het"],
        ),
        (
            "da-DK",
            ["Ikke læst: “Remark”.", "“none” er ikke et helt tal", "står allerede på linje 4", "1 række (linje 5): "],
        ),
    ],
)
def test_problems_of_a_file_are_shown_in_the_readers_language(
    browser: Browser, stack: Stack, store: str, organiser: Api, locale: str, words: list[str]
) -> None:
    text = SCRATCHED.format(first=unique_word("A"), second=unique_word("B"))
    import_id = organiser.start_import(text.encode(), group=a_name("Words"), review=True)
    organiser.wait_for_status(import_id, {"awaiting_review"})
    with open_console(browser, stack.address, store, locale=locale) as console:
        console.sign_in("demo")
        page = console.open(f"imports/{import_id}")
        for sentence in words:
            expect(page.get_by_text(sentence).first).to_be_visible()
        assert console.wrong == []
