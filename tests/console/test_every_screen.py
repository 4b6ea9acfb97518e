"""Every screen: accessible at any width and zoom, in light and dark mode."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from guestlist.messages.language import LANGUAGES
from tests.acceptance.client import Api
from tests.acceptance.stacks import Stack
from tests.console.browser import Console, open_console
from tests.console.layout import misfits, obstacles
from tests.console.places import SCREENS
from tests.console.texts import untranslated

# Words of the API, ids and instants as it writes them, and what a programming language makes of what is not there.
RAW = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\bcp\d{3,4}\b|\d{4}-\d\d-\d\d[T ]\d\d:|\b01[0-9a-z]{24}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-"
    r"|\bxn--|\bnull\b|\bundefined\b|\bNaN\b|\[object|Invalid Date|\{\w+\}",
    re.IGNORECASE,
)
FILLED_IN = ("{name}", "{group}", "{organiser}")


def faults(console: Console, name: str) -> list[str]:
    """Overflows, technical texts and untranslated English, in each language, this one first."""
    page, faults_seen = console.page, []
    shown_first = page.evaluate("document.documentElement.lang")
    for language in sorted(LANGUAGES, key=lambda one: one != shown_first):
        page.locator(".languages select").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        ready(page)
        screen_text = page.locator("main").inner_text()
        raw = [word for word in RAW.findall(screen_text) if word not in FILLED_IN]
        faults_seen += [f"{language}: {word}" for word in (*misfits(page), *raw, *untranslated(screen_text, language))]
        console.picture(f"{name}-{language}")
    return faults_seen


def ready(page: Page) -> None:
    """Wait until the screen has all that it shows."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)


@pytest.fixture(scope="module")
def shared_console(browser: Browser, stack: Stack, store: str) -> Iterator[Console]:
    """One page for all screens: they are gone to one after the other, as people do."""
    with open_console(browser, stack.address, store) as console:
        console.sign_in("demo")
        yield console


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_accessible_fits_every_width_and_shows_no_technical_text(
    shared_console: Console, organiser: Api, name: str
) -> None:
    path = SCREENS[name](organiser)
    page = shared_console.open(path)
    expect(page.locator(f"[data-place='{path.partition('?')[0]}']")).to_be_visible()
    ready(page)
    assert shared_console.barriers() == []
    assert obstacles(page) == []
    assert faults(shared_console, name) == []
    assert shared_console.wrong == []


PLANTED = """
() => document.body.insertAdjacentHTML("beforeend", `
  <p id="wide"></p><p id="cut">a word that does not fit</p><p id="moving">moves</p>
  <button id="under">covered</button><div id="over"></div>`)
"""
STYLES = {
    "#wide": {"width": "2000px"},
    "#cut": {"width": "50px", "overflow": "hidden", "whiteSpace": "nowrap"},
    "#moving": {"transition": "color 1s"},
    "#over": {"position": "fixed", "inset": "0"},
}


def test_the_sign_in_is_accessible_and_fits_every_width(visitor: Console) -> None:
    page = visitor.open()
    ready(page)
    visitor.picture("sign-in")
    assert visitor.barriers() == []
    assert obstacles(page) == []
    page.evaluate(PLANTED)
    for place, style in STYLES.items():
        page.locator(place).evaluate("(one, style) => Object.assign(one.style, style)", style)
    kinds = {one.partition(":")[0] for one in obstacles(page)}
    assert {"outside", "cut off", "moves", "covered"} <= kinds


def test_an_english_sentence_in_another_language_is_found() -> None:
    assert untranslated("Niets geïmporteerd. Nothing has been imported yet. Drop your first file above.", "nl")
    assert untranslated("Sleep hier een CSV-bestand of een Excel-werkmap heen", "nl") == []
