"""The API's own sentences in the reader's language: none that an import can say is missing, and they are shown so."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from guestlist.imports.reading import problems, remarks
from guestlist.imports.reading.notices import Notice
from tests.acceptance.client import Api, a_name
from tests.acceptance.stacks import ROOT, Stack
from tests.console.browser import opened
from tests.console.files import a_word

TABLE = (ROOT / "layers" / "console" / "src" / "sentences.ts").read_text(encoding="utf-8")
SCRATCHED = "Code;Quantity;Remark\n{first};none;\n;1;\n{first};1;\n{second};;\n{first};2;\n"


def kinds(of: type[problems.Problem]) -> Iterator[type[problems.Problem]]:
    """All kinds of problems with a row."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def said() -> Iterator[str]:
    """The sentences that reading a file can say, with the names of what fills them."""
    for kind in kinds(problems.Problem):
        yield re.sub(r"\{0\.(\w+)[^}]*\}", r"{\1}", kind.says)
    yield from (notice.value for notice in Notice)
    yield from remarks._WITHOUT.values()  # noqa: SLF001 - the sentences of the module


@pytest.mark.parametrize("sentence", sorted(set(said())))
def test_a_sentence_about_a_file_is_in_the_table(sentence: str) -> None:
    assert json.dumps(sentence, ensure_ascii=False) in TABLE


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
def test_what_is_wrong_with_a_file_is_said_in_the_readers_language(
    browser: Browser, stack: Stack, store: str, organiser: Api, locale: str, words: list[str]
) -> None:
    text = SCRATCHED.format(first=a_word("A"), second=a_word("B"))
    made = organiser.opened(text.encode(), group=a_name("Words"), review=True)
    organiser.when(made, {"awaiting_review"})
    with opened(browser, stack.address, store, locale=locale) as console:
        console.sign_in("demo")
        page = console.open(f"imports/{made}")
        for sentence in words:
            expect(page.get_by_text(sentence).first).to_be_visible()
        assert console.wrong == []
