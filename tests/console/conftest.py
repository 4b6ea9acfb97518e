"""A browser for the stack, one per test process; each test has a page of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.acceptance.stacks import Stack
from tests.console.browser import CHROMIUM, FLAGS, Console, profile, reopen_console

expect.set_options(timeout=60_000)


# Not of the session: while Playwright runs, no other test of its process can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium of Debian."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def profile_page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A page that does nothing but keep the profile of all tests, and the process of its pages, from ending."""
    with profile(browser) as context:
        page = context.new_page()
        page.goto(f"{stack.address}/local")
        yield page


@pytest.fixture(scope="session")
def store(stack: Stack) -> str:
    """The address of the stack's bucket."""
    return str(stack.local()["aws_endpoint"])


@pytest.fixture
def visitor(profile_page: Page, store: str) -> Iterator[Console]:
    """The console with nobody signed in. Whatever a test does there: no third party, no error, no breach of policy."""
    with reopen_console(profile_page, store) as console:
        yield console
        assert console.wrong == []


@pytest.fixture
def console(visitor: Console) -> Console:
    """The console with the organiser `demo` signed in."""
    visitor.sign_in("demo")
    return visitor
