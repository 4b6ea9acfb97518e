"""Every job of the three sources, one after the other, by clicks and keys: each language from an empty organiser."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.client import Api, a_name, eventually
from tests.acceptance.stacks import ROOT, Stack
from tests.console.browser import Console, open_console
from tests.console.files import unique_word
from tests.console.texts import ConsoleTexts

LOCALES = {"en": "en-GB", "nl": "nl-NL", "da": "da-DK"}


@dataclass
class Organiser:
    """A user of the console who reads it in their language."""

    console: Console
    api: Api
    texts: ConsoleTexts
    word: str

    @property
    def page(self) -> Page:
        return self.console.page

    def press(self, key: str, within: Locator | None = None) -> None:
        """Press the button with this text."""
        (within or self.page).get_by_role("button", name=self.texts(key), exact=True).click()

    def sure(self, key: str) -> None:
        """Press a button that needs confirmation, and confirm."""
        self.press(key)
        self.press(key, self.page.get_by_role("alertdialog"))

    def follow(self, key: str) -> None:
        """Follow the link with this text."""
        self.page.get_by_role("link", name=self.texts(key), exact=True).first.click()

    def follow_text(self, text: str) -> None:
        """Follow the link with this name."""
        self.page.get_by_role("main").get_by_role("link", name=text).first.click()

    def fill(self, key: str, value: str) -> None:
        """Fill in the field with this label."""
        self.page.get_by_label(self.texts(key), exact=True).first.fill(value)

    def pick(self, key: str, name: str) -> None:
        """Type a name and choose it from what is found."""
        self.page.get_by_role("combobox", name=self.texts(key), exact=True).press_sequentially(name)
        self.page.get_by_role("option", name=name).first.click()

    def choose(self, key: str) -> None:
        """Choose the option with this name."""
        self.page.get_by_role("radio", name=self.texts(key), exact=False).first.check()

    def reads(self, key: str, n: int = 0, **holes: str) -> None:
        """Wait until the page shows this text."""
        expect(self.page.get_by_text(self.texts(key, n, **holes)).first).to_be_visible()

    def goes(self, key: str) -> None:
        """Open a screen by the navigation."""
        self.page.get_by_role("navigation", name=self.texts("shell.navigation")).get_by_text(self.texts(key)).click()

    def chooses_a_file(self, name: str, text: str) -> None:
        """Choose a file of this content."""
        self.goes("nav.imports")
        file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        self.page.get_by_label(self.texts("drop.file")).set_input_files(file)  # type: ignore[arg-type]

    def uploads_and_confirms(self, rows: int) -> None:
        """Look at the chosen file and confirm its import."""
        self.press("wanted.upload")
        self.reads("review.columns")
        consent = self.page.get_by_label(self.texts("consent.label"))
        if consent.count():
            consent.check()
        self.page.get_by_role("button", name=self.texts("review.confirm", rows), exact=True).click()


@pytest.fixture(params=LOCALES)
def organiser(request: pytest.FixtureRequest, browser: Browser, stack: Stack, store: str) -> Iterator[Organiser]:
    """Somebody new, who signs in with the token that they were given."""
    language: str = request.param
    hall = a_name("hall").replace(" ", "")
    command = [sys.executable, "-m", "infra.administration", "--local", stack.address, "organisers", "create", hall]
    process = subprocess.run(
        [*command, "--name", "City Hall", "--email", f"it@{hall}.example"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    token = next(word for word in process.stdout.split() if word.startswith(f"{hall}-"))
    with open_console(browser, stack.address, store, locale=LOCALES[language]) as console:
        somebody = Organiser(console, Api(stack.address, token), ConsoleTexts(language), unique_word("n"))
        console.open()
        somebody.fill("signin.token", token)
        somebody.press("signin.enter")
        yield somebody
        assert console.wrong == []


def test_every_job_can_be_done_starting_from_an_empty_organiser(organiser: Organiser) -> None:
    switches_groups_on(organiser)
    sells_something(organiser)
    imports_tickets(organiser)
    imports_a_list(organiser)
    keeps_a_manual_group(organiser)
    keeps_an_automatic_group(organiser)
    imports_members(organiser)


def switches_groups_on(one: Organiser) -> None:
    """A new organiser has no customer groups until they are switched on."""
    one.goes("nav.settings")
    one.page.get_by_role("checkbox", name=one.texts("settings.groups")).check()
    one.press("save")
    one.reads("settings.saved")


def sells_something(one: Organiser) -> None:
    """An event and what is sold for it; ids come from the names."""
    one.goes("nav.catalogue")
    one.reads("catalogue.none")
    for kind in ("event", "sale_item"):
        one.goes("nav.catalogue")
        one.page.get_by_role("link", name=f"+ {one.texts(f'catalogue.{kind}')}", exact=True).click()
        one.fill("catalogue.name", "Gala")
        if kind == "sale_item":
            one.pick("catalogue.event", "Gala")
        else:
            one.fill("catalogue.capacity", "3")
        one.press("save")
        expect(one.page.get_by_role("heading", level=1, name="Gala", exact=True)).to_be_visible()


def imports_tickets(one: Organiser) -> None:
    """Try one ticket, then a file of which one ticket is too many; who bought them is a customer now."""
    one.goes("nav.imports")
    one.follow("imports.oneTicket")
    one.pick("wanted.event", "Gala")
    one.fill("tickets.code", f"*{one.word}*")
    one.press("ticket.try")
    one.reads("scan.unknown")
    one.choose("ticket.refuse")
    one.press("ticket.add")
    one.reads("ticket.added")
    rows = "".join(f"{one.word}-{number},Ann Berg,ann-{one.word}@example.com\n" for number in range(3))
    one.chooses_a_file("tickets.csv", f"Ticket code,Name,Email\n{rows}")
    one.choose("kind.tickets")
    one.pick("wanted.event", "Gala")
    one.choose("whenFull.stop")
    one.uploads_and_confirms(2)
    one.reads("outcome.partial")
    one.goes("nav.customers")
    one.follow_text(f"ann-{one.word}@example.com")
    expect(one.page.get_by_text(f"{one.word}-0").first).to_be_visible()


def imports_a_list(one: Organiser) -> None:
    """A list of codes with a wrong row that is corrected, replaced by a smaller one, and undone."""
    codes = [f"{one.word}-code-{number},{quantity}" for number, quantity in enumerate(("1", "2", "x"))]
    one.chooses_a_file("codes.csv", "\n".join(["Barcode,Quantity", *codes]))
    one.choose("kind.target_group")
    one.fill("wanted.group", "Friends")
    one.uploads_and_confirms(2)
    one.reads("outcome.partial")
    one.press("refused.mend")
    one.page.get_by_role("textbox", name="Quantity").fill("3")
    one.page.get_by_role("button", name=one.texts("mend.send", 1), exact=True).click()
    one.reads("outcome.complete")
    one.sure("undo.act")
    one.reads("status.undone")
    one.goes("nav.groups")
    one.follow_text("Friends")
    expect(one.page.get_by_text(f"{one.word}-code-1")).to_be_visible()
    one.goes("nav.check")
    one.fill("check.code", f"{one.word}-code-1")
    one.press("check.ask")
    one.reads("check.valid")


def keeps_a_manual_group(one: Organiser) -> None:
    """A group whose members are added, changed and removed; a restriction to it; deleted and restored."""
    one.goes("nav.groups")
    one.follow("groups.new")
    one.fill("groups.name", "Patrons")
    one.choose("groups.manual")
    one.press("groups.make")
    expect(one.page.get_by_role("heading", level=1, name="Patrons")).to_be_visible()
    email = f"bo-{one.word}@example.com"
    one.page.locator("summary", has_text=one.texts("members.add")).first.click()
    one.page.get_by_role("combobox", name=one.texts("members.who")).fill(email)
    one.press("members.add")
    one.reads("members.added", email=email)
    one.press("members.set")
    dialog = one.page.get_by_role("dialog")
    dialog.get_by_role("radio", name=one.texts("stay.until")).check()
    dialog.locator("input[type=date]").fill("2099-12-31")
    one.press("save", dialog)
    one.reads("members.moved", email=email)
    one.follow("groups.mail")
    one.page.get_by_label(one.texts("welcome.enabled")).check()
    one.fill("welcome.subject", "Hi")
    one.press("save")
    one.reads("welcome.saved")
    is_for_patrons_only(one)
    one.goes("nav.groups")
    one.follow_text("Patrons")
    one.page.get_by_role("button", name=one.texts("members.removeOne", email=email)).click()
    one.press("members.remove", one.page.get_by_role("alertdialog"))
    one.reads("members.none")
    one.sure("groups.delete")
    one.reads("groups.shut")
    one.press("groups.restore")
    one.press("groups.restore", one.page.get_by_role("alertdialog"))
    expect(one.page.get_by_text(one.texts("groups.active")).first).to_be_visible()


def is_for_patrons_only(one: Organiser) -> None:
    """A sale item and a discount for members alone."""
    one.goes("nav.catalogue")
    one.page.locator("a[href='#/catalogue/sale_item/gala']").click()
    one.pick("restriction.groups", "Patrons")
    one.press("restriction.save")
    one.reads("restriction.closed")
    one.goes("nav.discounts")
    one.follow("discounts.new")
    one.fill("discounts.code", f"{one.word}-10")
    one.page.get_by_role("textbox", name=one.texts("discounts.percent")).fill("10")
    one.pick("discounts.groups", "Patrons")
    one.press("save")
    expect(one.page.get_by_role("link", name=f"{one.word}-10")).to_be_visible()


def keeps_an_automatic_group(one: Organiser) -> None:
    """A group of who bought something, synced, exported, and worked out for one person."""
    one.goes("nav.groups")
    one.follow("groups.new")
    one.fill("groups.name", "Regulars")
    one.choose("groups.automatic")
    rule = one.page.get_by_role("group", name=one.texts("rule.one"), exact=True)
    rule.get_by_label(one.texts("rule.kind")).select_option("event")
    rule.get_by_role("combobox", name=one.texts("rule.what")).press_sequentially("Gala")
    one.page.get_by_role("option", name="Gala").first.click()
    one.press("rule.confirm", rule)
    one.press("groups.make")
    expect(one.page.get_by_role("heading", level=1, name="Regulars")).to_be_visible()
    one.sure("groups.resync")
    expect(one.page.get_by_role("link", name=f"ann-{one.word}@example.com")).to_be_visible()
    with one.page.expect_download():
        one.press("groups.export")
    one.follow_text(f"ann-{one.word}@example.com")
    one.sure("customer.resync")
    one.reads("customer.inStep")


def imports_members(one: Organiser) -> None:
    """A file that puts a customer into a group; the review of the next one names who loses it."""
    email = f"ann-{one.word}@example.com"
    for group, name in (("Patrons", "first.csv"), ("", "second.csv")):
        one.chooses_a_file(name, f"Email,Customer groups\n{email},{group}\n")
        one.choose("kind.customers")
        if group:
            one.uploads_and_confirms(1)
            one.reads("outcome.complete")
    one.press("wanted.upload")
    one.reads("losses.title")
    expect(one.page.get_by_role("row", name=email).last).to_contain_text("Patrons")
    eventually(lambda: one.api.get("/v1/groups?name=Patrons")["items"][0]["members"] == 1 or None)
