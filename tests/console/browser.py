"""The console in Chromium, watched for errors and forbidden requests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Starting a process for a page takes a second of computing: pages of one profile share theirs.
    "--process-per-site",
)
NARROW, WIDE = {"width": 360, "height": 760}, {"width": 1280, "height": 860}
AXE = ROOT / "layers" / "console" / "node_modules" / "axe-core" / "axe.min.js"
# The rules of axe for which colours and width make a difference.
LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "aria-hidden-focus"]
# What Chromium itself writes of an answer that is not good; the page shows it in its own words.
_FAILED_ANSWER = "Failed to load resource"


@dataclass
class Console:
    """The console, open in a browser of its own: `wrong` is what it did that it must not do."""

    page: Page
    address: str
    hosts: set[str]
    wrong: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._check_host)
        self.page.on("response", self._note_answer)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_FAILED_ANSWER):
            self.wrong.append(message.text)

    def _note_answer(self, answer: Response) -> None:
        self.answers.append(answer)

    def _check_host(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc not in self.hosts:
            self.wrong.append(f"asked {request.url}")

    def open(self, path: str = "") -> Page:
        """The page, at that place; the fragment alone changes when it is open already."""
        self.page.goto(f"{self.address}/#/{path}")
        return self.page

    def sign_in(self, organiser: str) -> None:
        """Have a session of that organiser in the browser."""
        headers = {"Authorization": f"Bearer {organiser}-organiser"}
        assert self.page.request.post(f"{self.address}/v1/session", headers=headers).status == 201

    def picture(self, name: str) -> None:
        """Keep how the page looks, narrow and wide, light and dark, where `PICTURES` is set: drawing takes long."""
        if "PICTURES" not in os.environ:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for width, size in (("narrow", NARROW), ("wide", WIDE)):
                self.page.set_viewport_size(size)  # type: ignore[arg-type]
                self.page.screenshot(path=PICTURES / f"{name}-{theme}-{width}.png", full_page=True)

    def barriers(self) -> list[str]:
        """Violations that axe finds serious or critical: of all rules, and of colours and width in a second look."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        violations = []
        for theme, size, rules in (("light", WIDE, None), ("dark", NARROW, LOOKS)):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            how = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
            result: dict[str, Any] = self.page.evaluate("how => axe.run(document, how)", how)
            violations += [
                f"{theme}: {one['id']}: {one['help']}: {node['target']} {node.get('failureSummary', '')}"
                for one in result["violations"]
                if one["impact"] in {"serious", "critical"}
                for node in one["nodes"]
            ]
        return violations


@contextmanager
def profile(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A fresh profile, in English unless `locale` says otherwise."""
    context = browser.new_context(**{"locale": "en-GB", "viewport": WIDE, "reduced_motion": "reduce", **options})
    context.set_default_timeout(60_000)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def open_console(browser: Browser, address: str, store: str, **options: Any) -> Iterator[Console]:
    """A console in a fresh profile."""
    with profile(browser, **options) as context:
        yield Console(context.new_page(), address, {urlsplit(address).netloc, urlsplit(store).netloc})


@contextmanager
def reopen_console(profile_page: Page, store: str) -> Iterator[Console]:
    """A console in the profile of another page, without cookies and storage of its former user."""
    context = profile_page.context
    context.clear_cookies()
    profile_page.evaluate("localStorage.clear()")
    parts = urlsplit(profile_page.url)
    try:
        yield Console(context.new_page(), f"{parts.scheme}://{parts.netloc}", {parts.netloc, urlsplit(store).netloc})
    finally:
        for page in context.pages:
            if page != profile_page:
                page.close()
        context.set_offline(False)
